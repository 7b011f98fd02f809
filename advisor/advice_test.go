package advisor

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/concurlint/concurlint/advisor/profile"
)

// The stacks of the group's tasks and of who submits them.
const (
	netAt    = "net/http.(*persistConn).roundTrip net/http.(*Client).Do app.fetch.func1@fetch.go:16 golang.org/x/sync/errgroup.(*Group).Go.func1"
	lockAt   = "sync.(*Mutex).Lock app.fetch.func1@fetch.go:17 golang.org/x/sync/errgroup.(*Group).Go.func1"
	cpuAt    = "app.fetch.func1@fetch.go:18 golang.org/x/sync/errgroup.(*Group).Go.func1"
	submitAt = "golang.org/x/sync/errgroup.(*Group).Go app.fetch@fetch.go:15 main.main@/src/app/cmd/app/main.go:7"
	taskAt   = "golang.org/x/sync/errgroup.(*Group).Go.func1"
	serialAt = "net/http.(*Client).Do app.serve@loop.go:14 main.main@/src/app/cmd/app/main.go:9"
)

// tasked is a trace of d in which n tasks of the group ran, peak at once, each
// computing c and waiting w for kind k; submitters waited for s.
func tasked(d time.Duration, n, peak int64, c time.Duration, k profile.Kind, w, s time.Duration) *recorded {
	t := time.Duration(n)
	r := record().source(profile.Trace, d)
	r.stack(cpuAt, cpu(c*t))
	at := map[profile.Kind]string{profile.Lock: lockAt}[k]
	if at == "" {
		at = netAt
	}
	r.stack(at, wait(k, w*t, n))
	r.task(submitAt, taskAt, n, peak, plus(cpu(c*t), wait(k, w*t, n)))
	if s > 0 {
		r.stack(submitAt, wait(profile.Submit, s, n))
	}
	return r
}

// slowdown has two traces, the second with four times as many in flight, which
// take four times as long.
func slowdown() *recorded {
	r := tasked(10*sc, 4000, 10, ms/2, profile.Net, 24*ms, 9*sc)
	second := tasked(10*sc, 4000, 40, ms/2, profile.Net, 99*ms, 9*sc)
	// Frames were numbered alike: both were built by the same calls.
	r.sources = append(r.sources, second.sources...)
	return r
}

// kernel are reads from the page cache on a host that gives the program a tenth
// of its cores: by the scheduler's word they are waits in system calls.
func kernel(call string) *recorded {
	at := call + " app.fetch.func1@fetch.go:18"
	w := plus(profile.Weights{CPU: 4 * sc, Samples: 400}, wait(profile.File, 36*sc, 4000), profile.Weights{Runnable: profile.Wait{Time: 200 * sc}})
	r := record().source(profile.Trace, 10*sc).stack(at, w)
	r.task(submitAt, taskAt, 4000, 32, w).stack(submitAt, wait(profile.Submit, 9*sc, 4000))
	r.last().Running, r.last().Sampled = 10*sc, sc
	return r
}

// batches are two traces of a pool: of few workers that ask a thousand times, and of
// eight times as many with another number of tasks. The far end answers within d.
func batches(tasks int64, d time.Duration) *recorded {
	of := func(workers, tasks int64, d time.Duration) *recorded {
		at := "net/http.(*Client).Do app.worker@pool.go:14 app.worker"
		all := time.Duration(tasks) * d
		r := record().source(profile.Trace, all/time.Duration(workers)).stack(at, wait(profile.Net, all, tasks)).
			stack("app.submit@pool.go:32 main.main", wait(profile.Submit, all/time.Duration(workers), tasks))
		return r.task("main.main@/src/app/cmd/app/main.go:8", "app.worker", workers, workers, wait(profile.Net, all, tasks))
	}
	r := of(8, 1000, 10*ms)
	r.sources = append(r.sources, of(64, tasks, d).sources...)
	return r
}

// abandoned are goroutines that wait to send, most of them for good.
func abandoned(began, ended int64) *recorded {
	w := plus(cpu(sc), wait(profile.Chan, 9000*sc, began))
	r := record().source(profile.Trace, 10*sc).stack("runtime.chansend1 app.fetch.func1@fetch.go:18 "+taskAt, w)
	return r.task(submitAt, taskAt, began, began, w).with(func(s *profile.Source) { s.Tasks[0].Ended = ended })
}

