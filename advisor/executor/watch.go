package executor

import (
	"fmt"
	"time"
)

// watch is how auto looks at its choice again for as long as the run lasts: items
// that computed may begin to wait, bound by a cold cache or of another kind than
// the first 64, and a pilot on a busy machine may have been wrong.
type watch struct {
	at     time.Duration // of the last look; 0: none yet
	last   usage
	demand demand
	seen   share // since then

	need  int    // looks in a row that a change of the executor takes
	found int    // in a row that spoke for one
	said  string // by the last look, in words
}

const (
	watchEvery = 100 * time.Millisecond
	// sureAfter is how many looks in a row have to agree. One alone may fall into
	// a moment at which the machine did something else; each change doubles it, so
	// that what lies between the executors does not go to and fro.
	sureAfter = 4
	mostSure  = 128
	// fewPerCore is up to which size per core auto asks whether items compute. With
	// more in flight the wait of one is a small part of its time, most of which it
	// wants a core, and the controller has seen that more pay.
	fewPerCore = 8
)

// look returns, at most every watchEvery, how long the items since the last look
// waited for anything but a core, and the CPU time and worker time that they took.
// It is not ok where most of that went into items that failed.
func (w *watch) look(m *meter, c completion) (wait, cpu, busy time.Duration, ok bool) {
	w.seen.add(c, w.at)
	if c.now-w.at < watchEvery {
		return 0, 0, 0, false
	}
	now := m.usage(true)
	first := w.at == 0
	cpu, busy = now.cpu-w.last.cpu, w.seen.wall
	computing := m.demand.since(w.demand).computing(busy, cpu, now.queued-w.last.queued)
	wait = time.Duration((1 - computing) * float64(busy))
	n := time.Duration(w.seen.items)
	w.said = fmt.Sprintf("%d items took %v of CPU and waited %v each%s", n, (min(cpu, busy) / n).Round(100*time.Nanosecond), (wait / n).Round(100*time.Nanosecond), w.seen.failures())
	ok = !first && w.seen.tells()
	w.at, w.last, w.demand, w.seen = c.now, now, m.demand, share{}
	return wait, cpu, busy, ok
}

// waits reports that items which were taken to compute wait, for a third of their
// time at least: the pilot's ratio is too close to what a look may be wrong by.
func (w *watch) waits(m *meter, c completion) bool {
	wait, _, busy, ok := w.look(m, c)
	return ok && w.sure(wait > busy/3)
}

// computes reports that items which were taken to wait compute.
func (w *watch) computes(m *meter, c completion) bool {
	wait, cpu, _, ok := w.look(m, c)
	return ok && w.sure(wait.Seconds() < waitRatio*cpu.Seconds())
}

// sure counts a look that speaks for a change, and reports whether that is enough.
func (w *watch) sure(change bool) bool {
	if !change {
		w.found = 0
		return false
	}
	w.found++
	return w.found >= w.need
}

// again returns the watch of the next plan.
func (w *watch) again() *watch { return &watch{need: min(2*w.need, mostSure)} }

// carryOn watches the next plan.
func (w *watch) carryOn(next *cpuPlan) *cpuPlan {
	next.watch = w.again()
	return next
}

// sampleEvery is how often the demand of auto's tasks is sampled: cheap beside
// the wake-up, and some ten samples a look.
const sampleEvery = 10 * time.Millisecond

// firstSamples is how often during the pilot, which may be over soon.
const firstSamples = time.Millisecond

// sample adds to the demand from time to time until the run ends. A timer's
// instants are chance; at completions, tasks that wait equally long would all be
// awake at once.
func (e *engine[T, R]) sample() {
	every := sampleEvery
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.closing {
		return
	}
	if _, ok := e.plan.(*pilot); ok {
		every = firstSamples
	}
	if busy := e.running - e.resting; busy > 0 {
		running, runnable := runners()
		e.meter.demand.add(busy, running, runnable)
	}
	e.sampler.Reset(every)
}
