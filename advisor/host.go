package advisor

import (
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
	if cpu > 0 {
		h.GC = float64(gc) / float64(cpu)
	}
	return h
}
