package advisor

import (
	"fmt"
	"math"
	"strconv"

	"github.com/concurlint/concurlint/advisor/profile"
)

// binds reports whether submitters wait because the limit is reached, nil where
// the recordings could not show it. More is advised only if it is true: a
// larger limit that nobody waits for changes nothing.
func (a *analysis) binds(s *siteWeight) (binds *bool, why string) {
	switch {
	case s.Executor == "serial" || s.Executor == "callback":
		return nil, ""
	case !s.limited():
		free := false
		return &free, "it has no limit"
	case !a.basis.knows.inner && !(a.basis.glimpsed && s.tasks.seen+s.submit.seen >= a.th.LeastSeen):
		return nil, "whether the limit binds: no recording shows who waits to hand over, a trace does"
	case a.basis.undated:
		return nil, "whether the limit binds: how long the block profile was recorded is not known"
	case !s.waits:
		return nil, "whether the limit binds: where submitters wait is not known from the source"
	case s.tasks.blank() && s.submit.blank():
		return nil, "whether the limit binds: nothing was handed over"
	}
	t, n := s.submit.waits[profile.Submit], s.submit.counts[profile.Submit]
	share := t / a.active(s)
	// A few waits that fill the recording are as good as many short ones.
	yes := share >= a.th.Binds && (n >= a.th.LeastEvents || share >= 0.5)
	waited := span(a.over(&s.submit, func(w *weight) float64 { return w.waits[profile.Submit] }))
	if yes {
		return &yes, fmt.Sprintf("the limit binds: submitters waited %s, %s in %s", times(n), waited, secs(a.active(s)))
	}
	return &yes, fmt.Sprintf("the limit does not bind: submitters waited for %s of %s", waited, secs(a.active(s)))
}

// size is how many tasks the limit allows, 0 if that is not known. Where the
// limit is a setting, the most that was seen stands for it.
func (a *analysis) size(s *siteWeight, binds *bool) int {
	switch {
	case !s.limited():
		return 0
	case s.Limit.N > 0:
		return int(s.Limit.N)
	case s.Limit.Class == "cores":
		return a.cores()
	}
	if n, err := strconv.Atoi(s.Limit.Text); err == nil && n > 0 {
		return n
	}
	if binds == nil || !*binds {
		return 0
	}
	if s.Limit.Class != "semaphore" {
		if peak, _ := a.peak(s); peak > 0 {
			return int(peak)
		}
	}
	return int(math.Ceil(a.inFlight(s)))
}

// inTurns reports whether tasks that compute take turns on the cores: more of them are
// at work on average, or a limit of twice as many is reached so often that submitters
// wait for it.
func (a *analysis) inTurns(s *siteWeight, binds *bool) bool {
	full := binds != nil && *binds && a.size(s, binds) >= 2*a.cores()
	return full || a.inFlight(s) > a.th.Serial*float64(a.cores())
}

// cores is GOMAXPROCS, at least 1.
func (a *analysis) cores() int { return max(1, a.host.Cores) }

// caps are the sizes above which more of the site brings nothing.
func (a *analysis) caps(s *siteWeight, c *cost) (caps []Cap) {
	caps = []Cap{}
	inFlight := a.inFlight(s)
	if c.class == classCPU {
		caps = append(caps, Cap{"cores", a.cores(), "tasks compute: more than one a core only take turns"})
	}
	work, lock := c.c+c.outside[0], c.wait[profile.Lock][0]
	if share := ratio(lock, work+lock); share > a.th.LockBound {
		// By Little's law, the tasks that do not queue for the lock are those
		// that it lets through; (C+W) ÷ hold while the lock is always held.
		size := 0
		if share > 0.5 && inFlight > 0 {
			size = max(1, int(math.Round(inFlight*(1-share))))
		}
		caps = append(caps, Cap{"lock", size, fmt.Sprintf("tasks spend %s of their time waiting for a lock", percent(share))})
	}
	if c.collected {
		caps = append(caps, Cap{"collector", 0, fmt.Sprintf("the collector takes %s of the CPU time", percent(a.host.GC))})
	}
	if k, ok := a.memory(s); ok {
		caps = append(caps, k)
	}
	if k, ok := a.files(s, c); ok {
		caps = append(caps, k)
	}
	if strongest(&c.wait) == profile.Proc {
		caps = append(caps, Cap{"cores", 2 * a.cores(), "the other processes may compute on the same cores, which no recording of this one shows"})
	}
	if n, err := strconv.Atoi(s.Trip); err == nil && n > 0 && s.Executor != "workers" {
		caps = append(caps, Cap{"items", n, fmt.Sprintf("there are %s", plural(int64(n), "item"))})
	}
	if k, _, ok := a.knee(s); ok {
		caps = append(caps, k)
	}
	return caps
}

