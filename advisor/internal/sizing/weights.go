package sizing

import "time"

// Weights are the mean costs of one task as measured beforehand, by a profile
// or a pilot. Time in a run queue or waiting for a lock is no part of Wait:
// more tasks in flight lengthen it instead of using it.
type Weights struct {
	CPU   time.Duration
	Wait  time.Duration // network, disk, sleep
	Hold  time.Duration // of a lock or another thing that only one task has at a time
	Bytes int64         // memory that a task in flight holds
}

// Slack is how much above Goetz's size the size lies that comes within 2 % of
// the best throughput: waits and computations of random length do not mesh.
const Slack = 1.3

// Goetz returns P·(1 + W/C), at least P: the size that keeps procs cores busy
// if nothing but the cores is a limit (Goetz et al., Java Concurrency in
// Practice, 2006, section 8.2). A back-end's limit is in no profile, so this is
// a ceiling and never a size to start with.
func Goetz(procs int, cpu, wait time.Duration) int {
	if cpu <= 0 || wait < 0 {
		return procs
	}
	return int(min(1e9, float64(procs)*(1+float64(wait)/float64(cpu))))
}

// Range returns the least and the greatest size that are worth trying on procs
// cores with memory bytes to spare (0: no limit). The greatest is 0 when the
// weights do not tell: no CPU time was seen, but waits were.
func (w Weights) Range(procs int, memory int64) (lo, hi int) {
	lo = procs
	if w.CPU > 0 {
		hi = int(Slack * float64(Goetz(procs, w.CPU, w.Wait)))
	} else if w.Wait <= 0 {
		hi = procs
	}
	if w.Hold > 0 {
		// All tasks together cannot hold the lock more than all the time.
		hi = capped(hi, max(1, int((w.CPU+w.Wait)/w.Hold)))
	}
	if memory > 0 && w.Bytes > 0 {
		hi = capped(hi, max(1, int(memory/w.Bytes)))
	}
	if hi > 0 {
		lo = min(lo, hi)
	}
	return lo, hi
}

// capped is the lesser of the two, where a hi of 0 knows no limit.
func capped(hi, limit int) int {
	if hi == 0 {
		return limit
	}
	return min(hi, limit)
}
