package lockio

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"github.com/concurlint/concurlint/analyzers/effects"
)

// This file tells from when on others know a channel that a function has made.

// offered returns where a function first lets others have the value that it has made, and that
// is the channel or holds it: nobody sends to it before, and so nobody waits for what the
// function does before. A literal has it from where it is written, a function that it is given
// from where that is called. It is no position for a channel that others may know already, as in
// the second turn of a loop.
//
//	l := &listener{errs: make(chan error)}
//	b.mu.Lock()
//	b.listeners = append(b.listeners, l) // from here on
//	b.mu.Unlock()
//	return <-l.errs
func (c *checker) offered(f *effects.Func, ch ast.Expr, loop *effects.Loop) token.Pos {
	v := c.prog().Root(ch)
	if v == nil || f.Body() == nil || v.Pos() < f.Body().Pos() || f.Body().End() <= v.Pos() || !c.madeHere(f, v) {
		return token.NoPos
	}
	at := c.firstGiven(f, v)
	if at == nil || loop != nil && loop.Node.Pos() <= at.Pos() && at.End() <= loop.Node.End() {
		return token.NoPos
	}
	if call, ok := at.(*ast.CallExpr); ok && c.prog().Builtin(call) == "" {
		return call.Pos()
	}
	return at.End()
}

// firstGiven returns the expression, or the statement, with which a function first gives others
// the value of one of its variables, other than as its result; nil if it does not.
func (c *checker) firstGiven(f *effects.Func, v *types.Var) (at ast.Node) {
	var around []ast.Node
	ast.Inspect(f.Body(), func(n ast.Node) bool {
		if n == nil {
			around = around[:len(around)-1]
			return true
		}
		if id, ok := n.(*ast.Ident); ok && at == nil && c.pass.TypesInfo.Uses[id] == v {
			outside := withoutLiteral(around)
			if len(outside) < len(around) || c.gives(around, id) {
				at = topExpression(append(slices.Clip(outside), n))
			}
		}
		around = append(around, n)
		return true
	})
	return at
}

// madeHere reports whether a variable of a function holds nothing but what that makes.
func (c *checker) madeHere(f *effects.Func, v *types.Var) bool {
	if _, ok := v.Type().Underlying().(*types.Chan); ok {
		return c.prog().MadeIn(f.Node(), v)
	}
	values, all := c.res.Effects.Values(v)
	return all && len(values) > 0 && !slices.ContainsFunc(values, func(x ast.Expr) bool { return !c.makesNew(x, freshDepth) })
}

// withoutLiteral returns the nodes around a function literal, all if there is none.
func withoutLiteral(around []ast.Node) []ast.Node {
	i := slices.IndexFunc(around, func(n ast.Node) bool {
		_, ok := n.(*ast.FuncLit)
		return ok
	})
	if i < 0 {
		return around
	}
	return around[:i]
}

// gives reports whether the use of a variable, with the nodes around it, hands on its value or
// a channel that it holds, or calls a method of it, which may do so: not whether a part of it is
// read, what it holds received from or sent to, or the variable set or returned.
func (c *checker) gives(around []ast.Node, id *ast.Ident) bool {
	switch n := around[len(around)-1].(type) {
	case *ast.SelectorExpr:
		if n.X != id {
			return true
		}
		switch c.pass.TypesInfo.TypeOf(n).Underlying().(type) {
		case *types.Signature:
			return true
		case *types.Chan:
			return len(around) < 2 || !passes(around[len(around)-2], n)
		}
		return false
	case *ast.ReturnStmt:
		return false
	}
	return !passes(around[len(around)-1], id)
}

// passes reports whether a node receives from x, sends to it, or sets it.
func passes(n ast.Node, x ast.Expr) bool {
	switch n := n.(type) {
	case *ast.UnaryExpr:
		return n.Op == token.ARROW
	case *ast.RangeStmt:
		return n.X == x
	case *ast.SendStmt:
		return n.Chan == x
	case *ast.AssignStmt:
		return !slices.Contains(n.Rhs, x)
	}
	return false
}

// topExpression is the expression, right in a statement, that the last of the nodes is in.
func topExpression(around []ast.Node) ast.Node {
	for i := len(around) - 2; i >= 0; i-- {
		if _, ok := around[i].(ast.Stmt); ok {
			return around[i+1]
		}
	}
	return around[0]
}
