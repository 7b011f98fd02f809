package advisor

import (
	"cmp"
	"slices"
	"time"

	"github.com/concurlint/concurlint/advisor/profile"
)

// sites finds the sites that a stack or a goroutine belongs to.
type sites struct {
	list     []*siteWeight
	bodies   map[int32][]body           // by function
	submits  map[lineKey][]*siteWeight  // lines at which a submitter waits
	starts   map[lineKey][]*siteWeight  // lines that hand over
	receives map[fileLine]bool          // lines at which workers wait for work
	hops     map[fileLine][]*siteWeight // those, and the lines that send it
	hosted   map[int32][]string         // classes of the tasks that are literals of a function
	entries  map[bodyName][]*siteWeight // by what a goroutine begins with
	began    map[bodyName][]taskGroup   // by what the goroutine that began them began with
	stamp    int                        // of the stack that is counted
	on       []*siteWeight              // sites on that stack, innermost first
}

// A siteWeight is a site with what was seen of it.
type siteWeight struct {
	*Site
	fn     int32
	lit    int16
	tasks  weight // on stacks through the bodies
	submit weight // on stacks of submitters
	hop    weight // at the very lines that send to its queue and receive from it
	taken  weight // the part of hop that is in tasks
	mix    [profile.NumKinds][profile.NumKinds]float64
	groups []taskGroup
	served weight                       // the part of tasks in goroutines that a library started, and none of the sites
	outer  map[*siteWeight]*weight      // the part of tasks that ran within those of another site
	ran    map[profile.Executor]float64 // CPU of tasks, by the executor that package executor ran them on
	stamp  int
	waits  bool            // it is known where its submitters would wait
	names  []bodyName      // of its bodies that are functions or literals
	began  []taskGroup     // goroutines that began in the bodies of a serial site
	joins  bool            // waits for those were counted as what they did
	stuck  map[place]int64 // goroutines that never end, by where they stopped
	// operation is the longest of the benchmarks' operations that its computing was
	// part of; alone says that there was no other computing.
	operation time.Duration
	alone     bool
}

// A taskGroup is what one trace saw of a site's goroutines.
type taskGroup struct {
	*profile.Task
	rec   *recording
	start bodyName // what its goroutines begin with; fn is negative if that is not the program's own
	sites []*siteWeight
}

// A body is a stretch of a function: all of it, a literal, or lines of either.
type body struct {
	site      *siteWeight
	fn        int32
	lit       int16
	whole     bool // all of the function or literal
	line, end int32
}

type bodyName struct {
	fn  int32
	lit int16
}

func newSites(ix *index) *sites {
	ss := &sites{
		bodies:   map[int32][]body{},
		submits:  map[lineKey][]*siteWeight{},
		starts:   map[lineKey][]*siteWeight{},
		receives: map[fileLine]bool{},
		hops:     map[fileLine][]*siteWeight{},
		hosted:   map[int32][]string{},
		entries:  map[bodyName][]*siteWeight{},
		began:    map[bodyName][]taskGroup{},
	}
	for i := range ix.lint.Sites {
		s := &siteWeight{Site: &ix.lint.Sites[i], lit: -1}
		ss.list = append(ss.list, s)
		ss.place(ix, s)
		for _, b := range s.Task.Bodies {
			ss.body(ix, s, b)
		}
		if s.Queue != nil {
			for _, p := range s.Queue.Receives {
				ss.receives[fileLine{p.File, p.Line}] = true
			}
			for _, p := range slices.Concat(s.Queue.Receives, s.Queue.Sends) {
				at := fileLine{p.File, p.Line}
				ss.hops[at] = append(ss.hops[at], s)
			}
		}
	}
	for _, list := range ss.bodies {
		// Innermost first: of two loops around a line, the shorter.
		slices.SortStableFunc(list, func(a, b body) int { return cmp.Compare(a.end-a.line, b.end-b.line) })
	}
	return ss
}

