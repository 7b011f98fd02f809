package executor

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"time"
)

// Kind names an executor that runs the items of Map, ForEach and Stream.
// Pool, Range, Pipeline and Loop are calls and types of their own.
type Kind string

const (
	Auto    Kind = "auto"    // chosen from a pilot of the first items, 64 as a rule; the empty Kind means the same
	Serial  Kind = "serial"  // one after the other, in the caller's goroutine
	CPU     Kind = "cpu"     // a worker per core, items in chunks of 20 to 50 µs
	IO      Kind = "io"      // as many workers as pay, found while it runs
	Process Kind = "process" // worker processes over pipes, for a Function
)

// Recommendation is what an advisor knows of a function before it runs. Its
// sizes bound the search for a size; they never start it: a start at a size
// taken from a profile costs everything where the limit lies behind the wait. So
// there is no smallest size: to begin with it would be such a start, and never to go
// below it would overload a far end that bears less.
type Recommendation struct {
	Executor Kind   `json:"executor,omitempty"` // taken by auto where the pilot leaves the choice open, and for process
	Max      int    `json:"max,omitempty"`      // ceiling of tasks in flight; 0: unknown
	Reason   string `json:"reason,omitempty"`
}

// Options say how items run. They may be left out: the executor is chosen then,
// work in flight is bounded, an item is tried once and nothing is limited. An
// option that a call or its executor has no use for is an error.
type Options struct {
	Executor  Kind           // zero: Auto
	Size      int            // workers; 0: chosen and adjusted
	Advice    Recommendation // a ceiling and a hint
	Window    int            // most items read and not yet yielded, see Bounds; 0: 4·Size items or chunks, 64 at least
	Unordered bool           // results come as they end, not in the order of the input
	Name      string         // of the run, for pprof labels and Trace; empty: the executor, or the stage

	Retry     Retry
	Limits    Limits
	Rate      Rate
	Processes Processes

	// Trace is called before each attempt in this process, and what it returns
	// after it, for spans as those of OpenTelemetry. The context is that of the
	// attempt. nil: nothing.
	Trace func(ctx context.Context, name string) (context.Context, func(error))
}

// Retry says which items are tried again, and when: as soon as the error's
// RetryAfter says, or after Backoff. An item keeps its worker until then, so that
// items that fail slow down a run, and what they call.
type Retry struct {
	Attempts int              // for an item, the first included; 0 and 1: one
	Backoff  time.Duration    // before the second attempt, doubled for each further one up to a minute, jittered by half; 0: 100 ms
	If       func(error) bool // which errors are tried again; nil: all but panics and a cancelled run
}

// Limits bound what an attempt and the run may take.
type Limits struct {
	Soft   time.Duration // deadline of the context of an attempt; 0: none
	Hard   time.Duration // an attempt is given up after it; 0: never. A goroutine is left to itself, a process is killed
	Memory int64         // bytes that the process may hold before the io executor shrinks; 0: any number
}

// Rate bounds how often attempts start.
type Rate struct {
	PerSecond float64 // 0: any number
	Burst     int     // attempts that may start at once; 0: one
}

// Processes are the settings of worker processes.
type Processes struct {
	MaxTasks int       // a worker is replaced after so many items; 0: never
	MaxRSS   int64     // a worker is replaced when its resident set exceeds so many bytes; 0: never
	Deaths   int       // an item fails when so many workers died running it; 0: 3
	Command  []string  // program and arguments of a worker; empty: this program, without arguments
	Env      []string  // "key=value", beside the parent's and GOMAXPROCS=1, which they override
	Stderr   io.Writer // what workers print, line by line behind a prefix; nil: os.Stderr
}

func (p Processes) set() bool {
	return p.MaxTasks != 0 || p.MaxRSS != 0 || p.Deaths != 0 || len(p.Command) > 0 || len(p.Env) > 0 || p.Stderr != nil
}

// Defaults and limits of Options.
const (
	pilotItems     = 64
	defaultBackoff = 100 * time.Millisecond
	maxBackoff     = time.Minute
	leastWindow    = 64
	mostWindow     = 1 << 16
)

// only returns the one Options of a call.
func only(list []Options) (Options, error) {
	switch len(list) {
	case 0:
		return Options{}, nil
	case 1:
		return list[0], nil
	}
	return Options{}, errors.New("executor: more than one Options: put all in one")
}

func (o Options) check() error {
	switch o.Executor {
	case "", Auto, Serial, CPU, IO, Process:
	default:
		return fmt.Errorf("executor: unknown executor %q: want auto, serial, cpu, io or process", o.Executor)
	}
	for _, n := range []struct {
		name  string
		value float64
	}{
		{"Size", float64(o.Size)}, {"Window", float64(o.Window)},
		{"Retry.Attempts", float64(o.Retry.Attempts)}, {"Retry.Backoff", float64(o.Retry.Backoff)},
		{"Limits.Soft", float64(o.Limits.Soft)}, {"Limits.Hard", float64(o.Limits.Hard)}, {"Limits.Memory", float64(o.Limits.Memory)},
		{"Rate.PerSecond", o.Rate.PerSecond}, {"Rate.Burst", float64(o.Rate.Burst)},
		{"Processes.MaxTasks", float64(o.Processes.MaxTasks)}, {"Processes.MaxRSS", float64(o.Processes.MaxRSS)}, {"Processes.Deaths", float64(o.Processes.Deaths)},
	} {
		if n.value < 0 {
			return fmt.Errorf("executor: Options.%s is %v and must not be negative; 0 is the default", n.name, n.value)
		}
	}
	return o.useless()
}

// useless returns an error that names an option without an effect: who set it
// expects one.
func (o Options) useless() error {
	auto := o.Executor == "" || o.Executor == Auto
	for _, c := range []struct {
		name    string
		set, ok bool
		needs   string
	}{
		{"Size", o.Size > 1, o.Executor != Serial, "an executor other than serial"},
		{"Retry.Backoff", o.Retry.Backoff > 0, o.Retry.Attempts > 1, "Retry.Attempts"},
		{"Retry.If", o.Retry.If != nil, o.Retry.Attempts > 1, "Retry.Attempts"},
		{"Rate.Burst", o.Rate.Burst > 0, o.Rate.PerSecond > 0, "Rate.PerSecond"},
		{"Limits.Memory", o.Limits.Memory > 0, auto || o.Executor == IO, "the executor io or auto"},
		{"Processes", o.Processes.set(), o.Executor == Process || auto && o.Advice.Executor == Process, "the executor process"},
		{"Trace", o.Trace != nil, o.Executor != Process, "an executor other than process: spans of another process are its own"},
	} {
		if c.set && !c.ok {
			return fmt.Errorf("executor: Options.%s needs %s", c.name, c.needs)
		}
	}
	return nil
}

// careful reports whether an attempt needs more than a plain call.
func (o Options) careful() bool {
	return o.Retry.Attempts > 1 || o.Limits.Soft > 0 || o.Limits.Hard > 0 || o.Rate.PerSecond > 0
}

func (o Options) name() string { return cmp.Or(o.Name, string(o.kind())) }

func (o Options) kind() Kind {
	if o.Executor == "" {
		return Auto
	}
	return o.Executor
}
