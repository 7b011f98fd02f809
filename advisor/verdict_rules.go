package advisor

import (
	"fmt"

	"github.com/concurlint/concurlint/advisor/profile"
)

// judgeLock asks who waited for the lock, and whether the wait under it was
// seen. Others who wait are the harm; without them the wait under the lock
// costs nobody anything.
func (a *analysis) judgeLock(f *Finding) judgement {
	fn := a.function(f)
	under := a.at(f.File, f.Line)
	kinds := append(outsideKinds[:len(outsideKinds):len(outsideKinds)], profile.Chan, profile.Join)
	spent, n := a.over(&under, func(w *weight) float64 { return w.sum(kinds...) }), under.count(kinds...)
	others, m := a.lockWaits(f)
	held := a.over(&a.functions[fn], func(w *weight) float64 { return w.held })
	know := a.basis.knows
	var because []string
	if n > 0 {
		because = append(because, fmt.Sprintf("under the lock it waited %s, %s each", times(n), span(spent.over(float64(n)))))
	}
	if m > 0 {
		all := "all"
		if !a.basis.undated {
			all = secs(a.basis.seconds)
		}
		because = append(because, fmt.Sprintf("others waited for the lock %s, %s in %s", times(m), span(others), all))
	}
	if held[1] > 0 {
		because = append(because, fmt.Sprintf("others waited %s for what %s released", span(held), f.Function))
	}
	harm, count := Span{max(others[0], held[0]), max(others[1], held[1])}, max(m, a.functions[fn].heldN)
	stake := harm.each(func(t float64) float64 { return min(t, a.basis.seconds) })
	slow := harm[0] >= a.th.Share*a.basis.seconds
	if a.basis.undated || !know.inner && a.functions[fn].heldN > 0 {
		// Without a duration there is no share: the mean has to tell.
		slow, stake = ratio(harm[0], float64(count)) >= a.th.Quick.Seconds(), Span{}
	}
	switch {
	case slow && count >= a.th.LeastEvents:
		return judgement{verdict: Confirmed, because: because, stake: stake}
	case !know.inner && !know.held:
		return judgement{verdict: NoData, because: append(because, "the recordings do not show waits for locks"), stake: stake}
	case !a.basis.undated && n >= a.th.LeastEvents && harm[1] < a.th.Share*a.basis.seconds/10:
		return judgement{verdict: Refuted, because: append(because, nobody(harm)), stake: stake}
	case n == 0 && know.outer && a.seenWell(fn):
		return judgement{verdict: Refuted, because: append(because, fmt.Sprintf("%s ran, but never waited at this line", f.Function)), stake: stake}
	}
	return judgement{verdict: NoData, because: append(because, "too little to decide"), stake: stake}
}

func nobody(harm Span) string {
	if harm[1] == 0 {
		return "nobody waited for the lock"
	}
	return fmt.Sprintf("others waited for the lock for %s in all", span(harm))
}

func times(n int64) string {
	if n == 1 {
		return "once"
	}
	return plural(n, "time")
}

// seenWell reports whether a function was seen often enough for what did not
// happen there to mean something.
func (a *analysis) seenWell(fn int32) bool {
	w := &a.functions[fn]
	var n int64
	for _, c := range w.counts {
		n += c
	}
	return w.samples+n >= a.th.LeastEvents*4
}

// lockWaits is how long and how often others waited for the finding's lock: by
// the lock's name where the source tells it, else at the lines of the finding.
func (a *analysis) lockWaits(f *Finding) (t Span, n int64) {
	waited := func(w *weight) Span {
		return a.over(w, func(w *weight) float64 { return w.waits[profile.Lock] })
	}
	places := append([]Step{{Place: Place{File: f.File, Line: f.Line}}}, f.Related...)
	for _, p := range places {
		for _, w := range a.index.waits[fileLine{p.File, p.Line}] {
			if w.Kind != "lock" || w.Of == "" {
				continue
			}
			if x := a.locks.by[symbol{f.Package, w.Of}]; x != nil {
				return waited(&x.weight), x.counts[profile.Lock]
			}
			return Span{}, 0
		}
	}
	seen := map[Place]bool{}
	for _, p := range f.Related {
		p.Column = 0
		if w := a.at(p.File, p.Line); !seen[p.Place] {
			seen[p.Place] = true
			x := waited(&w)
			t[0], t[1] = t[0]+x[0], t[1]+x[1]
			n += w.counts[profile.Lock]
		}
	}
	return t, n
}

