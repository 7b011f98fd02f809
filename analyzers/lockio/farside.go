package lockio

import (
	"go/ast"
	"maps"

	"github.com/concurlint/concurlint/analyzers/effects"
	"github.com/concurlint/concurlint/analyzers/placement"
)

// This file looks for the lock in what the other side of a wait does before it ends that.

// takes returns the region of r's lock that the far side enters before it ends
// the wait, or nil. Who waits is no far side of its own, but one may well call it: that
// is told where nothing else takes the lock.
func (c *checker) takes(s far, r *placement.Region) *placement.Region {
	if s.f == r.Func {
		return nil
	}
	if t := c.onTheWay(s, r, map[*effects.Func]bool{r.Func: true}); t != nil {
		return t
	}
	return c.onTheWay(s, r, make(map[*effects.Func]bool))
}

// takesIn is takes for a side that ends the wait h, in one of the calls that may be at work
// there.
func (c *checker) takesIn(s far, h held) *placement.Region {
	for _, call := range c.runs(s, h) {
		s.call = call
		if t := c.takes(s, h.r); t != nil {
			return t
		}
	}
	return nil
}

// onTheWay looks for the region in what the far side does before it ends the wait, and
// in what its callers do before they call for that: each of them has to enter it, by
// functions that another one may have come through as well. Where the side itself begins to
// be waited for, what its callers have done before counts no more.
func (c *checker) onTheWay(s far, r *placement.Region, seen map[*effects.Func]bool) *placement.Region {
	if t := c.entered(s, r, maps.Clone(seen)); t != nil {
		return t
	}
	if s.from.IsValid() {
		return nil
	}
	var first *placement.Region
	for _, up := range c.callers(s) {
		up.place, up.sends = s.place, s.sends
		c.hold(&up)
		t := c.entered(up, r, maps.Clone(seen))
		if t == nil {
			return nil
		}
		if first == nil {
			first = t
		}
	}
	return first
}

// entered looks for the region in the functions that are not seen yet. What the call by which
// the side runs switches off does not happen; another call of the same function may do it.
func (c *checker) entered(s far, r *placement.Region, seen map[*effects.Func]bool) *placement.Region {
	if seen[s.f] {
		return nil
	}
	seen[s.f] = true
	for _, op := range s.f.Ops {
		if op.Spawned != nil || op.Deferred && (s.limit.IsValid() || op.Node.Pos() <= s.last) || op.Node.Pos() < s.from || s.limit.IsValid() && op.Node.Pos() > s.limit && (s.loop == nil || !within(op.Loop, s.loop)) {
			continue
		}
		t := c.enteredBy(s, op, r, seen)
		if t != nil && s.call != nil && c.prog().Unmet(s.call, s.f.Node(), op.Node.Pos()) {
			delete(seen, s.f)
			continue
		}
		if t != nil {
			return t
		}
	}
	return nil
}

// enteredBy is entered for one op of a side's function.
func (c *checker) enteredBy(s far, op *effects.Op, r *placement.Region, seen map[*effects.Func]bool) *placement.Region {
	f := s.f
	if t := c.acquired[op]; t != nil && t.Lock == r.Lock && !(t.Read && r.Read) && !c.madeApart(t, r) {
		return t
	}
	if c.takenElsewhere(op, r) {
		return &placement.Region{Func: f, Acquire: op, Key: r.Key, Lock: r.Lock}
	}
	call, _ := op.Node.(*ast.CallExpr)
	for _, g := range c.res.Effects.Callees(f, op) {
		t := c.entered(far{f: g, call: call, below: s.below}, r, seen)
		if t != nil && t.Func == g && c.ofReceiver(t) && (s.below && c.made(f, operand(op.Node), freshDepth) || c.oneOfSeveral(t, op)) {
			delete(seen, g) // a lock of what f has made, or of another one
			continue
		}
		if t != nil {
			return t
		}
	}
	for _, g := range c.received(op) {
		if t := c.entered(far{f: g}, r, seen); t != nil {
			return t
		}
	}
	return c.enteredByTasks(f, op, r, seen)
}

// enteredByTasks is entered for the goroutines of f's own that op waits for: one of a group,
// or all who may send what is received.
func (c *checker) enteredByTasks(f *effects.Func, op *effects.Op, r *placement.Region, seen map[*effects.Func]bool) (first *placement.Region) {
	group := effects.OnGroup(op.Callee()) == effects.WaitsForGroup
	if !group && op.Effect(effects.Chan) == nil {
		return nil
	}
	v := c.prog().MustAlias(operand(op.Node))
	if v == nil || v.IsField() || v.Pos() < f.Body().Pos() || f.Body().End() <= v.Pos() {
		return nil
	}
	sides := c.senders(v)
	if group {
		sides = c.members(v)
	}
	for _, s := range sides {
		t := c.entered(s, r, seen)
		if t == nil && !group {
			return nil
		}
		if first == nil {
			first = t
		}
	}
	return first
}

func within(l, outer *effects.Loop) bool {
	for ; l != nil; l = l.Parent {
		if l == outer {
			return true
		}
	}
	return false
}
