// Package executors measures advisor/executor beside other ways to run tasks.
//
//	go test -bench Submit -cpu 2 -count 5
//	go test -bench Map    -cpu 2 -count 5
//	go test -bench Spin   -cpu 2 -count 5
//	go test -bench Beside -cpu 2 -benchtime 20x
//
// Submit and Map run empty tasks, so ns/op is what an executor adds to a task, and
// cpu-ns/op what it costs on all cores, which holds on a busy machine too.
// Beside runs Pool and each peer in turn and reports the medians of Pool ÷ peer:
// both meet the same machine.
// Spin runs tasks of about 1 µs and reports useful CPU ÷ CPU burnt
// (efficiency): it holds on a busy machine too, where wall time does not.
package executors

import (
	"context"
	"fmt"
	"runtime/debug"
	"slices"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/alitto/pond/v2"
	"github.com/concurlint/concurlint/advisor/executor"
	"github.com/gammazero/workerpool"
	"github.com/panjf2000/ants/v2"
	"github.com/sourcegraph/conc/iter"
	"github.com/sourcegraph/conc/pool"
	"golang.org/x/sync/errgroup"
)

const workers = 2

// submitters run n tasks, each handed over by itself.
var submitters = []struct {
	name string
	run  func(n int, task func())
}{
	{"executor.Pool", func(n int, task func()) {
		p := executor.NewPool(context.Background(), workers)
		call := func() error { task(); return nil }
		for range n {
			p.Go(call)
		}
		p.Wait()
	}},
	{"executor.Batch", func(n int, task func()) {
		b := executor.NewPool(context.Background(), workers).Batch()
		call := func() error { task(); return nil }
		for range n {
			b.Go(call)
		}
		b.Wait()
	}},
	{"workerpool", func(n int, task func()) {
		p := workerpool.New(workers)
		for range n {
			p.Submit(task)
		}
		p.StopWait()
	}},
	{"errgroup", func(n int, task func()) {
		var g errgroup.Group
		g.SetLimit(workers)
		call := func() error { task(); return nil }
		for range n {
			g.Go(call)
		}
		g.Wait()
	}},
	{"conc", func(n int, task func()) {
		p := pool.New().WithMaxGoroutines(workers)
		for range n {
			p.Go(task)
		}
		p.Wait()
	}},
	{"ants", func(n int, task func()) {
		p, _ := ants.NewPool(workers)
		defer p.Release()
		var wg sync.WaitGroup
		wg.Add(n)
		call := func() { task(); wg.Done() }
		for range n {
			p.Submit(call)
		}
		wg.Wait()
	}},
	{"pond", func(n int, task func()) {
		p := pond.NewPool(workers)
		for range n {
			p.Go(task)
		}
		p.StopAndWait()
	}},
	{"channel, guarded", func(n int, task func()) {
		// What Pool promises, by hand: the first error or panic ends it.
		ctx, cancel := context.WithCancelCause(context.Background())
		defer cancel(nil)
		call := func() error { task(); return nil }
		run := func(f func() error) {
			defer func() {
				if v := recover(); v != nil {
					cancel(fmt.Errorf("panic: %v\n%s", v, debug.Stack()))
				}
			}()
			if err := f(); err != nil {
				cancel(err)
			}
		}
		tasks := make(chan func() error, 1024)
		var wg sync.WaitGroup
		for range workers {
			wg.Go(func() {
				for f := range tasks {
					if ctx.Err() == nil {
						run(f)
					}
				}
			})
		}
		for range n {
			select {
			case tasks <- call:
			case <-ctx.Done():
			}
		}
		close(tasks)
		wg.Wait()
	}},
	{"channel", func(n int, task func()) {
		tasks := make(chan func(), 1024)
		var wg sync.WaitGroup
		for range workers {
			wg.Go(func() {
				for f := range tasks {
					f()
				}
			})
		}
		for range n {
			tasks <- task
		}
		close(tasks)
		wg.Wait()
	}},
}

