package sizing

import (
	"runtime"
	"time"
)

// DefaultCeiling is the most tasks that are ever in flight unless the caller
// says otherwise: about the file descriptors that a process may open.
const DefaultCeiling = 4096

// Config sets the limits of a controller. The zero value is usable.
type Config struct {
	Procs   int   // cores that the work may use; 0: runtime.GOMAXPROCS(0)
	Start   int   // size until something is known; 0: Procs
	Ceiling int   // most tasks in flight; 0: DefaultCeiling
	Memory  int64 // bytes that the process may hold, all tasks in flight included; 0: no guard
}

// Sample is what the caller saw at the end of one attempt of one task. Times
// are measured from one fixed instant and never run backwards.
type Sample struct {
	Now      time.Duration // instant of the completion
	Elapsed  time.Duration // how long the attempt took, from its start to Now
	Failed   bool          // it ended in an error or ran into a time limit
	InFlight int           // attempts in flight including this one; 0: as many as Size
	CPU      time.Duration // CPU time of the process so far; 0: not read this time
	Memory   int64         // bytes that the process holds now; 0: not read this time
}

// Trial is what one size achieved.
type Trial struct {
	Size        int
	Completions int           // attempts that ended while it was measured
	Throughput  float64       // successes per second
	Latency     time.Duration // mean time of an attempt
	Utilization float64       // CPU time ÷ (Procs · wall time); -1: not known
	Failures    float64       // share of the attempts that failed
}

// Controller chooses how many tasks are in flight. It starts no goroutine and
// reads no clock: it is told of completions and answers with a size. It must
// not be used by several goroutines at once.
type Controller struct {
	procs, ceiling int
	size           int
	epoch          epoch
	need           int // completions after which the epoch may end
	most           int // completions after which it ends whatever its spread
	total          int // completions before the epoch

	sum, squares float64
	patience     float64
	state        state
	last         measurement // growing: the measurement before
	best         measurement // the one of the greatest throughput since growth began
	calm         pool        // latencies before anything queued
	ref          measurement // holding: what the size achieves
	bad          measurement // what failed too often
	resume       state       // state before it did
	pause        int         // epochs between probes
	idle         int         // epochs since the last probe
	up           bool        // direction of the next probe
	stride       float64     // its relative size
	cap          int         // ceiling after failures
	capFor       int         // epochs for which it holds
	capLen       int         // epochs for which the next one will hold
	baseN, baseF float64
	why          string
	Debug        bool
}

// state is what the controller does with the next measurement.
type state int

const (
	growing state = iota
	checking
	settling
	holding
	probing
	blaming
)

// New returns a controller that stands at its start size.
func New(cfg Config) *Controller {
	procs := cfg.Procs
	if procs <= 0 {
		procs = runtime.GOMAXPROCS(0)
	}
	ceiling := cfg.Ceiling
	if ceiling <= 0 {
		ceiling = DefaultCeiling
	}
	size := cfg.Start
	if size <= 0 {
		size = procs
	}
	c := &Controller{procs: procs, ceiling: ceiling, size: min(size, ceiling), cap: ceiling, capLen: 8}
	c.next(0, 0)
	return c
}

// Size returns how many tasks should be in flight now.
func (c *Controller) Size() int { return c.size }

// Done tells of a completion and returns the size that holds from now on:
// start tasks while fewer are in flight, let tasks run out while more are.
// It allocates nothing; its cost is constant.
func (c *Controller) Done(s Sample) int {
	if s.InFlight == 0 {
		s.InFlight = c.size
	}
	e := &c.epoch
	if !e.add(s, c.size) || c.aborts(s) {
		return c.size
	}
	if c.state == growing {
		t := s.Elapsed.Seconds()
		c.sum += t
		c.squares += t * t
		if (s.Now-e.changed).Seconds()*2*c.sum < c.squares || e.sum < explained*float64(c.size)*(s.Now-e.changed).Seconds() {
			return c.size
		}
	}
	if e.n < c.need {
		return c.size
	}
	m := e.measure(s.Now, c.size, c.procs)
	if c.unsure(m) {
		c.need += c.size * (1 + c.need/(4*c.size))
		return c.size
	}
	size, before := c.size, c.state
	c.decide(m)
	if c.Debug {
		c.trace(s.Now, m)
	}
	skip := 0
	if c.size != size {
		skip = min(max(c.size, size), leftOut)
		if before == growing && c.state == growing {
			skip = 0
		}
	}
	c.next(s.Now, skip)
	return c.size
}

// next begins an epoch.
func (c *Controller) next(now time.Duration, skip int) {
	c.total += c.epoch.seen
	c.epoch.reset(now, skip)
	if c.state == growing {
		c.need = max(4, c.size)
		c.most = c.need
		return
	}
	if c.state == blaming || c.state == checking {
		c.need = 16 + c.size
		c.most = c.need
		return
	}
	// Whole rounds of the size: what began together ends together.
	c.need = c.size * ((31 + c.size) / c.size)
	c.most = max(2*c.need, c.total/20)
}
