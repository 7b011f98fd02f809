package effects

import (
	"go/ast"
	"go/types"
	"slices"
)

// closes notes that a channel is closed: of the function for whoever receives
// elsewhere, and of the statements that follow.
func (w *walker) closes(c *ast.CallExpr) {
	e := w.p.ended(c.Args[0])
	e.closes = append(e.closes, ending{w.fn, c, true, w.deferred})
	if !w.deferred {
		w.closed = append(slices.Clip(w.closed), c.Args[0])
	}
}

// drains reports whether a statement on every way here has closed the channel:
// receiving from it takes what is in the buffer and waits for nobody.
//
//	close(c.conns)
//	for conn := range c.conns { conn.Close() }
//
// That a call in between makes the channel anew is left out of account.
func (w *walker) drains(ch ast.Expr) bool {
	v := w.p.prog.Variable(ch)
	return v != nil && slices.ContainsFunc(w.closed, func(c ast.Expr) bool {
		return w.p.prog.Variable(c) == v && types.ExprString(c) == types.ExprString(ch)
	})
}

// replace forgets closed channels that are reached through what is assigned to.
func (w *walker) replace(left []ast.Expr) {
	if len(w.closed) == 0 {
		return
	}
	for _, l := range left {
		v := w.p.prog.Variable(l)
		w.closed = slices.DeleteFunc(slices.Clone(w.closed), func(c ast.Expr) bool { return w.mentions(c, v) })
	}
}

// mentions reports whether the expression reads the variable, also as a field.
func (w *walker) mentions(e ast.Expr, v *types.Var) (found bool) {
	ast.Inspect(e, func(n ast.Node) bool {
		id, ok := n.(*ast.Ident)
		found = found || ok && v != nil && w.p.info.Uses[id] == v
		return !found
	})
	return found
}