// mappers call do for 0 … n−1.
var mappers = []struct {
	name string
	run  func(n int, do func(int))
}{
	{"executor.Range", func(n int, do func(int)) {
		executor.Range(context.Background(), n, do, executor.Options{Size: workers})
	}},
	{"conc/iter", func(n int, do func(int)) {
		each := iter.Iterator[struct{}]{MaxGoroutines: workers}
		each.ForEachIdx(make([]struct{}, n), func(i int, _ *struct{}) { do(i) })
	}},
	{"executor.ForEach", func(n int, do func(int)) {
		count := func(yield func(int) bool) {
			for i := range n {
				if !yield(i) {
					return
				}
			}
		}
		executor.ForEach(context.Background(), count, func(_ context.Context, i int) error { do(i); return nil },
			executor.Options{Executor: executor.CPU, Size: workers})
	}},
}

func empty() {}

func BenchmarkSubmit(b *testing.B) {
	for _, s := range submitters {
		b.Run(s.name, func(b *testing.B) {
			b.ReportAllocs()
			before := cpuTime()
			s.run(b.N, empty)
			b.ReportMetric(float64(cpuTime()-before)/float64(b.N), "cpu-ns/op")
		})
	}
}

// BenchmarkBeside takes empty tasks and tasks of about 1 µs.
func BenchmarkBeside(b *testing.B) {
	calibrate()
	pool := submitters[0]
	for _, task := range []struct {
		name string
		n    int
		do   func()
	}{{"empty", 200_000, empty}, {"1µs", 50_000, func() { spin() }}} {
		for _, peer := range submitters[2:] {
			b.Run(task.name+"/"+peer.name, func(b *testing.B) {
				var wall, cpu []float64
				for range b.N {
					ours, oursCPU := timed(func() { pool.run(task.n, task.do) })
					theirs, theirsCPU := timed(func() { peer.run(task.n, task.do) })
					wall = append(wall, ours.Seconds()/theirs.Seconds())
					cpu = append(cpu, oursCPU.Seconds()/theirsCPU.Seconds())
				}
				b.ReportMetric(median(wall), "wall-ratio")
				b.ReportMetric(median(cpu), "cpu-ratio")
			})
		}
	}
}

func timed(f func()) (wall, cpu time.Duration) {
	began, before := time.Now(), cpuTime()
	f()
	return time.Since(began), cpuTime() - before
}

func median(x []float64) float64 {
	slices.Sort(x)
	return x[len(x)/2]
}

func BenchmarkMap(b *testing.B) {
	for _, m := range mappers {
		b.Run(m.name, func(b *testing.B) {
			b.ReportAllocs()
			m.run(b.N, func(int) {})
		})
	}
}

// spin is the task of BenchmarkSpin: a chain of multiplications in registers.
//
//go:noinline
func spin() uint64 {
	x := uint64(spins)
	for range spins {
		x = x*6364136223846793005 + 1442695040888963407
	}
	return x
}

var spins = 1000

func cpuTime() time.Duration {
	var u syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// alone returns the CPU time of n spins without any executor: a loop on each
// core, since cores that share hardware slow each other down.
func alone(n int) time.Duration {
	began := cpuTime()
	var wg sync.WaitGroup
	for range workers {
		wg.Go(func() {
			for range n / workers {
				spin()
			}
		})
	}
	wg.Wait()
	return cpuTime() - began
}

func calibrate() {
	spins = max(1, int(float64(spins)*1e-6/(alone(200_000).Seconds()/200_000)))
}

func BenchmarkSpin(b *testing.B) {
	calibrate()
	measure := func(name string, run func(n int)) {
		b.Run(name, func(b *testing.B) {
			// Alone before and after, since the clock of the machine moves.
			half := (b.N/2 + workers) / workers * workers
			b.StopTimer()
			useful := alone(half)
			before := cpuTime()
			b.StartTimer()
			run(b.N)
			b.StopTimer()
			burnt := cpuTime() - before
			useful += alone(half)
			b.ReportMetric(useful.Seconds()/float64(2*half)*float64(b.N)/burnt.Seconds(), "efficiency")
		})
	}
	for _, m := range mappers {
		measure(m.name, func(n int) { m.run(n, func(int) { spin() }) })
	}
	for _, s := range submitters {
		measure(s.name, func(n int) { s.run(n, func() { spin() }) })
	}
}