// place registers the lines that hand over to the site, and those that wait for it.
func (ss *sites) place(ix *index, s *siteWeight) {
	s.fn = ix.enclosing(s.File, s.Line)
	if s.fn < 0 {
		return
	}
	// The innermost literal around the line that is not the task itself.
	for i, l := range ix.lint.Functions[s.fn].Literals {
		task := slices.ContainsFunc(s.Task.Bodies, func(b Body) bool { return b.File == s.File && b.Line == l.Line && b.EndLine == l.EndLine })
		if l.Line <= s.Line && s.Line <= l.EndLine && !task && ix.within(s.fn, int16(i), s.lit) {
			s.lit = int16(i)
		}
	}
	if s.Executor == "serial" || s.Executor == "callback" {
		return // no goroutine begins there and nobody waits for one
	}
	here := lineKey{s.fn, s.lit, int32(s.Line)}
	ss.starts[here] = append(ss.starts[here], s)
	waits := slices.Clone(s.Limit.Waits)
	if s.Queue != nil {
		waits = append(waits, s.Queue.Sends...)
	}
	if s.limited() && (s.Executor == "group" || s.Executor == "pool") {
		ss.submits[here] = append(ss.submits[here], s)
		s.waits = true
	}
	for _, p := range waits {
		fn := ix.enclosing(p.File, p.Line)
		if fn < 0 || p.File == s.File && p.Line == s.Line {
			continue
		}
		k := lineKey{fn, ix.literal(fn, p.Line), int32(p.Line)}
		ss.submits[k] = append(ss.submits[k], s)
		s.waits = true
	}
}

// limited reports whether tasks in flight have a bound.
func (s *siteWeight) limited() bool {
	return s.Limit.Class != "none" && s.Limit.Class != "" && s.Executor != "serial" && s.Executor != "callback"
}

// stretch is where a body lies: its fn is -1 if that is not known.
func (ix *index) stretch(b Body) body {
	x := body{fn: ix.symbol(b.Package, b.Function), lit: -1, whole: true, line: int32(b.Line), end: int32(b.EndLine)}
	if x.fn < 0 || ix.lint.Functions[x.fn].File != b.File {
		x.fn = ix.enclosing(b.File, b.Line)
	}
	if x.fn < 0 {
		return x
	}
	f := &ix.lint.Functions[x.fn]
	if whole := b.EndLine == 0 || f.Line == b.Line && f.EndLine == b.EndLine; b.Part || !whole {
		if x.lit = ix.literalAt(x.fn, b.Line, b.EndLine); x.lit < 0 {
			x.lit, x.whole = ix.around(x.fn, b.Line, b.EndLine), false
		}
	}
	return x
}

// holds reports whether a spot in the body's function is in the body.
func (b *body) holds(ix *index, p spot) bool {
	return (b.whole || b.line <= p.line && p.line <= b.end) && ix.within(p.fn, p.lit, b.lit)
}

func (ss *sites) body(ix *index, s *siteWeight, b Body) {
	x := ix.stretch(b)
	if x.fn < 0 {
		return
	}
	fn := x.fn
	x.site = s
	ss.bodies[fn] = append(ss.bodies[fn], x)
	if x.whole && x.lit >= 0 {
		ss.hosted[fn] = append(ss.hosted[fn], s.Task.Class)
	}
	if x.whole {
		name := bodyName{fn, x.lit}
		ss.entries[name] = append(ss.entries[name], s)
		s.names = append(s.names, name)
	}
}

// around is the innermost literal of fn that holds all these lines, or -1.
func (ix *index) around(fn int32, line, end int) int16 {
	best := int16(-1)
	for i, l := range ix.lint.Functions[fn].Literals {
		if l.Line <= line && end <= l.EndLine && ix.within(fn, int16(i), best) {
			best = int16(i)
		}
	}
	return best
}

