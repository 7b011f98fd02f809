package effects

import (
	"cmp"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"sort"
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
	found := membership{ev: ev, seen: make(map[*Func]bool), since: ev.waitedBefore(group)}
	found.add(ev.fn, group)
	outside := false // and for nothing inside the program
	for _, t := range found.list {
		outside = outside || !waitsInside(t.f)
		for _, e := range ev.before(&t).effects {
			e.Chain = lead(ev.p.frame(ev.op.Node.Pos(), what), e.Chain)
			merge(&ev.effects, e)
		}
	}
	if outside {
		ev.witnessed(Wait)
	}
}

// waitsInside reports whether a goroutine waits for others of the program too.
func waitsInside(f *Func) bool {
	return slices.ContainsFunc(f.Summary.Effects, func(e Effect) bool {
		return (e.Kind == Chan || e.Kind == Wait) && e.Certainty >= Missed && !e.Is(Buffered)
	})
}

// A membership is the goroutines of a group that ev's function starts before it waits, and
// those that they start in turn.
type membership struct {
	ev   *evaluator
	list []teller
	seen map[*Func]bool
	// since is behind the last wait for the group that surely comes first: who has been
	// started before has ended there.
	since token.Pos
}

// waitedBefore returns where the function surely waits for a group before the op, no position
// if it does not.
func (ev *evaluator) waitedBefore(group *types.Var) token.Pos {
	for _, o := range slices.Backward(between(ev.p.onGroups(ev.fn), token.NoPos, ev.op.Node.Pos())) {
		if o.verb == WaitsForGroup && o.group == group && o.Certainty == Always && o.Loop == nil && !o.Deferred {
			return o.Node.End()
		}
	}
	return token.NoPos
}

// between returns those of the ops that begin from one position on and before another.
func between(list []groupOp, from, to token.Pos) []groupOp {
	at := func(pos token.Pos) int {
		return sort.Search(len(list), func(i int) bool { return list[i].Node.Pos() >= pos })
	}
	return list[min(at(from), at(to)):at(to)]
}

// A groupOp is an op that does something with a group, or starts a goroutine.
type groupOp struct {
	*Op
	verb  GroupVerb
	group *types.Var
}

// onGroups returns the ops of f that have to do with groups, in order. They are looked for once: a
// generated function may wait a thousand times.
func (p *pkg) onGroups(f *Func) []groupOp {
	list, ok := p.groupOps[f]
	if ok {
		return list
	}
	for _, o := range f.Ops {
		if o.call == nil {
			continue
		}
		verb := OnGroup(o.call.fn)
		switch {
		case o.Spawned != nil:
			list = append(list, groupOp{Op: o})
		case verb != NoGroup:
			list = append(list, groupOp{o, verb, p.prog.Variable(o.call.recv)})
		}
	}
	slices.SortStableFunc(list, func(a, b groupOp) int { return cmp.Compare(a.Node.Pos(), b.Node.Pos()) })
	p.groupOps[f] = list
	return list
}

// add looks for those that f starts, which knows the group by a variable.
func (m *membership) add(f *Func, group *types.Var) {
	list := m.ev.p.onGroups(f)
	if f == m.ev.fn {
		list = between(list, m.since, m.last())
	}
	for _, o := range list {
		if o.Spawned == nil && (o.verb != StartsInGroup || o.group != group) || f == m.ev.fn && !m.waitedFor(o.Op, group) {
			continue
		}
		arg := 0
		if o.Spawned != nil {
			arg = GoCall
		}
		for _, g := range (&Result{p: m.ev.p}).TaskFuncs(f, o.Op, arg) {
			if m.seen[g] {
				continue
			}
			as := m.ev.p.groupIn(g, o.Op, group)
			ends := []ending{{by: g, deferred: true}} // it is in the group until it returns
			if arg == GoCall {
				ends = m.ev.p.leaves(g, as)
			}
			if as == nil || len(ends) == 0 {
				continue
			}
			m.seen[g] = true
			m.list = append(m.list, teller{g, o.Op, ends})
			m.add(g, as)
		}
	}
}

// last is where what starts is no more waited for: at ev's op, unless that is deferred or comes
// again.
func (m *membership) last() token.Pos {
	wait := m.ev.op
	if wait.Deferred {
		return m.ev.fn.Body().End()
	}
	last := wait.Node.Pos()
	for l := wait.Loop; l != nil; l = l.Parent {
		last = l.Node.End()
	}
	return last
}

// waitedFor reports whether what an op starts may be in the group when ev's op waits: it runs
// before, or in an earlier turn of a loop.
func (m *membership) waitedFor(o *Op, group *types.Var) bool {
	wait := m.ev.op
	if o.Node.Pos() < wait.Node.Pos() || wait.Deferred {
		return !m.ev.p.prog.Excludes(o.Node.Pos(), wait.Node.Pos())
	}
	l := wait.Loop
	return l != nil && contains(l.Node, o.Node) && (group.Pos() < l.Node.Pos() || l.Node.End() < group.Pos())
}

// groupIn is what a goroutine calls a group that its starter has: the parameter that gets
// it, or else the same variable, around the literal that it is.
func (p *pkg) groupIn(f *Func, start *Op, group *types.Var) *types.Var {
	i := slices.IndexFunc(start.call.expr.Args, func(a ast.Expr) bool {
		if u, ok := ast.Unparen(a).(*ast.UnaryExpr); ok {
			a = u.X
		}
		return p.prog.Variable(a) == group
	})
	if i < 0 {
		return group
	}
	return f.parameter(i)
}

// leaves returns where f tells a group that it is done.
func (p *pkg) leaves(f *Func, group *types.Var) (ends []ending) {
	for _, o := range p.onGroups(f) {
		if o.verb == LeavesGroup && o.group == group {
			ends = append(ends, ending{by: f, node: o.Node, deferred: o.Deferred})
		}
	}
	return ends
}
