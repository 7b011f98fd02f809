package executor_test

import (
	"context"
	"errors"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/concurlint/concurlint/advisor/executor"
)

// TestPool submits from several goroutines at once, by Go and by batches, and
// uses the pool again.
func TestPool(t *testing.T) {
	for _, size := range []int{0, 1, 2, 5} {
		p := executor.NewPool(t.Context(), size)
		var ran, running, most atomic.Int64
		task := func() error {
			now := running.Add(1)
			for m := most.Load(); now > m && !most.CompareAndSwap(m, now); m = most.Load() {
			}
			if ran.Add(1)%1000 == 7 {
				time.Sleep(100 * time.Microsecond)
			}
			running.Add(-1)
			return nil
		}
		for round := range 3 {
			ran.Store(0)
			var others sync.WaitGroup
			for range 4 {
				others.Go(func() {
					b := p.Batch()
					for range 5000 {
						p.Go(task)
						b.Go(task)
					}
					b.Flush()
				})
			}
			others.Wait()
			if err := p.Wait(); err != nil || ran.Load() != 40_000 {
				t.Errorf("size %d, round %d: %v, %d ran", size, round, err, ran.Load())
			}
		}
		if limit := int64(size); size > 0 && most.Load() > limit {
			t.Errorf("size %d: %d at a time", size, most.Load())
		}
	}
}

// TestPoolEnds holds what ends a pool: nothing starts after it, and Wait tells.
func TestPoolEnds(t *testing.T) {
	bad := errors.New("bad")
	gone := errors.New("gone")
	for name, c := range map[string]struct {
		task func(context.CancelCauseFunc) error
		want func(error) bool
	}{
		"error":  {func(context.CancelCauseFunc) error { return bad }, func(err error) bool { return err == bad }},
		"goexit": {func(context.CancelCauseFunc) error { runtime.Goexit(); return nil }, func(err error) bool { return err == executor.ErrGoexit }},
		"panic": {func(context.CancelCauseFunc) error { panic(bad) }, func(err error) bool {
			p, ok := errors.AsType[*executor.PanicError](err)
			return ok && errors.Is(err, bad) && len(p.Stack) > 0
		}},
		"cancel": {func(cancel context.CancelCauseFunc) error {
			cancel(gone)
			time.Sleep(time.Millisecond) // a context tells in a goroutine of its own
			return nil
		}, func(err error) bool { return err == gone }},
	} {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithCancelCause(t.Context())
			defer cancel(nil)
			p := executor.NewPool(ctx, 2)
			var late, cancelled atomic.Int64
			p.Go(func() error {
				<-p.Context().Done()
				cancelled.Add(1)
				return nil
			})
			p.Go(func() error {
				time.Sleep(time.Second) // until all are submitted
				return c.task(cancel)
			})
			b := p.Batch()
			for range 100 {
				p.Go(func() error { late.Add(1); return nil })
				b.Go(func() error { late.Add(1); return nil })
			}
			b.Flush()
			if err := p.Wait(); !c.want(err) {
				t.Errorf("%s: %v", name, err)
			}
			if late.Load() > 0 || cancelled.Load() != 1 {
				t.Errorf("%s: %d ran after it, %d saw the context end", name, late.Load(), cancelled.Load())
			}
			p.Go(func() error { late.Add(1); return nil })
			if err := p.Wait(); !c.want(err) || late.Load() > 0 {
				t.Errorf("%s: later %v, %d ran", name, err, late.Load())
			}
		})
	}
}

// TestPoolTasksSubmit lets every task hand over more than the queue holds: with
// all workers in Go, none would be left to empty it.
func TestPoolTasksSubmit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, size := range []int{1, 2, 8} {
			p := executor.NewPool(t.Context(), size)
			var ran, running, most atomic.Int64
			var descend func(depth int) func() error
			descend = func(depth int) func() error {
				return func() error {
					ran.Add(1)
					if depth == 0 {
						return nil
					}
					b := p.Batch()
					for i := range 40 {
						if i%2 == 0 {
							p.Go(descend(depth - 1))
						} else {
							b.Go(descend(depth - 1))
						}
					}
					b.Flush()
					return nil
				}
			}
			slow := func() error {
				m := running.Add(1)
				for old := most.Load(); m > old && !most.CompareAndSwap(old, m); old = most.Load() {
				}
				time.Sleep(time.Millisecond)
				running.Add(-1)
				return nil
			}
			p.Go(descend(3))
			for range 2000 {
				p.Go(slow)
			}
			if err := p.Wait(); err != nil || ran.Load() != 1+40+1600+64000 {
				t.Errorf("size %d: %v, %d ran", size, err, ran.Load())
			}
			if most.Load() > int64(size) {
				t.Errorf("size %d: %d at a time", size, most.Load())
			}
		}
	})
}

