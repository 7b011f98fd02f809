package executor_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/concurlint/concurlint/advisor/executor"
)

func TestRange(t *testing.T) {
	for _, o := range []executor.Options{{}, {Executor: executor.Serial}, {Size: 7}, {Advice: executor.Recommendation{Max: 1}}} {
		for _, n := range []int{-1, 0, 1, 2, 1000, 300_000} {
			seen := make([]atomic.Int32, max(n, 0))
			if err := executor.Range(t.Context(), n, func(i int) { seen[i].Add(1) }, o); err != nil {
				t.Fatal(err)
			}
			for i := range seen {
				if seen[i].Load() != 1 {
					t.Fatalf("index %d of %d ran %d times", i, n, seen[i].Load())
				}
			}
		}
		var item *executor.ItemError
		var p *executor.PanicError
		err := executor.Range(t.Context(), 1e9, func(i int) {
			if i == 70_000 {
				panic("there")
			}
		}, o)
		if !errors.As(err, &item) || item.Index != 70_000 || !errors.As(err, &p) || p.Value != "there" {
			t.Errorf("panic: %.100v", err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		err = executor.Range(ctx, 1e12, func(i int) {
			if i == 100_000 {
				cancel()
			}
		}, o)
		if err != context.Canceled {
			t.Errorf("cancelled: %v", err)
		}
	}
}

func TestPipeline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		bad := errors.New("seven")
		fetch := executor.Stage("fetch", func(_ context.Context, i int) (string, error) {
			time.Sleep(10 * time.Millisecond)
			return fmt.Sprint(i), nil
		}, executor.Options{Executor: executor.IO, Size: 4})
		parse := executor.Then(fetch, "parse", func(_ context.Context, s string) (int, error) {
			if strings.HasSuffix(s, "7") {
				return 0, bad
			}
			return len(s), nil
		}, executor.Options{Executor: executor.CPU, Window: 8})
		store := executor.Then(parse, "store", func(_ context.Context, n int) (float64, error) {
			time.Sleep(10 * time.Millisecond)
			return float64(n) / 2, nil
		}, executor.Options{Executor: executor.IO, Size: 1, Window: 5, Unordered: true})

		var read atomic.Int64
		seen := make([]bool, 200)
		run := executor.Through(t.Context(), upTo(200, &read), store)
		for r := range run.Results() {
			var at *executor.StageError
			failed := r.In%10 == 7
			if seen[r.Index] || r.Index != r.In || errors.Is(r.Err, bad) != failed || errors.As(r.Err, &at) && at.Stage != "parse" {
				t.Fatalf("%+v", r)
			}
			if want := float64(len(fmt.Sprint(r.In))) / 2; !failed && r.Value != want {
				t.Fatalf("%+v, want %v", r, want)
			}
			seen[r.Index] = true
		}
		stages := run.Stages()
		for i, want := range []struct {
			name           string
			done, failures int
			least, most    float64
		}{{"fetch", 200, 0, 0.2, 0.4}, {"parse", 200, 20, 0, 0.1}, {"store", 200, 0, 0.95, 1}} {
			s := stages[i]
			if s.Name != want.name || s.Done != want.done || s.Failures != want.failures || s.Occupancy < want.least || s.Occupancy > want.most {
				t.Errorf("stage %s: done %d, failures %d, occupancy %.2f; want %+v", s.Name, s.Done, s.Failures, s.Occupancy, want)
			}
		}
		if _, err := store.Map(t.Context(), upTo(200, nil)); !errors.Is(err, bad) || !strings.HasPrefix(err.Error(), "item 7: parse: ") {
			t.Errorf("map: %v", err)
		}
		for range store.Stream(t.Context(), upTo(1e9, nil)) {
			break
		}
	})
}

// TestPipelineRuns has several runs of one pipeline at once, and an input that
// fails.
func TestPipelineRuns(t *testing.T) {
	once := func(_ context.Context, i int) (int, error) { return i + 1, nil }
	twice := executor.Then(executor.Stage("first", once, executor.Options{}), "second", once, executor.Options{Unordered: true})
	var runs sync.WaitGroup
	for range 3 {
		runs.Go(func() {
			run := executor.Through(t.Context(), upTo(1000, nil), twice)
			if out, err := run.Collect(); err != nil || len(out) != 1000 || run.Stages()[1].Done != 1000 || run.Snapshot().Done != 1000 {
				t.Errorf("%d, %v: %+v", len(out), err, run.Stages())
			}
		})
	}
	runs.Wait()
	seen := map[int]int{}
	for r := range twice.Stream(t.Context(), func(yield func(int) bool) {
		for i := 0; yield(i); i++ {
			if i == 99 {
				panic("no more")
			}
		}
	}) {
		if seen[r.Index]++; (r.Err != nil) != (r.Index == 100) {
			t.Errorf("%+v", r)
		}
	}
	if len(seen) != 101 || seen[0] != 1 {
		t.Errorf("%d indexes, %d of them 0", len(seen), seen[0])
	}
}

