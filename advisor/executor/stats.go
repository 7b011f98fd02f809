package executor

import (
	"fmt"
	"time"
)

// Snapshot is the state of a run, or of one of its stages, at one instant.
type Snapshot struct {
	Executor Kind   // that runs now; "pipeline" of several stages together
	Reason   string // why it and its size

	Read      int // items taken from the input; more than Done at the end if the reader left before
	Done      int // items that ended, in success or failure
	Failures  int // items that ended in an error
	Retries   int // attempts after the first
	Abandoned int // attempts left running after the hard limit
	Yielded   int // results handed over

	InFlight int // items that run now
	Queued   int // items read that wait for a worker
	Held     int // results that wait for their turn or for the reader
	Size     int // workers that may run now
	Chunk    int // items that a worker takes at once
	Window   int // most items read and not yet yielded

	Elapsed     time.Duration // since the start
	CPU         time.Duration // CPU time of the process since the start
	Utilization float64       // CPU ÷ (cores · Elapsed)
	Occupancy   float64       // mean of items in flight ÷ Size since the start
	Rate        float64       // items done per second

	Trials   []Trial     // sizes that were measured, with what they achieved
	Workers  WorkerStats // of the process executor
	CloseErr error       // first error from closing the state of a worker
}

// Trial is a size that the io executor has measured.
type Trial struct {
	Size     int
	Attempts int           // that ended while it was measured
	Rate     float64       // successes per second
	Latency  time.Duration // mean time of an attempt
	Failures float64       // share of the attempts that failed
}

// WorkerStats are the figures of worker processes.
type WorkerStats struct {
	Started  int           // workers so far
	Died     int           // workers that ended by themselves or at a limit
	Recycled int           // workers replaced for Processes.MaxTasks or MaxRSS
	Retried  int           // items that were sent again after a death
	RSS      int64         // resident set of all workers in service, bytes
	CPU      time.Duration // of all workers, those that ended included
}

// StageStats are the figures of one stage of a run.
type StageStats struct {
	Name string
	Snapshot
}

// Stages returns the figures of each stage of the run; of one that is no
// pipeline there is one.
func (r *Run[T, R]) Stages() []StageStats {
	out := make([]StageStats, len(r.stages))
	for i, f := range r.stages {
		out[i] = StageStats{Name: f.name, Snapshot: f.snapshot()}
	}
	return out
}

// Snapshot returns the figures as of now, or those of the end once the run
// ended; of a pipeline, those of all stages together, with the stage that the
// others wait for as the reason.
func (r *Run[T, R]) Snapshot() Snapshot {
	if len(r.stages) == 1 {
		return r.stages[0].snapshot()
	}
	var all Snapshot
	var busiest StageStats
	for i, s := range r.Stages() {
		if i == 0 {
			all.Read = s.Read
		}
		all.Done, all.Yielded = s.Done, s.Yielded // of the last stage, which all items reach
		all.Failures += s.Failures                // each in one stage
		all.Queued += s.Queued
		all.Held += s.Held
		all.Size += s.Size
		all.Window += s.Window
		all.InFlight += s.InFlight
		all.Retries += s.Retries
		all.Abandoned += s.Abandoned
		all.Elapsed, all.Rate = max(all.Elapsed, s.Elapsed), s.Rate
		all.CPU, all.Utilization = max(all.CPU, s.CPU), max(all.Utilization, s.Utilization)
		if s.Occupancy >= busiest.Occupancy {
			busiest = s
		}
		if all.CloseErr == nil {
			all.CloseErr = s.CloseErr
		}
	}
	all.Executor, all.Occupancy = "pipeline", busiest.Occupancy
	all.Reason = fmt.Sprintf("%s is busiest, %.0f%% of its %d workers", busiest.Name, 100*busiest.Occupancy, busiest.Size)
	return all
}
