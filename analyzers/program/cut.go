package program

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
)

// cuts tells of a loop that goes on until nothing is left of a list, and each time cuts the
// same share off it:
//
//	for len(list) > 0 {
//		n := min(size, len(list))
//		go work(list[:n])
//		list = list[n:]
//	}
//
// A loop that cuts so many elements off is none that counts: more data make more turns.
func (ev *evaluator) cuts(s *ast.ForStmt) (Count, bool) {
	cond, ok := ast.Unparen(s.Cond).(*ast.BinaryExpr)
	if !ok {
		return Count{}, false
	}
	x, op := cond.X, cond.Op
	if _, isCall := ast.Unparen(x).(*ast.CallExpr); !isCall {
		x, op = cond.Y, mirrored[op]
	}
	c, ok := ast.Unparen(x).(*ast.CallExpr)
	if !ok || ev.p.Builtin(c) != "len" || op != token.GTR && op != token.GEQ && op != token.NEQ {
		return Count{}, false
	}
	v := ev.p.Variable(c.Args[0])
	if v == nil {
		return Count{}, false
	}
	by := ev.p.cutOff(s.Body, v)
	if by == nil || !ev.number(by).share() {
		return Count{}, false
	}
	return Count{Number: setting(), Bound: c.Args[0]}, true
}

// cutOff returns how many elements the body of a loop takes from the front of v each time,
// in a statement of its own, or nil where it does something else to v as well.
func (p *Program) cutOff(body *ast.BlockStmt, v *types.Var) (by ast.Expr) {
	sets := 0
	ast.Inspect(body, func(n ast.Node) bool {
		a, ok := n.(*ast.AssignStmt)
		if !ok {
			return true
		}
		for i, l := range a.Lhs {
			if p.Variable(l) != v {
				continue
			}
			sets++
			if len(a.Lhs) != len(a.Rhs) {
				continue
			}
			x, ok := ast.Unparen(a.Rhs[i]).(*ast.SliceExpr)
			if ok && x.High == nil && x.Low != nil && p.Variable(x.X) == v && slices.Contains(body.List, ast.Stmt(a)) {
				by = x.Low
			}
		}
		return true
	})
	if sets != 1 {
		return nil
	}
	return by
}
