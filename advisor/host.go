package advisor

import (
	"fmt"
	"math"
	"time"

	"github.com/concurlint/concurlint/advisor/profile"
)

const (
	// period is the CPU time between two samples.
	period = time.Duration(samplePeriod * 1e9)
	// unlikely is for how long goroutines run on an idle host without a sample in
	// one case of twenty (rule of three).
	unlikely = 3 * period
)

// sampledRunning is the CPU time of what the scheduler took for running, 0 if it
// is not known. A program that computes in system calls or C code alone has no
// sample there: then the host shows by how long goroutines ran without one, and
// half a period is the estimate of a count of none (Jeffreys).
func sampledRunning(s *profile.Source) time.Duration {
	if s.Sampled == 0 && s.Format == profile.Trace && s.CPU > 0 && s.Running >= unlikely {
		return period / 2
	}
	return s.Sampled
}

// fewSamples are as many samples in Go code as tell nothing of overcommit: the
// interval around four reaches from one to ten.
const fewSamples = 5

// A crowding is by how much longer goroutines ran, by the scheduler's word, than
// they computed.
type crowding struct {
	ratio   float64 // likeliest, 0 if nothing is known
	most    float64 // with the fewest samples that those seen can stand for (two standard deviations of a count)
	samples float64 // in Go code, behind both
	excess  float64 // by how much longer in all, in seconds of the reference
}

func (b *basis) crowding() crowding {
	var running, traced time.Duration
	var excess float64
	for _, r := range b.recordings {
		if t := sampledRunning(r.Source); t > 0 {
			running += r.Running
			traced += t
			excess += max(0, r.Running-t).Seconds() * r.factor
		}
	}
	if traced == 0 {
		return crowding{}
	}
	n := float64(traced) / float64(period)
	return crowding{
		ratio:   float64(running) / float64(traced),
		most:    float64(running) / float64(period) / max(n*fewest, n-2*math.Sqrt(n)),
		samples: n,
		excess:  excess,
	}
}

// told reports whether the samples are enough to give the ratio as a figure: a
// program that has its cores to itself seems overcommitted by the threshold in one
// case of forty where threshold²·4/(threshold-1)² samples were to be seen, and that
// many ÷ threshold were. At 1.5 these are 24. Fewer make ranges of waits, which
// costs little, and no claim.
func (c crowding) told(threshold float64) bool {
	d := threshold - 1
	return c.samples >= 4*threshold/(d*d)
}

// longest is how many times longer computing may have lasted than it took, 1 where
// the host is known to have been the program's own.
func (c crowding) longest(threshold float64) float64 {
	if c.samples == 0 || c.ratio <= threshold && c.samples >= fewSamples {
		return 1
	}
	return max(1, c.most)
}

// queued is how long a goroutine that is ready stands in the run queue on average: by
// the traces, or else by the runtime's count of the same.
func (b *basis) queued(told profile.Wait) float64 {
	var traced profile.Wait
	for _, r := range b.recordings {
		if r.Format != profile.Trace {
			continue
		}
		for i := range r.Stacks {
			traced.Add(r.Stacks[i].Runnable)
		}
	}
	if traced.Count == 0 {
		traced = told
	}
	return ratio(traced.Time.Seconds(), float64(traced.Count))
}

// host is what the recordings say of the machine.
func (b *basis) host(cores int, threshold float64) Host {
	var h Host
	var cpu, gc time.Duration
	var span float64
	for _, r := range b.recordings {
		h.Cores = max(h.Cores, r.Cores)
		if r.cpu && !r.run {
			cpu += time.Duration(float64(r.CPU) * r.scale)
			gc += time.Duration(float64(r.GC) * r.scale)
			span += seconds(r.Source)
		}
	}
	if cores > 0 {
		h.Cores = cores
	}
	if c := b.crowding(); c.told(threshold) {
		h.Overcommit = c.ratio
	}
	if h.Cores > 0 && span > 0 {
		h.Busy = min(1, cpu.Seconds()/span/float64(h.Cores))
	}
	if cpu > 0 && b.samples >= firmSamples { // one sample in the collector is no share
		h.GC = float64(gc) / float64(cpu)
	}
	return h
}

// late reports whether the scheduler's figures are to be taken for too long: others
// had the cores as well, as far as is known.
func (a *analysis) late() bool { return a.crowding.ratio > a.th.Overcommit }

// shared says that others had the cores, by how much if it is known.
func (a *analysis) shared() string {
	if a.host.Overcommit == 0 {
		return fmt.Sprintf("too few CPU samples in Go code (%d) to say whether the host was overcommitted", int64(a.crowding.samples+0.5))
	}
	return fmt.Sprintf("the host was overcommitted %s times", number(a.host.Overcommit))
}
