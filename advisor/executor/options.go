package executor

import (
	"fmt"
	"runtime"
	"time"

	"github.com/concurlint/concurlint/advisor/executor/process"
)

// Kind names an executor that runs the items of Map, ForEach and Stream.
// Pool, Range, Pipeline and Loop are calls and types of their own.
type Kind string

const (
	Auto    Kind = "auto"    // chosen from a pilot of the first 64 items; the empty Kind means the same
	Serial  Kind = "serial"  // one after the other, in the caller's goroutine
	CPU     Kind = "cpu"     // a worker per core, items in chunks of 20 to 50 µs
	IO      Kind = "io"      // as many workers as pay, found by sizing.Controller
	Process Kind = "process" // worker processes over pipes; the function must be registered
)

// Recommendation is what an advisor knows of a function before it runs. Its
// sizes bound the search for a size; they never start it: a start at a size
// taken from a profile costs everything where the limit lies behind the wait.
type Recommendation struct {
	Executor Kind   `json:"executor,omitempty"` // taken by auto where the pilot leaves the choice open, and for process
	Min      int    `json:"min,omitempty"`      // tasks in flight that surely pay; for the reader alone
	Max      int    `json:"max,omitempty"`      // ceiling of tasks in flight; 0: unknown
	Reason   string `json:"reason,omitempty"`
}

// Options say how items run. The zero value is usable: the executor is chosen,
// work in flight is bounded, an item is tried once and nothing is limited.
type Options struct {
	Executor  Kind           // zero: Auto
	Size      int            // workers; 0: chosen and adjusted; -1: all cores, -2: all but one, as in joblib
	Advice    Recommendation // a ceiling and a hint
	Window    int            // most items read and not yet yielded; 0: 4·Size items or chunks, 64 at least
	Unordered bool           // results come as they end, not in the order of the input

	Attempts  int              // attempts for an item, each when its error's RetryAfter says or after Backoff; 0 and 1: one
	Backoff   time.Duration    // before the second attempt, doubled for each further one up to a minute, jittered by half; 0: 100 ms
	Retryable func(error) bool // which errors are tried again; nil: all but panics and a cancelled run

	SoftLimit time.Duration // deadline of the context of an attempt; 0: none
	HardLimit time.Duration // an attempt is given up after it; 0: never. A goroutine is left to itself, a process is killed

	Rate   float64 // attempts started per second; 0: any number
	Burst  int     // attempts that may start at once under Rate; 0: one
	Memory int64   // bytes that the process may hold before the io executor shrinks; 0: any number

	Progress      func(Snapshot) // called every ProgressEvery and once at the end, never twice at a time
	ProgressEvery time.Duration  // 0: one second
	Stats         *Stats         // filled when the run ends; Live may be called at any time
	Process       process.Config // of the worker processes; its limits are set from those above
	Label         string         // pprof label "executor" of the workers; empty: the Kind
}

// Defaults and limits of Options.
const (
	pilotItems     = 64
	defaultBackoff = 100 * time.Millisecond
	maxBackoff     = time.Minute
	leastWindow    = 64
	mostWindow     = 1 << 16
)

func (o Options) check() error {
	switch o.Executor {
	case "", Auto, Serial, CPU, IO, Process:
	default:
		return fmt.Errorf("executor: unknown executor %q: want auto, serial, cpu, io or process", o.Executor)
	}
	for _, n := range []struct {
		name  string
		value float64
	}{{"Window", float64(o.Window)}, {"Attempts", float64(o.Attempts)}, {"Rate", o.Rate}, {"Burst", float64(o.Burst)}} {
		if n.value < 0 {
			return fmt.Errorf("executor: Options.%s is %v and must not be negative; 0 is the default", n.name, n.value)
		}
	}
	return nil
}

// workers returns the fixed number of workers, or 0 where it is to be chosen.
func (o Options) workers() int {
	if o.Size >= 0 {
		return o.Size
	}
	return max(1, runtime.GOMAXPROCS(0)+1+o.Size)
}

// careful reports whether an attempt needs more than a plain call.
func (o Options) careful() bool {
	return o.Attempts > 1 || o.SoftLimit > 0 || o.HardLimit > 0 || o.Rate > 0
}

func (o Options) label() string {
	if o.Label != "" {
		return o.Label
	}
	if o.Executor == "" {
		return string(Auto)
	}
	return string(o.Executor)
}
