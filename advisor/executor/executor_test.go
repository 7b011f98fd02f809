package executor_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/concurlint/concurlint/advisor/executor"
)

// TestMain lets the test binary be its own worker process.
func TestMain(m *testing.M) {
	executor.ServeWorker()
	if dir := os.Getenv(envBuild); dir != "" {
		buildThere(dir)
	}
	os.Exit(m.Run())
}

var kinds = []executor.Kind{executor.Auto, executor.Serial, executor.CPU, executor.IO, executor.Process}

// upTo yields 0 … n−1 and counts what it has handed out.
func upTo(n int, read *atomic.Int64) iter.Seq[int] {
	return func(yield func(int) bool) {
		for i := range n {
			if read != nil {
				read.Add(1)
			}
			if !yield(i) {
				return
			}
		}
	}
}

var errOdd = errors.New("divisible by 97")

// fate is a task with every way to end.
var fate = executor.Func("fate", func(_ context.Context, i int) (string, error) {
	switch {
	case i%97 == 0:
		return "", errOdd
	case i%101 == 0:
		panic(fmt.Sprint("no ", i))
	}
	return fmt.Sprint(i), nil
})

// TestFates sends items through every executor, ordered and not: each comes
// out once, with its own result, error or panic.
func TestFates(t *testing.T) {
	const n = 3000
	for _, kind := range kinds {
		for _, unordered := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s/unordered=%v", kind, unordered), func(t *testing.T) {
				seen := make([]bool, n)
				run := fate.Start(t.Context(), upTo(n, nil), executor.Options{Executor: kind, Unordered: unordered})
				at := 0
				for r := range run.Results() {
					if !unordered && r.Index != at {
						t.Fatalf("index %d in place %d", r.Index, at)
					}
					at++
					if r.Index < 0 || seen[r.Index] || r.In != r.Index {
						t.Fatalf("unexpected %+v", r)
					}
					seen[r.Index] = true
					if r.Attempts != 1 {
						t.Fatalf("%d attempts for %d", r.Attempts, r.In)
					}
					checkFate(t, r)
				}
				s := run.Snapshot()
				if s.Read != n || s.Done != n || s.Yielded != n || s.InFlight != 0 || s.Held != 0 || s.Failures != 31+29 {
					t.Errorf("stats %+v", s)
				}
				if s.Reason == "" {
					t.Error("no reason given")
				}
			})
		}
	}
}

func checkFate(t *testing.T, r executor.Result[int, string]) {
	t.Helper()
	var p *executor.PanicError
	switch {
	case r.In%97 == 0:
		if r.Err == nil || r.Err.Error() != errOdd.Error() {
			t.Fatalf("%d: error %v", r.In, r.Err)
		}
	case r.In%101 == 0:
		if !errors.As(r.Err, &p) || fmt.Sprint(p.Value) != fmt.Sprint("no ", r.In) || !strings.Contains(string(p.Stack), "executor_test.go") {
			t.Fatalf("%d: panic %v", r.In, r.Err)
		}
	case r.Err != nil || r.Value != fmt.Sprint(r.In):
		t.Fatalf("%d: %q, %v", r.In, r.Value, r.Err)
	}
}

// TestWindow proves the bound with an input that counts, whatever the reader
// does.
func TestWindow(t *testing.T) {
	for _, kind := range kinds {
		for _, window := range []int{1, 2, 7, 100} {
			for _, unordered := range []bool{false, true} {
				var read atomic.Int64
				o := executor.Options{Executor: kind, Window: window, Unordered: unordered}
				yielded := 0
				for range fate.Stream(t.Context(), upTo(400, &read), o) {
					if ahead := int(read.Load()) - yielded; ahead > window {
						t.Fatalf("%s: %d items ahead, window %d", kind, ahead, window)
					}
					yielded++
					if yielded%100 == 0 {
						time.Sleep(2 * time.Millisecond)
					}
				}
				if yielded != 400 {
					t.Fatalf("%s, window %d: %d items", kind, window, yielded)
				}
			}
		}
	}
}

