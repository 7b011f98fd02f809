package effects

import (
	"go/ast"
	"go/token"
)

func (w *walker) selectStmt(s *ast.SelectStmt) {
	w.add(s, nil)
	defer func(saved bool) { w.inSwitch = saved }(w.inSwitch)
	w.inSwitch = true
	c := Usually
	if len(s.Body.List) == 1 {
		c = Always
	}
	for _, cl := range s.Body.List {
		comm := cl.(*ast.CommClause)
		saved := w.inSelect
		w.inSelect = s
		w.comm(comm.Comm)
		w.inSelect = saved
		w.with(c, func() { w.block(comm.Body) })
	}
}

// sends walks the operands of a send.
func (w *walker) sends(s *ast.SendStmt) {
	w.expr(s.Chan)
	w.expr(s.Value)
	e := w.p.ended(s.Chan)
	e.sends = append(e.sends, ending{by: w.fn, node: s})
}

// comm walks the operands of a communication without its channel operation,
// which is the select's.
func (w *walker) comm(s ast.Stmt) {
	switch s := s.(type) {
	case *ast.SendStmt:
		w.sends(s)
	case *ast.ExprStmt:
		w.received(s.X)
	case *ast.AssignStmt:
		w.p.collectAssign(s)
		w.received(s.Rhs[0])
	}
}

func (w *walker) received(e ast.Expr) {
	if u, ok := ast.Unparen(e).(*ast.UnaryExpr); ok && u.Op == token.ARROW {
		w.expr(u.X)
	}
}
