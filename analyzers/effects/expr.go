package effects

import (
	"go/ast"
	"go/token"
)

func (w *walker) expr(e ast.Expr) {
	if e == nil {
		return
	}
	switch e.(type) {
	case *ast.Ident, *ast.BasicLit:
		return
	}
	w.node(e)
}

// node adds the ops inside an expression, inner ones first as they run first.
func (w *walker) node(n ast.Node) {
	switch n := n.(type) {
	case *ast.FuncLit:
		return // a function of its own
	case *ast.CallExpr:
		w.callExpr(n)
		return
	case *ast.BinaryExpr:
		w.expr(n.X)
		if n.Op == token.LAND || n.Op == token.LOR {
			w.with(Usually, func() { w.expr(n.Y) })
			return
		}
		w.expr(n.Y)
		return
	case *ast.UnaryExpr:
		w.expr(n.X)
		if n.Op == token.ARROW {
			w.add(n, nil)
		}
		return
	}
	ast.Inspect(n, func(m ast.Node) bool {
		if m == nil || m == n {
			return m == n
		}
		switch m := m.(type) {
		case *ast.FuncLit, *ast.CallExpr, *ast.BinaryExpr, *ast.UnaryExpr:
			w.node(m)
			return false
		}
		return true
	})
}

func (w *walker) callExpr(c *ast.CallExpr) {
	w.expr(c.Fun)
	for _, a := range c.Args {
		w.expr(a)
	}
	if tv, ok := w.p.info.Types[c.Fun]; ok && (tv.IsType() || tv.IsBuiltin()) {
		return
	}
	if r := w.p.resolve(w.fn, c); r != nil {
		w.add(c, r)
	}
}