// stateful counts how often it is open.
type stateful struct {
	open, most, opened *atomic.Int64
	used               int
}

func (s *stateful) Close() error {
	if s.open.Add(-1) < 0 {
		return errors.New("closed twice")
	}
	return io.ErrClosedPipe
}

func TestPerWorker(t *testing.T) {
	var open, opened atomic.Int64
	refuse := errors.New("the first is refused")
	do := executor.PerWorker(func(context.Context) (*stateful, error) {
		if opened.Add(1) == 1 {
			return nil, refuse
		}
		open.Add(1)
		return &stateful{open: &open}, nil
	}, func(_ context.Context, s *stateful, i int) (int, error) {
		s.used++ // the race detector watches
		time.Sleep(time.Microsecond)
		return s.used, nil
	})
	for _, kind := range kinds[1:4] {
		opened.Store(0)
		failed, used := 0, 0
		o := executor.Options{Executor: kind}
		if kind != executor.Serial {
			o.Size = 3
		}
		run := executor.Start(t.Context(), upTo(500, nil), do, o)
		for r := range run.Results() {
			if errors.Is(r.Err, refuse) {
				failed++
			}
			used = max(used, r.Value)
		}
		if failed != 1 || used < 100 || opened.Load() > 4 || open.Load() != 0 {
			t.Errorf("%s: %d refused, used %d times, %d opened, %d left open", kind, failed, used, opened.Load(), open.Load())
		}
		if !errors.Is(run.Snapshot().CloseErr, io.ErrClosedPipe) {
			t.Errorf("%s: error of Close: %v", kind, run.Snapshot().CloseErr)
		}
	}
	if _, err := do(t.Context(), 1); !errors.Is(err, io.ErrClosedPipe) || open.Load() != 0 {
		t.Errorf("outside an executor: %v, %d open", err, open.Load())
	}
}

// TestOptions says which option it is that cannot be.
func TestOptions(t *testing.T) {
	do := func(context.Context, int) (int, error) { return 0, nil }
	for want, o := range map[string]executor.Options{
		"unknown executor":                       {Executor: "gpu"},
		"Options.Size is -1 and":                 {Size: -1},
		"Options.Window is -1 and":               {Window: -1},
		"Options.Retry.Attempts is -2 and":       {Retry: executor.Retry{Attempts: -2}},
		"Options.Rate.PerSecond is -0.5 and":     {Rate: executor.Rate{PerSecond: -0.5}},
		"Options.Rate.Burst is -3 and":           {Rate: executor.Rate{Burst: -3}},
		"Options.Rate.Burst needs":               {Rate: executor.Rate{Burst: 3}},
		"Options.Retry.Backoff needs":            {Retry: executor.Retry{Backoff: 1}},
		"Options.Limits.Memory needs":            {Executor: executor.CPU, Limits: executor.Limits{Memory: 1}},
		"Options.Processes needs":                {Executor: executor.IO, Processes: executor.Processes{MaxTasks: 1}},
		"Options.Size needs":                     {Executor: executor.Serial, Size: 4},
		"that executor.Func has made known to":   {Executor: executor.Process},
		"an executor other than process: spans ": {Executor: executor.Process, Trace: func(ctx context.Context, _ string) (context.Context, func(error)) { return ctx, func(error) {} }},
	} {
		_, err := executor.Map(t.Context(), upTo(9, nil), do, o)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
		_, staged := executor.Stage("only", do, o).Map(t.Context(), upTo(9, nil))
		if staged == nil || !strings.Contains(staged.Error(), want) || !strings.HasPrefix(staged.Error(), "only: ") {
			t.Errorf("a stage: got %v, want %s", staged, want)
		}
		for r := range executor.Stream(t.Context(), upTo(9, nil), do, o) {
			if _, ok := r.Err.(*executor.RunError); !ok {
				t.Errorf("%+v", r)
			}
		}
	}
	if err := executor.ForEach(t.Context(), []int{1}, func(context.Context, int) error { return nil }, executor.Options{}, executor.Options{}); err == nil {
		t.Error("two Options were accepted")
	}
	for _, o := range []executor.Options{{Executor: executor.IO}, {Window: 3}, {Unordered: true}, {Retry: executor.Retry{Attempts: 2}}} {
		if err := executor.Range(t.Context(), 3, func(int) {}, o); err == nil {
			t.Errorf("Range: %+v was accepted", o)
		}
	}
}

