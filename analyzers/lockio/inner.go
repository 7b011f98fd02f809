package lockio

import (
	"go/ast"
	"go/types"
	"slices"

	"github.com/concurlint/concurlint/analyzers/effects"
	"github.com/concurlint/concurlint/analyzers/evidence"
	"github.com/concurlint/concurlint/analyzers/placement"
	"github.com/concurlint/concurlint/analyzers/report"
)

// This file finds locks that are taken under another lock, and that others hold
// while they wait outside the program: the users of the outer lock wait, too.

// A slow is a wait under a lock.
type slow struct {
	held
	v verdict
}

// inner reports the locks that are waited for under r.
func (c *checker) inner(r *placement.Region) {
	told := make(map[*lock]bool)
	for _, t := range c.under[r] {
		c.behindLock(r, t.Acquire, t, told)
	}
	for _, h := range r.Held {
		if h.Op.Certainty < effects.Missed {
			continue
		}
		for _, t := range c.taken(h.Op, maxCalls) {
			c.behindLock(r, h.Op, t, told)
		}
	}
}

// taken returns the regions that an op enters, in functions of this package.
func (c *checker) taken(op *effects.Op, depth int) []*placement.Region {
	f := c.res.Effects.Func(op.Callee())
	if f == nil || depth == 0 {
		return nil
	}
	key := search{in: f, depth: depth}
	if list, ok := c.enters[key]; ok {
		return list
	}
	var list []*placement.Region
	for _, o := range f.Ops {
		if o.Spawned != nil || o.Certainty < effects.Missed || len(list) >= mostTaken || lent(o) {
			continue
		}
		if t := c.acquired[o]; t != nil && !t.Local && t.Lock != nil {
			list = append(list, t)
			continue
		}
		list = append(list, c.taken(o, depth-1)...)
	}
	c.enters[key] = list
	return list
}

// mostTaken bounds how many locks of a callee are looked at.
const mostTaken = 8

// behindLock reports that op, under r, waits for the lock of t, if others are seen to
// hold that while they wait.
func (c *checker) behindLock(r *placement.Region, op *effects.Op, t *placement.Region, told map[*lock]bool) {
	l := c.locks[t.Lock]
	if l == nil || r.Lock == nil || c.locks[r.Lock] == nil || told[l] || t.Lock == r.Lock || t.Sometimes {
		return
	}
	told[l] = true
	s := c.slowest(r, l, t)
	if s == nil {
		return
	}
	e := *s.e
	e.Certainty = min(e.Certainty, op.Certainty)
	what := "this"
	if _, call := op.Node.(*ast.CallExpr); call && op.Callee() != nil && c.acquired[op] == nil {
		what = effects.DisplayName(op.Callee(), c.pass.Pkg)
	}
	// Who waits for one of many keeps those waiting who want another one, as with any
	// other wait; for the only one they may all have come.
	most, signals := evidence.Warning, c.observe(held{r, op, &e})
	if !c.oneOfKept(op) || !c.wanted(r) {
		most, signals = evidence.Note, append(signals, "lockio.inner")
	}
	c.reporter.Report(report.Finding{
		Pos:     op.Node.Pos(),
		End:     op.Node.End(),
		Most:    most,
		Signals: signals,
		Kind:    effects.Lock.String(),
		Message: r.Name() + " is held while " + what + " waits for " + t.Key + ", whose holder " + report.Verb(&e),
		Related: []report.Step{
			{Pos: r.Acquire.Node.Pos(), Message: r.Name() + " is taken here"},
			{Pos: t.Acquire.Node.Pos(), Message: t.Name() + " is taken here"},
			{Pos: s.op.Node.Pos(), Message: "who holds " + s.r.Key + " " + report.Verb(&e) + " here"},
		},
	})
}

// slowest returns the surest wait outside the program that others than who enters t
// have under its lock while r is held, if that is worth telling.
func (c *checker) slowest(r *placement.Region, l *lock, t *placement.Region) *slow {
	var best *slow
	for _, s := range c.waitsUnder(l) {
		if s.r.Func.Outer() == t.Func.Outer() || s.r.Read && t.Read || best != nil && best.v.confidence() >= s.v.confidence() || c.sheltered(r, s.r) {
			continue
		}
		best = s
	}
	return best
}

// sheltered reports whether the lock of r is held around s as well, in some call: who
// has it then waits for nobody in s.
func (c *checker) sheltered(r, s *placement.Region) bool {
	key := shelter{r.Lock, r.Read}
	funcs, ok := c.shelters[key]
	if !ok {
		funcs = make(map[*effects.Func]bool)
		c.res.Effects.Reached(c.called(r), func(f *effects.Func) bool {
			funcs[f] = true
			return true
		})
		c.shelters[key] = funcs
	}
	return funcs[s.Func] || slices.ContainsFunc(s.Outer, func(o *placement.Region) bool { return o.Lock == r.Lock && !(o.Read && r.Read) })
}

// A shelter is a lock, taken to read or to write, that keeps others out.
type shelter struct {
	lock *types.Var
	read bool
}

// called returns the functions of this package that are called with the lock of r
// held so that r has to wait.
func (c *checker) called(r *placement.Region) []*effects.Func {
	var list []*effects.Func
	for _, o := range c.locks[r.Lock].regions {
		if o.Read && r.Read {
			continue
		}
		for _, h := range o.Held {
			if g := c.res.Effects.Func(h.Op.Callee()); g != nil {
				list = append(list, g)
			}
		}
	}
	return list
}

// waitsUnder returns the waits outside the program under a lock, the surest of each
// region.
func (c *checker) waitsUnder(l *lock) []*slow {
	if l.asked {
		return l.slow
	}
	l.asked = true
	for _, r := range l.regions {
		if quiet(r.Func) || c.fresh(r) {
			continue // at the beginning or the end, once
		}
		var best *slow
		for _, h := range r.Held {
			for i := range h.Op.Effects {
				e := &h.Op.Effects[i]
				if e.Kind != effects.Net && e.Kind != effects.Proc && e.Kind != effects.Sleep || e.Certainty < effects.Missed || e.Flags&(effects.Hint|effects.Stream) != 0 {
					continue
				}
				v, ok := c.judge(r, h.Op, e)
				if ok && v.confidence() >= evidence.Quarter && (best == nil || v.confidence() > best.v.confidence()) {
					best = &slow{held{r, h.Op, e}, v}
				}
			}
		}
		if best != nil {
			l.slow = append(l.slow, best)
		}
	}
	return l.slow
}
