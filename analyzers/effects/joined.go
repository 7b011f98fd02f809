package effects

import (
	"go/ast"
	"go/types"
	"slices"
)

// This file carries what the goroutines of a group do to the function that has started them
// and waits for all of them. What else is in the group only makes it wait longer.
//
//	var g errgroup.Group
//	for _, u := range urls {
//		g.Go(func() error { return fetch(u) })
//	}
//	return g.Wait()

// joined adds what the goroutines do that are in the group for which the call waits.
func (ev *evaluator) joined(c *call) {
	group := ev.p.prog.Variable(c.recv)
	if group == nil || group.IsField() || !ev.fn.owns(group) {
		return
	}
	what := DisplayName(c.fn, ev.p.types)
	for _, t := range ev.members(nil, ev.fn, group) {
		for _, e := range ev.before(&t).effects {
			e.Chain = lead(ev.p.frame(ev.op.Node.Pos(), what), e.Chain)
			merge(&ev.effects, e)
		}
	}
	ev.witnessed(Wait)
}

// members adds to list the goroutines of a group that f starts, and those that they start in
// turn. What ev's function starts behind the op is not waited for.
func (ev *evaluator) members(list []teller, f *Func, group *types.Var) []teller {
	for _, o := range f.Ops {
		if o.call == nil || f == ev.fn && o.Node.Pos() > ev.op.Node.Pos() {
			continue
		}
		arg := GoCall
		if o.Spawned == nil {
			if arg = 0; OnGroup(o.call.fn) != StartsInGroup || ev.p.prog.Variable(o.call.recv) != group {
				continue
			}
		}
		for _, g := range (&Result{p: ev.p}).TaskFuncs(f, o, arg) {
			as := ev.p.groupIn(g, o, group)
			if as == nil || arg == GoCall && !g.leaves(ev.p, as) || slices.ContainsFunc(list, func(t teller) bool { return t.f == g }) {
				continue
			}
			list = append(list, teller{g, o, []ending{{by: g, deferred: true}}})
			list = ev.members(list, g, as)
		}
	}
	return list
}

// groupIn is what a goroutine calls a group that its starter has: the same variable, or the
// parameter that it is given for.
func (p *pkg) groupIn(f *Func, start *Op, group *types.Var) *types.Var {
	given := slices.IndexFunc(start.call.expr.Args, func(a ast.Expr) bool {
		if u, ok := ast.Unparen(a).(*ast.UnaryExpr); ok {
			a = u.X
		}
		return p.prog.Variable(a) == group
	})
	if given < 0 {
		return group
	}
	return f.parameter(given)
}

// leaves reports whether f tells a group that it is done.
func (f *Func) leaves(p *pkg, group *types.Var) bool {
	return slices.ContainsFunc(f.Ops, func(o *Op) bool {
		return o.call != nil && o.Spawned == nil && OnGroup(o.call.fn) == LeavesGroup && p.prog.Variable(o.call.recv) == group
	})
}
