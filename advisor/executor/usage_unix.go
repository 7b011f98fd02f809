//go:build unix

package executor

import (
	"syscall"
	"time"
)

// cpuTime returns the CPU time of the process so far, user and system.
func cpuTime() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// usageNow reads what the choice of an executor is made from, the waits for a
// core if queues.
func usageNow(queues bool) usage {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return usage{}
	}
	now := usage{cpu: time.Duration(u.Utime.Nano() + u.Stime.Nano()), preempted: int(u.Nivcsw)}
	if queues {
		now.queued = queueTime()
	}
	return now
}
