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
	note    string          // on the choice, to be told
	elapsed []time.Duration // of the items that succeeded
	ended   int             // items
	until   int             // of them, after which it chooses
	from    look            // since when it measures
	vain    int             // of them, the first, which all failed
}

// look is what the pilot had seen at an instant.
type look struct {
	at     time.Duration
	seen   share // since then
	usage  usage
	queues bool // waits for a core are known
	demand demand
}

const (
	// The waits of threads for a core are a file for each thread: reading them
	// costs 0.1 to 0.4 ms. So that is done after some items, if they are worth it.
	firstItems  = 8
	worthItLong = 500 * time.Microsecond
	// enoughSamples of attempts tell within some hundredths what they do. Short
	// items that seem to wait are run until there are as many, or so many items:
	// where that is for a core, nothing else may tell.
	enoughSamples = 32
	mostPilot     = 16 * pilotItems
	// clearly is the part of the time that computes, up to which no more items than
	// the first that end have to be seen. With waits of 100 ms, the 64 would take
	// seconds on two workers.
	clearly = 0.1
)

func newPilot(o Options, m *meter) *pilot {
	n := runtime.GOMAXPROCS(0)
	if fixed := o.Size; fixed > 0 {
		n = min(n, fixed)
	}
	return &pilot{o: o, workers: n, until: pilotItems, from: look{usage: m.usage(false)}, elapsed: make([]time.Duration, 0, pilotItems)}
}

func (p *pilot) kind() Kind  { return Auto }
func (p *pilot) size() int   { return p.workers }
func (p *pilot) chunk() int  { return 1 }
func (p *pilot) window() int { return window(p.o, p.workers, 1) }

func (p *pilot) describe(s *Snapshot) {
	s.Executor = Auto
	s.Reason = fmt.Sprintf("the pilot saw %d of %d items%s", p.ended, p.until, p.note)
	if failed := p.ended - len(p.elapsed); failed > 0 {
		s.Reason += fmt.Sprintf(", %d of them failed", failed)
	}
}

func (p *pilot) finished(m *meter, c completion) plan {
	p.ended++
	if c.errors == 0 {
		p.elapsed = append(p.elapsed, c.elapsed)
	}
	p.from.seen.add(c, p.from.at)
	d := m.demand.since(p.from.demand)
	if d.busy >= enoughSamples && d.want < clearly*d.busy && p.from.seen.tells() {
		if next := p.idle(m, c); next != nil {
			return next
		}
	}
	switch n := p.ended; {
	case n == firstItems && p.from.seen.wall/firstItems >= worthItLong:
		p.again(m, c.now, m.usage(true))
	case n >= p.until && !p.from.seen.tells():
		return p.open(m, c.now)
	case n >= p.until:
		return p.choose(m, c.now, d)
	}
	return p
}

// again lets the pilot measure from now on.
func (p *pilot) again(m *meter, now time.Duration, u usage) {
	p.from = look{at: now, usage: u, queues: true, demand: m.demand}
}

// open follows the advice where the items tell nothing of the work, and without
// any leaves the choice to those that follow.
func (p *pilot) open(m *meter, now time.Duration) plan {
	reason := fmt.Sprintf("%d of %d items failed, which tells nothing of the work; the advice is %s%s",
		p.from.seen.errors, p.from.seen.items, p.o.Advice.Executor, p.note)
	switch p.o.Advice.Executor {
	case IO:
		return p.waiting(reason, now)
	case CPU:
		return p.watched(newCPU(p.o, reason))
	}
	if p.from.seen.succeeded() == 0 {
		p.vain = p.ended
		p.from = look{at: now, usage: m.usage(p.from.queues), queues: p.from.queues, demand: m.demand}
	}
	p.until += pilotItems
	return p
}

// idle chooses the io executor, if hardly anything computes. Threads that wait for
// a core in a system call are in no sample, and the kernel's account of waits has
// those for the samples too; so a program that gets less than a tenth of a core
// may be taken for one that waits, until the choice is looked at again.
func (p *pilot) idle(m *meter, c completion) *ioPlan {
	cpu, busy := m.usage(false).cpu-p.from.usage.cpu, time.Duration(c.inFlight)*(c.now-p.from.at)
	if cpu.Seconds() >= clearly*busy.Seconds() {
		return nil
	}
	ratio := (busy - cpu).Seconds() / max(cpu, time.Microsecond).Seconds()
	return p.waiting(fmt.Sprintf("items in flight for %v took %v of CPU%s: wait/CPU %.2g", busy.Round(time.Millisecond), cpu.Round(100*time.Microsecond), p.from.seen.failures()+p.note, ratio), c.now)
}

// choose applies the decision table, once there is enough to go by.
func (p *pilot) choose(m *meter, now time.Duration, d demand) plan {
	after := m.usage(p.from.queues)
	n := time.Duration(p.from.seen.items)
	wall := p.from.seen.wall
	cpu := after.cpu - p.from.usage.cpu
	wait := time.Duration((1 - d.computing(wall, cpu, after.queued-p.from.usage.queued)) * float64(wall))
	each := min(cpu, wall) / n // what the run itself burns beside the items is not theirs
	ratio := wait.Seconds() / max(cpu, time.Microsecond).Seconds()
	seen := fmt.Sprintf("%d items took %v of CPU and waited %v each%s", n, each.Round(100*time.Nanosecond), (wait / n).Round(100*time.Nanosecond), p.from.seen.failures()+p.note)
	switch {
	case ratio >= waitRatio && d.busy < enoughSamples && p.ended-p.vain < mostPilot:
		if !p.from.queues {
			p.again(m, now, m.usage(true))
		}
		p.until = p.vain + 2*(p.ended-p.vain)
		return p
	case ratio >= waitRatio && p.pushed(after, wait, each):
		return p.watched(newCPU(p.o, seen+fmt.Sprintf(", the wait being that for a core (%d pre-emptions)", after.preempted-p.from.usage.preempted)))
	case ratio >= waitRatio:
		return p.waiting(fmt.Sprintf("%s: wait/CPU %.2g", seen, ratio), now)
	}
	return p.watched(newCPU(p.o, seen))
}

// pushed reports whether the kernel took cores away and the middle item did not
// wait.
func (p *pilot) pushed(after usage, wait, each time.Duration) bool {
	preempted := after.preempted - p.from.usage.preempted
	sorted := slices.Sorted(slices.Values(p.elapsed))
	return preempted > 0 && sorted[len(sorted)/2] <= each*13/10 &&
		wait/time.Duration(preempted) < 20*time.Millisecond && p.o.Advice.Executor != IO
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
