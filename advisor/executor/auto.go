package executor

import (
	"fmt"
	"runtime"
	"slices"
	"time"
)

// waitRatio is the wait ÷ CPU from which more workers than cores pay, by the
// decision table in the package documentation.
const waitRatio = 0.1

// pilot runs the first items on no more workers than cores and chooses then.
// With more, an item's wall time would hold its wait for a core, and a task
// that only computes would look like one that waits.
type pilot struct {
	o       Options
	workers int
	note    string // on the choice, to be told
	before  usage
	since   time.Duration // instant of before
	queues  bool          // waits for a core are known
	wall    time.Duration // of items since then
	elapsed []time.Duration
}

// The waits of threads for a core are a file for each thread: a look costs
// 0.1 to 0.4 ms. So it is taken after some items, if they are worth it.
const (
	firstItems  = 8
	worthItLong = 500 * time.Microsecond
)

func newPilot(o Options) *pilot {
	n := runtime.GOMAXPROCS(0)
	if fixed := o.workers(); fixed > 0 {
		n = min(n, fixed)
	}
	return &pilot{o: o, workers: n, before: usageNow(false), elapsed: make([]time.Duration, 0, pilotItems)}
}

func (p *pilot) size() int   { return p.workers }
func (p *pilot) chunk() int  { return 1 }
func (p *pilot) window() int { return window(p.o, p.workers, 1) }

func (p *pilot) describe(s *Snapshot) {
	s.Executor = Auto
	s.Reason = fmt.Sprintf("the pilot saw %d of %d items%s", len(p.elapsed), pilotItems, p.note)
}

func (p *pilot) finished(m *meter, c completion) plan {
	p.elapsed = append(p.elapsed, c.elapsed)
	p.wall += min(c.elapsed, c.now-p.since)
	switch len(p.elapsed) {
	case firstItems:
		if p.wall/firstItems >= worthItLong {
			p.before, p.since, p.queues, p.wall = usageNow(true), m.now(), true, 0
		}
	case pilotItems:
		return p.choose(usageNow(p.queues))
	}
	return p
}

// choose applies the decision table.
func (p *pilot) choose(after usage) plan {
	n := time.Duration(len(p.elapsed))
	if p.queues {
		n -= firstItems
	}
	wall := p.wall
	slices.Sort(p.elapsed)
	median := p.elapsed[len(p.elapsed)/2]
	cpu := after.cpu - p.before.cpu
	queued := after.queued - p.before.queued
	wait := max(0, wall-cpu-queued)
	each := min(cpu, wall) / n // what the run itself burns beside the items is not theirs
	ratio := wait.Seconds() / max(cpu, time.Microsecond).Seconds()
	seen := fmt.Sprintf("%d items took %v of CPU and waited %v each%s", n, each.Round(100*time.Nanosecond), (wait / n).Round(100*time.Nanosecond), p.note)
	if preempted := after.preempted - p.before.preempted; ratio >= waitRatio && preempted > 0 && median <= each*13/10 {
		// The middle item did not wait, and the kernel took cores away.
		if wait/time.Duration(preempted) < 20*time.Millisecond && p.o.Advice.Executor != IO {
			return watched(newCPU(p.o, seen+fmt.Sprintf(", the wait being that for a core (%d pre-emptions)", preempted)))
		}
	}
	if ratio >= waitRatio {
		return newIO(p.o, fmt.Sprintf("%s: wait/CPU %.2g", seen, ratio))
	}
	if p.o.Advice.Executor == IO && ratio > waitRatio/2 {
		return newIO(p.o, fmt.Sprintf("%s: wait/CPU %.2g, and the advice is io", seen, ratio))
	}
	return watched(newCPU(p.o, seen))
}

// watch is how auto notices that items which computed begin to wait: bound by
// a cold cache, or of another kind than the first 64.
type watch struct {
	last usage
	at   time.Duration
	busy time.Duration // worker time since then
}

const watchEvery = 100 * time.Millisecond

func watched(p *cpuPlan) *cpuPlan {
	p.watch = new(watch)
	return p
}

// waits reports whether a third of the workers' time of late was neither
// computing nor waiting for a core.
func (w *watch) waits(c completion) bool {
	w.busy += c.elapsed
	if c.now-w.at < watchEvery {
		return false
	}
	now := usageNow(true)
	used := now.cpu - w.last.cpu + now.queued - w.last.queued
	waits := w.at > 0 && used < w.busy*2/3
	*w = watch{last: now, at: c.now}
	return waits
}
