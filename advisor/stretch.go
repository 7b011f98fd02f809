package advisor

import (
	"slices"

	"github.com/concurlint/concurlint/advisor/profile"
)

// least is how long a wait of kind k took at least on a host of its own, of which t seconds
// were recorded; t where the program had its cores. What waits for the world outside
// comes back late. What waits for another goroutine waits for what that one waits for,
// and for as long as it runs: not longer than everybody ran in all beyond what they
// computed, for each that waited at a time. A program that hardly runs keeps nobody.
func (a *analysis) least(k profile.Kind, t float64) float64 {
	switch {
	case !a.late():
		return t
	case slices.Contains(outsideKinds, k):
		return t / a.th.Late
	}
	atOnce := max(1, t/a.basis.seconds)
	return max(t/a.crowding.ratio, t/a.th.Late-atOnce*a.crowding.excess)
}

// shortest is a weight as it may have been on a host of its own: computing is what the
// samples say, and all that the scheduler timed took less.
func (a *analysis) shortest(w *weight) *weight {
	if !a.late() {
		return w
	}
	s := *w
	queue := a.crowding.ratio // who stands in it waits for those in front, who run
	for k := range profile.NumKinds {
		s.waits[k] = a.least(k, w.waits[k])
		s.behind[k] /= queue
		s.stretched[k] = 0
	}
	s.runnable /= queue
	s.running = max(s.cpu, s.running/queue)
	s.held = a.least(profile.Lock, w.held)
	return &s
}

// over is a figure of a weight that rests on what the scheduler timed: from what it would
// be on a host of its own to what it was. Every such figure is made by it.
func (a *analysis) over(w *weight, figure func(*weight) float64) Span {
	most := figure(w)
	return Span{min(most, figure(a.shortest(w))), most}
}

// over divides a range by a positive figure, 0 by nothing.
func (s Span) over(by float64) Span { return Span{ratio(s[0], by), ratio(s[1], by)} }

// wide is s where it is a range, else the zero Span: reports leave that out.
func (s Span) wide() Span {
	if s[0] == s[1] {
		return Span{}
	}
	return s
}

// each is a function of both ends.
func (s Span) each(f func(float64) float64) Span { return Span{f(s[0]), f(s[1])} }
