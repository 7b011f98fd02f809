package sizing

import (
	"math"
	"runtime"
	"time"
)

// DefaultCeiling is the most tasks that are ever in flight unless the caller
// says otherwise: about the file descriptors that a process may open.
const DefaultCeiling = 4096

// Config sets the limits of a controller. The zero value is usable.
type Config struct {
	Procs   int   // cores that the work may use; 0: runtime.GOMAXPROCS(0)
	Start   int   // first size; 0: 4
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
	ramp           ramp
	now            time.Duration // newest completion
	need, most     int           // completions after which the epoch may end, and ends whatever its spread
	total          int           // completions before the epoch
	sum, squares   float64       // of the Elapsed of completions while growing

	state   state
	factor  float64     // growing: most growth in one step
	last    measurement // growing: the measurement before
	again   int         // growing: size that was measured once more
	best    measurement // the one of the greatest throughput since growth began
	calm    pool        // latencies before anything queued
	ref     measurement // holding: what the size achieves
	scatter float64     // of throughput: n·Var(ln X) of epochs at one size
	suspect bool        // the world may be another since this epoch began
	pause   int         // epochs between probes
	idle    int         // epochs since the last probe
	up      bool        // direction of the next probe
	stride  float64     // its relative size
	full    bool        // more in flight did no better
	worse   bool        // more in flight than at the knee did harm

	bad      measurement   // what is in doubt: it failed too often, or was too slow
	resume   state         // state before it failed
	patience float64       // seconds that failures have gone on with fewer in flight
	badFrom  time.Duration // instant at which the failures were blamed on a size
	recent   uint16        // outcomes of the newest attempts, the newest lowest; 1: failed
	paid     int           // size whose failures were worth it last
	cleared  bool          // since then, all of the newest succeeded once
	trickle  bool          // everything fails: a few in flight wait for the end of it
	back     int           // size to come back to then
	lid      int           // ceiling after failures
	lidUntil time.Duration // instant up to which it holds
	lidLen   int           // how long the next one holds, in times what the failures took
	usual    tally         // failures that do not depend on the size
	memory   memory
	why      reason
	trials   trials
}

// state is what the controller does with the next measurement.
type state int

const (
	growing  state = iota // until throughput does not follow
	checking              // was the size before really as quick as it looked?
	settling              // from the knee to where throughput is as good as it was
	holding               // and waiting to probe
	probing               // a neighbour of the held size
	blaming               // do fewer in flight fail less?
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
		// Few: a back-end may bear little, and the cores are filled within
		// some tasks. Not fewer: a look back at this size has to be short.
		size = 4
	}
	c := &Controller{procs: procs, ceiling: ceiling, lid: ceiling, lidLen: 8, factor: jump, size: min(size, ceiling)}
	c.memory = memory{limit: cfg.Memory, lid: ceiling}
	c.begin(0, 0)
	return c
}

// Size returns how many tasks should be in flight now.
func (c *Controller) Size() int { return c.size }

// Done tells of a completion and returns the size that holds from now on:
// start tasks while fewer are in flight, let tasks run out while more are.
// It allocates nothing; its cost is constant.
func (c *Controller) Done(s Sample) int {
	if s.InFlight <= 0 {
		s.InFlight = c.size
	}
	if s.Memory > 0 && c.memory.read(s) && c.size > c.memory.lid {
		c.shed(s)
		return c.size
	}
	e := &c.epoch
	c.climb(s)
	measured := e.add(s, c.size)
	if c.alarmed(s) || !measured || s.Now <= e.from || c.weather() || c.trickle || c.aborted(s) || c.tooSoon(s) {
		return c.size
	}
	m := e.measure(s.Now, c.size, c.procs)
	m.noise = max(m.noise, math.Sqrt(c.scatter/float64(m.n)))
	if c.unsure(m) {
		c.need += c.size * (1 + c.need/(4*c.size))
		return c.size
	}
	c.trials.add(m)
	size, before, latency := c.size, c.state, m.r
	if c.badFrom == 0 && e.bunched(s.Now) {
		latency = 0 // the next to end are a latency away: until then a ramp would stand still
	}
	c.decide(m)
	skip := 0
	if c.size != size && (before != growing || c.state != growing) {
		skip = min(c.size, leftOut)
	}
	c.begin(s.Now, skip)
	c.rise(size, latency)
	// What fails is over soon, and blame is to be settled soon.
	if skip > 0 && c.state != blaming && before != blaming {
		c.epoch.settle = max(s.Now, c.ramp.until) + m.residual()
	}
	return c.size
}

// begin starts an epoch.
func (c *Controller) begin(now time.Duration, skip int) {
	c.total += c.epoch.seen
	c.ramp = ramp{}
	c.epoch = epoch{changed: now, from: now, skip: skip}
	switch c.state {
	case growing:
		c.need = max(2, c.size)
	case checking:
		c.need = 16 + c.size
	case blaming:
		c.need = 24 + c.size
	default:
		c.need = c.rounds(32)
	}
	c.most = max(2*c.need, c.total/20)
	switch c.state {
	case probing:
		c.need = c.rounds(8)
	case holding: // jolted rules chance out
		c.need = c.rounds(4)
	}
}

// rounds is at least n completions, in whole rounds of the size: what began
// together ends together.
func (c *Controller) rounds(n int) int { return c.size * ((n - 1 + c.size) / c.size) }

// set changes the size within the limits.
func (c *Controller) set(size float64) {
	if math.IsNaN(size) {
		return
	}
	c.size = int(min(float64(c.limit()), max(1, math.Round(size))))
}

// limit is the largest size that is allowed now.
func (c *Controller) limit() int { return max(1, min(c.ceiling, c.lid, c.memory.lid)) }
