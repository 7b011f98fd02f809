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
// function does before. A literal has it from where it is written. It is no position for a
// channel that others may know already.
//
//	l := &listener{errs: make(chan error)}
//	b.mu.Lock()
//	b.listeners = append(b.listeners, l) // from here on
//	b.mu.Unlock()
//	return <-l.errs
func (c *checker) offered(f *effects.Func, ch ast.Expr) token.Pos {
	v := c.prog().Root(ch)
	if v == nil || f.Body() == nil || v.Pos() < f.Body().Pos() || f.Body().End() <= v.Pos() || !c.madeHere(f, v) {
		return token.NoPos
	}
	at := token.NoPos
	var around []ast.Node
	ast.Inspect(f.Body(), func(n ast.Node) bool {
		if n == nil {
			around = around[:len(around)-1]
			return true
		}
		if id, ok := n.(*ast.Ident); ok && !at.IsValid() && c.pass.TypesInfo.Uses[id] == v {
			if outside := withoutLiteral(around); len(outside) < len(around) || gives(around, id) {
				at = lastStatement(outside).End()
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

// gives reports whether the use of a variable, with the nodes around it, hands on its value,
// rather than to use a part of it, to receive from it or to set it.
func gives(around []ast.Node, id *ast.Ident) bool {
	switch n := around[len(around)-1].(type) {
	case *ast.SelectorExpr:
		return n.X != id
	case *ast.UnaryExpr:
		return n.Op != token.ARROW
	case *ast.RangeStmt:
		return false
	case *ast.AssignStmt:
		return slices.Contains(n.Rhs, ast.Expr(id))
	}
	return true
}

// lastStatement is the innermost statement of the nodes around something.
func lastStatement(around []ast.Node) ast.Stmt {
	for i := len(around) - 1; i >= 0; i-- {
		if s, ok := around[i].(ast.Stmt); ok {
			return s
		}
	}
	return nil
}
