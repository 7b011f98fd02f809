package lockio

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"github.com/concurlint/concurlint/analyzers/effects"
	"github.com/concurlint/concurlint/analyzers/internal/lexicon"
	"github.com/concurlint/concurlint/analyzers/placement"
	"github.com/concurlint/concurlint/analyzers/report"
)

// This file judges waits for other goroutines: whether who would end the wait
// wants the lock.

// judgeWait judges waiting for a WaitGroup, an errgroup or the handlers of a server.
func (c *checker) judgeWait(h held) verdict {
	v := verdict{signals: c.observe(h)}
	if onCond(h.e) && len(h.e.Chain) == 1 { // both locks are in view
		v.signals = append(v.signals, "lockio.other-lock")
	}
	if c.deadlock(&v, h) {
		return v
	}
	if c.registered(h.r, h.op) && h.e.Certainty >= effects.Usually {
		v.signals = append(v.signals, "lockio.registry")
	}
	return v
}

// judgeChan judges channel operations: a proof that the other side wants the lock
// counts most.
func (c *checker) judgeChan(h held, way passage) verdict {
	if h.e.Is(effects.Token) {
		v := verdict{signals: append(c.observe(h), "lockio.token"), why: "so all who want the lock wait for a place too"}
		c.deadlock(&v, h)
		return v
	}
	v := verdict{signals: c.observe(h)}
	send, isSend := h.op.Node.(*ast.SendStmt)
	ready := h.op.Ready && way != contested
	if isSend && (ready || len(c.states(h.r.Func, send)) > 0) {
		// A buffer has room for what comes now and then.
		if ready || c.capacity(send.Chan, 0) != 0 || c.announced(h, send) || !c.deadlock(&v, h) {
			v.signals, v.why = append(v.signals, "lockio.reader-state"), ""
		}
		return v
	}
	if c.deadlock(&v, h) || h.e.Bound != effects.Unbounded {
		return v
	}
	if isSend && c.publishes(&v, h, send) {
		return v
	}
	c.drained(&v, h)
	if h.e.Is(effects.Receive) && h.e.Certainty >= effects.Usually && lexicon.Is(lexicon.Ends, calleeName(h.op)) && c.registered(h.r, h.op) {
		v.signals = append(v.signals, "lockio.registry")
	}
	return v
}

// A far is a goroutine that would end a wait.
type far struct {
	f     *effects.Func
	from  token.Pos     // it is waited for from here on; NoPos: from its start
	limit token.Pos     // it is done for the waiter here; NoPos: as it returns
	at    ast.Node      // the send or the receive there; nil for another end of a wait
	loop  *effects.Loop // and comes back here
	last  token.Pos     // it is done by a call that is deferred here: those deferred before come after it
	// closes says that it closes the channel rather than to send.
	closes bool
	// place is the semaphore of which it gives a place back, which it has taken by a send, or
	// else by a receive; nil for another wait.
	place *types.Var
	sends bool
	// call is the one by which the function runs, nil if it is not known, or may be any.
	call *ast.CallExpr
	// below says that it runs with the lock held, rather than beside who holds it: what it
	// makes is not what has the lock.
	below bool
}

// deadlock adds to v that who would end the wait takes the lock first, and reports
// whether that is so.
func (c *checker) deadlock(v *verdict, h held) bool {
	if h.r.Lock == nil || h.r.Local || c.elsewhere(h.r, h.op) || c.givesOwn(h.r.Func, h.op) {
		return false
	}
	awaited, sides := c.awaited(h.op, h.e.Kind, maxCalls)
	if awaited == nil || len(sides) == 0 || h.e.Kind == effects.Chan && awaited.Exported() {
		return false // other packages, too, may be at the other end
	}
	var first *placement.Region
	spared := false // one that can end the wait does not take the lock
	for _, s := range sides {
		if s.at != nil && s.f == h.r.Func && c.keptAway(s.f, s.limit, h.r, 0) {
			continue // it is in the way of itself
		}
		taken := c.takesIn(s, h)
		spared = spared || taken == nil && (h.e.Kind == effects.Chan || onCond(h.e))
		if first == nil {
			first = taken
		}
	}
	switch {
	case first == nil:
		return false
	case spared && h.e.Is(effects.Token):
		return false // who holds the other places goes on
	case spared:
		v.why = "deadlock if the other side wants the lock"
		return false
	}
	if !h.e.Is(effects.Token) { // only with all places at such holders
		v.signals = slices.DeleteFunc(v.signals, isExcuse)
	}
	v.signals = append(v.signals, "lockio.other-side")
	v.why = "and the other side takes it first: deadlock"
	if h.e.Kind == effects.Wait && h.e.Bound == effects.Deadline {
		v.why = "and the other side takes it first: both wait until the time is up"
	}
	v.at = []report.Step{{Pos: first.Acquire.Node.Pos(), Message: "what is waited for takes " + first.Key + " here"}}
	return true
}

// isExcuse reports whether a signal speaks for a send that gets through in the end: nobody takes
// what is sent while its reader wants the lock, and nobody closes the channel then.
func isExcuse(signal string) bool {
	return signal == "lockio.buffered" || signal == "lockio.keeps-open"
}

// elsewhere reports whether the op waits for another object of the type that
// has the lock: a child, a peer.
func (c *checker) elsewhere(r *placement.Region, op *effects.Op) bool {
	x := operand(op.Node)
	if x == nil {
		return false
	}
	owner := ownerOf(r.Acquire.Node)
	for x != nil && owner != nil {
		if types.Identical(deref(c.pass.TypesInfo.TypeOf(x)), deref(c.pass.TypesInfo.TypeOf(owner))) {
			return types.ExprString(x) != types.ExprString(owner)
		}
		sel, ok := ast.Unparen(x).(*ast.SelectorExpr)
		if !ok {
			return false
		}
		x = sel.X
	}
	return false
}

func deref(t types.Type) types.Type {
	if t == nil {
		return types.Typ[types.Invalid]
	}
	if p, ok := t.(*types.Pointer); ok {
		return p.Elem()
	}
	return t
}

// operand returns what the op waits on: a channel, or the receiver of a call.
func operand(n ast.Node) ast.Expr {
	switch n := n.(type) {
	case *ast.SendStmt:
		return n.Chan
	case *ast.UnaryExpr:
		return n.X
	case *ast.RangeStmt:
		return n.X
	case *ast.CallExpr:
		if sel, ok := ast.Unparen(n.Fun).(*ast.SelectorExpr); ok {
			return sel.X
		}
	}
	return nil
}

// ownerOf returns c of c.mu.Lock() and of c.Lock().
func ownerOf(n ast.Node) ast.Expr {
	x := operand(n)
	if sel, ok := ast.Unparen(x).(*ast.SelectorExpr); ok {
		return sel.X
	}
	return x
}

// registered reports whether the op is on one of the things that a registry of
// the whole program holds, and the lock is that registry's: all users of the
// others wait, too.
func (c *checker) registered(r *placement.Region, op *effects.Op) bool {
	if r.Lock == nil || r.Lock.IsField() || len(c.locks[r.Lock].short) == 0 && len(c.locks[r.Lock].regions) < 2 {
		return false
	}
	x := operand(op.Node)
	for x != nil {
		if m := c.collection(x, op.Loop); m != nil && !m.IsField() && m.Parent() == c.pass.Pkg.Scope() {
			return true
		}
		sel, ok := ast.Unparen(x).(*ast.SelectorExpr)
		if !ok {
			return false
		}
		x = sel.X
	}
	return false
}