// judgeFanout asks how many goroutines there were at once.
func (a *analysis) judgeFanout(f *Finding) judgement {
	s := a.siteAt(f)
	if s == nil {
		return a.judgeWeight(f)
	}
	peak, started := a.peak(s)
	stake := a.stake(s).over(1 / a.basis.seconds)
	switch {
	case peak >= a.th.Many:
		because := []string{fmt.Sprintf("%d of its goroutines ran at once", peak)}
		if c := a.cost(s); c.class != "" && c.tasks > 0 {
			because = append(because, fmt.Sprintf("one computes %s and waits %s outside", secs(c.c), span(c.outside)))
		}
		return judgement{verdict: Confirmed, because: because, stake: stake}
	case started >= a.th.LeastEvents && peak <= a.th.Few && a.basis.knows.trace:
		return judge(Refuted, stake, "of %s no more than %d ran at once in %s", plural(started, "goroutine"), peak, secs(a.basis.seconds))
	case peak > 0:
		return judge(NoData, stake, "%d of its goroutines at once decide neither way, the load may grow", peak)
	}
	return judge(NoData, stake, "no recording counts its goroutines, a trace or a goroutine snapshot does")
}

// peak is the most goroutines of a site at once, and how many began.
func (a *analysis) peak(s *siteWeight) (peak, started int64) {
	for _, g := range s.groups {
		peak = max(peak, g.Peak)
		started += g.Started
	}
	return max(peak, s.tasks.seen/max(1, a.basis.snapshots)), started
}

// judgeLoop asks how long one callback kept its loop.
func (a *analysis) judgeLoop(f *Finding) judgement { return a.judgeBlocked(f, "the loop") }

// judgePromise asks the same of a function that is marked nonblocking, since a loop
// is what such a mark is for.
func (a *analysis) judgePromise(f *Finding) judgement { return a.judgeBlocked(f, "the function") }

// judgeBlocked asks how long who waited at a line, or computed there.
func (a *analysis) judgeBlocked(f *Finding, who string) judgement {
	w := a.at(f.File, f.Line)
	kinds := append(outsideKinds[:len(outsideKinds):len(outsideKinds)], profile.Chan, profile.Join, profile.Lock, profile.Submit)
	spent, n := a.over(&w, func(w *weight) float64 { return w.sum(kinds...) }), w.count(kinds...)
	mean := spent.over(float64(n))
	all := a.basis.seconds
	fn := a.function(f)
	switch {
	case n >= a.th.LeastEvents && (mean[0] >= a.th.Slow.Seconds() || spent[0] >= a.th.Share*all):
		return judge(Confirmed, a.stakeOf(&w), "%s waited there %s, %s each, %s of the time", who, times(n), span(mean), percents(spent.over(all))).on(ofWaits)
	case w.cpu >= a.th.Share*all && w.samples >= a.th.LeastSamples/10:
		return judge(Confirmed, a.stakeOf(&w), "%s computed there for %s, %s of the time", who, secs(w.cpu), percent(w.cpu/all)).on(ofComputing)
	case !a.basis.knows.outer:
		return judge(NoData, Span{w.cpu, w.cpu}, "the recordings do not show waits")
	case n >= a.th.LeastEvents*4 && mean[1] < a.th.Quick.Seconds():
		return judge(Refuted, a.stakeOf(&w), "%s waited there %s, but only %s each", who, times(n), span(mean)).on(ofWaits)
	case n == 0 && a.seenWell(fn):
		return judge(Refuted, Span{w.cpu, w.cpu}, "%s ran, but %s never waited there", f.Function, who)
	}
	return judge(NoData, a.stakeOf(&w), "%s waited there %s in %s: too little to decide", who, times(n), secs(all))
}

// judgePool asks whether the tasks are of the kind that the limit was made for,
// and whether the limit binds.
func (a *analysis) judgePool(f *Finding) judgement {
	s := a.siteAt(f)
	if s == nil {
		return irrefutable(basisOf(f.Rule).noSite)
	}
	c := a.cost(s)
	stake := a.stake(s).over(1 / a.basis.seconds)
	if c.class == "" {
		return judge(NoData, stake, "the recordings do not show what its tasks take")
	}
	binds, why := a.binds(s)
	computes := s.Task.computes()
	what := fmt.Sprintf("its tasks wait %s times as long as they compute", number(c.wc))
	switch {
	case c.class == classLock:
		return judge(Refuted, stake, "its tasks wait for a lock, %s of their time: the size of the pool is not what holds them up",
			percent(ratio(c.wait[profile.Lock][0], c.c+c.outside[0]+c.wait[profile.Lock][0])))
	case computes && a.computes(&c) && a.host.Cores > 0 && a.inTurns(s, binds):
		return judge(Confirmed, stake, "on average %s tasks that compute are in flight on %s", numbers(a.inFlights(s)), plural(int64(a.host.Cores), "core"))
	case computes && c.class == classIO:
		return judgement{verdict: Refuted, because: []string{what}, stake: stake}
	case computes && binds != nil && !*binds:
		return judgement{verdict: Refuted, because: []string{why}, stake: stake} // few of the workers have anything to do
	case computes:
		return judgement{verdict: NoData, because: []string{what}, stake: stake}
	case c.class == classCPU:
		return judgement{verdict: Refuted, because: []string{what}, stake: stake}
	case binds == nil:
		return judgement{verdict: NoData, because: []string{what, why}, stake: stake}
	case *binds:
		return judgement{verdict: Confirmed, because: []string{what, why}, stake: stake}
	}
	return judgement{verdict: Refuted, because: []string{why}, stake: stake}
}
