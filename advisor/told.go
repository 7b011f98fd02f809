package advisor

import (
	"time"

	"github.com/concurlint/concurlint/advisor/profile"
)

// allSeen is the share of the system's count from which on samples have missed
// nothing that matters.
const allSeen = 0.95

// told is a CPU time t, which is of w, by each account of who computed it.
//
// Samples are taken by the clock of the kernel's ticks. Where they hold too little of
// what the system counted, the rest is the runtime's between tasks and the collector's,
// or the task's own in stretches too short for that clock. Which, no recording tells.
// Where others have the cores as well, short stretches begin and end with the ticks and
// are missed most. The scheduler misses none, but what it takes for running is not all
// computing then. Between the two lies what was computed.
func (a *analysis) told(t float64, w *weight) Span {
	told := Span{t, t}
	if a.missed() {
		told[0] /= a.scale()
	}
	if a.late() && w.cpu > 0 {
		turns := t * w.turns / w.cpu
		told = Span{min(told[0], turns), max(told[1], turns)}
	}
	return told
}

// missed reports whether samples hold too little of what the system counted.
func (a *analysis) missed() bool { return a.scale()*allSeen > 1 }

// scale is the CPU time by the system's count ÷ that of the samples.
func (a *analysis) scale() float64 {
	var cpu, scaled float64
	for _, r := range a.basis.recordings {
		if r.cpu && !r.run {
			cpu += r.CPU.Seconds()
			scaled += r.CPU.Seconds() * r.scale
		}
	}
	if cpu == 0 {
		return 1
	}
	return scaled / cpu
}

// turns are by how much more CPU time the scheduler gives to a stack than the samples
// do, for each recording by the function that its goroutine began with: how long each
// goroutine ran is known, and that all of them ran for the CPU time of the program.
type turns struct {
	frames []profile.Frame
	more   map[*recording]map[string]float64
}

func newTurns(b *basis, frames []profile.Frame) *turns {
	t := &turns{frames: frames, more: map[*recording]map[string]float64{}}
	for _, r := range b.recordings {
		if !r.cpu || r.run || r.Sampled == 0 {
			continue
		}
		ran := map[string]*profile.Totals{}
		for i := range r.Tasks {
			start := frames[r.Tasks[i].Start].Func
			if ran[start] == nil {
				ran[start] = &profile.Totals{}
			}
			ran[start].Add(&r.Tasks[i].All)
		}
		all := onThread(r.Running, r.CPU, r.Sampled) / r.CPU.Seconds()
		t.more[r] = map[string]float64{}
		for start, g := range ran {
			if g.CPU > 0 {
				t.more[r][start] = onThread(g.Running, g.CPU, g.Sampled) / g.CPU.Seconds() / all
			}
		}
	}
	return t
}

// onThread is the time in seconds that goroutines ran or computed in calls, which the
// scheduler does not take for running.
func onThread(running, cpu, sampled time.Duration) float64 {
	return (running + cpu - sampled).Seconds()
}

// of is 1 where nothing is known.
func (t *turns) of(r *recording, st *profile.Stack) float64 {
	if more, ok := t.more[r][t.frames[st.Frames[len(st.Frames)-1]].Func]; ok {
		return more
	}
	return 1
}