// TestAuto checks the choice. Time in the bubble passes only in sleeps, so a
// task that computes takes none of it.
func TestAuto(t *testing.T) {
	sleep := func(_ context.Context, i int) (int, error) { time.Sleep(5 * time.Millisecond); return i, nil }
	spin := func(_ context.Context, i int) (int, error) {
		for range 20_000 {
			i = i*31 + 7
		}
		return i, nil
	}
	for _, c := range []struct {
		name string
		do   func(context.Context, int) (int, error)
		o    executor.Options
		n    int
		want executor.Kind

		reason string
		// Out of the bubble: what waits is told by the time of the items and by the
		// system's clock of waits for a core, which is no part of it.
		real bool
	}{
		{"waits", sleep, executor.Options{}, 300, executor.IO, ": wait/CPU", true},
		{"computes", spin, executor.Options{}, 300, executor.CPU, "waited 0s each", false},
		{"advice cannot be followed", spin, executor.Options{Advice: executor.Recommendation{Executor: executor.Process}}, 300, executor.CPU, "made known", false},
		{"computes, then waits", func(ctx context.Context, i int) (int, error) {
			if i < 200 {
				return spin(ctx, i)
			}
			return sleep(ctx, i)
		}, executor.Options{}, 700, executor.IO, "later ones wait", true},
		{"ends in the pilot", spin, executor.Options{}, 20, executor.Auto, "20 of 64", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			in := synctest.Test
			if c.real {
				in = func(t *testing.T, f func(*testing.T)) { f(t) }
			}
			in(t, func(t *testing.T) {
				var mu sync.Mutex
				running, most := 0, 0
				var run *executor.Run[int, int]
				run = executor.Start(t.Context(), upTo(c.n, nil), func(ctx context.Context, i int) (int, error) {
					pilot := run.Snapshot().Executor == executor.Auto
					mu.Lock()
					running++
					if pilot {
						most = max(most, running)
					}
					mu.Unlock()
					r, err := c.do(ctx, i)
					mu.Lock()
					running--
					mu.Unlock()
					return r, err
				}, c.o)
				out, err := run.Collect()
				stats := run.Snapshot()
				if err != nil || len(out) != c.n {
					t.Fatal(len(out), err)
				}
				if stats.Executor != c.want || !strings.Contains(stats.Reason, c.reason) {
					t.Errorf("%s: %s", stats.Executor, stats.Reason)
				}
				if most > runtime.GOMAXPROCS(0) {
					t.Errorf("the pilot ran %d at once", most)
				}
				t.Log(stats.Reason)
			})
		})
	}
}

func TestProgress(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var seen []executor.Snapshot
		var run *executor.Run[int, int]
		run = executor.Start(t.Context(), upTo(100, nil), func(context.Context, int) (int, error) {
			time.Sleep(100 * time.Millisecond)
			if run.Snapshot().InFlight == 0 {
				t.Error("this item is not in flight")
			}
			return 0, nil
		}, executor.Options{Executor: executor.IO, Size: 4})
		err := run.Progress(time.Second, func(s executor.Snapshot) { seen = append(seen, s) }).Wait()
		if err != nil || len(seen) != 3 {
			t.Fatal(err, len(seen))
		}
		if s := seen[1]; s.InFlight != 4 || s.Done < 76 || s.Done > 80 || s.Size != 4 || s.Occupancy < 0.95 || s.Rate < 38 {
			t.Errorf("after two seconds: %+v", s)
		}
		if s := seen[2]; s.Done != 100 || s.InFlight != 0 || s.Elapsed != 2500*time.Millisecond {
			t.Errorf("at the end: %+v", s)
		}
	})
}
