package program

import (
	"go/ast"
	"go/types"
)

// A made is an expression that makes a value, and the evaluator of the calls that
// lead to it: newSem(n) returns a literal in which n is what this call gives.
type made struct {
	expr ast.Expr // a literal, or a call of make, new or a function of another package; nil for the zero value
	ev   *evaluator
}

// makers returns what makes the struct, the pointer to one or the channel that e
// stands for, and false where more may than is seen.
func (ev *evaluator) makers(e ast.Expr) ([]made, bool) {
	if ev.p.info.Types[e].IsNil() {
		return []made{{nil, ev}}, true
	}
	switch e := ast.Unparen(e).(type) {
	case *ast.CompositeLit:
		return []made{{e, ev}}, true
	case *ast.UnaryExpr:
		return ev.makers(e.X)
	case *ast.StarExpr:
		return ev.makers(e.X)
	case *ast.CallExpr:
		return ev.makersOfCall(e, 0)
	case *ast.Ident, *ast.SelectorExpr:
		if v := ev.p.Variable(e); v != nil {
			return ev.makersOf(v, e)
		}
	}
	return nil, false
}

func (ev *evaluator) makersOfCall(c *ast.CallExpr, result int) ([]made, bool) {
	if x := ev.p.conversion(c); x != nil {
		return ev.makers(x)
	}
	fn := ev.p.Callee(c)
	d := ev.p.Declaration(fn)
	if d == nil || d.Body == nil {
		return []made{{c, ev}}, ev.p.Builtin(c) != "" || fn != nil
	}
	if ev.tooDeep() || !ev.trail.enter(fn) {
		return nil, false
	}
	defer ev.trail.leave(fn)
	in := ev.called(fn, c)
	var list []made
	for _, r := range Returns(d.Body) {
		if result >= len(r.Results) {
			return nil, false
		}
		if ev.p.info.Types[r.Results[result]].IsNil() {
			continue // beside an error
		}
		more, ok := in.makers(r.Results[result])
		if !ok {
			return nil, false
		}
		list = append(list, more...)
	}
	return list, len(list) > 0
}

// makersOf follows the definitions of a variable.
func (ev *evaluator) makersOf(v *types.Var, e ast.Expr) ([]made, bool) {
	if m, ok := ev.values[v]; ok {
		return m.ev.makers(m.expr)
	}
	if v.Pkg() != ev.p.pkg || ev.tooDeep() || !ev.trail.enter(v) {
		return nil, false
	}
	ev.depth++
	defer func() { ev.trail.leave(v); ev.depth-- }()
	if sel, ok := ast.Unparen(e).(*ast.SelectorExpr); ok && v.IsField() {
		if list, ok := ev.element(sel.X, v); ok {
			return through(list)
		}
	}
	if v.Exported() && (v.IsField() || v.Parent() == ev.p.pkg.Scope()) && ev.p.pkg.Name() != "main" {
		return nil, false
	}
	var list []made
	for _, d := range ev.p.everywhere().defs[v] {
		more, ok := ev.makersIn(d, v)
		if !ok {
			return nil, false
		}
		list = append(list, more...)
	}
	return list, len(list) > 0
}

// through follows each of a list of values to what makes it.
func through(values []made) ([]made, bool) {
	var list []made
	for _, m := range values {
		if m.expr == nil {
			list = append(list, m)
			continue
		}
		more, ok := m.ev.makers(m.expr)
		if !ok {
			return nil, false
		}
		list = append(list, more...)
	}
	return list, len(list) > 0
}

// makersIn returns what one definition of v makes it.
func (ev *evaluator) makersIn(d def, v *types.Var) ([]made, bool) {
	switch d.how {
	case declared:
		return []made{{nil, ev}}, true
	case given:
		sig, calls := ev.p.callers(v)
		if ev.within != Package {
			return nil, false
		}
		var list []made
		for _, c := range calls {
			in := ev.apart()
			m, ok := argumentOf(c, sig, d.param)
			if !ok {
				return nil, false
			}
			more, ok := in.makers(m)
			if !ok {
				return nil, false
			}
			list = append(list, more...)
		}
		return list, len(list) > 0
	case assigned:
		if c, ok := ast.Unparen(d.value).(*ast.CallExpr); ok && d.result > 0 {
			return ev.makersOfCall(c, d.result)
		}
		if d.result <= 0 {
			return ev.makers(d.value)
		}
	}
	return nil, false
}

// argumentOf is what a call gives its parameter i; -1 is the receiver.
func argumentOf(c *ast.CallExpr, sig *types.Signature, i int) (ast.Expr, bool) {
	if i < 0 {
		sel, ok := ast.Unparen(c.Fun).(*ast.SelectorExpr)
		if !ok {
			return nil, false
		}
		return sel.X, true
	}
	if i >= len(c.Args) || sig.Variadic() && i >= sig.Params().Len()-1 {
		return nil, false
	}
	return c.Args[i], true
}

// element returns the values that field f of the struct x has, and false where
// other code may set it: a value is made with it, or gets it afterwards.
func (ev *evaluator) element(x ast.Expr, f *types.Var) ([]made, bool) {
	owners, ok := ev.makers(x)
	if !ok {
		return nil, false
	}
	defs := ev.p.everywhere().defs[f]
	var list []made
	for _, d := range defs {
		switch {
		case d.how != assigned || d.value == nil || d.op != 0 || d.result > 0:
			return nil, false
		case !d.literal && !ev.besideOne(owners, d):
			list = append(list, made{d.value, ev.apart()})
		}
	}
	for _, o := range owners {
		values, ok := o.field(f)
		if !ok {
			return nil, false
		}
		for _, d := range defs {
			if !d.literal && o.beside(d) {
				values = append(values, made{d.value, o.ev})
			}
		}
		if len(values) == 0 {
			values = []made{{nil, o.ev}}
		}
		list = append(list, values...)
	}
	return list, true
}

// beside reports whether a definition of a field stands in the declaration where
// the value is made, most often a constructor.
func (m made) beside(d def) bool {
	return m.expr != nil && contains(m.ev.p.declaration(m.expr.Pos()), d.pos)
}

func (ev *evaluator) besideOne(owners []made, d def) bool {
	for _, o := range owners {
		if o.beside(d) {
			return true
		}
	}
	return false
}

// field returns the value of a field where it is made with one.
func (m made) field(f *types.Var) ([]made, bool) {
	lit, ok := m.expr.(*ast.CompositeLit)
	if !ok {
		c, isCall := m.expr.(*ast.CallExpr)
		return nil, m.expr == nil || isCall && m.ev.p.Builtin(c) == "new"
	}
	for i, el := range lit.Elts {
		kv, ok := el.(*ast.KeyValueExpr)
		switch {
		case ok && m.ev.p.Variable(kv.Key) == f:
			return []made{{kv.Value, m.ev}}, true
		case !ok && m.ev.p.nth(lit, i) == f:
			return []made{{el, m.ev}}, true
		}
	}
	return nil, true
}

// nth is the field that element i of a literal without keys sets.
func (p *Program) nth(lit *ast.CompositeLit, i int) *types.Var {
	t := p.info.TypeOf(lit)
	if t == nil {
		return nil
	}
	if ptr, ok := t.Underlying().(*types.Pointer); ok {
		t = ptr.Elem()
	}
	if st, ok := t.Underlying().(*types.Struct); ok && i < st.NumFields() {
		return st.Field(i).Origin()
	}
	return nil
}

// apart is an evaluator for code that another call leads to.
func (ev *evaluator) apart() *evaluator {
	in := *ev
	in.args, in.values = nil, nil
	return &in
}
