package advisor

import (
	"cmp"
	"fmt"
	"math"
	"path"
	"slices"
	"strings"

	"github.com/concurlint/concurlint/advisor/profile"
)

// A callee is what a call leads to: a function or literal of the program, any
// other function, or nothing, where the caller itself computes or waits.
type callee struct {
	bodyName        // fn is -1 unless it is the program's
	other    string // its linker name otherwise
}

// A descent is a call, and the line of the caller that it is at.
type descent struct {
	callee
	line int32
}

// A sighting is a stack through sites with advice. There may be a million of them.
type sighting struct {
	rec, stack         int32 // numbers of the recording and of the stack in it
	seen               int32 // events and samples
	busy, holding, all float32
	waits              float32 // part of all that is no computing
}

// A passage is a sighting at one of the sites.
type passage struct {
	stack int32 // number of the sighting
	at    int32 // frame of the path that is in the body, none below it being
	body  int32
	next  int32 // number of the call that it goes on to
}

// A descender finds the way down that most of the time of a site's tasks goes.
type descender struct {
	*analysis
	about    *Advice
	lock     bool // the site is where a lock is taken
	bodies   []body
	stacks   []sighting
	passages []passage
}

// A call is a step that passages go on to.
type call struct {
	callee
	busy, all, waits float64
	seen             int64
	lines            []lineTime
}

// A lineTime is the time of a call that is on one line of its caller.
type lineTime struct {
	line int32
	all  float64
}

// A target is a body of a site with advice.
type target struct {
	*descender
	body int32
}

// chains says for each piece of advice where the time of its tasks goes: down the
// calls that take most of it, from the site to what is waited for or computes.
// Work counts, as in the ranking of sites; where tasks mostly wait for other
// goroutines, those waits do. Where too little was seen, or waits could not be, it
// is the source's word, which has no shares.
//
// The stacks through a site are divided by what they call next, and those of the
// heaviest call again: a tree of all calls would outgrow a large profile.
func (a *analysis) chains(list []Advice) {
	all := make([]*descender, len(list))
	targets := map[int32][]target{} // by function
	for i := range list {
		d := &descender{analysis: a, about: &list[i], lock: list[i].Site.Executor == "lock"}
		for _, b := range d.about.Site.Task.Bodies {
			at := a.index.stretch(b)
			if at.fn < 0 {
				continue
			}
			if d.lock {
				at.line++ // where it is waited for, it is not held
			}
			targets[at.fn] = append(targets[at.fn], target{d, int32(len(d.bodies))})
			d.bodies = append(d.bodies, at)
		}
		all[i] = d
	}
	stacks := a.pass(targets)
	for _, d := range all {
		x := d.about
		d.stacks = stacks
		if x.Cost.Class != "" { // else the recordings could not show what is waited for
			x.Chain = d.heaviest()
		}
		if len(x.Chain) == 0 {
			for _, s := range x.Site.Task.Chain {
				x.Chain = append(x.Chain, Link{Step: s})
			}
		}
		d.passages = nil
	}
}

// pass gives the stacks to the sites whose bodies they run through.
func (a *analysis) pass(targets map[int32][]target) (stacks []sighting) {
	var s sample
	var found []*descender
	if len(targets) == 0 {
		return nil
	}
	for r, rec := range a.basis.recordings {
		for k := range rec.Stacks {
			a.open(&s, rec, k)
			found = found[:0]
			for i, p := range s.path {
				for _, t := range targets[p.fn] {
					if t.bodies[t.body].holds(a.index, p) && !slices.Contains(found, t.descender) {
						found = append(found, t.descender)
						t.passages = append(t.passages, passage{stack: int32(len(stacks)), at: int32(i), body: t.body})
					}
				}
			}
			if len(found) > 0 {
				stacks = append(stacks, a.sight(&s, int32(r), int32(k)))
			}
		}
	}
	return stacks
}

// sight weighs an open stack; idleness is nothing that is seen of tasks.
func (a *analysis) sight(s *sample, rec, stack int32) sighting {
	var w weight
	a.resolve(s)
	w.add(s)
	t := w.inFlight()
	if t <= 0 {
		return sighting{rec: rec, stack: stack}
	}
	return sighting{
		rec: rec, stack: stack, seen: int32(a.observed(&w)),
		busy: float32(w.busy()), holding: float32(w.holding()), all: float32(t), waits: float32(t - max(w.running, w.cpu) - w.runnable),
	}
}

// open makes s the k-th stack of a recording.
func (a *analysis) open(s *sample, rec *recording, k int) {
	st := &rec.Stacks[k]
	path := s.path[:0]
	*s = a.sample(st, rec)
	s.path = path
	a.follow(s)
}

// way adds the calls of a passage, from the site down, to an empty list. A body that
// is a whole function or literal is the first of them, a stretch of lines calls by
// itself. Recursion counts as the last of its calls.
func (d *descender) way(p *passage, s *sample, list []descent) []descent {
	o := &d.stacks[p.stack]
	d.open(s, d.basis.recordings[o.rec], int(o.stack))
	caller := s.path[p.at]
	if b := &d.bodies[p.body]; b.whole {
		list = append(list, descent{callee{bodyName: bodyName{b.fn, b.lit}}, 0})
	}
	for _, q := range slices.Backward(s.path[:p.at]) {
		next := bodyName{q.fn, q.lit}
		if again := slices.IndexFunc(list, func(x descent) bool { return x.bodyName == next }); again >= 0 {
			list = list[:again+1]
		} else {
			list = append(list, descent{callee{bodyName: next}, caller.line})
		}
		caller = q
	}
	// The program's own frames are followed by the one that the last of them called.
	last := descent{callee{bodyName: bodyName{-1, -1}}, caller.line}
	own := slices.IndexFunc(s.Frames, func(id profile.FrameID) bool { return d.join.spots[id].fn >= 0 })
	if own > 0 {
		last.other = d.ev.Frames[s.Frames[own-1]].Func
	}
	return append(list, last)
}

