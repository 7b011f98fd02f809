package advisor

import (
	"github.com/concurlint/concurlint/advisor/profile"
)

// A weight is a sum over stacks, in seconds of the reference recording.
type weight struct {
	cpu      float64
	told     Span // the same by each account of it
	samples  int64
	waits    [profile.NumKinds]float64
	counts   [profile.NumKinds]int64
	behind   [profile.NumKinds]float64 // in the run queue after such a wait
	runnable float64                   // in the run queue otherwise
	running  float64                   // by the scheduler's word
	inCall   float64                   // CPU time in system calls and C code
	inCallN  int64                     // samples behind it
	unseen   float64                   // CPU time there that no sample may stand for, at most
	calls    float64                   // waits there, but for those for a disk
	// stretched is what was taken off the waits because it was computing.
	stretched [profile.NumKinds]float64
	held      float64 // others waited for a lock released here
	heldN     int64
	seen      int64 // goroutines in snapshots
	leaked    int64 // goroutines that will never end
	inUse     int64 // bytes
	allocated int64 // bytes, where the profile covers what was counted
}

// outsideKinds are the waits that another task can use.
var outsideKinds = []profile.Kind{profile.Net, profile.File, profile.Proc, profile.Cgo, profile.Sleep, profile.Syscall}

// innerKinds are waits for other goroutines.
var innerKinds = []profile.Kind{profile.Chan, profile.Join, profile.Lock, profile.Submit, profile.Memory, profile.Idle}

func (w *weight) add(s *sample) {
	r := s.rec
	if r.cpu {
		t := s.CPU.Seconds() * s.account.likely
		if r.run {
			t = s.Running.Seconds()
			w.compute(asTold, t*r.factor)
		} else {
			w.compute(s.account, s.CPU.Seconds()*r.factor)
		}
		if s.call {
			w.inCall += t * r.factor
			w.inCallN += s.Samples
		}
		if s.inside && !r.run {
			w.unseen += max(0, s.CPU.Seconds()/(1-mostUnseen)-t) * r.factor
		}
		w.samples += s.Samples
	}
	if r.Format == profile.Trace {
		w.running += s.Running.Seconds() * r.factor
	}
	waited := s.raw != profile.NumKinds // most stacks of a CPU profile have not
	if r.outer && waited {
		w.addWaits(s, outsideKinds)
	}
	if r.inner && waited {
		w.addWaits(s, innerKinds)
	}
	if r.outer && !s.sync {
		for _, k := range callKinds {
			w.calls += s.waits[k].Time.Seconds() * r.factor
		}
	}
	if s.Runnable.Time > 0 && (r.outer || r.inner) {
		// A stack has one kind of wait as a rule. What stands in the run queue
		// there came from it, unless it did so more often than it waited.
		queued, after := s.Runnable.Time.Seconds()*r.factor, 0.0
		if k := s.most(); k < profile.NumKinds {
			after = queued * min(1, ratio(float64(s.waits[k].Count), float64(s.Runnable.Count)))
			if s.Runnable.Count == 0 {
				after = queued
			}
			w.behind[k] += after
		}
		w.runnable += queued - after
	}
	if r.Format == profile.MutexProfile { // in a trace, who waits tells of the same
		w.held += s.Held.Time.Seconds() * r.factor
		w.heldN += s.Held.Count
	}
	if r.Format == profile.LeakProfile {
		w.leaked += s.Goroutines
	} else {
		w.seen += s.Goroutines
	}
	w.inUse += s.InUse
	if r.Test {
		w.allocated += s.Bytes
	}
}

// compute adds seconds of CPU samples with what these stand for.
func (w *weight) compute(c account, seconds float64) {
	w.cpu += seconds * c.likely
	w.told[0] += seconds * c.told[0]
	w.told[1] += seconds * c.told[1]
}

func (w *weight) addWaits(s *sample, kinds []profile.Kind) {
	for _, k := range kinds {
		w.waits[k] += s.waits[k].Time.Seconds() * s.rec.factor
		w.counts[k] += s.waits[k].Count
	}
}

func (w *weight) sum(kinds ...profile.Kind) (t float64) {
	for _, k := range kinds {
		t += w.waits[k]
	}
	return t
}

func (w *weight) count(kinds ...profile.Kind) (n int64) {
	for _, k := range kinds {
		n += w.counts[k]
	}
	return n
}

// outside is the time that another task could have used, with and without the
// run queue behind it.
func (w *weight) outside() (lo, hi float64) {
	lo = w.sum(outsideKinds...)
	hi = lo
	for _, k := range outsideKinds {
		hi += w.behind[k]
	}
	return lo, hi
}

// inFlight is the goroutine time without idleness and without waiting to begin.
func (w *weight) inFlight() float64 {
	t := w.runnable + max(w.running, w.cpu)
	for k := range profile.NumKinds {
		if k != profile.Idle && k != profile.Submit {
			t += w.waits[k] + w.stretched[k] + w.behind[k]
		}
	}
	return t
}

// busy is what a function or site is ranked by: idle time and waiting for
// others of one's own program are counted where those work.
func (w *weight) busy() float64 {
	lo, _ := w.outside()
	return w.cpu + lo + w.waits[profile.Lock]
}

// callKinds are the waits that the scheduler cannot tell from computing.
var callKinds = []profile.Kind{profile.File, profile.Cgo, profile.Syscall}

// mostUnseen is the share of the CPU time of calls that wait as well for which there
// was no sample, where it was largest: the clock that samples go by misses short
// stretches of computing between waits.
const mostUnseen = 0.45

// settle takes computing off the waits in system calls. Package profile has
// taken off the CPU samples; computing that lasted so many times longer than it
// took, because others had the core, goes too. What it may have lasted at most counts
// only where enough samples show that the calls compute at all.
func (w *weight) settle(longer, atMost float64) {
	if w.inCallN >= firmSamples {
		longer = atMost
	}
	all := w.sum(callKinds...)
	if all <= 0 || w.inCall <= 0 || longer <= 1 {
		return
	}
	off := min(1, min(w.calls, w.inCall*(longer-1))/all)
	for _, k := range callKinds {
		w.stretched[k] = w.waits[k] * off
		w.waits[k] -= w.stretched[k]
	}
}

// doubt is the share of the waits in system calls and C code that may be computing
// for which there was no sample.
func (w *weight) doubt() float64 { return min(1, ratio(w.unseen, w.sum(callKinds...))) }

// work is the goroutine time that the function or site was at it, the run queue
// included, without waits for goroutines of which no more is known.
func (w *weight) work() float64 {
	_, outside := w.outside()
	return max(w.running, w.cpu) + outside + w.waits[profile.Lock] + w.behind[profile.Lock] + w.runnable
}

// blank reports whether nothing at all was seen.
func (w *weight) blank() bool {
	return w.cpu == 0 && w.samples == 0 && w.seen == 0 && w.leaked == 0 && w.held == 0 && w.running == 0 && w.inFlight() == 0 && w.waits[profile.Idle] == 0
}
