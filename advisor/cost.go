package advisor

import (
	"math"
	"slices"

	"github.com/concurlint/concurlint/advisor/profile"
)

// The classes of measured work.
const (
	classCPU          = "cpu"
	classMixed        = "mixed"
	classIO           = "io"
	classLock         = "lock"
	classMemory       = "memory"
	classCoordination = "coordination"
)

const (
	// samplePeriod is the CPU time behind one sample at the runtime's 100 Hz.
	samplePeriod = 0.01
	// fewest is the least that one sample can stand for (Poisson, 95 %).
	fewest = 0.025
	// wallError is how far W/C from goroutine snapshots was from the truth.
	wallError = 3
)

// A cost is what tasks take: seconds a task where tasks were counted, seconds
// of the recording otherwise; the ratios hold either way.
type cost struct {
	tasks    int64 // whole ones behind the means, 0 if they were not counted
	cpu      Span
	c        float64 // likeliest within cpu, by the system's count
	told     Span    // c by each clock that tells of it; both ends are c where they agree
	samples  float64 // CPU samples behind it
	wait     [profile.NumKinds]Span
	outside  Span // sum of the kinds that another task can use
	runnable float64
	ratio    Span
	wc       float64 // likeliest within ratio: without the run queue
	class    string
	seen     int64   // goroutines in snapshots
	doubt    float64 // share of the waits in system calls and C code, as of weight
	// collected: the collector is what its cores work for
	collected bool
}

// cost is the mean of the site's whole goroutines. Those of workers are
// not items of work, so theirs are sums.
func (a *analysis) cost(s *siteWeight) cost {
	var whole profile.Totals
	var computed weight
	var started float64
	traced := false
	for _, g := range s.groups {
		whole.Add(&g.Whole)
		computed.compute(a.accounts.of(g.rec, g.Start), g.Whole.CPU.Seconds())
		started += float64(g.Started+g.Ended) / 2 * g.rec.factor
		traced = traced || g.rec.cpu && !g.rec.run
	}
	if s.Endless || s.Executor == "workers" || whole.Goroutines < a.th.LeastTasks {
		return a.sum(&s.tasks)
	}
	n := float64(whole.Goroutines)
	c := cost{collected: a.collected(&s.tasks), seen: s.tasks.seen, doubt: s.tasks.doubt(), tasks: whole.Goroutines, samples: float64(s.tasks.samples)}
	switch {
	case traced:
		c.c, c.told = computed.cpu/n, computed.told.over(n)
		c.samples = whole.CPU.Seconds() / samplePeriod
		c.cpu = sampled(c.told, c.samples, n)
	case s.tasks.samples > 0 && started > 0:
		c.c, c.told = s.tasks.cpu/started, s.tasks.told.over(started)
		c.cpu = sampled(c.told, c.samples, started)
	default:
		c.c = whole.Running.Seconds() / n
		c.told = Span{c.c, c.c}
		c.cpu = Span{c.c / a.th.Overcommit, c.c}
	}
	var waits [profile.NumKinds]float64
	for raw := range profile.NumKinds {
		t := whole.Waits[raw].Time.Seconds() / n
		sum := 0.0
		for _, m := range s.mix[raw] {
			sum += m
		}
		if sum == 0 {
			waits[raw] += t
			continue
		}
		for k, m := range s.mix[raw] {
			waits[k] += t * m / sum
		}
	}
	queued := s.tasks.runnable
	for _, b := range s.tasks.behind {
		queued += b
	}
	all := whole.Runnable.Seconds() / n
	for k, t := range waits {
		off := ratio(s.tasks.stretched[k], s.tasks.stretched[k]+s.tasks.waits[k])
		c.wait[k] = Span{t * (1 - off), t + all*ratio(s.tasks.behind[k], queued)}
	}
	c.runnable = all * ratio(s.tasks.runnable, queued)
	if queued == 0 {
		c.runnable = all
	}
	a.finish(&c)
	return c
}

// sum is the cost of all that a weight holds.
func (a *analysis) sum(w *weight) cost {
	c := cost{collected: a.collected(w), seen: w.seen, doubt: w.doubt(), c: w.cpu, samples: float64(w.samples), runnable: w.runnable}
	c.told = w.told
	c.cpu = sampled(c.told, c.samples, 1)
	if w.samples == 0 && w.cpu > 0 {
		c.cpu = Span{w.cpu / a.th.Overcommit, w.cpu}
	}
	for k := range profile.NumKinds {
		c.wait[k] = Span{w.waits[k], w.waits[k] + w.stretched[k] + w.behind[k]}
	}
	a.finish(&c)
	return c
}

