package advisor

import "github.com/concurlint/concurlint/advisor/profile"

// An account is the CPU time in seconds that one second of CPU samples stands for.
type account struct {
	likely float64
	told   Span // by each clock that tells of it; both ends are likely where they agree
}

// asTold is the account of a clock that needs no other.
var asTold = account{1, Span{1, 1}}

// accounts are what samples stand for, by recording and by the function that a
// goroutine began with.
//
// Three clocks tell who computed, and each has its fault:
//   - Samples are taken at the kernel's ticks. Where they hold too little of what the
//     system counted, the rest is the runtime's between tasks and the collector's, or
//     the task's own in stretches too short for that clock. Which, no recording tells.
//     Where others have the cores as well, short stretches begin and end with the ticks
//     and are missed most.
//   - The system counts all of the process, and nothing by function.
//   - The scheduler knows how long each goroutine ran. Nobody computes for longer, but
//     where others have the cores, not all of it is computing: then what was computed
//     lies between the samples and the scheduler's share.
type accounts struct {
	frames []profile.Frame
	known  map[*recording]map[string]account
}

func newAccounts(a *analysis) *accounts {
	x := &accounts{frames: a.ev.Frames, known: map[*recording]map[string]account{}}
	for _, r := range a.basis.recordings {
		if !r.cpu || r.run || r.CPU == 0 {
			continue
		}
		ran := map[string]*profile.Totals{}
		for i := range r.Tasks {
			start := x.frames[r.Tasks[i].Start].Func
			if ran[start] == nil {
				ran[start] = &profile.Totals{}
			}
			ran[start].Add(&r.Tasks[i].All)
		}
		x.known[r] = map[string]account{}
		for start, t := range ran {
			if t.CPU > 0 {
				x.known[r][start] = a.account(r, t)
			}
		}
	}
	return x
}

// account is that of goroutines of a recording.
func (a *analysis) account(r *recording, t *profile.Totals) account {
	sampled := t.CPU.Seconds()
	onThread := (t.Running + t.CPU - t.Sampled).Seconds()
	atMost := onThread
	for _, k := range callKinds {
		atMost += t.Waits[k].Time.Seconds()
	}
	c := r.unknown()
	c.likely = min(c.likely, atMost/sampled)
	c.told = Span{min(c.told[0], c.likely), c.likely}
	if a.late() && r.Sampled > 0 {
		all := (r.Running + r.CPU - r.Sampled).Seconds()
		turns := onThread / all * r.CPU.Seconds() * r.scale / sampled
		c.told = Span{min(c.told[0], turns), max(c.told[1], turns)}
	}
	return c
}

// unknown is the account of a goroutine of which no more is known than its samples.
func (r *recording) unknown() account {
	c := account{r.scale, Span{r.scale, r.scale}}
	if r.missed() {
		c.told[0] = 1
	}
	return c
}

// allSeen is the share of the system's count from which on samples have missed
// nothing that matters.
const allSeen = 0.95

// missed reports whether samples hold too little of what the system counted.
func (r *recording) missed() bool { return r.scale*allSeen > 1 }

// at is the account of the goroutine that a stack is of.
func (x *accounts) at(r *recording, st *profile.Stack) account {
	if len(st.Frames) == 0 {
		return r.unknown()
	}
	return x.of(r, st.Frames[len(st.Frames)-1])
}

// of is the account of goroutines that began with a function.
func (x *accounts) of(r *recording, start profile.FrameID) account {
	if c, ok := x.known[r][x.frames[start].Func]; ok {
		return c
	}
	return r.unknown()
}

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
