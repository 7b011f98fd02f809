package program

import (
	"go/ast"
	"go/token"
	"go/types"
)

// named returns the number, or the size, that a variable has where e stands.
func (ev *evaluator) named(e ast.Expr, size bool) Number {
	v := ev.p.Variable(e)
	switch {
	case v == nil:
		return open(size)
	case v.IsField():
		return ev.assume(ev.field(v, e, size), v, e)
	case v.Pkg() == nil || v.Parent() == v.Pkg().Scope():
		return ev.assume(ev.shared(v, size), v, e)
	}
	if n, ok := ev.bound[v]; ok {
		ev.trail.met(ev.trail.at[v])
		return n
	}
	if ev.within == Declaration && ev.p.isParam(v) {
		return open(size) // as most loops of most functions go over: no need to read the function
	}
	if ev.tooDeep() || !ev.trail.enter(v) {
		return nothing
	}
	ev.depth++
	defer func() { ev.trail.leave(v); ev.depth-- }()
	return ev.assume(ev.value(v, e.Pos(), size), v, e)
}

// isParam reports whether v is a parameter of a declared function.
func (p *Program) isParam(v *types.Var) bool {
	d, ok := p.declaration(v.Pos()).(*ast.FuncDecl)
	return ok && contains(d.Type, v.Pos())
}

// open is what is known of a number or size that comes from anywhere.
func open(size bool) Number {
	if size {
		return data()
	}
	return setting()
}

func isChan(t types.Type) bool {
	_, ok := t.Underlying().(*types.Chan)
	return ok
}

// field returns what a field is where the struct that it is asked of is seen to be
// made, or else what all who set it say. Of a collection, whoever fills it does.
func (ev *evaluator) field(v *types.Var, e ast.Expr, size bool) Number {
	if size && !isChan(v.Type()) || ev.within != Package {
		return open(size)
	}
	if v.Pkg() != ev.p.pkg {
		return ev.told(v, size)
	}
	sel, ok := ast.Unparen(e).(*ast.SelectorExpr)
	if !ok || ev.tooDeep() || !ev.trail.enter(v) {
		return open(size)
	}
	ev.depth++
	defer func() { ev.trail.leave(v); ev.depth-- }()
	if list, ok := ev.element(sel.X, v); ok && !ev.p.open(v) {
		return joined(list, size)
	}
	if ev.p.open(v) && !size {
		return ev.known(v, size, func() Number { return ev.byDefault(v) }) // whoever makes the value says how many
	}
	return ev.known(v, size, func() Number { return ev.setBy(v, size) })
}

// setBy joins what all who set a field say.
func (ev *evaluator) setBy(v *types.Var, size bool) Number {
	n := nothing
	for _, d := range ev.p.everywhere().defs[v] {
		if !size && (d.how != assigned || d.value == nil || d.op != token.ILLEGAL) {
			return ev.byDefault(v)
		}
		n = n.Join(ev.apart().define(d, n, v, size))
	}
	if n == nothing {
		return open(size)
	}
	return n
}

// open reports whether code that is not seen may set a field or package variable.
func (p *Program) open(v *types.Var) bool { return v.Exported() && p.pkg.Name() != "main" }

func joined(list []made, size bool) Number {
	n := nothing
	for _, m := range list {
		switch {
		case m.expr == nil:
			n = n.Join(Constant(0))
		case size:
			n = n.Join(m.ev.size(m.expr))
		default:
			n = n.Join(m.ev.number(m.expr))
		}
	}
	return n
}

// shared returns the number or size that a package variable has for the whole
// run. What is set again, or may be from another package, is a setting.
func (ev *evaluator) shared(v *types.Var, size bool) Number {
	if ev.within != Package {
		return open(size)
	}
	if v.Pkg() != ev.p.pkg {
		return ev.told(v, size)
	}
	if !ev.trail.enter(v) {
		return open(size)
	}
	defer ev.trail.leave(v)
	if ev.p.open(v) && !size {
		return ev.known(v, size, func() Number { return ev.byDefault(v) })
	}
	return ev.known(v, size, func() Number { return ev.sharedBy(v, size) })
}

// sharedBy joins what all who set a package variable say.
func (ev *evaluator) sharedBy(v *types.Var, size bool) Number {
	n := nothing
	defs := ev.p.everywhere().defs[v]
	for _, d := range defs {
		switch {
		case !size && (len(defs) > 1 || d.how != assigned):
			return ev.byDefault(v)
		case d.inner != nil && !isChan(v.Type()) && d.how != declared:
			return open(size) // filled by some function, some number of times
		}
		n = n.Join(ev.apart().define(d, n, v, size))
	}
	if n == nothing {
		return open(size)
	}
	return n
}

