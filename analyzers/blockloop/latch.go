package blockloop

import (
	"go/ast"
	"go/token"
	"go/types"

	"github.com/concurlint/concurlint/analyzers/contracts"
)

// latched reports whether the loop sends to itself only where a variable says that it may, and
// changes that variable as it does: nothing is sent again until somebody changes it back, as the
// loop does that has received.
//
//	if ready == nil && changed() {
//		ready = c.ready
//		ready <- struct{}{}
//	}
func (c *checker) latched(d *contracts.Dispatcher, send ast.Node) bool {
	found := false
	ast.Inspect(d.Loop.Node, func(n ast.Node) bool {
		if n == nil || found || send.Pos() < n.Pos() || send.End() > n.End() {
			return false
		}
		s, ok := n.(*ast.IfStmt)
		if ok && s.Body.Pos() <= send.Pos() && send.End() <= s.Body.End() {
			found = c.changes(s.Body, c.mentioned(s.Cond))
		}
		return true
	})
	return found
}

// mentioned returns the variables of a condition that are one thing or another: not those of
// which it wants more or less, as of a queue, which many turns fill.
func (c *checker) mentioned(cond ast.Expr) map[*types.Var]bool {
	list := make(map[*types.Var]bool)
	ast.Inspect(cond, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.BinaryExpr:
			return n.Op != token.LSS && n.Op != token.GTR && n.Op != token.LEQ && n.Op != token.GEQ
		case *ast.CallExpr:
			return !builtin(n)
		case *ast.Ident, *ast.SelectorExpr:
			v := c.res.Effects.Variable(n.(ast.Expr))
			if v != nil {
				list[v] = true
			}
			return v == nil
		}
		return true
	})
	return list
}

// changes reports whether a block of itself, not in a block within, assigns to one of the
// variables, or stores into it as an atomic value.
func (c *checker) changes(b *ast.BlockStmt, list map[*types.Var]bool) bool {
	for _, s := range b.List {
		switch s := s.(type) {
		case *ast.AssignStmt:
			for _, l := range s.Lhs {
				if list[c.res.Effects.Variable(l)] {
					return true
				}
			}
		case *ast.ExprStmt:
			if call, ok := s.X.(*ast.CallExpr); ok && list[c.res.Effects.Program().Atomic(call)] {
				return true
			}
		}
	}
	return false
}
