package program

import (
	"go/ast"
	"go/types"
	"strings"
)

// Swaps reports whether code compares a word and swaps it: of many that come at once it
// lets one through, or tries until it is the one.
func (p *Program) Swaps(n ast.Node) bool {
	found := false
	ast.Inspect(n, func(n ast.Node) bool {
		if c, ok := n.(*ast.CallExpr); ok {
			fn := p.Callee(c)
			found = found || From(fn, "sync/atomic") && strings.HasPrefix(fn.Name(), "CompareAndSwap")
		}
		return !found
	})
	return found
}

// Atomic returns the variable that a call of package sync/atomic is for, nil for another call:
// v of v.Load() and of atomic.LoadInt32(&v).
func (p *Program) Atomic(c *ast.CallExpr) *types.Var {
	fn := p.Callee(c)
	if !From(fn, "sync/atomic") {
		return nil
	}
	if sel, ok := ast.Unparen(c.Fun).(*ast.SelectorExpr); ok && fn.Signature().Recv() != nil {
		return p.Variable(sel.X)
	}
	if len(c.Args) == 0 {
		return nil
	}
	at, ok := ast.Unparen(c.Args[0]).(*ast.UnaryExpr)
	if !ok {
		return nil
	}
	return p.Variable(at.X)
}