// value follows the definitions of a local variable or parameter to a use, in
// source order: one that cannot be left out replaces what was before.
func (ev *evaluator) value(v *types.Var, use token.Pos, size bool) Number {
	defs := ev.p.around(v.Pos()).definitions(v)
	cur, known := nothing, false
	for i, d := range defs {
		if d.pos > use && !repeats(d.loop, use) {
			continue
		}
		ev.bound[v] = cur
		n := ev.define(d, cur, v, size)
		delete(ev.bound, v)
		known = true
		switch {
		case i > 0 && d.loop != nil && !repeats(d.loop, v.Pos()):
			if all, ok := ev.gathered(cur, d, v); ok && size {
				cur = all
				continue
			}
			cur = grown(cur, n)
		case i == 0 || d.inner == defs[0].inner && !repeats(d.loop, use):
			cur = n
		case i > 0:
			cur = ev.branch(cur, n, d, v)
		}
	}
	if !known {
		return open(size)
	}
	return cur
}

func contains(n ast.Node, pos token.Pos) bool { return n != nil && n.Pos() <= pos && pos < n.End() }

// repeats reports whether each turn of a loop comes to pos again. It starts once.
func repeats(loop ast.Node, pos token.Pos) bool {
	if s, ok := loop.(*ast.ForStmt); ok && s.Init != nil && contains(s.Init, pos) {
		return false
	}
	return contains(loop, pos)
}

// grown widens: what a loop makes larger each time has no bound but its data.
func grown(cur, n Number) Number {
	if n.By == Fixed && cur.By == Fixed && !every(n.Most, cur.Most, lessEqual) && cur != nothing {
		n.Most, n.By = flat(inf), Data
	}
	return cur.Join(n)
}

// define returns the value of one definition; cur is that before it.
func (ev *evaluator) define(d def, cur Number, v *types.Var, size bool) Number {
	switch d.how {
	case declared:
		return Constant(0)
	case given:
		return ev.given(d, v, size)
	case counted:
		if size { // of what an iterator gives, or a channel
			return ev.elements(d.value)
		}
		if isInteger(ev.p.info.TypeOf(d.value)) {
			return Constant(0).Join(ev.number(d.value).Sub(Constant(1)))
		}
		return Constant(0).Join(ev.size(d.value).Sub(Constant(1)))
	case stored:
		return cur.Join(cur.Add(Constant(1)))
	case elsewhere:
		if c, ok := d.value.(*ast.CallExpr); ok && !size {
			return ev.flag(c)
		}
		return open(size)
	case element:
		if size {
			return ev.elements(d.value)
		}
		return open(size)
	}
	c, isCall := ast.Unparen(d.value).(*ast.CallExpr)
	switch {
	case d.value == nil: // v++
		return ev.arithmetic(d.op, cur, Constant(1), v.Type())
	case d.op != token.ILLEGAL:
		return ev.arithmetic(d.op, cur, ev.number(d.value), v.Type())
	case d.result >= 0 && isCall && size:
		return ev.made(c, d.result)
	case d.result >= 0 && isCall:
		return ev.call(c, d.result)
	case d.result >= 0:
		return open(size)
	case size:
		return ev.size(d.value)
	}
	return ev.number(d.value)
}

// given returns what the calls of a function give its parameter: of the call at
// hand if it is being followed, else of all where all are known.
func (ev *evaluator) given(d def, v *types.Var, size bool) Number {
	if n, ok := ev.args[v]; ok {
		return n
	}
	if n, ok := ev.fixed[v]; ok {
		return n
	}
	if ev.within != Package {
		return open(size)
	}
	return ev.known(v, size, func() Number {
		sig, calls := ev.p.callers(v)
		if len(calls) == 0 {
			return open(size)
		}
		n := nothing
		for _, c := range calls {
			n = n.Join(ev.apart().argument(c, sig, d.param))
		}
		return n
	})
}

// callers returns the signature of the function whose parameter v is, and its
// calls if there are no others: it is not exported, no value, and called through
// no interface.
func (p *Program) callers(v *types.Var) (*types.Signature, []*ast.CallExpr) {
	in, fn, _ := p.parameter(v)
	if lit, ok := in.(*ast.FuncLit); ok {
		return p.info.TypeOf(lit).(*types.Signature), p.literalCalls(lit)
	}
	if fn == nil || !p.OnlyCalled(fn) {
		return nil, nil
	}
	return fn.Signature(), p.everywhere().calls[fn]
}

// OnlyCalled reports whether a function of the package is run by those alone who call it
// by its name here.
func (p *Program) OnlyCalled(fn *types.Func) bool {
	x, method := p.everywhere(), fn.Signature().Recv() != nil
	return !p.outside(fn) && !x.values[fn] && !(method && x.dynamic[fn.Name()])
}

// literalCalls returns the calls of a literal that is called where it stands, or is the one
// value of a local variable that is only called.
func (p *Program) literalCalls(lit *ast.FuncLit) []*ast.CallExpr {
	x := p.around(lit.Pos()).index
	if x.narrow {
		x = p.everywhere()
	}
	if c := x.inPlace[lit]; c != nil {
		return []*ast.CallExpr{c}
	}
	if f := x.named[lit]; f != nil && !x.escapes[f] {
		return x.runs[f]
	}
	return nil
}
