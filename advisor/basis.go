package advisor

import (
	"strings"
	"time"

	"github.com/concurlint/concurlint/advisor/profile"
)

// A recording is a source with what its figures are used for. Several sources
// may tell of the same thing; each thing is taken from the best one alone,
// since one that is wrong is not bettered by the mean with one that is right.
type recording struct {
	*profile.Source
	factor float64 // seconds of the reference ÷ its own
	scale  float64 // of CPU time to what the system counted, at least 1
	cpu    bool    // computing is taken from it
	outer  bool    // waits for the world outside
	inner  bool    // waits for other goroutines
	run    bool    // running time stands in for CPU time
}

// A means is one way to know something, best first.
type means struct {
	has  func(*profile.Source) bool
	text string
}

func is(formats ...profile.Format) func(*profile.Source) bool {
	return func(s *profile.Source) bool {
		for _, f := range formats {
			if s.Format == f {
				return true
			}
		}
		return false
	}
}

// The ladders of evidence: what the first rung has, the ones below it cannot better.
var (
	cpuMeans = []means{
		{func(s *profile.Source) bool { return s.Format == profile.Trace && s.CPU > 0 }, "CPU samples in the execution trace"},
		{is(profile.CPUProfile), "CPU profile"},
		{func(s *profile.Source) bool { return s.Format == profile.WallProfile && s.CPU > 0 }, "wall-clock profile for computing (± 3 ×)"},
		{is(profile.Trace), "running time in the execution trace (an upper bound for computing)"},
	}
	outerMeans = []means{
		{is(profile.Trace), "execution trace for waits"},
		{is(profile.WallProfile), "wall-clock profile for waits (± 3 ×)"},
	}
	innerMeans = []means{
		{is(profile.Trace), ""},
		{is(profile.BlockProfile), "block profile for locks and channels"},
		{is(profile.WallProfile), ""},
	}
	mutexMeans = []means{{is(profile.MutexProfile), "mutex profile for who holds locks"}}
	countMeans = []means{{is(profile.Goroutines, profile.LeakProfile), "goroutine snapshots for numbers"}}
)

// A basis is which recording says what.
type basis struct {
	recordings []*recording
	seconds    float64 // of the recording that all figures are expressed in
	samples    int64   // of CPU
	snapshots  int64   // of goroutines
	text       string
	knows      struct{ cpu, outer, inner, held, counts, trace bool }
}

func newBasis(sources []*profile.Source) *basis {
	b := &basis{}
	for _, s := range sources {
		b.recordings = append(b.recordings, &recording{Source: s, scale: 1})
	}
	var texts []string
	use := func(ladder []means, take func(*recording)) bool {
		for _, m := range ladder {
			found := false
			for _, r := range b.recordings {
				if m.has(r.Source) {
					take(r)
					found = true
				}
			}
			if found {
				if m.text != "" {
					texts = append(texts, m.text)
				}
				return true
			}
		}
		return false
	}
	k := &b.knows
	k.cpu = use(cpuMeans, func(r *recording) { r.cpu = true })
	k.outer = use(outerMeans, func(r *recording) { r.outer = true })
	k.inner = use(innerMeans, func(r *recording) { r.inner = true })
	k.held = use(mutexMeans, func(*recording) {})
	k.counts = use(countMeans, func(*recording) {})
	b.text = strings.Join(texts, ", ")
	b.fit()
	return b
}

// fit expresses all recordings in the seconds of those that have waits, or else
// of those that have CPU time.
func (b *basis) fit() {
	var cpu, waits float64
	for _, r := range b.recordings {
		if r.cpu {
			cpu += seconds(r.Source)
			b.samples += samplesOf(r.Source)
			if r.Rusage > r.CPU && r.CPU > 0 {
				r.scale = float64(r.Rusage) / float64(r.CPU)
			}
			r.run = r.CPU == 0
		}
		if r.outer || r.inner {
			waits += seconds(r.Source)
		}
		b.knows.trace = b.knows.trace || r.Format == profile.Trace
		if is(profile.Goroutines, profile.LeakProfile)(r.Source) {
			b.snapshots += max(1, int64(len(r.Names)))
		}
	}
	b.seconds = waits
	if waits == 0 {
		b.seconds = cpu
	}
	if b.seconds == 0 {
		b.seconds = 1 // snapshots: numbers, no time
	}
	for _, r := range b.recordings {
		r.factor = 1
		own := waits
		if r.cpu && !r.outer && !r.inner {
			own = cpu
		} else if !r.cpu && !r.outer && !r.inner {
			own = seconds(r.Source)
		}
		if own > 0 {
			r.factor = b.seconds / own
		}
	}
}

// seconds is how long a source recorded. Without a duration, a profile is taken
// to have lasted as long as one core computed: its shares stay right.
func seconds(s *profile.Source) float64 {
	if s.Duration > 0 {
		return s.Duration.Seconds()
	}
	return s.CPU.Seconds()
}

// samplesOf is the number of CPU samples behind a source's CPU time.
func samplesOf(s *profile.Source) int64 {
	if s.Format == profile.CPUProfile {
		return s.Samples
	}
	var n int64
	for i := range s.Stacks {
		n += s.Stacks[i].Samples
	}
	return n
}

// host is what the recordings say of the machine.
func (b *basis) host(cores int) Host {
	var h Host
	var cpu, gc, running, traced time.Duration
	var span float64
	for _, r := range b.recordings {
		h.Cores = max(h.Cores, r.Cores)
		if r.cpu && !r.run {
			cpu += time.Duration(float64(r.CPU) * r.scale)
			gc += r.GC
			span += seconds(r.Source)
		}
		if r.Format == profile.Trace && r.CPU > 0 {
			running += r.Running
			traced += r.CPU
		}
	}
	if cores > 0 {
		h.Cores = cores
	}
	if traced > 0 {
		h.Overcommit = float64(running) / float64(traced)
	}
	if h.Cores > 0 && span > 0 {
		h.Busy = min(1, cpu.Seconds()/span/float64(h.Cores))
	}
	if cpu > 0 {
		h.GC = float64(gc) / float64(cpu)
	}
	return h
}
