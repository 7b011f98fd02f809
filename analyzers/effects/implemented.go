package effects

import (
	"go/types"
	"time"
)

// implemented applies the implementations in this package of a method: the
// effects that most of them have.
func (ev *evaluator) implemented(fn *types.Func, impls []*Func, c *call, u Use) {
	u.Certainty = min(u.Certainty, Usually)
	if ev.p.settled(fn, impls) {
		for _, d := range ev.p.distilled(fn, impls) {
			ev.summary(&d.Summary, ev.p.display(d.of), c, c.recv, u, d.of)
		}
		return
	}
	for _, f := range impls {
		ev.summary(&f.Summary, ev.p.display(f), c, c.recv, u, f)
	}
}

// settled reports whether the summaries of the implementations will not change
// any more: all of them are done, and so none is in a recursive group with a
// function that is not.
func (p *pkg) settled(fn *types.Func, impls []*Func) bool {
	if p.done[fn] {
		return true
	}
	for _, f := range impls {
		if !f.solved {
			return false
		}
	}
	p.done[fn] = true
	return true
}

// A distillate is what callers can notice of an implementation beside the others.
type distillate struct {
	of *Func
	Summary
}

// An effectClass is all that decides what an effect of a callee becomes for its
// caller, but for how far away it is.
type effectClass struct {
	kind      Kind
	certainty Certainty
	weight    Weight
	bound     Bound
	flags     Flags
	guard     Guard
	root      Root
	duration  time.Duration
	label     string
}

func (e *Effect) class() effectClass {
	return effectClass{e.Kind, e.Certainty, e.Weight, e.Bound, e.Flags, e.Guard, e.Root, e.Duration, e.Label}
}

// distilled returns the implementations without those effects that lose to
// others in any call: of a class the first of the nearest wins. There may be
// thousands of implementations, and as many calls.
func (p *pkg) distilled(fn *types.Func, impls []*Func) []distillate {
	if list, ok := p.distillates[fn]; ok {
		return list
	}
	nearest := make(map[effectClass]*Effect)
	frames := func(e *Effect) int { return min(len(e.Chain)+1, maxChain) }
	for _, f := range impls {
		for i := range f.Summary.Effects {
			e := &f.Summary.Effects[i]
			if old := nearest[e.class()]; old == nil || frames(e) < frames(old) {
				nearest[e.class()] = e
			}
		}
	}
	var list []distillate
	for _, f := range impls {
		d := distillate{f, f.Summary}
		d.Effects = nil
		for i := range f.Summary.Effects {
			e := &f.Summary.Effects[i]
			if nearest[e.class()] == e {
				d.Effects = append(d.Effects, *e)
			}
		}
		if len(d.Effects)+len(d.Uses) > 0 {
			list = append(list, d)
		}
	}
	p.distillates[fn] = list
	return list
}
