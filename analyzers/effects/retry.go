package effects

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"
)

// This file recognizes what is done between two attempts: only after a failure.

// again reports whether cond asks whether this is another attempt, as at the top
// of a loop that tries until something works:
//
//	if attempt > 0 { time.Sleep(pause) }
func (w *walker) again(cond ast.Expr) bool {
	c, ok := ast.Unparen(cond).(*ast.BinaryExpr)
	if !ok || w.loop == nil || c.Op != token.GTR && c.Op != token.NEQ {
		return false
	}
	n, ok := ast.Unparen(c.X).(*ast.Ident)
	if !ok || w.p.info.Types[c.Y].Value == nil {
		return false
	}
	bound := ast.Expr(nil)
	switch l := w.loop.Node.(type) {
	case *ast.RangeStmt:
		bound = l.X
	case *ast.ForStmt:
		bound = l.Cond
	}
	return attempts(n.Name) || bound != nil && attempts(types.ExprString(bound))
}

// goodEnough reports whether cond says that there is no need to try again.
func goodEnough(cond ast.Expr) bool {
	not, ok := ast.Unparen(cond).(*ast.UnaryExpr)
	if !ok || not.Op != token.NOT {
		return false
	}
	id, ok := ast.Unparen(not.X).(*ast.Ident)
	return ok && (attempts(id.Name) || id.Name == "again")
}

func attempts(name string) bool {
	name = strings.ToLower(name)
	return strings.Contains(name, "attempt") || strings.Contains(name, "retr") || strings.Contains(name, "tries")
}

// backsOff reports whether a pause is named as one after a failure.
func backsOff(d ast.Expr) bool {
	name := strings.ToLower(types.ExprString(d))
	return strings.Contains(name, "backoff") || strings.Contains(name, "retry")
}
