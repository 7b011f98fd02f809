package executor

import (
	"context"
	"iter"
	"strings"
	"testing"
	"time"
)

// task is what an item of a simulated run does with its time.
type task struct {
	cpu, wait time.Duration
	call      time.Duration // computing too, in system calls: no sample shows it
	queued    time.Duration // for a core: the kernel knows it
	hidden    time.Duration // for a thread: the scheduler knows it
	stolen    time.Duration // by the hypervisor: nobody knows it
	fails     bool
}

func (t task) elapsed() time.Duration {
	return t.cpu + t.call + t.wait + t.queued + t.hidden + t.stolen
}

func (t *task) add(o task) {
	t.cpu, t.call, t.wait, t.queued, t.hidden, t.stolen = t.cpu+o.cpu, t.call+o.call, t.wait+o.wait, t.queued+o.queued, t.hidden+o.hidden, t.stolen+o.stolen
}

func (t task) part(share float64) task {
	scale := func(d time.Duration) time.Duration { return time.Duration(share * float64(d)) }
	return task{scale(t.cpu), scale(t.wait), scale(t.call), scale(t.queued), scale(t.hidden), scale(t.stolen), t.fails}
}

// chunkRun is a chunk that a simulated worker runs.
type chunkRun struct {
	from, to time.Duration
	items    int
	errors   int // of them
	task     task
}

// simulated plays a run on a clock of its own, with the kernel's accounts and the
// samples as they would be, and returns the plan of the end.
func simulated(o Options, run time.Duration, sampled bool, next func(now time.Duration, i int) task) plan {
	var now time.Duration
	var ended task
	var running []chunkRun
	sum := func() task {
		all := ended
		for _, c := range running {
			all.add(c.task.part((now - c.from).Seconds() / (c.to - c.from).Seconds()))
		}
		return all
	}
	m := new(meter)
	m.usage = func(queues bool) usage {
		u := usage{cpu: sum().cpu + sum().call}
		if queues {
			u.queued = sum().queued
		}
		return u
	}
	p := newPlan(o, m)
	for i := 0; now < run; {
		for len(running) < min(p.size(), p.window()) {
			c := chunkRun{from: now, items: p.chunk()}
			for range c.items {
				t := next(now, i)
				if t.fails {
					c.errors++
				}
				c.task.add(t)
				i++
			}
			c.to = now + c.task.elapsed()
			running = append(running, c)
		}
		first := 0
		for j := range running {
			if running[j].to < running[first].to {
				first = j
			}
		}
		c := running[first]
		now = c.to
		inFlight := len(running)
		if sampled {
			s := sum()
			per := func(d time.Duration) float64 { return d.Seconds() / firstSamples.Seconds() }
			m.demand = demand{per(s.elapsed()), per(s.elapsed() - s.wait - s.call), per(s.hidden)}
		}
		running = append(running[:first], running[first+1:]...)
		ended.add(c.task)
		m.began, m.last = time.Now().Add(-now), now
		p = p.finished(m, completion{now: now, elapsed: c.to - c.from, held: c.to - c.from, items: c.items, errors: c.errors, failed: c.errors, inFlight: inFlight})
	}
	return p
}

// few keeps the simulation small.
var few = Options{Advice: Recommendation{Max: 40}}

const (
	us = time.Microsecond
	ms = time.Millisecond
)

