package advisor

import (
	"reflect"
	"time"
)

// Thresholds say from when on a figure is believed and what it then means.
type Thresholds struct {
	// Below so many CPU samples in all nothing is said of computing: the
	// relative error of a share is 1/√n, 10 % of everything at 100.
	LeastSamples int64
	// A function without one of so many samples takes less than 0.3 % of the
	// CPU time (rule of three at 95 %). It is cold if waits were recorded too;
	// what waits 50 times as long as it computes could take 15 % of the time, so
	// that CPU samples alone have to be ten times as many.
	ColdSamples int64
	// Snapshots tell shares of what they saw so many goroutines at (± 18 %).
	LeastSeen int64
	// A trace shows every wait, so its length decides: what did not happen
	// within it is cold.
	ColdTrace time.Duration
	// Fewer events than this may be one burst.
	LeastEvents int64
	// Means per task want so many whole tasks.
	LeastTasks int64
	// A lock or loop is slow from this share of the recording on: below, the
	// change is lost in the noise of any benchmark (2 % at a cv of 1 % already
	// takes eight runs a side).
	Share float64
	// One callback that keeps its loop for so long is felt by everybody whom
	// the loop serves; below Quick it is the cost of the loop itself.
	Slow, Quick time.Duration
	// A fan-out is confirmed from Many goroutines at once on, and refuted while
	// there were never more than Few.
	Many, Few int64
	// Sockets is from how many connections on a reactor takes less than a
	// goroutine each: 5000 idle ones are no burden yet.
	Sockets int64
	// Submitters that wait for so much of the recording, added up, show that
	// the limit binds. A pool that is merely busy makes them wait now and then.
	Binds float64
	// W/C below CPUBound is computing, from IOBound on waiting: one is less than
	// a tenth of the other. What lies between is mixed.
	CPUBound, IOBound float64
	// Lock waits beyond this share of a task's life cap the useful size, and
	// beyond half of it the lock is what the task does.
	LockBound float64
	// Share of the collector in CPU time from which memory is the cap.
	GCBound float64
	// A task that computes less than this is not worth a goroutine of its own,
	// or a hand-over at all: a hop costs 0.3 to 1 µs, with a wake-up 5 µs.
	Chunk, Tiny time.Duration
	// Σ running ÷ Σ CPU above which the host was not the program's own.
	Overcommit float64
	// Share of all cores' time that was computed in system calls and C code, from
	// which on a thread that is there for longer than it computes waits for a core
	// more likely than for a device: 16 threads that copy from the page cache on
	// two cores are in the kernel eight times as long as they compute.
	Crowded float64
	// Functions below this share of all time are left out of the classes, sites
	// below it out of the advice.
	Busy float64
	// A loop is serial while no more of it is in flight on average.
	Serial float64
	// A busy host and a late scheduler stretch outside waits by up to this
	// factor: 11.9 ms were seen for 9.
	Late float64
	// How many files a process may open is taken to be at least this where nobody
	// knows: the least soft limit that systems ship.
	Descriptors int
}

// DefaultThresholds are those that Advise uses for zero fields.
var DefaultThresholds = Thresholds{
	LeastSamples: 100,
	ColdSamples:  1000,
	LeastSeen:    30,
	ColdTrace:    time.Second,
	LeastEvents:  5,
	LeastTasks:   5,
	Share:        0.01,
	Slow:         time.Millisecond,
	Quick:        100 * time.Microsecond,
	Many:         64,
	Few:          16,
	Sockets:      10000,
	Binds:        0.05,
	CPUBound:     0.1,
	IOBound:      10,
	LockBound:    0.1,
	GCBound:      0.25,
	Chunk:        100 * time.Microsecond,
	Tiny:         time.Microsecond,
	Overcommit:   1.5,
	Crowded:      0.7,
	Busy:         0.01,
	Serial:       1.5,
	Late:         1.32,
	Descriptors:  1024,
}

// orDefault fills in the fields that are zero.
func (t Thresholds) orDefault() Thresholds {
	v, d := reflect.ValueOf(&t).Elem(), reflect.ValueOf(DefaultThresholds)
	for i := range v.NumField() {
		if v.Field(i).IsZero() {
			v.Field(i).Set(d.Field(i))
		}
	}
	return t
}
