package advisor

import (
	"slices"
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

// timed reports whether a recording is of what a program does with its time: objects,
// threads and goroutines that do nothing more are no observations of that.
func (r *recording) timed() bool {
	return r.Format != profile.HeapProfile && r.Format != profile.ThreadProfile && r.Format != profile.LeakProfile
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
	traceSampled = func(s *profile.Source) bool { return s.Format == profile.Trace && s.CPU > 0 }
	cpuMeans     = []means{
		{traceSampled, "execution trace with CPU samples"},
		{is(profile.CPUProfile), "CPU profile"},
		{is(profile.Trace), "running time in the execution trace (an upper bound for computing)"},
		{is(profile.WallProfile), "wall-clock profile for computing (± 3 ×)"},
		{is(profile.Goroutines), "goroutine snapshots for computing (± 3 ×)"},
	}
	outerMeans = []means{
		{traceSampled, ""},
		{is(profile.Trace), "execution trace for waits"},
		{is(profile.WallProfile), "wall-clock profile for waits (± 3 ×)"},
		{is(profile.Goroutines), "goroutine snapshots for waits (± 3 ×)"},
	}
	innerMeans = []means{
		{is(profile.Trace), ""},
		{is(profile.BlockProfile), "block profile for locks and channels"},
		{is(profile.WallProfile), ""},
		{is(profile.Goroutines), ""},
	}
	mutexMeans = []means{{is(profile.MutexProfile), "mutex profile for who holds locks"}}
	leakMeans  = []means{{is(profile.LeakProfile), "goroutineleak profile for goroutines that never end"}}
)

// A basis is which recording says what.
type basis struct {
	recordings []*recording
	seconds    float64 // of the recording that all figures are expressed in
	samples    int64   // of CPU
	snapshots  int64   // of goroutines
	text       string
	knows      struct{ cpu, outer, inner, held, leaks, trace, heap bool }
	rough      bool // waits outside come from looking now and then
	glimpsed   bool // from a few snapshots even: only what was seen often counts
	undated    bool // how long waits for other goroutines were recorded is not known
}

func newBasis(sources []*profile.Source) *basis {
	b := &basis{}
	for _, s := range sources {
		if s.Format == profile.Goroutines {
			b.snapshots += max(1, int64(len(s.Names)))
			s = snapshot(s)
		}
		b.recordings = append(b.recordings, &recording{Source: s, scale: 1, factor: 1})
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
	k.leaks = use(leakMeans, func(*recording) {})
	b.text = strings.Join(texts, ", ")
	b.fit()
	return b
}

// The roles are a set of what a recording is used for.
type roles uint8

const (
	ofComputing roles = 1 << iota
	ofWaits
	ofLocks // waits for other goroutines, and who holds what they wait for
	ofGoroutines
	ofTrace
	ofLeaks
	ofNothing // no recording has it

	ofAny = ofComputing | ofWaits | ofLocks | ofGoroutines | ofTrace
)

// roles of a recording.
func (r *recording) roles() (list roles) {
	for _, x := range []struct {
		has  bool
		role roles
	}{
		{r.cpu, ofComputing},
		{r.outer || r.inner, ofWaits},
		{r.inner || r.Format == profile.MutexProfile, ofLocks},
		{r.Format == profile.Trace || r.Format == profile.Goroutines, ofGoroutines},
		{r.Format == profile.Trace, ofTrace},
		{r.Format == profile.LeakProfile, ofLeaks},
	} {
		if x.has {
			list |= x.role
		}
	}
	return list
}

// unseen is what no recording tells of, in words: advice and verdicts are silent
// about it, which is not to say that there is none.
func (b *basis) unseen() []string {
	list := []string{}
	for _, x := range []struct {
		what string
		has  func(*recording) bool
	}{
		{"computing", func(r *recording) bool { return r.cpu }},
		{"waits outside the program (network, disk, sleep)", func(r *recording) bool { return r.outer }},
		{"waits within the program (locks, channels)", func(r *recording) bool { return r.inner }},
	} {
		if !slices.ContainsFunc(b.recordings, x.has) {
			list = append(list, x.what)
		}
	}
	return list
}

// formatWords are the kinds of recordings as people call them.
var formatWords = map[profile.Format]string{
	profile.Trace: "trace", profile.CPUProfile: "CPU profile", profile.WallProfile: "wall-clock profile",
	profile.BlockProfile: "block profile", profile.MutexProfile: "mutex profile", profile.Goroutines: "goroutine profile",
	profile.LeakProfile: "goroutineleak profile",
}

// recorded are the recordings with some role, each by its kind and its name. A name
// that begins with the kind says it already.
func (b *basis) recorded(r roles) []string {
	list := []string{}
	for _, rec := range b.recordings {
		if rec.roles()&r == 0 {
			continue
		}
		name, word := strings.Join(rec.Names, ", "), formatWords[rec.Format]
		if !strings.HasPrefix(name, word+" ") {
			name = word + " " + name
		}
		list = append(list, name)
	}
	return list
}

// snapshot gives every goroutine that a snapshot saw a second, as if nothing
// had moved for so long: shares and numbers at once come out right, and that is
// all a snapshot tells.
func snapshot(s *profile.Source) *profile.Source {
	timed := *s
	timed.Duration = time.Duration(max(1, len(s.Names))) * time.Second
	timed.Stacks = slices.Clone(s.Stacks)
	for i := range timed.Stacks {
		w := &timed.Stacks[i].Weights
		waiting := int64(0)
		for k := range w.Waits {
			w.Waits[k].Time = time.Duration(w.Waits[k].Count) * time.Second
			waiting += w.Waits[k].Count
		}
		w.Running = time.Duration(max(0, w.Goroutines-waiting)) * time.Second
	}
	return &timed
}

// fit expresses all recordings in the seconds of those that have waits, or else
// of those that have CPU time.
func (b *basis) fit() {
	var cpu, outer, inner float64
	var tested bool
	for _, r := range b.recordings {
		if r.cpu {
			cpu += seconds(r.Source)
			b.samples += samplesOf(r.Source)
			// The system counts the start of the process and its children, too, which
			// a few samples would be multiplied by.
			if r.Rusage > r.CPU && samplesOf(r.Source) >= firmSamples {
				r.scale = float64(r.Rusage) / float64(r.CPU)
			}
			r.run = r.CPU == 0
			tested = r.Test
		}
		if r.outer {
			outer += seconds(r.Source)
			b.rough = b.rough || r.Format != profile.Trace
			b.glimpsed = b.glimpsed || r.Format == profile.Goroutines
		}
		if r.inner {
			inner += seconds(r.Source)
		}
		b.knows.trace = b.knows.trace || r.Format == profile.Trace
		// At the end of a test nothing is in flight.
		b.knows.heap = b.knows.heap || r.Format == profile.HeapProfile && !r.Test
	}
	// Block profiles have no duration. That of a test covers all of the test, as
	// its CPU profile does; that of a server may cover its whole life.
	b.undated = b.knows.inner && inner == 0 && !tested
	lengths := []float64{1, cpu, inner, outer}
	if b.glimpsed {
		// What snapshots did not see did not have to happen.
		b.knows.outer = false
		b.knows.inner = b.knows.inner && inner != outer
		lengths = []float64{1, outer, cpu, inner}
	}
	for _, s := range lengths {
		if s > 0 {
			b.seconds = s
		}
	}
	for _, r := range b.recordings {
		own := seconds(r.Source)
		switch {
		case r.outer:
			own = outer
		case r.inner:
			own = inner
		case r.cpu:
			own = cpu
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
