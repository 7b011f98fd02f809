package placement

import (
	"go/ast"
	"go/token"
	"slices"

	"github.com/concurlint/concurlint/analyzers/effects"
)

// This file finds what holds a spawner back: something that it waits for on every
// way from one hand-over to the next, and that the tasks release.

// limiterBefore looks for what bounds how many tasks of a site are in flight: a
// token, a rate limiter, a lock that the task gives back, a counter that is
// compared with a limit.
func (p *placer) limiterBefore(s *Site) Limit {
	loop := s.Trip.Loop
	if loop == nil {
		loop = s.Op.Loop
	}
	f, op := s.Func, s.Op
	for range maxDepth {
		if l, held := p.heldBack(s, f, op, loop); held {
			return l
		}
		if f.Lit == nil {
			break
		}
		parent, call, _ := p.fx.Invocation(f)
		if call == nil {
			break
		}
		f, op = parent, call
	}
	return Limit{}
}

// heldBack looks for the bound in one function: around the loop if that is there,
// otherwise on the ways through the function to the op.
func (p *placer) heldBack(s *Site, f *effects.Func, op *effects.Op, loop *effects.Loop) (Limit, bool) {
	within := loop
	for l := op.Loop; l != loop; l = l.Parent {
		if l == nil {
			within = nil // it is further out
			break
		}
	}
	var around ast.Node = f.Body()
	if within != nil {
		around = within.Node
	}
	cuts := p.prog.TakenBack(around, s.Op.Node)
	if within == nil && len(cuts) == 0 && p.unheld(s, f, op) {
		return Limit{}, false
	}
	flow := p.prog.Flow(f.Body())
	passes := func(cuts []ast.Node) bool {
		if within != nil {
			return flow.Repeats(op.Node, within.Node, cuts)
		}
		return flow.Enters(op.Node, cuts)
	}
	if within != nil {
		cuts = append(cuts, p.counters(s, within)...)
	} else {
		cuts = append(cuts, p.countersBefore(s, f)...)
	}
	var first *effects.Op
	asked := 0
	for _, o := range p.mayHold(f) {
		if o == op || !before(o, op, within) {
			continue
		}
		nodes := p.holds(s, f, o)
		if len(nodes) == 0 {
			continue
		}
		cuts = append(append(cuts, nodes...), p.optional(f, o, op.Node)...)
		if first == nil {
			first = o
		}
		// More cuts never open a way. Asking each time that they have doubled finds
		// out early where the first few are enough, as they are in generated functions
		// with a thousand waits.
		if len(cuts) >= 2*asked {
			if !passes(cuts) {
				return p.taken(s, f, first), true
			}
			asked = len(cuts)
		}
	}
	if len(cuts) == asked || passes(cuts) {
		return Limit{}, false
	}
	return p.taken(s, f, first), true
}

// before reports whether a wait can come before the op: in the same loop, without
// a loop further up.
func before(wait, op *effects.Op, within *effects.Loop) bool {
	if within == nil {
		return wait.Node.Pos() <= op.Node.Pos()
	}
	return contains(within.Node, wait.Node)
}

// taken returns the limit of whom a wait holds back, or, without one, a counter.
func (p *placer) taken(s *Site, f *effects.Func, wait *effects.Op) Limit {
	l := Limit{Class: Semaphore}
	if wait != nil {
		l.Token = wait
		p.countTokens(&l, wait, p.place(s, f, wait.Node))
	}
	return l
}

// mayHold returns the ops of a function that can hold somebody back. Each of its
// sites asks, and functions that are generated have thousands of both.
func (p *placer) mayHold(f *effects.Func) []*effects.Op {
	list, ok := p.waiting[f]
	if !ok {
		for _, op := range f.Ops {
			if op.Spawned == nil && !op.Deferred && p.canWait(op) {
				list = append(list, op)
			}
		}
		p.waiting[f] = list
	}
	return list
}

// canWait is the part of holds that is the same for all sites.
func (p *placer) canWait(op *effects.Op) bool {
	fn := op.Callee()
	if _, ok := op.Node.(*ast.CallExpr); !ok {
		return true
	}
	if fn == nil {
		return paces(op)
	}
	verb, _ := p.lockVerb(op)
	limits := func(o *effects.Op) bool { return p.fx.Limiter(o.Callee()) == "acquire" || mayRefuse(o.Callee()) }
	g := p.fx.Func(fn)
	return p.fx.Limiter(fn) != "" || verb != "" || op.Effect(effects.Chan) != nil || op.Effect(effects.Wait) != nil ||
		mayRefuse(fn) || g != nil && slices.ContainsFunc(g.Ops, limits)
}

// holds returns the nodes of an op that wait for what the task of the site
// releases, or for a place of which nobody else is known to give it back.
func (p *placer) holds(s *Site, f *effects.Func, op *effects.Op) []ast.Node {
	switch n := op.Node.(type) {
	case *ast.SendStmt:
		if p.sendHolds(s, n.Chan) {
			return []ast.Node{n}
		}
	case *ast.UnaryExpr:
		if n.Op == token.ARROW && p.receiveHolds(s, f, n, n.X) {
			return []ast.Node{n}
		}
	case *ast.RangeStmt:
		if p.givesBack(s, f, n, n.X) {
			return []ast.Node{n}
		}
	case *ast.SelectStmt:
		return p.selectHolds(s, f, n)
	case *ast.CallExpr:
		if p.callHolds(s, f, op, n) {
			return []ast.Node{n}
		}
	}
	return nil
}
