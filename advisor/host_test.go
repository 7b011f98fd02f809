package advisor

import (
	"testing"

	"github.com/concurlint/concurlint/advisor/profile"
)

// How long goroutines stand in the run queue is what a trace says, and without one what
// the runtime counted.
func TestQueued(t *testing.T) {
	ready := profile.Weights{Runnable: profile.Wait{Time: 30 * ms, Count: 10}}
	told := profile.Wait{Time: sc, Count: 1000}
	for name, c := range map[string]struct {
		rec  *recorded
		told profile.Wait
		want float64
	}{
		"a trace":           {record().source(profile.Trace, sc).stack(cpuAt, ready).stack("runtime.main", ready), told, 0.003},
		"no trace":          {record().source(profile.CPUProfile, sc).stack(cpuAt, cpu(sc)), told, 0.001},
		"nothing":           {record().source(profile.CPUProfile, sc).stack(cpuAt, cpu(sc)), profile.Wait{}, 0},
		"a trace of no use": {record().source(profile.Trace, sc), told, 0.001},
	} {
		ev := c.rec.evidence()
		ev.Queued = c.told
		if got := Advise(program(), ev, Options{}).Host.Queued; got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}
