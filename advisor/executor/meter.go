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

// demand is what samples of the run's goroutines have seen so far: sums over the
// samples, so that a sample of two attempts counts twice. A task that computes is
// running or runnable all the time, also while its thread waits for a core, or it
// waits for a thread, or the hypervisor has the core: none of which it can help,
// and the last two are in no account of the kernel's.
type demand struct {
	busy  float64 // attempts in flight
	want  float64 // of them, those that ran or wanted to
	ready float64 // of those, the ones that wanted to
}

func (d demand) since(before demand) demand {
	return demand{d.busy - before.busy, d.want - before.want, d.ready - before.ready}
}

// add takes a sample of so many attempts in flight.
func (d *demand) add(busy, running, runnable int) {
	running-- // the goroutine that takes the sample
	if running+1 >= runtime.GOMAXPROCS(0) && runnable > 0 {
		running, runnable = running+1, runnable-1 // it has taken the place of one
	}
	d.busy += float64(busy)
	d.want += float64(min(busy, running+runnable))
	d.ready += float64(min(busy, runnable))
}

// computing returns the part of busy, the time of attempts, that was no wait, from
// the kernel's accounts for the same time, CPU time and its threads' waits for a
// core, and from the samples. The kernel does not know goroutines that wait for a
// thread, which the samples do; it knows threads in system calls, which the samples
// do not. And what the hypervisor took away only the samples show.
func (d demand) computing(busy, cpu, queued time.Duration) float64 {
	share := (cpu + max(0, queued)).Seconds() / max(busy, 1).Seconds() // threads that ended took their waits along
	if d.busy == 0 {
		return min(1, share)
	}
	return min(1, max(share+d.ready/d.busy, d.want/d.busy))
}

// runners is an estimate of the goroutines of the process that run, and that could.
func runners() (running, runnable int) {
	s := []metrics.Sample{
		{Name: "/sched/goroutines/running:goroutines"},
		{Name: "/sched/goroutines/runnable:goroutines"},
	}
	metrics.Read(s)
	return int(s[0].Value.Uint64()), int(s[1].Value.Uint64())
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
