package lockio

import (
	"go/ast"
	"go/types"
	"slices"

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
	return slices.ContainsFunc(c.closersUnder(l, c.prog().MustAlias(to)), func(f *effects.Func) bool { return f != h.r.Func })
}

// closersUnder returns the functions that close a channel under a lock, themselves or by
// calling one that does.
func (c *checker) closersUnder(l *lock, ch *types.Var) []*effects.Func {
	if list, ok := l.closers[ch]; ok {
		return list
	}
	list := []*effects.Func(nil)
	for _, s := range c.senders(ch) {
		for _, r := range l.regions {
			if s.closes && (s.within(r) || slices.ContainsFunc(r.Held, func(hd placement.Held) bool { return c.res.Effects.Func(hd.Op.Callee()) == s.f })) {
				list = append(list, r.Func)
			}
		}
	}
	l.closers[ch] = list
	return list
}

// within reports whether who sends or closes does so in a region: a deferred close if the
// release is deferred as well, and so comes after it or not long before.
func (s far) within(r *placement.Region) bool {
	at := max(s.limit, s.last)
	return s.f == r.Func && r.From() < at && (at < r.Until || !r.Until.IsValid()) && (!s.last.IsValid() || r.Until >= r.Func.Body().Rbrace)
}
