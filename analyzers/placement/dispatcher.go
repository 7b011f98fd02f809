package placement

import (
	"go/ast"
	"go/token"
	"go/types"

	"github.com/concurlint/concurlint/analyzers/effects"
)

// A Dispatcher is an endless loop over a select with two or more sources: one
// goroutine serves them all, so what blocks in one case starves the others.
type Dispatcher struct {
	Func    *effects.Func
	Loop    *effects.Loop
	Select  *ast.SelectStmt
	Sources []ast.Expr // channels received from, cancellation left out
}

// Receives reports whether the channel is one that the dispatcher receives from.
func (d *Dispatcher) Receives(ch *types.Var, variable func(ast.Expr) *types.Var) bool {
	for _, s := range d.Sources {
		if v := variable(s); v != nil && v == ch {
			return true
		}
	}
	return false
}

// dispatchers finds the dispatcher loops of one function.
func (p *placer) dispatchers(f *effects.Func) {
	for _, l := range f.Loops {
		s, ok := l.Node.(*ast.ForStmt)
		if !ok || s.Cond != nil {
			continue
		}
		sel := onlySelect(s.Body)
		if sel == nil {
			continue
		}
		d := &Dispatcher{Func: f, Loop: l, Select: sel}
		for _, c := range sel.Body.List {
			ch := received(c.(*ast.CommClause).Comm)
			if ch != nil && !p.ends(c.(*ast.CommClause)) && !timerExpr(ch) {
				d.Sources = append(d.Sources, ch)
			}
		}
		p.res.Dispatchers = append(p.res.Dispatchers, d)
	}
}

// onlySelect returns the select at the top level of a loop's body.
func onlySelect(b *ast.BlockStmt) *ast.SelectStmt {
	for _, s := range b.List {
		if sel, ok := s.(*ast.SelectStmt); ok {
			return sel
		}
	}
	return nil
}

// received returns the channel that a communication receives from, or nil.
func received(s ast.Stmt) ast.Expr {
	var x ast.Expr
	switch s := s.(type) {
	case *ast.ExprStmt:
		x = s.X
	case *ast.AssignStmt:
		x = s.Rhs[0]
	}
	if u, ok := ast.Unparen(x).(*ast.UnaryExpr); ok && u.Op == token.ARROW {
		return u.X
	}
	return nil
}

// ends reports whether a case leaves the loop: a cancellation.
func (p *placer) ends(c *ast.CommClause) bool {
	if len(c.Body) == 0 {
		return false
	}
	_, ok := c.Body[len(c.Body)-1].(*ast.ReturnStmt)
	return ok
}
