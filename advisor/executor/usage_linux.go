package executor

import (
	"bytes"
	"os"
	"strconv"
	"time"
)

// queueTime returns how long the threads of the process have waited for a
// core so far: the second figure of schedstat, summed.
func queueTime() time.Duration {
	threads, err := os.ReadDir("/proc/self/task")
	if err != nil {
		return 0
	}
	var sum time.Duration
	for _, t := range threads {
		text, err := os.ReadFile("/proc/self/task/" + t.Name() + "/schedstat")
		if err != nil {
			continue // the thread has ended
		}
		if f := bytes.Fields(text); len(f) > 1 {
			ns, _ := strconv.ParseInt(string(f[1]), 10, 64)
			sum += time.Duration(ns)
		}
	}
	return sum
}