// TestWatch has the conditions that a choice met on a busy machine. Waits for a
// core are none, whoever has it; a moment and a single large item prove nothing;
// and what the pilot got wrong does not last.
func TestWatch(t *testing.T) {
	refused := task{cpu: 60 * us, call: 20 * us, fails: true}
	switched := func(n int, first, then task) func(time.Duration, int) task {
		return func(_ time.Duration, i int) task {
			if i < n {
				return first
			}
			return then
		}
	}
	always := func(x task) func(time.Duration, int) task { return func(time.Duration, int) task { return x } }
	for name, c := range map[string]struct {
		next   func(now time.Duration, i int) task
		want   Kind
		reason string
		blind  bool // no samples, as before the first of them
		window int  // 0: as large as it likes
		advice Kind
	}{
		"computes":                       {next: always(task{cpu: 60 * us}), want: CPU, reason: "64 items"},
		"computes, large items":          {next: always(task{cpu: 30 * ms}), want: CPU, reason: "56 items"},
		"waits":                          {next: always(task{cpu: 100 * us, wait: 20 * ms}), want: IO, reason: "items in flight"},
		"waits in a small window":        {next: always(task{cpu: 100 * us, wait: 20 * ms}), want: IO, reason: "at the ceiling of 3", window: 3},
		"waits beside busy processes":    {next: always(task{cpu: 100 * us, wait: 20 * ms, queued: 9 * ms}), want: IO, reason: "wait/CPU"},
		"computes beside busy processes": {next: always(task{cpu: 2 * ms, queued: 40 * ms}), want: CPU, reason: "56 items", blind: true},
		"short items from the page cache, whose goroutines want the threads of others": {
			next: always(task{cpu: 40 * us, call: 12 * us, hidden: 9 * us}), want: CPU, reason: "items took 52µs"},
		"short items that wait a little":      {next: always(task{cpu: 40 * us, call: 12 * us, wait: 20 * us}), want: IO, reason: "wait/CPU 0.38"},
		"the hypervisor takes half of a core": {next: always(task{cpu: 3 * ms, stolen: 3 * ms}), want: CPU, reason: "56 items"},
		"long waits":                          {next: always(task{cpu: 1 * ms, wait: 60 * ms}), want: IO, reason: "in flight for 122ms took 2ms of CPU"},
		"long waits for a core":               {next: always(task{cpu: 1 * ms, queued: 60 * ms}), want: CPU, reason: "56 items"},
		"long system calls":                   {next: always(task{call: 60 * ms}), want: CPU, reason: "56 items"},
		"goroutines that wait for threads":    {next: always(task{cpu: 2 * ms, queued: 4 * ms, hidden: 20 * ms}), want: CPU, reason: "56 items"},
		"threads get scarce after the pilot": {
			next: func(_ time.Duration, i int) task {
				if i < 100 {
					return task{cpu: 60 * us}
				}
				return task{cpu: 60 * us, queued: 90 * us, hidden: 200 * us}
			}, want: CPU, reason: "64 items"},
		"a large item among small ones": {
			next: func(_ time.Duration, i int) task {
				if i%1000 == 999 {
					return task{cpu: 1000 * ms}
				}
				return task{cpu: 600 * us}
			}, want: CPU, reason: "56 items", blind: true},
		"a moment in which all wait": {
			next: func(now time.Duration, i int) task {
				if now > 1000*ms && now < 1250*ms {
					return task{cpu: 90 * us, wait: 10 * ms}
				}
				return task{cpu: 90 * us}
			}, want: CPU, reason: "64 items"},
		"a cold cache in the pilot": {
			next: func(_ time.Duration, i int) task {
				if i < 80 {
					return task{cpu: 2 * ms, wait: 15 * ms}
				}
				return task{cpu: 2 * ms, queued: 10 * ms}
			}, want: CPU, reason: "later ones compute: "},
		"a cold cache after the pilot": {
			next: func(_ time.Duration, i int) task {
				if i < 80 {
					return task{cpu: 2 * ms}
				}
				return task{cpu: 2 * ms, wait: 15 * ms, queued: 4 * ms}
			}, want: IO, reason: "later ones wait: "},
		"waits for less than is worth it, against the advice": {next: always(task{cpu: 1 * ms, wait: 70 * us}), advice: IO, want: CPU, reason: "56 items took 1ms of CPU and waited 70µs each"},
		"all are refused at once":                             {next: always(refused), want: Auto, reason: "of them failed"},
		"all are refused at once, and the advice is io":       {next: always(refused), advice: IO, want: IO, reason: "64 of 64 items failed, which tells nothing of the work; the advice is io"},
		"all are refused at once, and the advice is cpu":      {next: always(refused), advice: CPU, want: CPU, reason: "64 of 64 items failed, which tells nothing of the work; the advice is cpu"},
		"all time out":                        {next: always(task{cpu: 100 * us, wait: 100 * ms, fails: true}), want: Auto, reason: "of them failed"},
		"all time out, and the advice is cpu": {next: always(task{cpu: 100 * us, wait: 20 * ms, fails: true}), advice: CPU, want: CPU, reason: "the advice is cpu"},
		"refused at first":                    {next: switched(300, refused, task{cpu: 100 * us, wait: 20 * ms}), want: IO, reason: "wait/CPU"},
		"refused at first, then computes, against the advice": {next: switched(300, refused, task{cpu: 2 * ms}), advice: IO, want: CPU, reason: "later ones compute: "},
		"times out at first, then computes":                   {next: switched(70, task{cpu: 100 * us, wait: 10 * ms, fails: true}, task{cpu: 2 * ms}), want: CPU, reason: "later ones compute: "},
		"waits, then is refused":                              {next: switched(100, task{cpu: 100 * us, wait: 20 * ms}, refused), want: IO, reason: "in flight"},
		"computes, then times out":                            {next: switched(100, task{cpu: 2 * ms}, task{cpu: 100 * us, wait: 20 * ms, fails: true}), want: CPU, reason: "56 items"},
		"three of four time out": {
			next: func(_ time.Duration, i int) task {
				if i%4 > 0 {
					return task{cpu: 100 * us, wait: 50 * ms, fails: true}
				}
				return task{cpu: 100 * us, wait: 5 * ms}
			}, want: IO, reason: "of them failed: wait/CPU"},
		"one in ten is refused": {
			next: func(_ time.Duration, i int) task {
				if i%10 == 3 {
					return refused
				}
				return task{cpu: 100 * us, wait: 2 * ms}
			}, want: IO, reason: "in flight"},
	} {
		o := few
		o.Window, o.Advice.Executor = c.window, c.advice
		p := simulated(o, 3*time.Second, !c.blind, c.next)
		var s Snapshot
		p.describe(&s)
		if s.Executor != c.want || !strings.Contains(s.Reason, c.reason) {
			t.Errorf("%s: %s ×%d: %s; want %s, %s", name, s.Executor, p.size(), s.Reason, c.want, c.reason)
		}
	}
}

