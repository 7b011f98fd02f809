package blockloop

import (
	"go/ast"
	"go/types"
	"slices"

	"github.com/concurlint/concurlint/analyzers/contracts"
	"github.com/concurlint/concurlint/analyzers/effects"
	"github.com/concurlint/concurlint/analyzers/evidence"
	"github.com/concurlint/concurlint/analyzers/report"
)

// This file finds a loop that waits for the end of goroutines which send to it:
//
//	case <-h.stop:
//		for _, p := range h.peers { close(p.in) }
//		h.pumps.Wait() // a pump may be at p.hub.events <- b

// membersWait reports a wait in the loop, itself or in a method of the same value that it
// calls, for a group of which a member sends to the loop and has no other way to go, and reports
// whether it is one.
func (c *checker) membersWait(d *contracts.Dispatcher, op *effects.Op) bool {
	if op.Spawned != nil || op.Effect(effects.Wait) == nil {
		return false
	}
	wait := c.groupWait(op)
	if m, recv := c.method(op); wait == nil && m != nil && c.isReceiver(d.Func, recv) {
		for _, inner := range m.Ops {
			if wait == nil && inner.Spawned == nil && !inner.Deferred && inner.Certainty >= effects.Usually {
				wait = c.groupWait(inner)
			}
		}
	}
	if wait == nil {
		return false
	}
	group := c.prog().MustAlias(calledOn(wait))
	for _, source := range d.Sources {
		if n, known := c.res.Effects.Capacity(source); known && n < 0 || !c.deaf(d, op, source) {
			continue // made with room for all of them, as far as is seen
		}
		s := c.memberSends(d, source, group)
		if s == nil {
			continue
		}
		c.reporter.Report(report.Finding{
			Pos:     op.Node.Pos(),
			End:     op.Node.End(),
			Most:    evidence.Warning,
			Signals: append([]string{"blockloop.itself"}, c.fills(source, true)...),
			Kind:    "wait",
			Message: "the loop waits for " + group.Name() + ", of which a goroutine sends to " + types.ExprString(source) + ", and the loop alone receives from that: deadlock, go on receiving meanwhile",
			Related: []report.Step{{Pos: s.Pos(), Message: "the send"}, {Pos: d.Select.Pos(), Message: "the loop's select"}},
		})
		return true
	}
	return false
}

// deaf reports whether the loop may come to op while somebody sends to the source: not from the
// case of that, which may have counted what it has received, but from another one.
func (c *checker) deaf(d *contracts.Dispatcher, op *effects.Op, source ast.Expr) bool {
	flow, turn := c.prog().Flow(d.Func.Body()), []ast.Node{d.Loop.Node}
	return slices.ContainsFunc(d.Cases, func(k *contracts.Case) bool {
		switch {
		case k.Source == source:
			return false
		case op.Deferred:
			return flow.Leaves(k.Clause, turn)
		}
		return flow.Reaches(k.Clause, op.Node, turn)
	})
}

// groupWait returns an op that waits for a group which has a name, or nil.
func (c *checker) groupWait(op *effects.Op) *effects.Op {
	if effects.OnGroup(op.Callee()) != effects.WaitsForGroup || calledOn(op) == nil || c.prog().MustAlias(calledOn(op)) == nil {
		return nil
	}
	return op
}

// memberSends returns what a member of a group sends to a source of the loop, which alone
// receives from that; nil for nothing.
func (c *checker) memberSends(d *contracts.Dispatcher, source ast.Expr, group *types.Var) *ast.SendStmt {
	v := c.res.Effects.Variable(source)
	if !c.onlyReceiver(v, d) {
		return nil
	}
	for _, s := range c.sends()[v] {
		if !s.selected && s.by != d.Func && c.isMember(s.by, group, maxDepth) {
			return s.SendStmt
		}
	}
	return nil
}

// isMember reports whether a group waits for a function to return: that leaves the group, the
// group starts it, or who calls it is a member.
func (c *checker) isMember(f *effects.Func, group *types.Var, depth int) bool {
	of := func(op *effects.Op, verb effects.GroupVerb) bool {
		return effects.OnGroup(op.Callee()) == verb && calledOn(op) != nil && c.prog().MustAlias(calledOn(op)) == group
	}
	if slices.ContainsFunc(f.Ops, func(op *effects.Op) bool {
		return of(op, effects.LeavesGroup) || op.Deferred && slices.ContainsFunc(c.res.Effects.TaskFuncs(f, op, effects.GoCall), func(lit *effects.Func) bool {
			return lit.Parent == f && slices.ContainsFunc(lit.Ops, func(op *effects.Op) bool { return of(op, effects.LeavesGroup) })
		})
	}) {
		return true
	}
	for _, s := range c.sites {
		if of(s.Op, effects.StartsInGroup) && slices.Contains(c.res.Effects.TaskFuncs(s.Func, s.Op, s.Arg), f) {
			return true
		}
	}
	if depth == 0 {
		return false
	}
	if f.Obj == nil {
		parent, call, _ := c.res.Effects.Invocation(f)
		return call != nil && c.isMember(parent, group, depth-1)
	}
	return slices.ContainsFunc(c.res.Effects.CallSites(f.Obj), func(at effects.CallSite) bool {
		return at.Op.Spawned == nil && at.Func != f && c.isMember(at.Func, group, depth-1)
	})
}
