package advisor

import (
	"cmp"
	"maps"
	"slices"
)

// A goroutineleak profile lists the goroutines that wait for what nothing that can
// still run refers to: the collector has shown that they never end (Saioc et al., Dynamic
// Partial Deadlock Detection and Recovery via Garbage Collection, 2025). One of them is
// proof, so that no counts are needed; that there is none proves nothing, since what a
// global variable refers to is never listed.

// judgeLeak confirms what is about a place at which goroutines have stopped for good,
// or about the site that began them.
func (a *analysis) judgeLeak(f *Finding) (judgement, bool) {
	if !a.basis.knows.leaks || timeless(f) != "" {
		return judgement{}, false
	}
	if w := a.at(f.File, f.Line); w.leaked > 0 {
		return judge(Confirmed, a.stakeOf(&w), "%s there for good: %s", stuck(w.leaked), unreachable).on(ofLeaks), true
	}
	if s := a.siteAt(f); s != nil && s.tasks.leaked > 0 {
		return judge(Confirmed, a.stakeOf(&s.tasks), "of the goroutines that began there, %d never end: %s", s.tasks.leaked, unreachable).on(ofLeaks), true
	}
	return judgement{}, false
}

const unreachable = "nothing that can still run refers to what they wait for (goroutineleak profile)"

// stuck are so many goroutines for people.
func stuck(n int64) string {
	if n == 1 {
		return "1 goroutine waits"
	}
	return plural(n, "goroutine") + " wait"
}

// leaks advises on a site some of whose goroutines never end, which comes before
// whatever size it should have.
func (p *proposal) leaks(a *analysis) bool {
	if len(p.stuck) == 0 || p.Executor == "serial" || p.Executor == "callback" {
		return false
	}
	places := slices.SortedFunc(maps.Keys(p.stuck), func(x, y place) int {
		return cmp.Or(cmp.Compare(p.stuck[y], p.stuck[x]), cmp.Compare(x.fn, y.fn), cmp.Compare(x.line, y.line))
	})
	at := places[0]
	p.say(actEnd, "see that its goroutines end: %s for good", stuck(p.tasks.leaked))
	p.because("%s at %s:%d for good: %s", stuck(p.stuck[at]), a.lint.Functions[at.fn].File, at.line, unreachable)
	p.Recommend, p.Gain = Setting{}, Span{}
	return true
}