// heaviest is the way down that most of the time goes, nil if too little was seen. It
// ends where what is left may be one burst.
func (d *descender) heaviest() (chain []Link) {
	var sum call
	for i := range d.passages {
		d.count(&sum, &d.passages[i])
	}
	time := func(c *call) float64 { return c.all }
	if sum.busy >= d.th.CPUBound*sum.all {
		time = func(c *call) float64 { return c.busy }
	}
	at, from := d.about.Site.Place, d.index.enclosing(d.about.Site.File, d.about.Site.Line)
	for rest := d.passages; len(rest) > 0; {
		calls := d.divide(rest, len(chain))
		next := slices.MaxFunc(calls, func(c, e *call) int {
			return cmp.Or(cmp.Compare(time(c), time(e)), cmp.Compare(e.fn, c.fn), cmp.Compare(e.lit, c.lit), strings.Compare(e.other, c.other))
		})
		if next.seen < d.th.LeastEvents || time(next) <= 0 {
			break
		}
		if line := next.line(); line > 0 && from >= 0 {
			at = Place{File: d.lint.Functions[from].File, Line: int(line)}
		}
		chain = append(chain, d.link(at, from, next, time(next)/time(&sum)))
		if next.fn < 0 {
			break
		}
		from = next.fn
		number := int32(slices.Index(calls, next))
		rest = slices.DeleteFunc(rest, func(p passage) bool { return p.next != number })
	}
	return chain
}

// divide sorts passages by the call at a depth of their ways.
func (d *descender) divide(rest []passage, depth int) (calls []*call) {
	var s sample
	var way []descent
	numbers := map[callee]int32{}
	for i := range rest {
		p := &rest[i]
		way = d.way(p, &s, way[:0])
		step := way[depth]
		n, ok := numbers[step.callee]
		if !ok {
			n = int32(len(calls))
			numbers[step.callee] = n
			calls = append(calls, &call{callee: step.callee})
		}
		p.next = n
		d.count(calls[n], p)
		calls[n].on(step.line, float64(d.stacks[p.stack].all))
	}
	return calls
}

// count adds a passage to a call. What is done under a lock is work unless it waits
// for another one.
func (d *descender) count(c *call, p *passage) {
	o := &d.stacks[p.stack]
	busy := o.busy
	if d.lock {
		busy = o.holding
	}
	c.busy, c.all, c.waits, c.seen = c.busy+float64(busy), c.all+float64(o.all), c.waits+float64(o.waits), c.seen+int64(o.seen)
}

// on counts time at a line of the caller.
func (c *call) on(line int32, all float64) {
	i := slices.IndexFunc(c.lines, func(l lineTime) bool { return l.line == line })
	if i < 0 {
		i = len(c.lines)
		c.lines = append(c.lines, lineTime{line: line})
	}
	c.lines[i].all += all
}

// line is the caller's line that most of the call's time is on.
func (c *call) line() int32 {
	return slices.MaxFunc(c.lines, func(x, y lineTime) int { return cmp.Or(cmp.Compare(x.all, y.all), cmp.Compare(y.line, x.line)) }).line
}

// link says what is called at a place in function from.
func (a *analysis) link(at Place, from int32, c *call, share float64) Link {
	l := Link{Step: Step{Place: at}, Share: max(1e-4, math.Round(share*1e4)/1e4)}
	switch {
	case c.fn >= 0 && c.lit >= 0:
		f := &a.lint.Functions[c.fn]
		l.Message = fmt.Sprintf("the function literal at %s:%d", path.Base(f.File), f.Literals[c.lit].Line)
	case c.fn >= 0:
		f := &a.lint.Functions[c.fn]
		l.Package, l.Function, l.Message = f.Package, f.Function, f.Function
		if from < 0 || a.lint.Functions[from].Package != f.Package {
			l.Message = qualified(f.Package, f.Function)
		}
	default:
		l.Message = a.primitive(at, c)
	}
	return l
}

// primitive names what ends a chain. Of waits in the runtime the source's word says
// more than the function's name.
func (a *analysis) primitive(at Place, c *call) string {
	if c.other == "" {
		return "computes"
	}
	n := a.join.names[c.other]
	inRuntime := n.Package == "runtime" || strings.HasPrefix(n.Func, "runtime_")
	if said := a.index.waits[fileLine{at.File, at.Line}]; inRuntime && c.waits > c.all/2 && len(said) > 0 {
		return said[0].Call
	}
	n.Inner = nil
	if names := n.Declared(); len(names) > 0 {
		return qualified(n.Package, names[0])
	}
	return c.other
}

// qualified is a function with the name of its package, as source has it.
func qualified(pkg, function string) string {
	if pkg == "" {
		return function
	}
	return path.Base(major().ReplaceAllString(pkg, "")) + "." + function
}
