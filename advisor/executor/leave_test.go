package executor_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"runtime"
	"testing"
	"testing/synctest"
	"time"

	"github.com/concurlint/concurlint/advisor/executor"
)

var errEnough = errors.New("enough")

// waitMillis waits for i milliseconds or the end of the run.
func waitMillis(ctx context.Context, i int) (int, error) {
	select {
	case <-ctx.Done():
		return 0, context.Cause(ctx)
	case <-time.After(time.Duration(i) * time.Millisecond):
		return i, nil
	}
}

// leaves are the ways to leave a run.
var leaves = []struct {
	name  string
	apart bool // only where tasks do not run on the caller's goroutine
	leave func(*testing.T, executor.Options)
}{
	{"break", false, leaveByBreak},
	{"panic", false, leaveByPanic},
	{"cancel", false, leaveByCancel},
	{"first error", false, leaveByError},
	{"input panics", false, leaveInputPanics},
	{"input blocks", true, leaveInputBlocks},
	{"goexit", true, leaveByGoexit},
}

// TestLeave leaves in every way; a goroutine left behind would fail the bubble.
func TestLeave(t *testing.T) {
	for _, kind := range kinds[:4] {
		for _, way := range leaves {
			if way.apart && kind == executor.Serial {
				continue
			}
			t.Run(fmt.Sprintf("%s/%s", kind, way.name), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) { way.leave(t, executor.Options{Executor: kind}) })
			})
		}
	}
}

func leaveByBreak(t *testing.T, o executor.Options) {
	run := executor.Start(t.Context(), upTo(1e9, nil), waitMillis, o)
	taken := 0
	for r := range run.Results() {
		if taken++; r.Index == 100 {
			break
		}
	}
	if s := run.Snapshot(); s.Yielded != taken || s.InFlight != 0 || s.Queued != 0 || s.Failures != 0 || s.Done < taken || s.Done > s.Read {
		t.Errorf("after %d results the reader left: %+v", taken, s)
	}
}

func leaveByPanic(t *testing.T, o executor.Options) {
	defer func() {
		if v := recover(); v != "in the loop" {
			t.Errorf("recovered %v", v)
		}
	}()
	for range executor.Stream(t.Context(), upTo(1e9, nil), waitMillis, o) {
		panic("in the loop")
	}
}

func leaveByCancel(t *testing.T, o executor.Options) {
	ctx, cancel := context.WithCancelCause(t.Context())
	time.AfterFunc(time.Second, func() { cancel(errEnough) })
	next, ended, unstarted := 0, 0, 0
	for r := range executor.Stream(ctx, upTo(1e9, nil), waitMillis, o) {
		if r.Index != next {
			t.Fatalf("item %d in place %d", r.Index, next)
		}
		next++
		switch {
		case r.Err == nil:
			ended++
		case !errors.Is(r.Err, errEnough):
			t.Fatal(r.Err)
		case r.Attempts == 0:
			unstarted++
		}
	}
	if ended < 40 || unstarted == 0 {
		t.Errorf("%d ended, %d not started", ended, unstarted)
	}
	if err := executor.ForEach(ctx, upTo(9, nil), func(context.Context, int) error { return nil }, o); err != errEnough {
		t.Errorf("cancelled before it began: %v", err)
	}
}

func leaveByError(t *testing.T, o executor.Options) {
	out, err := executor.Map(t.Context(), upTo(1e9, nil), func(ctx context.Context, i int) (int, error) {
		if i == 300 {
			return 0, errEnough
		}
		return waitMillis(ctx, i%7)
	}, o)
	var item *executor.ItemError
	if out != nil || !errors.As(err, &item) || item.Index != 300 || !errors.Is(err, errEnough) {
		t.Error(out, err)
	}
}

func leaveInputPanics(t *testing.T, o executor.Options) {
	in := func(yield func(int) bool) {
		_ = yield(1) && yield(2)
		panic(errEnough)
	}
	var last executor.Result[int, int]
	for r := range executor.Stream(t.Context(), in, waitMillis, o) {
		last = r
	}
	if last.Index != 2 || !errors.Is(last.Err, errEnough) {
		t.Errorf("last result %+v", last)
	}
}

func leaveInputBlocks(t *testing.T, o executor.Options) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	release := make(chan bool)
	in := func(yield func(int) bool) {
		yield(1)
		<-release
		yield(2)
	}
	last := 0
	for r := range executor.Stream(ctx, in, waitMillis, o) {
		if r.Index == 0 && (r.In != 1 || r.Err != nil) || r.Index == 1 && !errors.Is(r.Err, context.Canceled) {
			t.Error(r)
		}
		last = r.Index
		cancel()
	}
	if last != 1 {
		t.Errorf("the last result is that of item %d, want the one that was not read", last)
	}
	close(release)
}

// TestCut cancels streams at every stage of their life: one that yields no
// error has yielded all.
func TestCut(t *testing.T) {
	const n = 40
	quick := func(_ context.Context, i int) (int, error) { // does not look at its context
		time.Sleep(time.Millisecond)
		return i, nil
	}
	type results = iter.Seq[executor.Result[int, int]]
	calls := map[string]func(context.Context, iter.Seq[int]) results{
		"pipeline": func(ctx context.Context, in iter.Seq[int]) results {
			o := executor.Options{Executor: executor.IO, Size: 2, Window: 2}
			first := executor.Stage("first", quick, o)
			return executor.Then(executor.Then(first, "second", quick, o), "third", quick, o).Stream(ctx, in)
		},
	}
	for _, kind := range kinds[:4] {
		calls[string(kind)] = func(ctx context.Context, in iter.Seq[int]) results {
			o := executor.Options{Executor: kind, Window: 2}
			if kind != executor.Serial {
				o.Size = 2
			}
			return executor.Stream(ctx, in, quick, o)
		}
	}
	for name, call := range calls {
		for _, watches := range []bool{false, true} {
			for at := range 60 {
				synctest.Test(t, func(t *testing.T) {
					ctx, cancel := context.WithCancelCause(t.Context())
					time.AfterFunc(time.Duration(at)*time.Millisecond+time.Microsecond, func() { cancel(errEnough) })
					good, indices := 0, -1
					var last error
					for r := range call(ctx, paced(ctx, n, watches)) {
						if last = r.Err; r.Err == nil {
							good++
						}
						if r.Index <= indices || r.Index > n {
							t.Errorf("%s: item %d after %d", name, r.Index, indices)
						}
						indices = r.Index
					}
					if good < n && !errors.Is(last, errEnough) {
						t.Errorf("%s, cut after %d ms: %d of %d results, and the last error is %v (input watches the context: %t)", name, at, good, n, last, watches)
					}
				})
			}
		}
	}
}

// paced yields 0 … n−1, one a millisecond. If it watches its context, it ends
// quietly with that, as many an input does.
func paced(ctx context.Context, n int, watches bool) iter.Seq[int] {
	return func(yield func(int) bool) {
		for i := range n {
			time.Sleep(time.Millisecond)
			if watches && ctx.Err() != nil || !yield(i) {
				return
			}
		}
	}
}

func leaveByGoexit(t *testing.T, o executor.Options) {
	n := 0
	for r := range executor.Stream(t.Context(), upTo(200, nil), func(_ context.Context, i int) (int, error) {
		if i%3 == 0 {
			runtime.Goexit()
		}
		return i, nil
	}, o) {
		n++
		if want := r.In%3 == 0; errors.Is(r.Err, executor.ErrGoexit) != want {
			t.Fatalf("%+v", r)
		}
	}
	if n != 200 {
		t.Errorf("%d results", n)
	}
}