// sampled is the interval of a CPU time of which n samples were seen: two
// standard deviations of a count, and the rule of three where none was.
func sampled(told Span, n, tasks float64) Span {
	if n < 1 {
		return Span{0, 3 * samplePeriod / tasks}
	}
	e := 2 / math.Sqrt(n)
	return Span{told[0] * max(fewest, 1-e), told[1] * (1 + e)}
}

// finish widens what a busy host made too long and works out ratio and class.
func (a *analysis) finish(c *cost) {
	for _, k := range outsideKinds {
		c.wait[k][0] = a.least(k, c.wait[k][0])
		c.outside[0] += c.wait[k][0]
		c.outside[1] += c.wait[k][1]
	}
	if a.outer(c.seen) {
		c.ratio = Span{ratio(c.outside[0], c.cpu[1]), ratio(c.outside[1], c.cpu[0])}
		c.wc = ratio(c.outside[0], c.c)
		if c.cpu[0] == 0 { // no end to the ratio is known
			c.wc = max(c.wc, c.ratio[0])
			c.ratio[1] = c.wc
		}
		if a.basis.rough {
			c.ratio = Span{c.wc / wallError, c.wc * wallError}
		}
	}
	c.class = a.class(c)
	c.widen()
	if !a.basis.knows.cpu {
		c.cpu, c.ratio = Span{}, Span{} // no sample could have been seen
	}
}

// widen lowers the least that calls can have waited by what they may have computed
// unseen. Class and sizes go by the likeliest figures, which stay.
func (c *cost) widen() {
	least := 0.0
	for _, k := range callKinds {
		least += c.wait[k][0] * c.doubt
		c.wait[k][0] *= 1 - c.doubt
	}
	if c.ratio[0] > 0 {
		c.ratio[0] *= 1 - ratio(least, c.outside[0])
	}
}

// outer reports whether waits outside are known, by snapshots if seen goroutines
// are enough.
func (a *analysis) outer(seen int64) bool {
	return a.basis.knows.outer || a.basis.glimpsed && seen >= a.th.LeastSeen
}

// class goes by the shares of a task's time. It is "" where the recordings
// cannot tell: a CPU profile is silent about waits.
func (a *analysis) class(c *cost) string {
	lock := c.wait[profile.Lock][0]
	inner := c.wait[profile.Chan][0] + c.wait[profile.Join][0] + c.wait[profile.Submit][0]
	work := c.c + c.outside[0]
	switch {
	case work+lock+inner == 0:
		return ""
	case !a.outer(c.seen):
		return "" // it may wait outside for longer than for locks
	case lock > c.c && lock > c.outside[0]:
		return classLock
	case inner > 0 && work < a.th.CPUBound*(work+inner):
		return classCoordination
	case c.collected || c.wait[profile.Memory][0] > a.th.GCBound*work:
		return classMemory
	case c.wc < a.th.CPUBound && c.c > 0:
		return classCPU
	case c.wc < a.th.IOBound && c.c > 0:
		return classMixed
	}
	return classIO
}

// computes reports whether tasks only compute. Waits for the collector are nothing
// that others could use: where more compute than there are cores, who does not wait
// for it waits for a core.
func (a *analysis) computes(c *cost) bool {
	return c.class == classCPU || c.class == classMemory && c.wc < a.th.CPUBound
}

// export is the cost as the report has it. The least of waits for other goroutines is
// theirs too, which class and sizes do not go by: those are likeliest as they were.
func (c *cost) export(a *analysis) Cost {
	queued := Span{c.runnable, c.runnable}
	if a.late() {
		queued[0] /= a.crowding.ratio
	}
	x := Cost{Tasks: c.tasks, CPU: c.cpu, Wait: map[string]Span{}, Runnable: queued, Ratio: c.ratio, Class: c.class}
	for k, w := range c.wait {
		if slices.Contains(innerKinds, profile.Kind(k)) {
			n := float64(max(1, c.tasks))
			w[0] = a.least(profile.Kind(k), w[0]*n) / n
		}
		if w[1] > 0 {
			x.Wait[profile.Kind(k).String()] = w
		}
	}
	return x
}