// leaking adds a profile in which n goroutines wait for good.
func leaking(r *recorded, path string, n int64) *recorded {
	return r.source(profile.LeakProfile, 0).stack("runtime.chansend1 "+path, profile.Weights{Goroutines: n})
}

// Whether a limit binds, and where there is none.
var (
	binds, slack = true, false
	unlimited    = Limit{Class: "none"}
)

var adviceCases = map[string]struct {
	site     Site
	rec      *recorded
	opts     Options
	action   string // "" for no advice
	executor string
	min, max int // 0: not checked
	binds    *bool
	class    string
	says     string // in title, because, unknown or caps
}{
	"binding I/O limit": {group(constant(8)), tasked(10*sc, 4000, 8, ms/2, profile.Net, 20*ms, 9*sc), Options{},
		"more", "io", 16, 213, &binds, "io", "submitters waited 4000 times, 9 s in 10 s"},
	"limit that nobody waits for": {group(constant(80)), tasked(10*sc, 4000, 12, ms/2, profile.Net, 20*ms, 0), Options{},
		"keep", "io", 0, 0, &slack, "io", "does not bind"},
	"computing on a number that is not known": {computing(group(Limit{Class: "cores×k", Text: "runtime.NumCPU() / 2"})), record().source(profile.CPUProfile, 10*sc).stack(cpuAt, cpu(5*sc)), Options{},
		"keep", "io", 0, 0, nil, "cpu", "whether the limit binds"},
	"no evidence of binding": {group(constant(8)), record().source(profile.CPUProfile, 10*sc).stack(cpuAt, cpu(5*sc)), Options{},
		"keep", "io", 0, 0, nil, "", "whether the limit binds"},
	"select in HTTP is net by the source": {group(constant(8)), tasked(10*sc, 4000, 8, ms/2, profile.Chan, 20*ms, 9*sc), Options{},
		"more", "io", 16, 213, &binds, "io", "mostly net"},
	"computing on too wide a pool": {group(constant(64)), tasked(10*sc, 3900, 64, 10*ms, profile.Net, ms/10, 9*sc).
		stack(cpuAt+" ", profile.Weights{Runnable: profile.Wait{Time: 590 * sc, Count: 3900}}), Options{},
		"fewer", "cpu", 4, 4, &binds, "cpu", "its tasks compute"},
	"computing on as many as cores": {group(Limit{Class: "cores", Text: "runtime.GOMAXPROCS(0)"}), tasked(10*sc, 3900, 4, 10*ms, profile.Net, ms/10, 9*sc), Options{},
		"keep", "cpu", 0, 0, &binds, "cpu", "as many workers as cores"},
	"I/O on as many as cores": {group(Limit{Class: "cores", Text: "runtime.GOMAXPROCS(0)"}), tasked(10*sc, 2000, 4, ms/2, profile.Net, 19*ms, 9*sc), Options{},
		"more", "io", 8, 202, &binds, "io", "raise the limit of 4"},
	"computing on fewer than cores": {group(constant(2)), tasked(10*sc, 1990, 2, 10*ms, profile.Net, ms/10, 9*sc), Options{},
		"more", "cpu", 4, 4, &binds, "cpu", "raise the limit of 2 to 4"},
	"lock": {group(constant(32)), tasked(10*sc, 10000, 32, ms, profile.Lock, 30*ms, 9*sc), Options{},
		"fewer", "io", 1, 0, &binds, "lock", "the lock is the cap"},
	"reads that compute in the kernel, on a busy host": {group(constant(32)), kernel("syscall.pread os.(*File).ReadAt"), Options{},
		"fewer", "cpu", 4, 4, &binds, "cpu", "its tasks compute"},
	"reads that compute in the kernel alone, on a busy host": {group(constant(32)), kernel("syscall.pread os.(*File).ReadAt").with(func(s *profile.Source) { s.Running, s.Sampled = sc/10, 0 }), Options{},
		"fewer", "cpu", 4, 4, &binds, "cpu", "its tasks compute"},
	"a disk is waited for, on a busy host": {group(constant(32)), kernel("syscall.Syscall syscall.Fsync os.(*File).Sync").with(func(s *profile.Source) { s.Running, s.Sampled = sc/10, 0 }), Options{},
		"more", "io", 0, 0, &binds, "mixed", ""},
	"reads that wait, hardly running": {group(constant(32)), kernel("syscall.pread os.(*File).ReadAt").with(func(s *profile.Source) { s.Running, s.Sampled = sc/50, 0 }), Options{},
		"more", "io", 0, 0, &binds, "mixed", ""},
	"next lock": {group(constant(8)), tasked(10*sc, 4000, 8, ms, profile.Net, 15*ms, 9*sc).stack(lockAt, wait(profile.Lock, 16*sc, 4000)).
		with(func(s *profile.Source) {
			s.Tasks[0].Whole.Waits[profile.Lock] = profile.Wait{Time: 16 * sc, Count: 4000}
		}), Options{},
		"more", "io", 16, 81, &binds, "io", "the next lock will show"},
	"few items": {items(group(constant(8)), "24"), tasked(10*sc, 4000, 8, ms/2, profile.Net, 20*ms, 9*sc), Options{},
		"more", "io", 16, 24, &binds, "io", "24 items"},
	"connections": {items(group(unlimited), "an endless loop"), tasked(10*sc, 4000, 900, ms/2, profile.Net, 200*ms, 0), Options{},
		"keep", "unbounded", 0, 0, &slack, "io", "netpoller"},
	"very many connections": {items(group(unlimited), "an endless loop"), tasked(10*sc, 40000, 12000, ms/100, profile.Net, 2900*ms, 0), Options{},
		"move", "loop", 0, 0, &slack, "io", "take 25 MB at least"},
	"far end that slows down": {group(constant(40)), slowdown(), Options{},
		"fewer", "io", 4, 13, &binds, "io", "the far end slows down"},
	"many that compute and wait for the collector, which takes little": {group(constant(64)), tasked(10*sc, 3900, 64, 10*ms, profile.Memory, 150*ms, 9*sc), Options{},
		"fewer", "cpu", 4, 4, &binds, "memory", "its tasks compute"},
	"far end that slows down for workers": {workers(constant(64)), batches(1000, 160*ms), Options{},
		"fewer", "io", 0, 10, &binds, "io", "with 8 in flight a wait took 10 ms, with 64 160 ms, for 0.5 times the throughput"},
	"far end that serves more workers, whose function is in another package": {elsewhere(workers(constant(64))), batches(64000, 11*ms), Options{},
		"more", "io", 128, 0, &binds, "io", "raise the limit of 64"},
	"far end that serves more workers": {workers(constant(64)), batches(64000, 11*ms), Options{},
		"more", "io", 128, 0, &binds, "io", "raise the limit of 64"},
	"collector": {group(constant(4)), tasked(10*sc, 3000, 4, 10*ms, profile.Net, 0, 9*sc).with(func(s *profile.Source) { s.GC = s.CPU / 2 }), Options{},
		"keep", "cpu", 0, 0, &binds, "memory", "a larger GOGC"},
	"memory": {group(constant(8)), tasked(10*sc, 4000, 8, ms/2, profile.Net, 20*ms, 9*sc).source(profile.HeapProfile, 0).
		stack("app.fetch.func1@fetch.go:18", profile.Weights{InUse: 800e6}), Options{Memory: 2e9},
		"more", "io", 16, 20, &binds, "io", "a task in flight holds 98 MB"},
	"descriptors": {group(constant(8)), tasked(10*sc, 400, 8, ms/10, profile.Net, 190*ms, 9*sc), Options{Descriptors: 256},
		"more", "io", 16, 204, &binds, "io", "may open 256 files (-descriptors)"},
	"descriptors that nobody knows": {group(constant(8)), tasked(10*sc, 4000, 8, ms/2, profile.Net, 20*ms, 9*sc), Options{Cores: 16},
		"more", "io", 16, 819, &binds, "io", "within 1024, the least that systems ship; -descriptors N"},
	"descriptors that nobody knows, of more than systems ship": {group(constant(900)), tasked(10*sc, 40000, 900, ms/10, profile.Net, 190*ms, 9*sc), Options{},
		"more", "io", 1800, 9885, &binds, "io", "raise the limit of 900"},
	"more cores": {group(constant(8)), tasked(10*sc, 4000, 8, ms/2, profile.Net, 20*ms, 9*sc), Options{Cores: 16, Descriptors: 1 << 20},
		"more", "io", 16, 852, &binds, "io", "memory a task in flight holds"},
	"huge fan-out": {group(unlimited), tasked(10*sc, 4000, 900, ms/2, profile.Net, 200*ms, 0), Options{Descriptors: 1024},
		"bound", "io", 81, 819, &slack, "io", "900 goroutines at once"},
	"huge fan-out, as many as were seen": {group(unlimited), tasked(10*sc, 4000, 900, ms/2, profile.Net, 200*ms, 0), Options{},
		"bound", "io", 81, 900, &slack, "io", "900 goroutines at once"},
	"huge fan-out that computes": {group(unlimited), tasked(10*sc, 400, 400, 50*ms, profile.Net, 0, 0), Options{},
		"bound", "cpu", 4, 4, &slack, "cpu", "in place of 400"},
	"huge fan-out that computes and waits for the collector": {group(unlimited), tasked(10*sc, 400, 400, 50*ms, profile.Memory, 800*ms, 0), Options{},
		"bound", "cpu", 4, 4, &slack, "memory", "in place of 400"},
	"huge fan-out of subprocesses": {group(unlimited), tasked(10*sc, 4000, 900, ms/2, profile.Proc, 200*ms, 0), Options{},
		"bound", "io", 8, 8, &slack, "io", "80 in flight on average"},
	"huge fan-out that queues for a lock": {group(unlimited), tasked(10*sc, 400, 400, 10*ms, profile.Lock, 900*ms, 0), Options{},
		"bound", "cpu", 1, 2, &slack, "lock", "the lock lets 1 of 400 goroutines work at once"},
	"goroutines that do not end": {group(unlimited), abandoned(4000, 10), Options{},
		"end", "", 0, 0, &slack, "coordination", "4000 began and 10 ended"},
	"goroutines that do not end, and nothing proves it": {group(unlimited), leaking(abandoned(4000, 10), "app.submit@pool.go:32", 5), Options{},
		"end", "", 0, 0, &slack, "coordination", "the goroutineleak profile has none of them"},
	"goroutines that never end": {group(unlimited), leaking(record(), "app.fetch.func1@fetch.go:18 "+taskAt, 3), Options{},
		"end", "", 0, 0, &slack, "", "3 goroutines wait at fetch.go:18 for good"},
	"a goroutine that never ends, of a limit that binds": {group(constant(8)), leaking(tasked(10*sc, 4000, 8, ms/2, profile.Net, 20*ms, 9*sc), "app.fetch.func1@fetch.go:18 "+taskAt, 1), Options{},
		"end", "", 0, 0, &binds, "io", "1 goroutine waits for good"},
	"a loop in a goroutine that never ends": {loop("io"), leaking(record(), "app.serve@loop.go:14", 3), Options{},
		"", "", 0, 0, nil, "", ""},
	"goroutines that wait for one another": {group(unlimited), abandoned(4000, 4000), Options{},
		"keep", "unbounded", 0, 0, &slack, "coordination", "for one another"},
	"small fan-out": {group(unlimited), tasked(10*sc, 400, 10, ms/2, profile.Net, 200*ms, 0), Options{},
		"keep", "unbounded", 0, 0, &slack, "io", "no more than 10"},
	"tiny tasks of a queue that is never empty": {workers(constant(4)), record().source(profile.Trace, 10*sc).stack("runtime.chanrecv2 app.worker@pool.go:12", cpu(2*sc)).
		stack("runtime.chansend1 app.submit@pool.go:32", cpu(sc)).stack("app.worker@pool.go:15", cpu(sc)), Options{},
		"chunk", "cpu", 4, 4, &slack, "cpu", "receiving from it computed 3 s, the tasks 1 s"},
	"tiny tasks of a queue": {workers(constant(4)), record().source(profile.Trace, 10*sc).stack("runtime.chanrecv2 app.worker@pool.go:12", plus(cpu(sc/2), wait(profile.Chan, 20*sc, 200000))).
		stack("app.worker@pool.go:15", cpu(4*sc)), Options{},
		"chunk", "cpu", 4, 4, &slack, "cpu", "chunks of 2 tasks to 3"},
	"larger tasks of a queue": {workers(constant(4)), record().source(profile.Trace, 10*sc).stack("runtime.chanrecv2 app.worker@pool.go:12", plus(cpu(sc/2), wait(profile.Chan, 20*sc, 2000))).
		stack("app.worker@pool.go:15", cpu(4*sc)), Options{},
		"keep", "io", 0, 0, &slack, "cpu", "its tasks compute"},
	"tiny tasks": {group(constant(4)), tasked(10*sc, 1000000, 4, 8*us, profile.Net, 0, sc), Options{},
		"chunk", "cpu", 4, 4, &binds, "cpu", "chunks of 3 tasks to 7"},
	"tiny tasks that are few": {group(constant(2)), tasked(10*sc, 1200, 2, 8*us, profile.Net, 0, sc).stack("app.fetch@fetch.go:21", cpu(9*sc)).
		stack(cpuAt, profile.Weights{Runnable: profile.Wait{Time: sc, Count: 1200}}), Options{},
		"keep", "cpu", 0, 0, &binds, "cpu", "too few"},
	"tasks of next to nothing": {group(constant(4)), tasked(10*sc, 10000000, 4, us/2, profile.Net, 0, sc), Options{},
		"serial", "serial", 1, 1, &binds, "cpu", "without handing over"},
	"serial waits": {loop("io"), record().source(profile.Trace, 10*sc).stack(serialAt, wait(profile.Net, 9*sc, 450)).
		stack("app.serve@loop.go:15", cpu(sc/2)), Options{},
		"concurrent", "io", 2, 98, nil, "io", "one by one for 90 %"},
	"serial waits in many goroutines": {loop("io"), record().source(profile.Trace, 10*sc).stack(serialAt, wait(profile.Net, 90*sc, 450)).
		stack("app.serve@loop.go:15", cpu(sc/2)), Options{},
		"concurrent", "io", 2, 90, nil, "io", "each pass gets shorter, the throughput stays"},
	"serial waits of eight items in many goroutines": {eight(loop("io")), record().source(profile.Trace, 10*sc).stack(serialAt, wait(profile.Net, 30*sc, 450)).
		stack("app.serve@loop.go:15", cpu(sc/2)), Options{},
		"concurrent", "io", 2, 8, nil, "io", "there are 8 items"},
	"loop with a pace": {loop("io"), record().source(profile.Trace, 10*sc).stack("time.Sleep app.serve@loop.go:16", wait(profile.Sleep, 9*sc, 450)), Options{},
		"", "", 0, 0, nil, "", ""},
	"serial computing": {loop("cpu"), record().source(profile.CPUProfile, 10*sc).stack("app.serve@loop.go:15/10", cpu(9*sc)), Options{},
		"concurrent", "cpu", 4, 4, nil, "cpu", "on 4 workers"},
	"serial loop that is cold": {loop("io"), record().source(profile.Trace, 10*sc).stack("app.worker@pool.go:15", cpu(9*sc)), Options{},
		"", "", 0, 0, nil, "", ""},
	"idle workers": {workers(constant(16)), record().source(profile.Trace, 10*sc).stack("runtime.chanrecv1 app.worker@pool.go:12", wait(profile.Chan, 159*sc, 400)).
		stack("app.worker@pool.go:15", cpu(sc/2)), Options{},
		"keep", "io", 0, 0, &slack, "cpu", "0.05 in flight"},
	"busy workers": {workers(constant(16)), record().source(profile.Trace, 10*sc).stack("net.(*conn).Read app.worker@pool.go:14", wait(profile.Net, 150*sc, 4000)).
		stack("app.worker@pool.go:15", cpu(2*sc)).stack("runtime.chansend1 app.submit@pool.go:32", wait(profile.Chan, 9*sc, 4000)), Options{},
		"more", "io", 32, 395, &binds, "io", "submitters waited 4000 times"},
	"wide pool by CPU profile and source": {computing(group(constant(64))), record().source(profile.CPUProfile, 10*sc).stack(cpuAt, cpu(9*sc)), Options{},
		"fewer", "cpu", 4, 4, nil, "cpu", "the source's word"},
	"goroutine snapshots": {group(constant(8)), record().source(profile.Goroutines, 0).stack(netAt, snapped(profile.Net, 35)).
		stack(cpuAt, profile.Weights{Goroutines: 5}).stack(submitAt, snapped(profile.Submit, 300)), Options{},
		"more", "io", 16, 41, &binds, "mixed", "right within 3 times"},
	"block profile without a duration": {group(constant(8)), record().source(profile.CPUProfile, 10*sc).stack(cpuAt, cpu(5*sc)).
		source(profile.BlockProfile, 0).stack(submitAt, wait(profile.Submit, 9000*sc, 900)), Options{},
		"keep", "io", 0, 0, nil, "", "how long the block profile was recorded"},
	"block profile beside a CPU profile of a test": {group(constant(8)), record().source(profile.CPUProfile, 10*sc).with(func(s *profile.Source) { s.Test = true }).
		stack(cpuAt, cpu(5*sc)).source(profile.BlockProfile, 0).stack(submitAt, wait(profile.Submit, 9*sc, 900)), Options{},
		"keep", "io", 0, 0, &binds, "", "do not show what its tasks wait for"},
	"lock by block profile and source": {computing(group(constant(32))), record().source(profile.CPUProfile, 10*sc).stack(cpuAt, cpu(8*sc)).
		source(profile.BlockProfile, 10*sc).stack(lockAt, wait(profile.Lock, 240*sc, 900)).stack(submitAt, wait(profile.Submit, 9*sc, 900)), Options{},
		"fewer", "io", 1, 2, &binds, "lock", "the source's word"},
	"lock by block profile, waits unknown": {group(constant(32)), record().source(profile.CPUProfile, 10*sc).stack(cpuAt, cpu(8*sc)).
		source(profile.BlockProfile, 10*sc).stack(lockAt, wait(profile.Lock, 240*sc, 900)).stack(submitAt, wait(profile.Submit, 9*sc, 900)), Options{},
		"keep", "io", 0, 0, &binds, "", "do not show what its tasks wait for"},
	"too few observations": {computing(group(constant(64))), record().source(profile.CPUProfile, 10*sc).stack(cpuAt, cpu(9*sc)).with(func(s *profile.Source) { s.Samples = 50 }), Options{},
		"", "", 0, 0, nil, "", ""},
	"a burst in a long recording": {group(constant(8)), tasked(100*sc, 4000, 8, ms/2, profile.Net, 20*ms, 9*sc).with(func(s *profile.Source) { s.Tasks[0].Active = 10 * sc }), Options{},
		"more", "io", 16, 213, &binds, "io", "8.2 in flight on average"},
	"loop of goroutines that share out rows": {loop("cpu"), record().source(profile.CPUProfile, 10*sc).stack("app.serve@loop.go:15/10 "+cpuAt, cpu(9*sc)), Options{},
		"keep", "unbounded", 0, 0, &slack, "", "few goroutines"},
	"loop that several goroutines run": {loop("cpu"), record().source(profile.CPUProfile, 10*sc).stack("app.serve@loop.go:15/10 main.main", cpu(13*sc)), Options{},
		"", "", 0, 0, nil, "", ""},
	"loop while the cores are busy": {loop("cpu"), record().source(profile.CPUProfile, 10*sc).stack("app.serve@loop.go:15/10 main.main", cpu(9*sc)).
		stack("app.onEvent@loop.go:43/40", cpu(29*sc)), Options{Cores: 4},
		"", "", 0, 0, nil, "", ""},
	"loop in goroutines that a server starts": {loop("cpu"), record().source(profile.CPUProfile, 10*sc).stack("app.serve@loop.go:15/10 net/http.HandlerFunc.ServeHTTP net/http.(*conn).serve", cpu(9*sc)), Options{Cores: 4},
		"", "", 0, 0, nil, "", ""},
	"loop that computes": {loop("cpu"), record().source(profile.CPUProfile, 10*sc).stack("app.serve@loop.go:15/10 main.main", cpu(150*ms)).
		stack("app.onEvent@loop.go:43/40", cpu(sc)), Options{Cores: 4},
		"concurrent", "cpu", 4, 4, nil, "cpu", "how long one iteration computes"},
	"loop that computes too little to be measured": {loop("cpu"), record().source(profile.CPUProfile, 10*sc).stack("app.serve@loop.go:15/10 main.main", cpu(150*ms)).
		stack("app.onEvent@loop.go:43/40", cpu(sc)), Options{Cores: 2},
		"", "", 0, 0, nil, "", ""},
	"loop within the tasks of a group": {loop("cpu"), record().source(profile.CPUProfile, 10*sc).stack("app.serve@loop.go:15/10 "+cpuAt, cpu(9*sc)), Options{},
		"keep", "io", 0, 0, nil, "", "whether the limit binds"},
	"worse evidence": {group(constant(8)), record().source(profile.WallProfile, 10*sc).stack(netAt, wait(profile.Net, 75*sc, 7500)).
		stack(cpuAt, cpu(5*sc)).stack(submitAt, wait(profile.Submit, 9*sc, 900)), Options{},
		"more", "io", 16, 83, &binds, "io", "right within 3 times"},
}

