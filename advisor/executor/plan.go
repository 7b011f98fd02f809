package executor

import (
	"fmt"
	"runtime"
	"time"

	"github.com/concurlint/concurlint/advisor/internal/sizing"
)

// completion is the end of one chunk, or of one attempt of one item.
type completion struct {
	now      time.Duration // on the run's clock
	elapsed  time.Duration // without waits for the rate or a retry
	held     time.Duration // and with what it took to get hold of the chunk: the time in which it counted as in flight
	items    int
	errors   int // of the items, those without a result: here or in an earlier stage they failed
	failed   int // attempts that failed for what may be overload
	inFlight int // chunks in flight, this one included
}

// share is what a watcher has seen of completions: worker time and items, and what
// of them went into items that failed. A refused connection is over in microseconds
// of computing, and a timeout waits whatever the work is, so they tell nothing of
// the work. The accounts of the process are of all items together.
type share struct {
	wall, lost    time.Duration
	items, errors int
}

// add takes a completion. Of an item that began before since, what came before was
// seen then.
func (s *share) add(c completion, since time.Duration) {
	wall := min(c.elapsed, c.now-since)
	s.wall += wall
	s.lost += wall * time.Duration(c.errors) / time.Duration(c.items)
	s.items += c.items
	s.errors += c.errors
}

// tells reports whether what was seen tells of the work.
func (s *share) tells() bool {
	n := s.succeeded()
	return n >= sizing.FewSuccesses || n > 0 && s.lost <= s.wall/2
}

func (s *share) succeeded() int { return s.items - s.errors }

// failures names the items that failed, if any did.
func (s *share) failures() string {
	if s.errors == 0 {
		return ""
	}
	return fmt.Sprintf(", %d of them failed", s.errors)
}

// plan decides how many workers run and how many items each takes at once. It
// is called under the lock of the run.
type plan interface {
	finished(*meter, completion) plan // the plan that holds from now on
	size() int
	chunk() int
	window() int
	kind() Kind
	describe(*Snapshot) // fills Executor, Reason and Trials
}

func newPlan(o Options, m *meter) plan {
	switch o.Executor {
	case Serial:
		return serialPlan{"asked for"}
	case CPU:
		return newCPU(o, "asked for")
	case IO:
		return newIO(o, "asked for", 0)
	default:
		return newPilot(o, m)
	}
}

// window returns the most items in memory for a size and chunk.
func window(o Options, size, chunk int) int {
	if o.Window > 0 {
		return o.Window
	}
	return min(max(4*size*chunk, leastWindow), max(mostWindow, 4*size))
}

// ioPlan keeps as many items in flight as the controller finds worth it.
type ioPlan struct {
	o      Options
	fixed  int
	ctl    *sizing.Controller
	began  time.Duration // instant at which the plan began to hold
	reason string
	watch  *watch // of auto; nil: the executor was asked for
}

func newIO(o Options, reason string, now time.Duration) *ioPlan {
	p := &ioPlan{o: o, fixed: o.Size, reason: reason, began: now}
	if p.fixed > 0 {
		return p
	}
	ceiling := o.Advice.Max
	if o.Window > 0 && (ceiling == 0 || ceiling > o.Window) {
		ceiling = o.Window
	}
	p.ctl = sizing.New(sizing.Config{Ceiling: ceiling, Memory: o.Limits.Memory})
	return p
}

func (p *ioPlan) size() int {
	if p.ctl == nil {
		return p.fixed
	}
	return p.ctl.Size()
}

func (p *ioPlan) kind() Kind  { return IO }
func (p *ioPlan) chunk() int  { return 1 }
func (p *ioPlan) window() int { return window(p.o, p.size(), 1) }

func (p *ioPlan) finished(m *meter, c completion) plan {
	if p.watch != nil && p.size() <= fewPerCore*runtime.GOMAXPROCS(0) && p.watch.computes(m, c) {
		return p.watch.carryOn(newCPU(p.o, "later ones compute: "+p.watch.said))
	}
	// What began before is no matter of the controller's sizes.
	if p.ctl == nil || c.now-c.elapsed < p.began {
		return p
	}
	s := sizing.Sample{Elapsed: c.held, Failed: c.failed > 0, InFlight: c.inFlight}
	if s.CPU = m.cpu(c.now); s.CPU > 0 {
		// A worker may have waited for a core since it looked at the clock.
		m.last = max(m.last, m.now())
	}
	s.Now = m.last - p.began // its clock starts with it, or it would count the time before as one without completions
	if p.o.Limits.Memory > 0 {
		s.Memory = m.memory(c.now)
	}
	p.ctl.Done(s)
	return p
}

func (p *ioPlan) describe(s *Snapshot) {
	s.Executor, s.Reason = IO, p.reason
	if p.ctl == nil {
		return
	}
	s.Reason += "; " + p.ctl.Reason()
	for _, t := range p.ctl.Trials() {
		s.Trials = append(s.Trials, Trial{Size: t.Size, Attempts: t.Completions, Rate: t.Throughput, Latency: t.Latency, Failures: t.Failures})
	}
}

// cpuPlan runs one worker per core on chunks that last 20 to 50 µs: long
// enough that handing them over costs under a hundredth, short enough that the
// last ones end together.
type cpuPlan struct {
	o       Options
	workers int
	most    int // items in a chunk
	items   int // now
	reason  string
	watch   *watch // of auto; nil: the executor was asked for
}

const (
	chunkTarget = (sizing.LeastChunk + sizing.MostChunk) / 2
	mostChunk   = 256
)

func newCPU(o Options, reason string) *cpuPlan {
	n := o.Size
	if n == 0 {
		n = runtime.GOMAXPROCS(0)
		if o.Advice.Max > 0 {
			n = min(n, o.Advice.Max)
		}
	}
	most := mostChunk
	if o.Limits.Hard > 0 || o.Rate.PerSecond > 0 {
		most = 1
	}
	if o.Window > 0 {
		n = min(n, o.Window)
		most = min(most, max(1, o.Window/(2*n)))
	}
	return &cpuPlan{o: o, workers: n, most: most, items: 1, reason: reason}
}

func (p *cpuPlan) kind() Kind  { return CPU }
func (p *cpuPlan) size() int   { return p.workers }
func (p *cpuPlan) chunk() int  { return p.items }
func (p *cpuPlan) window() int { return window(p.o, p.workers, p.items) }

func (p *cpuPlan) finished(m *meter, c completion) plan {
	each := max(c.elapsed/time.Duration(c.items), 1)
	want := int(chunkTarget / each)
	// Up by steps of four, since the first items tell little; down at once.
	p.items = max(1, min(want, 4*p.items, p.most))
	if p.watch != nil && p.watch.waits(m, c) {
		next := newIO(p.o, "later ones wait: "+p.watch.said, c.now)
		next.watch = p.watch.again()
		return next
	}
	return p
}

func (p *cpuPlan) describe(s *Snapshot) { s.Executor, s.Reason = CPU, p.reason }
