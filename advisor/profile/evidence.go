// Package profile reads what Go programs record about themselves, pprof
// profiles and execution traces, and reduces it at once to weights by stack:
// CPU time, waits by kind, time in the run queue, goroutines.
//
// The package knows recordings, not source code. Package advisor joins its
// weights with the functions and sites that the analyzers found.
package profile

import "time"

// Evidence is everything that the recordings said. Sources measure the same
// thing in different ways, so their stacks stay apart; the frames are shared.
type Evidence struct {
	Sources []*Source
	Frames  []Frame // by FrameID
	// Notes say which recordings could not be used and why, one line each.
	Notes []string
	// Operations is how long an operation of a benchmark takes on average, by the name
	// of its function, the longest of its sub-benchmarks; nil if not known.
	Operations map[string]time.Duration
	// Queued is how long goroutines stood in the run queue while it was recorded, at
	// least, and how often, by the runtime's metrics; zero if not known. A trace has it
	// by place.
	Queued Wait
	// Limits are those of the recorded process. No recording has them, but those who
	// record may know.
	Limits Limits
	// Tested are the packages whose test binaries were recorded, by import path, where
	// those who record know that, whatever the recordings show.
	Tested []string
}

// Limits are what a process may have.
type Limits struct {
	Files  Room // in descriptors
	Memory Room // in bytes
}

// A Room is how much of something a process may have.
type Room struct {
	Max  int64  // 0 if not known
	Held int64  // what it had of it while it was recorded, 0 if not known
	By   string // what Max rests on, for people: "the limit of the control group"
}

// A Format is what a recording is.
type Format string

// The formats.
const (
	CPUProfile    Format = "cpu"
	HeapProfile   Format = "heap"
	BlockProfile  Format = "block"
	MutexProfile  Format = "mutex"
	Goroutines    Format = "goroutine" // a snapshot
	LeakProfile   Format = "goroutineleak"
	WallProfile   Format = "wall" // fgprof and its like
	Trace         Format = "trace"
	ThreadProfile Format = "threadcreate"
)

// A Source is one recording, or several profiles of one format that were merged.
type Source struct {
	Names    []string // of the files or addresses
	Format   Format
	Recorded time.Time     // zero if not known
	Duration time.Duration // of the recording, summed over what was merged; 0 if not known
	Go       string        // version of the toolchain, if known: "go1.26"
	Main     string        // module or executable path, if known
	BuildID  string
	Test     bool // recorded from a test binary
	// Cores is GOMAXPROCS, 0 if not known.
	Cores int
	// Samples is the number of observations behind the weights: CPU samples,
	// blocking events, goroutines seen.
	Samples int64
	// CPU and Running are sums over all stacks, also those of the runtime that
	// Stacks leaves out. Running is what the scheduler took for running.
	CPU     time.Duration
	Running time.Duration
	// Sampled is the part of CPU that the scheduler took for running, so without
	// system calls, C code and the scheduler itself; 0 if not known. Running is
	// about as long on a host that gives the program its cores.
	Sampled time.Duration
	// Rusage is the CPU time of the process according to the system over the
	// same span, 0 if not known. A CPU profile is always below it.
	Rusage time.Duration
	// GC is CPU time of the collector, part of CPU.
	GC time.Duration
	// Notes are what a reader has to know: a truncated file, lost samples, what
	// the recording cost. One sentence each, lower case, no period.
	Notes  []string
	Stacks []Stack
	Tasks  []Task // of traces
}

// Overcommit is by how much longer goroutines ran, by the scheduler's word, than
// they computed: 1 if the host gave the program its cores, 0 if not known. The
// scheduler does not notice when the system takes a thread off its core.
func (s *Source) Overcommit() float64 {
	if s.Sampled == 0 {
		return 0
	}
	return float64(s.Running) / float64(s.Sampled)
}

// FrameID is an index into Evidence.Frames.
type FrameID int32

// A Frame is a place in a program, as the recording names it.
type Frame struct {
	Func      string // full name as the linker knows it: example.com/a/b.(*T).F.func1
	File      string
	Line      int
	StartLine int // of the function; 0 before Go 1.20 and in traces
	Inlined   bool
}

// A Stack is a call path with the time spent at its leaf. Within a source each
// path occurs once for each executor that it ran on.
type Stack struct {
	Frames []FrameID // leaf first, inlined calls included
	Ran    Executor
	Weights
}

// An Executor is where package executor ran a stack, by the labels that it gives
// to its goroutines; CPU profiles and snapshots have them. The zero Executor says
// that it ran on none, or that nothing is known.
type Executor struct {
	Kind  string // serial, cpu, io; auto before one is chosen
	Stage string // name of the run, or of its stage
}

// Weights are sums over the recording.
type Weights struct {
	CPU      time.Duration  // computing
	Samples  int64          // CPU samples behind CPU
	Waits    [NumKinds]Wait // by kind
	Runnable Wait           // ready to run, waiting for a core, after a wait that is counted in Waits at the same stack or a preemption
	// Running is by the scheduler's word in traces; in wall profiles it is
	// running or ready to run, which a snapshot does not tell apart.
	Running time.Duration
	// Goroutines is how many were seen here by a snapshot.
	Goroutines int64
	// Held is how long others waited for a lock that was released here (mutex
	// profiles and traces).
	Held Wait
	// Bytes and Objects were allocated here; InUse bytes of them were alive at the end.
	Bytes, Objects, InUse int64
}

// A Wait is time spent waiting and how often that began.
type Wait struct {
	Time  time.Duration
	Count int64
}

// A Kind says what is waited for.
type Kind uint8

// The kinds of wait. Idle ones are no cost: a worker without work, a server
// without a request.
const (
	Net     Kind = iota // network, look-ups included
	File                // files and fsync
	Proc                // another process
	Cgo                 // C code, beyond its computing
	Sleep               //
	Chan                // a channel or select, of which no more is known
	Join                // other goroutines: WaitGroup, Cond, errgroup.Wait
	Lock                // Mutex, RWMutex, singleflight, Once
	Submit              // at the hand-over to an executor whose limit is reached
	Syscall             // a system call whose kind the stack does not tell
	Memory              // the collector: assists, sweeping
	Idle                // for work: Accept, a pool's dequeue, tickers, signals
	NumKinds
)

var kindNames = [NumKinds]string{"net", "file", "proc", "cgo", "sleep", "chan", "wait", "lock", "submit", "syscall", "memory", "idle"}

// String is the word that reports and JSON have for k.
func (k Kind) String() string {
	if k < NumKinds {
		return kindNames[k]
	}
	return "unknown"
}

// A Task is what the goroutines of one go statement did, as a trace saw them.
type Task struct {
	Creator []FrameID     // stack of the go statement, leaf first
	Start   FrameID       // the goroutine's first function
	Started int64         // began while recording
	Ended   int64         // ended while recording
	Live    int64         // there from the beginning to the end of the recording
	Peak    int64         // most at once
	Active  time.Duration // during which there was at least one
	// Of goroutines that both began and ended, so that means per task are whole.
	Whole Totals
	// Of all.
	All Totals
}

// Totals are sums over goroutines.
type Totals struct {
	Goroutines int64
	Lifetime   time.Duration
	CPU        time.Duration // from CPU samples in the trace; 0 without them
	Running    time.Duration
	Sampled    time.Duration // the part of CPU that the scheduler took for running
	Runnable   time.Duration
	Waits      [NumKinds]Wait
}
