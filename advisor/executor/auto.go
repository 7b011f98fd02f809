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
	demand  demand        // as of before
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

func newPilot(o Options, m *meter) *pilot {
	n := runtime.GOMAXPROCS(0)
	if fixed := o.Size; fixed > 0 {
		n = min(n, fixed)
	}
	return &pilot{o: o, workers: n, before: m.usage(false), elapsed: make([]time.Duration, 0, pilotItems)}
}

func (p *pilot) kind() Kind  { return Auto }
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
			p.before, p.since, p.queues, p.wall = m.usage(true), c.now, true, 0
			p.demand = m.demand
		}
	case pilotItems:
		return p.choose(m.usage(p.queues), m.demand.since(p.demand), c.now)
	}
	return p
}

// choose applies the decision table.
func (p *pilot) choose(after usage, d demand, now time.Duration) plan {
	n := time.Duration(len(p.elapsed))
	if p.queues {
		n -= firstItems
	}
	wall := p.wall
	slices.Sort(p.elapsed)
	median := p.elapsed[len(p.elapsed)/2]
	cpu := after.cpu - p.before.cpu
	queued := after.queued - p.before.queued
	wait := min(max(0, wall-cpu-queued), time.Duration(float64(wall)*(1-d.share())))
	each := min(cpu, wall) / n // what the run itself burns beside the items is not theirs
	ratio := wait.Seconds() / max(cpu, time.Microsecond).Seconds()
	seen := fmt.Sprintf("%d items took %v of CPU and waited %v each%s", n, each.Round(100*time.Nanosecond), (wait / n).Round(100*time.Nanosecond), p.note)
	if preempted := after.preempted - p.before.preempted; ratio >= waitRatio && preempted > 0 && median <= each*13/10 {
		// The middle item did not wait, and the kernel took cores away.
		if wait/time.Duration(preempted) < 20*time.Millisecond && p.o.Advice.Executor != IO {
			return p.watched(newCPU(p.o, seen+fmt.Sprintf(", the wait being that for a core (%d pre-emptions)", preempted)))
		}
	}
	if ratio >= waitRatio {
		return p.waiting(fmt.Sprintf("%s: wait/CPU %.2g", seen, ratio), now)
	}
	if p.o.Advice.Executor == IO && ratio > waitRatio/2 {
		return p.waiting(fmt.Sprintf("%s: wait/CPU %.2g, and the advice is io", seen, ratio), now)
	}
	return p.watched(newCPU(p.o, seen))
}

func (p *pilot) watched(next *cpuPlan) *cpuPlan {
	next.watch = &watch{need: sureAfter}
	return next
}

func (p *pilot) waiting(reason string, now time.Duration) *ioPlan {
	next := newIO(p.o, reason, now)
	next.watch = &watch{need: sureAfter}
	return next
}
