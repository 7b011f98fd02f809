package lockio

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"github.com/concurlint/concurlint/analyzers/effects"
	"github.com/concurlint/concurlint/analyzers/program"
)

// This file tells sends that depend on a state of who reads the channel.

// states returns what of the value that holds the channel the send depends on: a state of the
// reader, which that changes before it leaves. Whether there is a channel says nothing of who
// reads it, and of how full it is passage knows more.
//
//	if s.active.Load() { s.ch <- v }
func (c *checker) states(f *effects.Func, s *ast.SendStmt) (list []*ast.SelectorExpr) {
	sel, ok := ast.Unparen(s.Chan).(*ast.SelectorExpr)
	if !ok {
		return nil
	}
	reader, channel := types.ExprString(sel.X), types.ExprString(sel)
	ast.Inspect(f.Body(), func(n ast.Node) bool {
		cond, ok := n.(*ast.IfStmt)
		if !ok || s.Pos() < cond.Body.Pos() || s.End() > cond.Body.End() {
			return true
		}
		ast.Inspect(cond.Cond, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.BinaryExpr:
				t, ok := program.Condition(c.pass.TypesInfo, n).(*ast.BinaryExpr)
				return !ok || t.Op != token.NEQ || !c.pass.TypesInfo.Types[t.Y].IsNil() || types.ExprString(t.X) != channel
			case *ast.CallExpr:
				b := c.prog().Builtin(n)
				return b != "len" && b != "cap" || types.ExprString(n.Args[0]) != channel
			case *ast.SelectorExpr:
				if types.ExprString(n.X) == reader {
					list = append(list, n)
				}
			}
			return true
		})
		return true
	})
	return list
}

// announced reports whether who ends the wait says by a constant that it is there, or
// that it leaves, and the send depends on that. What the goroutine counts or keeps there
// says nothing of what it is about to do.
func (c *checker) announced(h held, s *ast.SendStmt) bool {
	state := make(map[*types.Var]bool)
	for _, x := range c.states(h.r.Func, s) {
		if v := c.res.Effects.Variable(x); v != nil {
			state[v] = true
			continue
		}
		fn, _ := c.pass.TypesInfo.Uses[x.Sel].(*types.Func)
		f := c.res.Effects.Func(fn)
		if f == nil {
			return true // who knows
		}
		ast.Inspect(f.Body(), func(n ast.Node) bool {
			if x, ok := n.(*ast.SelectorExpr); ok {
				state[c.res.Effects.Variable(x)] = true
			}
			return true
		})
	}
	delete(state, nil)
	_, sides := c.awaited(h.op, h.e.Kind, maxCalls)
	var funcs []*effects.Func
	for _, s := range sides {
		funcs = append(funcs, s.f)
	}
	found := false
	c.res.Effects.Reached(funcs, func(f *effects.Func) bool {
		found = found || c.declares(f, state)
		return !found
	})
	return found
}

// declares reports whether f sets one of the variables to a constant.
func (c *checker) declares(f *effects.Func, state map[*types.Var]bool) bool {
	found := false
	constant := func(x ast.Expr) bool {
		t := c.pass.TypesInfo.Types[x]
		return t.Value != nil || t.IsNil()
	}
	ast.Inspect(f.Body(), func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			for i, l := range n.Lhs {
				found = found || len(n.Lhs) == len(n.Rhs) && n.Tok == token.ASSIGN && constant(n.Rhs[i]) && state[c.res.Effects.Variable(l)]
			}
		case *ast.CallExpr: // of an atomic value
			found = found || state[c.prog().Atomic(n)] && slices.ContainsFunc(n.Args, constant)
		}
		return !found
	})
	return found
}
