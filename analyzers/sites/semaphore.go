package sites

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"github.com/concurlint/concurlint/analyzers/effects"
	"github.com/concurlint/concurlint/analyzers/program"
)

// This file finds what takes a token, and how many there are.

// takes reports whether the op takes a token: from a known limiter, or from a
// channel with a buffer whose elements carry nothing.
func (l *lister) takes(op *effects.Op, depth int) bool {
	if op == nil {
		return false
	}
	switch n := op.Node.(type) {
	case *ast.SendStmt:
		return l.tokens(n.Chan)
	case *ast.UnaryExpr:
		return n.Op == token.ARROW && l.tokens(n.X)
	case *ast.SelectStmt:
		return slices.ContainsFunc(comms(n), func(c comm) bool { return c.ch != nil && l.tokens(c.ch) })
	case *ast.CallExpr:
		if l.fx.Limiter(op.Callee()) == "acquire" {
			return true
		}
		f := l.fx.Func(op.Callee())
		return f != nil && depth < maxDepth && slices.ContainsFunc(f.Ops, func(o *effects.Op) bool { return l.takes(o, depth+1) })
	}
	return false
}

// tokens reports whether a channel holds places: empty structs or booleans in a
// buffer.
func (l *lister) tokens(ch ast.Expr) bool {
	t := l.pass.TypesInfo.TypeOf(ch)
	if !isChan(t) {
		return false
	}
	if _, known := l.res.Effects.Program().Capacity(ch); !known {
		return false
	}
	return program.Bare(t.Underlying().(*types.Chan).Elem())
}

// semaphore describes the limit that the op waits for. Its text is the capacity
// of the channel, or the size that the semaphore was made with.
func (l *lister) semaphore(op *effects.Op) Limit {
	out := Limit{Class: "semaphore"}
	if op == nil {
		return out
	}
	out.Waits = l.tokenLines(op, 0)
	places, _ := l.res.Effects.Program().Places(op.Node)
	l.write(&out, places.Expr)
	return out
}

// tokenLines are the op's line and, where it calls a function of this package to
// take the token, the line there.
func (l *lister) tokenLines(op *effects.Op, depth int) []Place {
	list := []Place{l.place(op.Node.Pos())}
	if f := l.fx.Func(op.Callee()); f != nil && depth < maxDepth {
		for _, inner := range f.Ops {
			if l.takes(inner, depth+1) {
				list = append(list, l.tokenLines(inner, depth+1)...)
			}
		}
	}
	return list
}

// maxDepth is how many calls and copies a channel is followed through.
const maxDepth = 4
