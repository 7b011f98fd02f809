package effects

import (
	"go/types"
	"slices"
	"time"
)

// implemented applies the implementations in this package of a method. What only few
// of them do lies on few of the ways through a call.
func (ev *evaluator) implemented(fn *types.Func, impls []*Func, c *call, u Use) {
	u.Certainty = min(u.Certainty, Usually)
	if ev.p.settled(fn, impls) {
		for _, d := range ev.p.distilled(fn, impls) {
			ev.summary(&d.Summary, ev.p.display(d.of), c, c.recv, u, d.of)
		}
		return
	}
	few := fewDo(impls)
	for _, f := range impls {
		s := few.seldom(&f.Summary)
		ev.summary(&s, ev.p.display(f), c, c.recv, u, f)
	}
}

// A kindSet is a set of kinds of effects.
type kindSet [numKinds]bool

// oneIn is of how many implementations one at least has to do something for that to be usual.
// On minio/mc, gatekeeper, jetkvm, neko and asynq half as many and more than twice as many say
// the same; without it three statements more are made, all of them wrong.
const oneIn = 4

// fewDo returns the kinds that fewer than one in four implementations have: of a
// hundred messages that print themselves one may ask the network, and who prints a
// message does not wait for that. Where more of them wait, for one thing or another, whoever
// calls the method does wait.
func fewDo(impls []*Func) kindSet {
	var does [numKinds]int
	waits := 0
	for _, f := range impls {
		var has kindSet
		blocks := false
		for i := range f.Summary.Effects {
			if e := &f.Summary.Effects[i]; e.Certainty > Rarely && !has[e.Kind] {
				has[e.Kind], blocks = true, blocks || e.Kind.Blocks()
				does[e.Kind]++
			}
		}
		if blocks {
			waits++
		}
	}
	var few kindSet
	for k, n := range does {
		if Kind(k).Blocks() {
			n = waits
		}
		few[k] = n*oneIn < len(impls)
	}
	return few
}

// seldom returns the summary with the effects of these kinds on rare ways only.
func (k *kindSet) seldom(s *Summary) Summary {
	out := *s
	if !slices.ContainsFunc(s.Effects, func(e Effect) bool { return k[e.Kind] && e.Certainty > Rarely }) {
		return out
	}
	out.Effects = slices.Clone(s.Effects)
	for i := range out.Effects {
		if e := &out.Effects[i]; k[e.Kind] {
			e.Certainty = min(e.Certainty, Rarely)
		}
	}
	return out
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
	all, few := make([]distillate, len(impls)), fewDo(impls)
	for i, f := range impls {
		all[i] = distillate{f, few.seldom(&f.Summary)}
		for j := range all[i].Effects {
			e := &all[i].Effects[j]
			if old := nearest[e.class()]; old == nil || frames(e) < frames(old) {
				nearest[e.class()] = e
			}
		}
	}
	var list []distillate
	for i := range all {
		d := all[i]
		d.Effects = nil
		for j := range all[i].Effects {
			if e := &all[i].Effects[j]; nearest[e.class()] == e {
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
