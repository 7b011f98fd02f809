package placement

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"slices"

	"github.com/concurlint/concurlint/analyzers/effects"
	"github.com/concurlint/concurlint/analyzers/program"
)

// This file finds places that are taken only where there is a limit: without one there is
// none, and somebody has chosen so.
//
//	if s.limit > 0 { s.places <- struct{}{} }
//	go func() { work(); if s.limit > 0 { <-s.places } }()

// A limitTest is a statement that asks whether there is a limit.
type limitTest struct {
	*ast.IfStmt
	of     *types.Var // what is nil, or 0, if there is none
	number ast.Expr   // that of, where it is a number
	there  ast.Node   // the branch for where there is one
}

// optional returns the tests around an op that takes a place, or gives one back, of whether
// there is a limit: of what holds the places, or of their number.
// Who stands in the branch for where there is none has been let in by that only if the test is
// of the places themselves, and not of the object that has them, which may yet have to be made.
func (p *placer) optional(f *effects.Func, op *effects.Op, site ast.Node) (tests []ast.Node) {
	for _, t := range p.limitTests(f) {
		other := site != nil && contains(t.IfStmt, site) && !contains(t.there, site)
		if contains(t.there, op.Node) && p.limitedBy(op, t) && (!other || t.number != nil || p.placesIn(op.Node, t.of)) {
			tests = append(tests, t.Cond)
		}
	}
	return tests
}

// limitedBy reports whether what is tested holds the places of an op, or is their number.
func (p *placer) limitedBy(op *effects.Op, t limitTest) bool {
	if t.number == nil {
		return p.anyVariable(op.Node, func(w *types.Var) bool { return w.Origin() == t.of })
	}
	places, ok := p.prog.Places(op.Node)
	return ok && places.Expr != nil && (p.anyVariable(places.Expr, func(w *types.Var) bool { return w.Origin() == t.of }) || p.sameOrigin(places.Expr, t.number))
}

// placesIn reports whether a node sends to a channel in a variable, receives from it, or calls
// a method of it.
func (p *placer) placesIn(n ast.Node, v *types.Var) bool {
	found := false
	ast.Inspect(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.SendStmt:
			found = found || p.shared(n.Chan) == v
		case *ast.UnaryExpr:
			found = found || n.Op == token.ARROW && p.shared(n.X) == v
		case *ast.CallExpr:
			found = found || p.shared(receiver(n)) == v
		}
		return !found
	})
	return found
}

// sameOrigin reports whether two numbers come from one place, as the field of an object and
// the parameter that a constructor has set it to.
func (p *placer) sameOrigin(a, b ast.Expr) bool {
	of := p.prog.Origins(b)
	if slices.ContainsFunc(p.prog.Origins(a), func(x program.Origin) bool {
		return slices.ContainsFunc(of, func(y program.Origin) bool { return x.Expr == y.Expr })
	}) {
		return true
	}
	from := p.prog.Entries(b)
	return slices.ContainsFunc(p.prog.Entries(a), func(x program.Entry) bool {
		return slices.ContainsFunc(from, func(y program.Entry) bool { return x.Func == y.Func && x.Arg == y.Arg && x.Var == y.Var })
	})
}

// limitTests returns the statements of a function that may ask whether there is a limit.
func (p *placer) limitTests(f *effects.Func) []limitTest {
	list, ok := p.tests[f]
	if ok {
		return list
	}
	ast.Inspect(f.Body(), func(n ast.Node) bool {
		if s, ok := n.(*ast.IfStmt); ok {
			t := limitTest{IfStmt: s, there: s.Body}
			var missing bool
			if t.of, missing = p.nilTest(s.Cond); t.of == nil {
				t.of, t.number, missing = p.zeroTest(s.Cond)
			}
			if missing {
				t.there = s.Else
			}
			if t.of != nil && t.there != nil {
				list = append(list, t)
			}
		}
		return true
	})
	p.tests[f] = list
	return list
}

// zeroTest returns the variable that a condition compares with 0, nil for the number of
// places in it, and whether the condition holds if that is 0.
func (p *placer) zeroTest(cond ast.Expr) (v *types.Var, number ast.Expr, missing bool) {
	b, ok := program.Condition(p.info, cond).(*ast.BinaryExpr)
	if !ok {
		return nil, nil, false
	}
	y := p.info.Types[b.Y].Value
	if y == nil || y.Kind() != constant.Int {
		return nil, nil, false
	}
	least, _ := constant.Int64Val(y)
	switch {
	case least == 0 && (b.Op == token.GTR || b.Op == token.NEQ), least == 1 && b.Op == token.GEQ:
	case least == 0 && (b.Op == token.LEQ || b.Op == token.EQL), least == 1 && b.Op == token.LSS:
		missing = true
	default:
		return nil, nil, false
	}
	if c, ok := ast.Unparen(b.X).(*ast.CallExpr); ok {
		if p.prog.Builtin(c) == "cap" {
			v = p.shared(c.Args[0])
		}
		return v, nil, missing
	}
	return p.shared(b.X), b.X, missing
}
