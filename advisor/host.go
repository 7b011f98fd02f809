package advisor

import (
	"time"
)

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
		if r.Sampled > 0 {
			running += r.Running
			traced += r.Sampled
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