// TestLoop checks the order of callbacks and timers, in time that passes at
// once.
func TestLoop(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var l executor.Loop
		var log []string
		note := func(s string) func() { return func() { log = append(log, s) } }
		began := time.Now()
		l.After(3*time.Second, note("c"))
		l.After(time.Second, func() {
			note("a")()
			l.Post(note("posted in a"))
		})
		l.After(time.Second, note("b"))
		stopped := l.After(2*time.Second, note("stopped"))
		n := 0
		var tick *executor.Timer
		tick = l.Every(10*time.Second, func() {
			n++
			note(fmt.Sprint("tick ", time.Since(began)))()
			if n == 1 {
				time.Sleep(25 * time.Second) // one turn is late, one is missed
			}
			if n == 3 {
				tick.Stop()
				l.Stop()
			}
		})
		go func() {
			time.Sleep(500 * time.Millisecond)
			l.Post(note("from outside"))
			if !stopped.Stop() || stopped.Stop() {
				t.Error("a timer is stopped once")
			}
		}()
		if err := l.Run(t.Context()); err != nil {
			t.Error(err)
		}
		want := "from outside, a, b, posted in a, c, tick 10s, tick 35s, tick 40s"
		if got := strings.Join(log, ", "); got != want {
			t.Errorf("ran %s\nwant %s", got, want)
		}
		if l.Post(note("late")) {
			t.Error("a stopped loop takes callbacks")
		}

		var broken executor.Loop
		broken.Post(func() { panic("broken") })
		var p *executor.PanicError
		if err := broken.Run(t.Context()); !errors.As(err, &p) {
			t.Error(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		patient := executor.Loop{Failed: func(e *executor.PanicError) { p = e }}
		patient.Post(func() { panic("noted") })
		time.AfterFunc(time.Hour, cancel)
		if err := patient.Run(ctx); err != context.Canceled || p.Value != "noted" {
			t.Error(err, p.Value)
		}
	})
}

// TestTimerStop stops timers that are due, and those of a loop that has ended.
func TestTimerStop(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var l executor.Loop
		var once, every *executor.Timer
		l.After(time.Second, func() {
			if !once.Stop() || !every.Stop() || once.Stop() || every.Stop() {
				t.Error("a timer that is due is stopped once")
			}
		})
		once = l.After(time.Second, func() { t.Error("ran after it was stopped") })
		every = l.Every(time.Second, func() { t.Error("ran after it was stopped") })
		later := l.After(time.Hour, func() {})
		l.After(5*time.Second, l.Stop)
		if err := l.Run(t.Context()); err != nil {
			t.Error(err)
		}
		if later.Stop() || l.After(0, func() {}).Stop() || l.Every(time.Second, func() {}).Stop() {
			t.Error("a timer would run in a loop that has ended")
		}
	})
}

// TestWatchdog holds the loop up until the watchdog has said so.
func TestWatchdog(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		reports := 0
		slow := make(chan executor.SlowCallback, 9)
		l := executor.Loop{Threshold: 100 * time.Millisecond, Slow: func(s executor.SlowCallback) { reports++; slow <- s }}
		l.Every(7*time.Millisecond, func() {}) // quick ones are not reported
		l.After(time.Second, func() { theSlowOne(t, slow) })
		l.After(2*time.Second, l.Stop)
		if err := l.Run(t.Context()); err != nil || reports != 1 {
			t.Error(err, reports)
		}
	})
}

func theSlowOne(t *testing.T, slow chan executor.SlowCallback) {
	began := time.Now()
	s := <-slow // while it runs
	if held := time.Since(began); held > 200*time.Millisecond || s.Running < 100*time.Millisecond || !strings.Contains(string(s.Stack), "theSlowOne") {
		t.Errorf("after %v: %v", held, s)
	}
	time.Sleep(500 * time.Millisecond)
}
