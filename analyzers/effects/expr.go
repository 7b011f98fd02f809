package effects

import (
	"go/ast"
	"go/token"
)

// expr adds the ops inside an expression, inner ones first as they run first.
func (w *walker) expr(e ast.Expr) {
	switch e := e.(type) {
	case *ast.FuncLit:
		w.p.literal(w.fn, e) // a function of its own
	case *ast.CallExpr:
		w.callExpr(e)
	case *ast.BinaryExpr:
		w.expr(e.X)
		if e.Op == token.LAND || e.Op == token.LOR {
			g := w.given(e.X)
			if e.Op == token.LOR {
				g = w.otherwise(e.X)
			}
			w.guarded(g, func() { w.with(Usually, func() { w.expr(e.Y) }) })
			return
		}
		w.expr(e.Y)
	case *ast.UnaryExpr:
		w.expr(e.X)
		if e.Op == token.AND {
			w.p.lentOut(e.X)
		}
		if e.Op == token.ARROW && !w.drains(e.X) {
			w.add(e, nil)
		}
	case *ast.CompositeLit:
		w.p.collectFields(e)
		for _, el := range e.Elts {
			w.expr(el)
		}
	case *ast.KeyValueExpr:
		w.expr(e.Key)
		w.expr(e.Value)
	case *ast.SelectorExpr:
		w.expr(e.X)
	case *ast.ParenExpr:
		w.expr(e.X)
	case *ast.StarExpr:
		w.expr(e.X)
	case *ast.TypeAssertExpr:
		w.expr(e.X)
	case *ast.IndexExpr:
		w.expr(e.X)
		w.expr(e.Index)
	case *ast.SliceExpr:
		w.expr(e.X)
		w.expr(e.Low)
		w.expr(e.High)
		w.expr(e.Max)
	}
}

func (w *walker) callExpr(c *ast.CallExpr) {
	deferred := w.deferred
	w.deferred = false // what is called, and with what, is worked out where the call stands
	w.expr(c.Fun)
	for _, a := range c.Args {
		w.expr(a)
	}
	w.deferred = deferred
	if id, ok := c.Fun.(*ast.Ident); ok && id.Name == "close" && len(c.Args) == 1 {
		w.closes(c)
	}
	if r := w.p.resolve(w.fn, c); r != nil && !w.p.idle(r) {
		w.add(c, r)
	}
}
