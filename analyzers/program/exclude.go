package program

import (
	"go/ast"
	"go/token"
	"go/types"
)

// Excludes reports whether a condition that lies on every way to one place is the
// contrary of one on every way to the other: what runs at one does not run at the
// other in the same call. That a variable may be set in between is left aside.
func (p *Program) Excludes(a, b token.Pos) bool {
	at := make(map[string]bool)
	for _, f := range p.facts(a) {
		p.atoms(f.cond, f.holds, func(cond ast.Expr, holds bool) { at[types.ExprString(cond)] = holds })
	}
	excludes := false
	for _, f := range p.facts(b) {
		p.atoms(f.cond, f.holds, func(cond ast.Expr, holds bool) {
			other, asked := at[types.ExprString(cond)]
			excludes = excludes || asked && other != holds
		})
	}
	return excludes
}

// Conditions calls visit for the conditions that lie on every way to a node, in parts: x == 1
// for x != 1 that does not hold, and both sides of an && that does.
func (p *Program) Conditions(n ast.Node, visit func(cond ast.Expr, holds bool)) {
	for _, f := range p.facts(n.Pos()) {
		p.atoms(f.cond, f.holds, visit)
	}
}

// atoms calls visit for the parts of a condition that are settled where it holds,
// or does not.
func (p *Program) atoms(cond ast.Expr, holds bool, visit func(cond ast.Expr, holds bool)) {
	cond = Condition(p.info, cond)
	switch c := cond.(type) {
	case *ast.UnaryExpr:
		if c.Op == token.NOT {
			p.atoms(c.X, !holds, visit)
			return
		}
	case *ast.BinaryExpr:
		switch c.Op {
		case token.LAND, token.LOR:
			if holds == (c.Op == token.LAND) {
				p.atoms(c.X, holds, visit)
				p.atoms(c.Y, holds, visit)
			}
			return
		case token.NEQ:
			visit(&ast.BinaryExpr{X: c.X, Op: token.EQL, Y: c.Y}, !holds)
			return
		}
	}
	visit(cond, holds)
}