// add counts a stack at every site whose task or submitter it is.
func (ss *sites) add(s *sample, ix *index) {
	ss.stamp++
	ss.on = ss.on[:0]
	for _, p := range s.path {
		for _, b := range ss.bodies[p.fn] {
			if b.site.stamp != ss.stamp && b.holds(ix, p) {
				b.site.stamp = ss.stamp
				b.site.count(s)
				ss.on = append(ss.on, b.site)
			}
		}
	}
	leaf := s.path[0]
	for _, site := range ss.hops[fileLine{ix.lint.Functions[leaf.fn].File, int(leaf.line)}] {
		site.hop.add(s)
		if slices.Contains(ss.on, site) {
			site.taken.add(s)
		}
	}
	// Where a site hands over to this goroutine, the source says how many there are.
	served := s.served && !slices.ContainsFunc(ss.on, (*siteWeight).handsOver)
	for i, site := range ss.on {
		for _, out := range ss.on[i+1:] {
			site.inside(out).add(s)
		}
		if served {
			site.served.add(s)
		}
	}
	if s.waits[profile.Submit].Time == 0 && s.Goroutines == 0 {
		return
	}
	ss.stamp++
	for _, p := range s.path {
		for _, site := range ss.submits[p.key()] {
			if site.stamp != ss.stamp {
				site.stamp = ss.stamp
				site.submit.add(s)
			}
		}
	}
}

// inside is the part of the site's tasks that ran within those of out.
func (s *siteWeight) inside(out *siteWeight) *weight {
	if s.outer == nil {
		s.outer = map[*siteWeight]*weight{}
	}
	if s.outer[out] == nil {
		s.outer[out] = &weight{}
	}
	return s.outer[out]
}

// nearlyAll is the share from which a part stands for the whole: a stack that was cut
// short counts for the whole alone. From 0.5 to 0.99 no verdict of the truth suite
// depends on it.
const nearlyAll = 0.9

// within reports whether nearly all of the site's work is part of that of out.
func (s *siteWeight) within(out *siteWeight) bool {
	w := s.outer[out]
	return w != nil && w.work() >= nearlyAll*s.tasks.work()
}

// handsOver reports whether the tasks of the site run on other goroutines than the
// one that comes to it.
func (s *siteWeight) handsOver() bool { return s.Executor != "serial" && s.Executor != "callback" }

func (s *siteWeight) count(x *sample) {
	if x.CPU > 0 {
		first := s.tasks.cpu == 0
		s.alone = x.operation > 0 && (first || s.alone)
		s.operation = max(s.operation, x.operation)
	}
	if x.rec.Format == profile.LeakProfile {
		if s.stuck == nil {
			s.stuck = map[place]int64{}
		}
		s.stuck[place{x.path[0].fn, x.path[0].line}] += x.Goroutines
	}
	before := s.tasks.cpu
	s.tasks.add(x)
	if x.Ran != (profile.Executor{}) {
		if s.ran == nil {
			s.ran = map[profile.Executor]float64{}
		}
		s.ran[x.Ran] += s.tasks.cpu - before
	}
	// What the source made of the runtime's reasons, to be applied to means
	// per goroutine, which have no stacks.
	if x.raw == profile.NumKinds {
		return
	}
	for k := range profile.NumKinds {
		s.mix[x.raw][k] += x.waits[k].Time.Seconds()
	}
}

// task gives what a trace saw of a go statement's goroutines to the sites on
// the statement's stack, or else to those whose task they begin with.
func (ss *sites) task(t *profile.Task, rec *recording, spots []spot) {
	g := taskGroup{Task: t, rec: rec, start: bodyName{-1, -1}}
	if id := t.Start; id >= 0 && int(id) < len(spots) {
		g.start = bodyName{spots[id].fn, spots[id].lit}
	}
	for _, id := range t.Creator {
		if id >= 0 && int(id) < len(spots) && spots[id].fn >= 0 {
			g.sites = append(g.sites, ss.starts[spots[id].key()]...)
		}
	}
	ss.begin(&g, spots)
	ss.stamp++
	found := false
	give := func(list []*siteWeight) {
		for _, s := range list {
			if s.stamp != ss.stamp {
				s.stamp = ss.stamp
				s.groups = append(s.groups, g)
			}
			found = true
		}
	}
	give(g.sites)
	if !found && g.start.fn >= 0 {
		give(ss.entries[g.start])
	}
}
