package program

import (
	"go/ast"
	"go/token"
	"go/types"
	"maps"
)

// This file tells what sizes a value that another package makes, where no argument
// says it or one that says nothing.

// Instead returns what a number is where the parameter v is below 1, if something
// else takes its place then, or nil.
func (p *Program) Instead(e ast.Expr, v *types.Var) *Number {
	of := func(given float64) Number {
		ev := newEvaluator(p, Package)
		ev.fixed = map[*types.Var]Number{v: Constant(given)}
		return ev.number(e)
	}
	n := of(0)
	if n != of(-1) || n.Least[0] < 1 && n.UsuallyTimesCores() == 0 {
		return nil
	}
	return &n
}

// SizeOf returns how many the value x is made with: of the numbers, which say how many
// goroutines it has, those that stand where it is made, or in a method of it. It
// reports false where that is not seen.
func (p *Program) SizeOf(x ast.Expr, numbers []ast.Expr) (Number, bool) {
	list, ok := newEvaluator(p, Package).makers(x)
	if !ok {
		return Number{}, false
	}
	n := nothing
	for _, m := range list {
		for _, e := range m.sizedBy(numbers) {
			n = n.Join(e.ev.number(e.expr))
		}
	}
	return n, n != nothing
}

// sizedBy returns the numbers by which a value is sized, as they are for it.
func (m made) sizedBy(numbers []ast.Expr) []made {
	if m.expr == nil {
		return nil
	}
	var list []made
	for _, e := range numbers {
		if contains(m.ev.p.declaration(m.expr.Pos()), e.Pos()) {
			list = append(list, made{e, m.ev})
		}
	}
	if len(list) > 0 {
		return list
	}
	for _, e := range numbers {
		fn := m.ev.p.Around(e.Pos())
		if fn == nil || fn.Signature().Recv() == nil {
			continue
		}
		in := *m.ev
		if in.values = maps.Clone(m.ev.values); in.values == nil {
			in.values = make(map[*types.Var]made)
		}
		in.values[fn.Signature().Recv()] = m
		list = append(list, made{e, &in})
	}
	return list
}

// sized returns the size that an argument says. What nobody has chosen is low.
func (ev *evaluator) sized(z Sized, arg ast.Expr) Number {
	n := ev.number(arg)
	switch {
	case z.Low == nil:
	case n.By == Fixed && !n.Set && n.Most[2] < 1:
		return *z.Low
	case n.Set && n.Least[0] < 1 && n.Usual == Curve{}:
		n.Usual = z.Low.Usual
	}
	return n
}

// ofType returns the number by which all values of a type of another package are
// sized.
func (ev *evaluator) ofType(t types.Type) (Number, bool) {
	if t == nil || ev.within != Package {
		return Number{}, false
	}
	named := NamedOf(t)
	if named == nil {
		return Number{}, false
	}
	s := ev.p.fact(named.Obj())
	if s == nil || s.Value == nil {
		return Number{}, false
	}
	return *s.Value, true
}

// chosen returns the size of what a call makes, n unless its arguments choose
// another: an option, or a field of a literal.
func (ev *evaluator) chosen(c *ast.CallExpr, n Number) Places {
	if !n.Set {
		return Places{Number: n}
	}
	for _, a := range c.Args {
		if option, ok := ast.Unparen(a).(*ast.CallExpr); ok {
			for _, z := range ev.p.Sized(ev.p.Callee(option)) {
				if z.Arg >= 0 && z.Arg < len(option.Args) {
					return Places{ev.sized(z, option.Args[z.Arg]), option.Args[z.Arg]}
				}
			}
			continue
		}
		for _, m := range ev.literals(a) {
			for _, el := range m.expr.(*ast.CompositeLit).Elts {
				kv, ok := el.(*ast.KeyValueExpr)
				if !ok {
					continue
				}
				if v := ev.p.Variable(kv.Key); v != nil && ev.p.SizedField(v) != nil {
					return Places{m.ev.number(kv.Value), kv.Value}
				}
			}
		}
	}
	return Places{Number: n}
}

// literals returns the struct literals that an argument is, if it is nothing else.
func (ev *evaluator) literals(e ast.Expr) []made {
	if t := ev.p.info.TypeOf(e); t == nil || !holds(t) {
		return nil
	}
	list, ok := ev.makers(e)
	if !ok {
		return nil
	}
	for _, m := range list {
		if _, ok := m.expr.(*ast.CompositeLit); !ok {
			return nil
		}
	}
	return list
}

// Around returns the declared function around pos, or nil.
func (p *Program) Around(pos token.Pos) *types.Func {
	d, ok := p.declaration(pos).(*ast.FuncDecl)
	if !ok {
		return nil
	}
	fn, _ := p.info.Defs[d.Name].(*types.Func)
	return fn
}