// A controller that comes in late measures from then on: it took the time before
// for one without completions, and stood at its first size until most of that
// was made up for.
func TestLateController(t *testing.T) {
	late := func(now time.Duration, _ int) task {
		if now < 10*time.Second {
			return task{cpu: 2 * ms}
		}
		return task{cpu: 100 * us, wait: 20 * ms}
	}
	p := simulated(few, 14*time.Second, true, late)
	var s Snapshot
	p.describe(&s)
	if s.Executor != IO || p.size() < 16 || len(s.Trials) < 3 {
		t.Errorf("after four seconds of waits: %s ×%d, %d sizes measured: %s", s.Executor, p.size(), len(s.Trials), s.Reason)
	}
}

// The time in which an attempt counts as in flight is that in which its worker has
// it, also before it begins: of items that are over at once most is the handing
// over, and a controller that cannot account for the time in flight never measures,
// however many items there are. On a busy machine it may need seconds.
func TestShortItemsAreMeasured(t *testing.T) {
	const most = 50_000_000
	var run *Run[int, int]
	measured := func() bool { return len(run.Snapshot().Trials) > 0 }
	run = Start(t.Context(), iter.Seq[int](func(yield func(int) bool) {
		for i := 0; i < most && (i%10_000 > 0 || !measured()) && yield(i); i++ {
		}
	}), func(context.Context, int) (int, error) { return 0, nil }, Options{Executor: IO})
	if err := run.Wait(); err != nil {
		t.Fatal(err)
	}
	if s := run.Snapshot(); !measured() {
		t.Errorf("of %d items no size was measured: %s", s.Done, s.Reason)
	}
}
