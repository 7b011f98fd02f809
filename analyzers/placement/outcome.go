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

// This file tells where a loop has seen what its task comes to.

// outcomes returns, as cuts, the ways of a loop on which it has found a variable that each
// iteration declares, and only the task sets, to be other than it was: the task has come so far.
func (p *placer) outcomes(s *Site, f *effects.Func, l *effects.Loop) []ast.Node {
	tags := caseTags(l.Body())
	changed := func(cond ast.Expr, holds bool) bool {
		v, equal, to := p.matches(cond, holds)
		if v == nil || v.Pos() < l.Body().Pos() || l.Body().End() <= v.Pos() {
			return false
		}
		began := p.beginning(s, f, l, v)
		return began != nil && began.Kind() == to.Kind() && equal != constant.Compare(began, token.EQL, to)
	}
	return p.prog.Flow(f.Body()).Ways(func(cond ast.Expr, holds bool) bool {
		if tag := tags[cond]; tag != nil {
			cond = &ast.BinaryExpr{X: tag, Op: token.EQL, Y: cond}
		}
		return shows(cond, holds, changed)
	})
}

// caseTags gives the expressions that the cases of switches compare with, by those of the cases.
func caseTags(b *ast.BlockStmt) map[ast.Expr]ast.Expr {
	tags := make(map[ast.Expr]ast.Expr)
	ast.Inspect(b, func(n ast.Node) bool {
		if s, ok := n.(*ast.SwitchStmt); ok && s.Tag != nil {
			for _, c := range s.Body.List {
				for _, e := range c.(*ast.CaseClause).List {
					tags[e] = s.Tag
				}
			}
		}
		return true
	})
	return tags
}

// shows reports whether a condition that comes out so shows what one without && and || does.
func shows(cond ast.Expr, holds bool, one func(cond ast.Expr, holds bool) bool) bool {
	switch c := ast.Unparen(cond).(type) {
	case *ast.UnaryExpr:
		return c.Op == token.NOT && shows(c.X, !holds, one)
	case *ast.BinaryExpr:
		if c.Op == token.LAND || c.Op == token.LOR {
			x, y := shows(c.X, holds, one), shows(c.Y, holds, one)
			if (c.Op == token.LAND) == holds {
				return x || y // both come out so
			}
			return x && y
		}
	}
	return one(cond, holds)
}

// matches returns the variable that a condition compares with a constant, whether the two are
// equal where it comes out so, and the constant: false for nil.
func (p *placer) matches(cond ast.Expr, holds bool) (v *types.Var, equal bool, to constant.Value) {
	switch c := program.Condition(p.info, cond).(type) {
	case *ast.Ident:
		return p.local(c), holds, constant.MakeBool(true)
	case *ast.BinaryExpr:
		if to = p.constant(c.Y); to != nil && (c.Op == token.EQL || c.Op == token.NEQ) {
			return p.local(c.X), (c.Op == token.EQL) == holds, to
		}
	}
	return nil, false, nil
}

// constant is the value of an expression, false for nil; none for what the program works out.
func (p *placer) constant(e ast.Expr) constant.Value {
	if t := p.info.Types[e]; !t.IsNil() {
		return t.Value
	}
	return constant.MakeBool(false)
}

// beginning is what a variable is until the task of a site sets it, or nil where anything else
// may.
func (p *placer) beginning(s *Site, f *effects.Func, l *effects.Loop, v *types.Var) constant.Value {
	began := zero(v.Type())
	for _, i := range p.stepsOf(f).sets[v] {
		switch st := p.stepsOf(f).list[i]; {
		case p.inTask(s, st.node):
		case p.declares(st.node, v):
			began = p.constant(st.from)
		default:
			return nil
		}
	}
	ast.Inspect(l.Body(), func(n ast.Node) bool {
		var to ast.Expr
		switch n := n.(type) {
		case *ast.IncDecStmt:
			to = n.X
		case *ast.UnaryExpr:
			if n.Op == token.AND {
				to = n.X
			}
		}
		if to != nil && p.local(to) == v && !p.inTask(s, n) {
			began = nil
		}
		return true
	})
	return began
}

// inTask reports whether a node stands in what a site hands over.
func (p *placer) inTask(s *Site, n ast.Node) bool {
	return contains(s.Op.Node, n) || slices.ContainsFunc(p.exchange(s).funcs, func(g *effects.Func) bool { return contains(g.Body(), n) })
}

// declares reports whether a statement declares a variable with a value.
func (p *placer) declares(n ast.Node, v *types.Var) bool {
	switch n := n.(type) {
	case *ast.AssignStmt:
		return slices.ContainsFunc(n.Lhs, func(e ast.Expr) bool { return e.Pos() == v.Pos() })
	case *ast.ValueSpec:
		return true
	}
	return false
}

// zero is the constant that a variable without a value is, false for nil; none for a struct.
func zero(t types.Type) constant.Value {
	switch t := t.Underlying().(type) {
	case *types.Basic:
		switch {
		case t.Info()&types.IsInteger != 0:
			return constant.MakeInt64(0)
		case t.Info()&types.IsString != 0:
			return constant.MakeString("")
		}
		return constant.MakeBool(false)
	case *types.Pointer, *types.Interface, *types.Slice, *types.Map, *types.Chan, *types.Signature:
		return constant.MakeBool(false)
	}
	return nil
}
