//go:build !unix

package executor

import (
	"runtime/metrics"
	"time"
)

// cpuTime returns the CPU time of the process so far as the Go runtime
// estimates it: its total less its idle time. It is brought up to date at each
// garbage collection only, so it errs high and late.
func cpuTime() time.Duration {
	s := []metrics.Sample{{Name: "/cpu/classes/total:cpu-seconds"}, {Name: "/cpu/classes/idle:cpu-seconds"}}
	metrics.Read(s)
	return time.Duration((s[0].Value.Float64() - s[1].Value.Float64()) * float64(time.Second))
}

// usageNow reads what the choice of an executor is made from.
func usageNow(bool) usage { return usage{cpu: cpuTime()} }
