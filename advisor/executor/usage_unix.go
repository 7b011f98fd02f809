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

// usageNow reads what the choice of an executor is made from.
func usageNow() usage {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return usage{}
	}
	return usage{
		cpu:       time.Duration(u.Utime.Nano() + u.Stime.Nano()),
		queued:    queueTime(),
		preempted: int(u.Nivcsw),
	}
}
