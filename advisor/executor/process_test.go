package executor_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"reflect"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/concurlint/concurlint/advisor/executor"
)

type leaf struct {
	Name string
	At   time.Time
	Next *leaf
}

type parcel struct {
	Leaf   leaf
	Floats []float64
	ByID   map[int]*leaf
	Odd    complex128
	None   *int
}

var (
	echoParcel = executor.Func("echoParcel", func(_ context.Context, p parcel) (*parcel, error) { return &p, nil })
	echoAny    = executor.Func("echoAny", func(_ context.Context, p any) (any, error) { return p, nil })
	echoBytes  = executor.Func("echoBytes", func(_ context.Context, p []byte) ([]byte, error) { return p, nil })
	count      = executor.Func("count", func(_ context.Context, s string) (int, error) { return len(s), nil })
	nothing    = executor.Func("nothing", func(context.Context, struct{}) (*int, error) { return nil, nil })
	double     = executor.Func("double", times(2))
	triple     = executor.Func("triple", times(3))
)

// times returns closures of one literal, which are to be told apart.
func times(k int) func(context.Context, int) (int, error) {
	return func(_ context.Context, i int) (int, error) { return k * i, nil }
}

var processes = executor.Options{Size: 2}

// TestCodecs sends values there and back.
func TestCodecs(t *testing.T) {
	day := time.Date(2024, 2, 29, 12, 0, 0, 1, time.UTC)
	p := parcel{
		Leaf:   leaf{"a", day, &leaf{Name: "b"}},
		Floats: []float64{1, -0.5, math.Inf(1)},
		ByID:   map[int]*leaf{7: {Name: "c"}},
		Odd:    complex(1, 2),
	}
	both(t, echoParcel, []parcel{p, {}, p}, []*parcel{&p, {}, &p})
	both(t, echoAny, []any{"a", 1.5, nil, []any{true}}, []any{"a", 1.5, nil, []any{true}})
	big := slices.Repeat([]byte("x"), 1<<20)
	both(t, echoBytes, [][]byte{[]byte("a"), big}, [][]byte{[]byte("a"), big})
	both(t, count, []string{"", "abc"}, []int{0, 3})
	both(t, nothing, []struct{}{{}, {}}, []*int{nil, nil})
	both(t, double, []int{1, 0, -5}, []int{2, 0, -10})
	both(t, triple, []int{1, 0, -5}, []int{3, 0, -15})
}

func both[T, R any](t *testing.T, do *executor.Function[T, R], in []T, want []R) {
	t.Helper()
	got, err := do.Map(t.Context(), slices.Values(in), processes)
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%.200v, %v\nwant %.200v", got, err, want)
	}
}

// attempts counts in each worker process, and so tells them apart.
var attempts int

var hazard = executor.Func("hazard", executor.PerWorker(
	func(context.Context) (*int, error) { attempts++; return &attempts, nil },
	func(ctx context.Context, opened *int, s string) (int, error) {
		switch {
		case strings.HasPrefix(s, "die"):
			fmt.Fprintln(os.Stderr, "goodbye")
			os.Exit(3)
		case strings.HasPrefix(s, "hang"):
			select {}
		case strings.HasPrefix(s, "wait"):
			<-ctx.Done()
			return 0, ctx.Err()
		case strings.HasPrefix(s, "flaky"):
			if _, err := os.Stat(s[6:]); err != nil {
				os.WriteFile(s[6:], nil, 0o600)
				return 0, errors.New("not yet")
			}
		}
		return *opened, nil
	}))

