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
}

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
	return &Controller{procs: procs, ceiling: ceiling, size: min(size, ceiling)}
}

// Done tells of a completion and returns the size that holds from now on:
// start tasks while fewer are in flight, let tasks run out while more are.
// It allocates nothing; its cost is constant.
func (c *Controller) Done(s Sample) int { return c.size }

// Size returns how many tasks should be in flight now.
func (c *Controller) Size() int { return c.size }

// Reason says in one line why the size is what it is.
func (c *Controller) Reason() string { return "no task has finished yet" }

// Trials returns the sizes that were measured, oldest first; the same size
// measured twice in a row is one trial. Of a long run only the newest are kept.
func (c *Controller) Trials() []Trial { return nil }
