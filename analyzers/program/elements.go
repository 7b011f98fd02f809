package program

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
)

// This file works out how large the parts of something are: those that an iterator gives
// one after the other, and those that are collected first.
//
//	for chunk := range slices.Chunk(all, 20) { … }
//	for lo := 0; lo < len(all); lo += 20 { chunks = append(chunks, all[lo:min(lo+20, len(all))]) }

// elements returns how many elements each element of a collection has, or each of what an
// iterator gives.
func (ev *evaluator) elements(e ast.Expr) Number {
	ev.trail.steps++
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		return ev.elementsOf(ev.p.Variable(e))
	case *ast.CompositeLit:
		return ev.largest(e.Elts)
	case *ast.CallExpr:
		return ev.elementsMade(e)
	}
	return data()
}

// largest joins the sizes of collections that are written one by one.
func (ev *evaluator) largest(list []ast.Expr) Number {
	n := nothing
	for _, e := range list {
		if pair, ok := e.(*ast.KeyValueExpr); ok {
			e = pair.Value
		}
		n = n.Join(ev.size(e))
	}
	return n
}

// elementsOf joins what all who set a local variable put into it. Where that is not seen,
// as of a parameter, data decides.
func (ev *evaluator) elementsOf(v *types.Var) Number {
	if v == nil || v.IsField() || v.Pkg() == nil || v.Parent() == v.Pkg().Scope() || ev.p.fillsParts(v) {
		return data()
	}
	if ev.tooDeep() || !ev.trail.enter(v) {
		return nothing
	}
	ev.depth++
	defer func() { ev.trail.leave(v); ev.depth-- }()
	n := nothing
	for _, d := range ev.p.around(v.Pos()).definitions(v) {
		switch {
		case d.how == declared:
		case d.how == assigned && d.op == token.ILLEGAL && d.result < 0 && d.value != nil:
			n = n.Join(ev.elements(d.value))
		default:
			return data()
		}
	}
	if n == nothing {
		return data()
	}
	return n
}

// elementsMade is elements of what a call gives.
func (ev *evaluator) elementsMade(c *ast.CallExpr) Number {
	switch ev.p.Builtin(c) {
	case "make":
		return nothing
	case "append":
		n := ev.elements(c.Args[0])
		if c.Ellipsis.IsValid() {
			return n.Join(ev.elements(c.Args[1]))
		}
		return n.Join(ev.largest(c.Args[1:]))
	}
	fn := ev.p.Callee(c)
	if fn == nil {
		return data()
	}
	switch fn.FullName() {
	case "slices.Chunk":
		if len(c.Args) != 2 {
			return data() // slices.Chunk(f())
		}
		n := ev.number(c.Args[1])
		n.Least = flat(0) // the last one has what is left
		return n
	case "slices.Collect":
		return ev.elements(c.Args[0])
	}
	if d := ev.p.Declaration(fn); d != nil && d.Body != nil {
		return ev.results(fn, d, c, 0, (*evaluator).elements, data())
	}
	return data()
}

// fillsParts reports whether the parts of a local variable are set one by one, or by who is
// given the whole: how large they are, its definitions do not say.
func (p *Program) fillsParts(v *types.Var) bool {
	d := p.declaration(v.Pos())
	if d == nil {
		return true
	}
	is := func(e ast.Expr) bool { return p.Variable(e) == v }
	part := func(e ast.Expr) bool {
		x, ok := ast.Unparen(e).(*ast.IndexExpr)
		return ok && is(x.X)
	}
	found := false
	ast.Inspect(d, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			found = found || slices.ContainsFunc(n.Lhs, part)
		case *ast.UnaryExpr:
			found = found || n.Op == token.AND && (is(n.X) || part(n.X))
		case *ast.CallExpr:
			switch p.Builtin(n) {
			case "append", "len", "cap":
			default:
				fn := p.Callee(n)
				reads := From(fn, "slices")
				found = found || !reads && slices.ContainsFunc(n.Args, is)
			}
		}
		return !found
	})
	return found
}