// TestPoolTasksMeet lets as many tasks as the pool has room for wait for each
// other, behind others that are quick: none may be kept behind one that waits.
func TestPoolTasksMeet(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const size = 4
		p := executor.NewPool(t.Context(), size)
		for range 200 {
			for range 50 {
				p.Go(func() error { return nil })
			}
			var all sync.WaitGroup
			all.Add(size)
			for range size {
				p.Go(func() error {
					all.Done()
					all.Wait()
					return nil
				})
			}
		}
		if err := p.Wait(); err != nil {
			t.Error(err)
		}
	})
}

// TestPoolWaitInTask holds that a task which waits for itself is told so.
func TestPoolWaitInTask(t *testing.T) {
	p := executor.NewPool(t.Context(), 1)
	var told error
	p.Go(func() error {
		told = p.Wait()
		return nil
	})
	if err := p.Wait(); err != nil || told == nil {
		t.Errorf("%v; the task was told %v", err, told)
	}
}

// TestPoolReadily checks that a task that waits is not kept in a buffer when
// nothing else keeps the workers busy.
func TestPoolReadily(t *testing.T) {
	p := executor.NewPool(t.Context(), 2)
	b := p.Batch()
	for range 100 {
		done := make(chan bool)
		b.Go(func() error { done <- true; return nil })
		b.Flush()
		<-done
		p.Go(func() error { done <- true; return nil })
		<-done
	}
	if err := b.Wait(); err != nil {
		t.Error(err)
	}
}

// TestPoolLeavesNothing holds that Wait ends the workers, also of a pool whose
// context outlives it.
func TestPoolLeavesNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := executor.NewPool(context.Background(), 8)
		for range 100 {
			p.Go(func() error { time.Sleep(time.Millisecond); return nil })
		}
		if err := p.Wait(); err != nil {
			t.Error(err)
		}
	}) // fails if a goroutine is left
}

// TestPoolStress mixes what may happen at once: submitters that block for room,
// tasks that submit, wait, panic and end their goroutine, batches, and calls of
// Wait meanwhile. Whatever the order, every task runs once unless the pool ended.
func TestPoolStress(t *testing.T) {
	for _, size := range []int{1, 2, 3, 16} {
		for round := range 40 {
			p := executor.NewPool(t.Context(), size)
			fatal := round % 4 // 1: a panic, 2: a Goexit, others: none
			var ran, running, most atomic.Int64
			task := func() error {
				if now := running.Add(1); now > most.Load() {
					most.Store(now)
				}
				if n := ran.Add(1); n%97 == 0 {
					time.Sleep(10 * time.Microsecond)
				} else if n%13 == 0 {
					runtime.Gosched()
				}
				running.Add(-1)
				return nil
			}
			var submitters sync.WaitGroup
			for s := range 3 {
				submitters.Go(func() {
					b := p.Batch()
					for i := range 700 {
						b.Go(task)
						p.Go(task)
						if s == 0 && i%50 == 0 {
							p.Go(func() error { p.Go(task); b := p.Batch(); b.Go(task); b.Flush(); return nil })
						}
						if s == 1 && i%200 == 0 {
							p.Wait()
						}
						if s == 2 && i == 350 && fatal == 1 {
							p.Go(func() error { panic("stress") })
						}
						if s == 2 && i == 350 && fatal == 2 {
							p.Go(func() error { runtime.Goexit(); return nil })
						}
					}
					b.Flush()
				})
			}
			submitters.Wait()
			err := p.Wait()
			if ends := fatal == 1 || fatal == 2; ends != (err != nil) {
				t.Fatalf("size %d, round %d: %v", size, round, err)
			}
			if want := int64(3*2*700 + 14*2); err == nil && ran.Load() != want {
				t.Fatalf("size %d: %d of %d ran", size, ran.Load(), want)
			}
			if running.Load() != 0 || most.Load() > int64(size) {
				t.Fatalf("size %d: %d at a time, %d run after Wait", size, most.Load(), running.Load())
			}
		}
	}
}
