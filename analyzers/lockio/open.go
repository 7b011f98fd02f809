package lockio

import (
	"go/ast"
	"go/token"
	"go/types"

	"github.com/concurlint/concurlint/analyzers/effects"
	"github.com/concurlint/concurlint/analyzers/placement"
)

// This file finds locks that keep a channel from being closed while somebody sends to it.

// keepsOpen reports whether the function sends to a channel that another one closes under
// the same lock: to give the lock back before the send takes more than to move a line.
func (c *checker) keepsOpen(h held) bool {
	var to ast.Expr
	switch n := h.op.Node.(type) {
	case *ast.SendStmt:
		to = n.Chan
	case *ast.SelectStmt:
		to = c.prog().OnlySend(n)
	}
	l := c.locks[h.r.Lock]
	if to == nil || l == nil {
		return false
	}
	if l.closed == nil {
		l.closed = make(map[*types.Var][]*effects.Func)
		for _, r := range l.regions {
			c.closedUnder(l, r)
		}
	}
	for _, f := range l.closed[c.prog().MustAlias(to)] {
		if f != h.r.Func {
			return true
		}
	}
	return false
}

// closedUnder notes the channels that a region closes, by itself or in a function that it
// calls.
func (c *checker) closedUnder(l *lock, r *placement.Region) {
	add := func(v *types.Var) { l.closed[v] = append(l.closed[v], r.Func) }
	for _, at := range c.closesOf(r.Func) {
		if r.From() < at.pos && (at.pos < r.Until || !r.Until.IsValid()) && (!at.deferred || r.Until >= r.Func.Body().Rbrace) {
			add(at.ch)
		}
	}
	for _, hd := range r.Held {
		g := c.res.Effects.Func(hd.Op.Callee())
		if g == nil || g.Body() == nil || hd.Op.Spawned != nil {
			continue
		}
		for _, at := range c.closesOf(g) {
			add(at.ch)
		}
	}
}

// A channelClose is a place where a function closes a channel that has a name.
type channelClose struct {
	ch       *types.Var
	pos      token.Pos
	deferred bool
}

// closesOf returns what a function closes, other than in its literals. It is read once.
func (c *checker) closesOf(f *effects.Func) []channelClose {
	if list, ok := c.closes[f]; ok {
		return list
	}
	var list []channelClose
	ast.Inspect(f.Body(), func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.DeferStmt:
			list = c.closeOf(list, n.Call, true)
			return false
		case *ast.CallExpr:
			list = c.closeOf(list, n, false)
		}
		return true
	})
	c.closes[f] = list
	return list
}

func (c *checker) closeOf(list []channelClose, call *ast.CallExpr, deferred bool) []channelClose {
	if c.prog().Builtin(call) != "close" || len(call.Args) != 1 {
		return list
	}
	if v := c.prog().MustAlias(call.Args[0]); v != nil {
		list = append(list, channelClose{v, call.Pos(), deferred})
	}
	return list
}
