package advisor

import (
	"math"
	"testing"
	"time"

	"github.com/concurlint/concurlint/advisor/profile"
)

// Beside others on the same cores the samples of three quarters of the running time are
// missing, and more in one kind of goroutine than in the other: computing lies between
// what was sampled and what the scheduler gave to each. With the cores to itself, the
// program computed what was sampled.
func TestAccounts(t *testing.T) {
	for name, c := range map[string]struct {
		running [2]float64 // of the workers and of those that fetch, ÷ what was sampled
		want    map[string]Span
	}{
		"others have the cores": {[2]float64{9, 1.5}, map[string]Span{"worker": {1, 2.25}, "fetch": {0.75, 2}}},
		"taken from both alike": {[2]float64{4, 4}, map[string]Span{"worker": {}, "fetch": {}}},
		"the cores to itself":   {[2]float64{1.9, 1}, map[string]Span{"worker": {}, "fetch": {}}},
	} {
		r := record().source(profile.Trace, 10*sc)
		for i, g := range []struct {
			at, start string
			sampled   time.Duration
		}{{"app.worker@pool.go:15", "app.worker", sc}, {cpuAt, taskAt, 2 * sc}} {
			w := cpu(g.sampled)
			w.Running = time.Duration(float64(w.CPU) * c.running[i])
			r.stack(g.at, w).task(submitAt, g.start, 100, 2, w)
		}
		for _, m := range Advise(program(), r.evidence(), Options{}).Classes {
			if want, ok := c.want[m.Function]; ok && m.Range != want {
				t.Errorf("%s: %s computes %v, a range of %v, want %v", name, m.Function, m.CPU, m.Range, want)
			}
			delete(c.want, m.Function)
		}
		for f := range c.want {
			t.Errorf("%s: %s is not measured", name, f)
		}
	}
}

// Nobody computes for longer than it ran, and a system call may compute for all of its
// time: what the system counted beyond that is the runtime's.
func TestComputesNoLongerThanItRan(t *testing.T) {
	for name, c := range map[string]struct {
		running, inCalls time.Duration
		want             float64
	}{
		"ran for less than was sampled":    {950 * ms, 0, 0.95},
		"ran for less than was counted":    {1020 * ms, 0, 1.02},
		"ran for longer":                   {1400 * ms, 0, 1.04},
		"computes in system calls as well": {950 * ms, 50 * ms, 1},
	} {
		w := plus(cpu(sc), wait(profile.Syscall, c.inCalls, 100))
		w.Running = c.running
		r := record().source(profile.Trace, 10*sc).stack("app.worker@pool.go:15", w).task(submitAt, "app.worker", 100, 2, w)
		r.last().Rusage = 1040 * ms
		m := Advise(program(), r.evidence(), Options{}).Classes[0]
		if m.Function != "worker" || math.Abs(m.CPU-c.want) > 1e-9 {
			t.Errorf("%s: %s computes %v, want %v", name, m.Function, m.CPU, c.want)
		}
	}
}
