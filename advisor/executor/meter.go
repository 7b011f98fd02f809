package executor

import (
	"runtime"
	"runtime/metrics"
	"time"
)

// meter reads the clock and the process, the latter not more than once a
// millisecond: a look costs about as much as a short task.
type meter struct {
	began    time.Time
	cpuBegan time.Duration
	last     time.Duration // latest completion: the clock that plans see, which never runs back
	looked   time.Duration // instant of the last look at the CPU time
	weighed  time.Duration // and at the memory
}

const lookEvery = time.Millisecond

func (m *meter) start() {
	m.began = time.Now()
	m.cpuBegan = cpuTime()
}

func (m *meter) now() time.Duration { return time.Since(m.began) }

// cpu returns the CPU time of the process since the start, or 0 if it was
// read a moment ago.
func (m *meter) cpu(now time.Duration) time.Duration {
	if now-m.looked < lookEvery {
		return 0
	}
	m.looked = now
	return max(cpuTime()-m.cpuBegan, 1)
}

// memory returns the bytes that the process holds, or 0 if it was read a
// moment ago.
func (m *meter) memory(now time.Duration) int64 {
	if now-m.weighed < 5*lookEvery {
		return 0
	}
	m.weighed = now
	s := []metrics.Sample{
		{Name: "/memory/classes/total:bytes"},
		{Name: "/memory/classes/heap/released:bytes"},
	}
	metrics.Read(s)
	return int64(s[0].Value.Uint64() - s[1].Value.Uint64())
}

func utilization(cpu, elapsed time.Duration) float64 {
	if elapsed <= 0 {
		return 0
	}
	return cpu.Seconds() / elapsed.Seconds() / float64(runtime.GOMAXPROCS(0))
}

// usage is what the process has used so far.
type usage struct {
	cpu       time.Duration
	queued    time.Duration // its threads' waits for a core; 0: not told
	preempted int           // times that the kernel took a core away
}