// eachPass is the most that one of several passes at once may have in flight: they
// share what all may have, and each has all of its items.
func (p *proposal) eachPass(a *analysis) int {
	var shared []Cap
	items := math.MaxInt
	for _, k := range p.Caps {
		if k.What == "items" {
			items = k.Size
		} else {
			shared = append(shared, k)
		}
	}
	_, hi := a.sizes(&p.cost, shared, p.assumed)
	return min(items, int(float64(hi)/p.Now.InFlight))
}

// collected reports whether the collector is what the cores worked for.
func (a *analysis) collected(w *weight) bool {
	if a.host.GC <= a.th.GCBound {
		return false
	}
	// The collector runs apart from what made the garbage; who computes most
	// of what is not collecting is taken for its cause.
	return w.cpu >= 0.5*a.all()*(1-a.host.GC)
}

// throughput is how many tasks a group did and how long each took. The goroutines
// of workers are no tasks, but each task waits for the far end as often.
func (a *analysis) throughput(s *siteWeight, g *taskGroup) (done, each float64) {
	if s.Executor != "workers" {
		if g.Whole.Goroutines < a.th.LeastTasks {
			return 0, 0
		}
		return float64(g.Ended), g.Whole.Lifetime.Seconds() / float64(g.Whole.Goroutines)
	}
	var waited float64
	for _, k := range outsideKinds {
		done += float64(g.All.Waits[k].Count)
		waited += g.All.Waits[k].Time.Seconds()
	}
	return done, ratio(waited, done)
}

// A load is how much of a site was in flight in one recording, and what it did.
type load struct{ inFlight, rate, wait float64 }

// A loadRange are the recordings with the fewest and the most in flight.
type loadRange struct{ low, high load }

// elasticity is 1 while throughput follows the tasks in flight, 0 where more of
// them only wait for longer, and less where they do harm.
func (r loadRange) elasticity() float64 {
	return ratio(math.Log(r.high.rate/r.low.rate), math.Log(r.high.inFlight/r.low.inFlight))
}

// loads compares recordings in which different numbers of the site's tasks were
// in flight. It reports false without two that differ enough.
func (a *analysis) loads(s *siteWeight) (r loadRange, ok bool) {
	by := map[*recording]*load{}
	var order []*load
	for _, g := range s.groups {
		done, each := a.throughput(s, &g)
		if done < float64(a.th.LeastTasks) || g.rec.Duration <= 0 {
			continue
		}
		active := g.rec.Duration.Seconds()
		if g.Active > 0 {
			active = g.Active.Seconds()
		}
		p := by[g.rec]
		if p == nil {
			p = &load{}
			by[g.rec] = p
			order = append(order, p)
		}
		if s.Executor == "workers" { // of which some may be idle
			p.inFlight += done * each / active
		} else {
			p.inFlight += g.All.Lifetime.Seconds() / active
		}
		p.rate += done / active
		p.wait = each
	}
	if len(order) < 2 {
		return loadRange{}, false
	}
	r = loadRange{*order[0], *order[0]}
	for _, p := range order {
		if p.inFlight < r.low.inFlight {
			r.low = *p
		}
		if p.inFlight > r.high.inFlight {
			r.high = *p
		}
	}
	return r, r.high.inFlight >= 1.3*r.low.inFlight
}

// knee is the far end as a limit: where more in flight did not bring more
// throughput, its size follows from the most throughput at the least latency
// (Little's law, a quarter added as in package sizing).
// Gain is how much more was done with the fewer.
func (a *analysis) knee(s *siteWeight) (k Cap, gain float64, ok bool) {
	r, ok := a.loads(s)
	if !ok || r.elasticity() >= 0.5 || a.host.Busy > fullCores {
		return Cap{}, 0, false
	}
	low, high := r.low, r.high
	size := int(math.Ceil(1.25 * max(low.rate, high.rate) * min(low.wait, high.wait)))
	what := "a task"
	if s.Executor == "workers" {
		what = "a wait"
	}
	return Cap{"far end", size, fmt.Sprintf("with %s in flight %s took %s, with %s %s, for %s times the throughput",
		number(low.inFlight), what, secs(low.wait), number(high.inFlight), secs(high.wait), number(high.rate/low.rate))}, low.rate / high.rate, true
}
