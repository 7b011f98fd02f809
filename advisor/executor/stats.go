package executor

import (
	"sync/atomic"
	"time"

	"github.com/concurlint/concurlint/advisor/executor/process"
	"github.com/concurlint/concurlint/advisor/sizing"
)

// Snapshot is the state of a run at one instant.
type Snapshot struct {
	Executor Kind   // that runs now
	Reason   string // why it and its size

	Read      int // items taken from the input
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

	Trials   []sizing.Trial // sizes that were measured, with what they achieved
	Workers  process.Stats  // of the process executor
	CloseErr error          // first error from closing the state of a worker
}

// Stats receives the figures of a run. The embedded Snapshot is filled when
// the run ends; Live answers while it runs.
type Stats struct {
	Snapshot
	live atomic.Pointer[func() Snapshot]
}

// Live returns the figures as of now, or those of the end once the run ended.
// It may be called from any goroutine.
func (s *Stats) Live() Snapshot {
	if f := s.live.Load(); f != nil {
		return (*f)()
	}
	return Snapshot{}
}
