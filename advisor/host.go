package advisor

import (
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

// longest is how many times longer computing may have lasted than it took, 1 where
// the host is known to have been the program's own: the overcommit with the fewest
// samples that those seen can stand for (two standard deviations of a count).
func (b *basis) longest(h *Host, threshold float64) float64 {
	var running, traced time.Duration
	for _, r := range b.recordings {
		if t := sampledRunning(r.Source); t > 0 {
			running += r.Running
			traced += t
		}
	}
	n := float64(traced) / float64(period)
	if traced == 0 || h.Overcommit <= threshold && n >= fewSamples {
		return 1
	}
	return max(1, float64(running)/float64(period)/max(n*fewest, n-2*math.Sqrt(n)))
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
			gc += time.Duration(float64(r.GC) * r.scale)
			span += seconds(r.Source)
		}
		if t := sampledRunning(r.Source); t > 0 {
			running += r.Running
			traced += t
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
	if cpu > 0 && b.samples >= firmSamples { // one sample in the collector is no share
		h.GC = float64(gc) / float64(cpu)
	}
	return h
}