func TestAdvice(t *testing.T) {
	for name, c := range adviceCases {
		t.Run(name, func(t *testing.T) {
			l := program()
			l.Sites = []Site{c.site}
			if strings.Contains(name, "within the tasks") {
				l.Sites = append(l.Sites, group(constant(4)))
			}
			if strings.Contains(name, "share out rows") {
				rows := group(unlimited)
				rows.Executor, rows.Via = "goroutine", "go"
				l.Sites = append(l.Sites, rows)
			}
			r := Advise(l, c.rec.evidence(), c.opts)
			// Locks have a test of their own.
			r.Advice = slices.DeleteFunc(r.Advice, func(a Advice) bool { return a.Action == actLock })
			if len(r.Advice) == 0 {
				if c.action != "" {
					t.Fatalf("no advice, want %s", c.action)
				}
				return
			}
			if len(r.Advice) > 1 {
				t.Errorf("%d pieces of advice, want one: %s", len(r.Advice), r.Advice[1].Title)
			}
			a := r.Advice[0]
			if a.Action != c.action || a.Recommend.Executor != c.executor && c.action != "keep" {
				t.Errorf("%s on %s (%s), want %s on %s", a.Action, a.Recommend.Executor, a.Title, c.action, c.executor)
			}
			if c.min > 0 && a.Recommend.Min != c.min || c.max > 0 && a.Recommend.Max != c.max {
				t.Errorf("sizes %d to %d, want %d to %d", a.Recommend.Min, a.Recommend.Max, c.min, c.max)
			}
			if (a.Now.Binds == nil) != (c.binds == nil) || c.binds != nil && *a.Now.Binds != *c.binds {
				t.Errorf("binds %v", a.Now.Binds)
			}
			if a.Cost.Class != c.class {
				t.Errorf("class %q, want %q", a.Cost.Class, c.class)
			}
			text := a.Title + "\n" + strings.Join(a.Because, "\n") + "\n" + strings.Join(a.Unknown, "\n")
			for _, k := range a.Caps {
				text += "\n" + k.Why
			}
			if !strings.Contains(text, c.says) {
				t.Errorf("nothing says %q:\n%s", c.says, text)
			}
			least := 1.0
			switch {
			case a.Recommend.Executor == "":
				least = 0 // nothing is promised
			case a.Action == actBound && a.Recommend.Executor == "io":
				least = min(1, float64(a.Recommend.Max)/a.Now.InFlight)
			case a.Latency == Span{} && a.Recommend.Executor == "io" && (a.Action == actMore || a.Action == actConcurrent):
				// Only more in flight shows whether the far end serves more.
				if seen := strings.Contains(name, "serves more"); seen != (a.Gain[0] == 1) {
					t.Errorf("gain %v, and whether the far end has been seen under more load is %t", a.Gain, seen)
				}
				least = 1.0 / step
			}
			if a.Gain[0] > a.Gain[1] || a.Gain[0] < least || a.Gain[1] > 1000 {
				t.Errorf("gain %v", a.Gain)
			}
		})
	}
}