// TestProcessFaults checks that each fault costs its own item only.
func TestProcessFaults(t *testing.T) {
	var in []string
	for i := range 400 {
		in = append(in, fmt.Sprint("ok ", i))
	}
	in[20], in[140], in[333] = "die", "hang", "wait"
	in[50] = "flaky " + t.TempDir() + "/seen"
	o := processes
	o.Retry = executor.Retry{Attempts: 2, Backoff: time.Millisecond, If: func(err error) bool { return err.Error() == "not yet" }}
	o.Limits = executor.Limits{Hard: 400 * time.Millisecond, Soft: 100 * time.Millisecond}
	o.Processes = executor.Processes{Stderr: new(strings.Builder), Deaths: 2}
	run := hazard.Start(t.Context(), slices.Values(in), o)
	i := 0
	for r := range run.Results() {
		var died *executor.DeathError
		var limit *executor.HardLimitError
		want := ""
		switch {
		case r.Index != i || r.In != in[i]:
			t.Fatalf("%+v in place %d", r, i)
		case i == 20 && !errors.As(r.Err, &died):
			want = "a death"
		case i == 140 && !errors.As(r.Err, &limit):
			want = "a hard limit"
		case i == 333 && !errors.Is(r.Err, context.DeadlineExceeded):
			want = "a deadline"
		case i == 50 && (r.Err != nil || r.Attempts != 2):
			want = "a second attempt"
		case i%10 != 0 && i%10 != 3 && (r.Err != nil || r.Value != 1):
			want = "one state for each process"
		}
		if want != "" {
			t.Errorf("item %d: %+v, want %s", i, r, want)
		}
		i++
	}
	stats := run.Snapshot()
	if i != 400 || stats.Retries != 1 || stats.Failures != 3 || stats.Workers.Died < 3 {
		t.Errorf("%d results, %+v", i, stats)
	}
}

// TestProcessLeave breaks and cancels; the pool goes with the run.
func TestProcessLeave(t *testing.T) {
	var read atomic.Int64
	for range double.Stream(t.Context(), upTo(1e9, &read), processes) {
		if read.Load() > 5000 {
			break
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	next, finished := 0, 0
	for r := range double.Stream(ctx, upTo(1e9, nil), processes) {
		if r.Index != next {
			t.Fatalf("%+v in place %d", r, next)
		}
		next++
		switch {
		case r.Err == nil:
			finished++
		case !errors.Is(r.Err, context.Canceled) || r.Attempts != 0:
			t.Fatalf("%+v", r)
		}
		if next == 1000 {
			cancel()
		}
	}
	if finished < 1000 || next > 100_000 {
		t.Errorf("%d of %d finished", finished, next)
	}
	odd := double.Stage(processes)
	out, err := executor.ThenFunc(odd, triple, processes).Map(t.Context(), upTo(1000, nil))
	if err != nil || len(out) != 1000 || out[999] != 5994 {
		t.Error(len(out), err)
	}
}

var failing = executor.Func("failing", func(context.Context, int) (int, error) { return 0, errors.New("failing") })

// TestProcessRate checks that second attempts take tokens too, and that the
// program outlives its own Retry.If.
func TestProcessRate(t *testing.T) {
	o := processes
	o.Rate.PerSecond, o.Retry = 100, executor.Retry{Attempts: 2, Backoff: time.Nanosecond}
	run := failing.Start(t.Context(), upTo(10, nil), o)
	for range run.Results() {
	}
	stats := run.Snapshot()
	if least := 190 * time.Millisecond; stats.Elapsed < least || stats.Retries != 10 || stats.Size != 2 {
		t.Errorf("%d retries, size %d, in %v, want %v at least", stats.Retries, stats.Size, stats.Elapsed, least)
	}
	o = processes
	o.Retry = executor.Retry{Attempts: 2, If: func(error) bool { panic("cannot say") }}
	var p *executor.PanicError
	if _, err := failing.Map(t.Context(), upTo(3, nil), o); !errors.As(err, &p) || p.Value != "cannot say" {
		t.Error(err)
	}
}

func BenchmarkProcess(b *testing.B) {
	b.Run("int", func(b *testing.B) {
		b.ReportAllocs()
		if _, err := double.Map(b.Context(), upTo(b.N, nil), processes); err != nil {
			b.Fatal(err)
		}
	})
	b.Run("bytes", func(b *testing.B) {
		b.ReportAllocs()
		body := []byte("12345678")
		in := func(yield func([]byte) bool) {
			for range b.N {
				if !yield(body) {
					return
				}
			}
		}
		if _, err := echoBytes.Map(b.Context(), in, processes); err != nil {
			b.Fatal(err)
		}
	})
}
