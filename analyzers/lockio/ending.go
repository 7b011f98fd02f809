package lockio

import (
	"go/ast"
	"go/token"

	"github.com/concurlint/concurlint/analyzers/effects"
	"github.com/concurlint/concurlint/analyzers/placement"
)

// This file tells locks that are taken as something ends, by the control flow: after
// a loop that serves until it is told to stop, or after the wait for that.

// ends reports whether the function of r takes the lock when it has served, so once.
//
//	func (s *server) run(ctx context.Context) {
//		s.serve()
//		<-ctx.Done()
//		s.mu.Lock()
func (c *checker) ends(r *placement.Region) bool {
	if r.Acquire.Loop != nil {
		return false
	}
	served := c.servedAt(r.Func)
	return served.IsValid() && served < r.Acquire.Node.Pos()
}

// servedAt returns where a function has first been told to stop, or NoPos. It is worked
// out once for each function: there may be thousands of regions in one.
func (c *checker) servedAt(f *effects.Func) token.Pos {
	if at, ok := c.served[f]; ok {
		return at
	}
	at := token.NoPos
	for _, op := range f.Ops {
		if op.Loop == nil && op.Spawned == nil && !op.Deferred && op.InSelect == nil && op.Certainty >= effects.Usually && c.untilStopped(op) {
			at = op.Node.Pos()
			break
		}
	}
	for _, l := range f.Loops {
		s, ok := l.Node.(*ast.ForStmt)
		if f.Summary.Endless && ok && s.Cond == nil && l.Parent == nil && (at == token.NoPos || s.End() <= at) {
			at = s.End() - 1
		}
	}
	c.served[f] = at
	return at
}

// untilStopped reports whether the op goes on until somebody says stop.
func (c *checker) untilStopped(op *effects.Op) bool {
	if u, ok := op.Node.(*ast.UnaryExpr); ok && u.Op == token.ARROW {
		v := c.res.Effects.Variable(u.X)
		return v != nil && v.IsField() && quits(u.X) || c.doneOf(u.X)
	}
	s := c.res.Effects.Summary(op.Callee())
	return s != nil && s.Endless
}

// doneOf reports whether x is the channel of a context that says it is over.
func (c *checker) doneOf(x ast.Expr) bool {
	call, ok := ast.Unparen(x).(*ast.CallExpr)
	if !ok {
		return false
	}
	sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	return ok && effects.IsContext(c.pass.TypesInfo.TypeOf(sel.X))
}
