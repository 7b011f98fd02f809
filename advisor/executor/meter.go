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
	demand   demand
	usage    func(queues bool) usage // usageNow; the waits for a core if queues
}

// demand is what samples of the run's goroutines have seen so far. A task that
// computes is running or runnable all the time, also while its thread waits for a
// core, or it waits for a thread, or the hypervisor has the core: none of which
// it can help, and the last two are in no account of the kernel's.
type demand struct {
	busy float64 // sum of the attempts in flight
	want float64 // sum of those that ran or wanted to
}

func (d demand) since(before demand) demand {
	return demand{d.busy - before.busy, d.want - before.want}
}

// share returns the part of the attempts' time in which they ran or wanted to;
// 0 if that is not known.
func (d demand) share() float64 {
	if d.busy == 0 {
		return 0
	}
	return d.want / d.busy
}

// wanting is an estimate of the goroutines of the process that run or could.
func wanting() int {
	s := []metrics.Sample{
		{Name: "/sched/goroutines/running:goroutines"},
		{Name: "/sched/goroutines/runnable:goroutines"},
	}
	metrics.Read(s)
	return int(s[0].Value.Uint64() + s[1].Value.Uint64())
}

const lookEvery = time.Millisecond

func (m *meter) start() {
	m.began = time.Now()
	m.usage = usageNow
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
	return max(m.usage(false).cpu-m.cpuBegan, 1)
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
