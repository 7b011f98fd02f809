// Package measure keeps what a program knows about its own time: how long it
// computed and how long it waited, by the clocks around the work. Profiles are
// held against these figures.
package measure

import (
	"encoding/json"
	"os"
	"runtime"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
	"unsafe"
)

// A Meter sums the time of one function of a program.
type Meter struct {
	function  string
	n         atomic.Int64
	cpu, wait atomic.Int64 // nanoseconds
}

var (
	mu     sync.Mutex
	meters []*Meter
	began  = time.Now()
)

// New returns the meter of a function, whose name is that of the linter: F or
// (*T).M.
func New(function string) *Meter {
	m := &Meter{function: function}
	mu.Lock()
	defer mu.Unlock()
	meters = append(meters, m)
	return m
}

// A Clock is running since Wall or Thread was called.
type Clock struct {
	meter  *Meter
	start  time.Time
	cpu    time.Duration
	thread bool
}

// Wall starts a clock for a wait in which the goroutine leaves its thread.
func (m *Meter) Wall() Clock {
	return Clock{meter: m, start: time.Now()}
}

// Thread starts a clock that also knows the time the thread computed. Until it
// is stopped, the goroutine keeps its thread: this is for computing, system
// calls and C, which keep it anyway.
func (m *Meter) Thread() Clock {
	runtime.LockOSThread()
	return Clock{meter: m, thread: true, cpu: CPU(ofThread), start: time.Now()}
}

// Waited stops the clock after a wait. What the kernel computed in it, as when
// a page is copied, is no wait.
func (c Clock) Waited() {
	wall := time.Since(c.start)
	cpu := c.computed()
	c.meter.n.Add(1)
	c.meter.cpu.Add(int64(cpu))
	c.meter.wait.Add(int64(max(0, wall-cpu)))
}

// Computed stops the clock after computing. When others had the core, that is
// neither computing nor a wait.
func (c Clock) Computed() {
	cpu := c.computed()
	c.meter.n.Add(1)
	c.meter.cpu.Add(int64(cpu))
}

func (c Clock) computed() time.Duration {
	if !c.thread {
		return 0
	}
	defer runtime.UnlockOSThread()
	return CPU(ofThread) - c.cpu
}

// The clocks of computing (clock_gettime(2)), which package syscall does not name.
// getrusage(2) would not do for a thread: what it tells of a running one is as old
// as the last tick, and the work lasts less than that.
const (
	OfProcess = 2 // CLOCK_PROCESS_CPUTIME_ID
	ofThread  = 3 // CLOCK_THREAD_CPUTIME_ID
)

// CPU is the time computed so far, in user mode and in the kernel.
func CPU(clock uintptr) time.Duration {
	var t syscall.Timespec
	if _, _, err := syscall.RawSyscall(syscall.SYS_CLOCK_GETTIME, clock, uintptr(unsafe.Pointer(&t)), 0); err != 0 {
		return 0
	}
	return time.Duration(t.Nano())
}

// A Truth is what a program prints of itself. Times are in seconds.
type Truth struct {
	Wall      float64    `json:"wall"`
	CPU       float64    `json:"cpu"` // of the process, by the system's account
	Functions []Function `json:"functions"`
}

// A Function is what a meter has summed.
type Function struct {
	Function string  `json:"function"`
	Count    int64   `json:"count"` // of clocks stopped
	CPU      float64 `json:"cpu"`   // 0 if only waits were measured
	Wait     float64 `json:"wait"`
}

// Write puts the truth into a file. It is for the end of the program.
func Write(file string) error {
	t := Truth{Wall: time.Since(began).Seconds(), CPU: CPU(OfProcess).Seconds()}
	mu.Lock()
	defer mu.Unlock()
	for _, m := range meters {
		if n := m.n.Load(); n > 0 {
			t.Functions = append(t.Functions, Function{m.function, n, seconds(&m.cpu), seconds(&m.wait)})
		}
	}
	text, err := json.MarshalIndent(t, "", "\t")
	if err != nil {
		return err
	}
	return os.WriteFile(file, append(text, '\n'), 0o666)
}

func seconds(ns *atomic.Int64) float64 {
	return time.Duration(ns.Load()).Seconds()
}
