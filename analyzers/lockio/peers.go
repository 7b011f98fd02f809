package lockio

import (
	"go/ast"
	"go/token"
	"go/types"
)

// This file finds the other side of channels and WaitGroups.

// members returns the goroutines that the group waits for.
func (c *checker) members(v *types.Var) []far {
	if v == nil {
		return nil
	}
	var list []far
	for _, f := range c.res.Effects.Funcs() {
		for _, op := range f.Ops {
			fn := op.Callee()
			if fn == nil || fn.Name() != "Done" && fn.Name() != "Go" || c.res.Effects.Variable(operand(op.Node)) != v {
				continue
			}
			if fn.Name() == "Go" {
				for _, g := range c.res.Effects.TaskFuncs(f, op, 0) {
					list = append(list, far{f: g})
				}
				continue
			}
			side := far{f: f}
			if !op.Deferred {
				side.limit, side.loop = op.Node.Pos(), op.Loop
			}
			list = append(list, side)
		}
	}
	return list
}

// receivers returns the functions that receive from the channel.
func (c *checker) receivers(v *types.Var) []far {
	if v == nil {
		return nil
	}
	var list []far
	for _, f := range c.res.Effects.Funcs() {
		for _, op := range f.Ops {
			from := []ast.Expr(nil)
			switch n := op.Node.(type) {
			case *ast.UnaryExpr, *ast.RangeStmt:
				from = append(from, operand(n))
			case *ast.SelectStmt:
				from = received(n)
			}
			for _, x := range from {
				if x == nil || c.res.Effects.Variable(x) != v {
					continue
				}
				loop := op.Loop
				if _, ok := op.Node.(*ast.RangeStmt); ok && loop == nil {
					continue
				}
				list = append(list, far{f: f, limit: op.Node.Pos(), loop: loop})
			}
		}
	}
	return list
}

// received returns the channels that a select statement receives from.
func received(s *ast.SelectStmt) []ast.Expr {
	var list []ast.Expr
	for _, cl := range s.Body.List {
		var x ast.Expr
		switch comm := cl.(*ast.CommClause).Comm.(type) {
		case *ast.ExprStmt:
			x = comm.X
		case *ast.AssignStmt:
			x = comm.Rhs[0]
		}
		if u, ok := ast.Unparen(x).(*ast.UnaryExpr); ok && u.Op == token.ARROW {
			list = append(list, u.X)
		}
	}
	return list
}

// senders returns the functions that send to the channel or close it.
func (c *checker) senders(v *types.Var) []far {
	if v == nil {
		return nil
	}
	var list []far
	for _, f := range c.res.Effects.Funcs() {
		if f.Body() == nil {
			continue
		}
		ast.Inspect(f.Body(), func(n ast.Node) bool {
			var x ast.Expr
			switch n := n.(type) {
			case *ast.FuncLit:
				return false
			case *ast.DeferStmt:
				if isClose(n.Call) && c.res.Effects.Variable(n.Call.Args[0]) == v {
					list = append(list, far{f: f})
				}
				return false
			case *ast.SendStmt:
				x = n.Chan
			case *ast.CallExpr:
				if isClose(n) {
					x = n.Args[0]
				}
			}
			if x != nil && c.res.Effects.Variable(x) == v {
				list = append(list, far{f: f, limit: x.Pos()})
			}
			return true
		})
	}
	return list
}

func isClose(n *ast.CallExpr) bool {
	id, ok := ast.Unparen(n.Fun).(*ast.Ident)
	return ok && id.Name == "close" && len(n.Args) == 1
}
