package executor_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/concurlint/concurlint/advisor/executor"
)

// busy is the error of a service that names the time to come back.
type busy time.Duration

func (b busy) Error() string             { return "too many requests" }
func (b busy) RetryAfter() time.Duration { return time.Duration(b) }

// TestRetries checks the instants of attempts, in time that does not pass.
func TestRetries(t *testing.T) {
	broken := errors.New("broken")
	for _, c := range []struct {
		name  string
		o     executor.Options
		err   error
		gaps  []time.Duration // between attempts, at most; half of it at least
		exact bool
	}{
		{"once", executor.Options{}, broken, nil, false},
		{"doubled", executor.Options{Retry: executor.Retry{Attempts: 4, Backoff: time.Second}}, broken, []time.Duration{time.Second, 2 * time.Second, 4 * time.Second}, false},
		{"capped", executor.Options{Retry: executor.Retry{Attempts: 4, Backoff: 45 * time.Second}}, broken, []time.Duration{45 * time.Second, time.Minute, time.Minute}, false},
		{"not retryable", executor.Options{Retry: executor.Retry{Attempts: 4, If: func(err error) bool { return err != broken }}}, broken, nil, false},
		{"cancelled by itself", executor.Options{Retry: executor.Retry{Attempts: 4}}, context.Canceled, nil, false},
		{"told when", executor.Options{Retry: executor.Retry{Attempts: 3}}, busy(time.Hour), []time.Duration{time.Hour, time.Hour}, true},
	} {
		for _, kind := range kinds[:4] {
			t.Run(fmt.Sprintf("%s/%s", kind, c.name), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					var at []time.Time
					c.o.Executor = kind
					run := executor.Start(t.Context(), upTo(1, nil), func(context.Context, int) (int, error) {
						at = append(at, time.Now())
						return 0, c.err
					}, c.o)
					for r := range run.Results() {
						if r.Err != c.err || r.Attempts != len(c.gaps)+1 {
							t.Errorf("%d attempts, %v", r.Attempts, r.Err)
						}
					}
					stats := run.Snapshot()
					if stats.Retries != len(c.gaps) || stats.Failures != 1 || len(at) != len(c.gaps)+1 {
						t.Fatalf("%d attempts, %+v", len(at), stats)
					}
					for i, most := range c.gaps {
						gap := at[i+1].Sub(at[i])
						if gap > most || gap < most/2 || c.exact && gap != most {
							t.Errorf("attempt %d after %v, want %v", i+2, gap, most)
						}
					}
				})
			})
		}
	}
}

// TestRate checks the token bucket, and that one refusal holds up everyone.
func TestRate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, kind := range kinds[:4] {
			var mu sync.Mutex
			var at []time.Duration
			began := time.Now()
			refused := false
			o := executor.Options{Executor: kind, Rate: executor.Rate{PerSecond: 10, Burst: 3}, Retry: executor.Retry{Attempts: 2}}
			if kind != executor.Serial {
				o.Size = 4
			}
			err := executor.ForEach(t.Context(), upTo(20, nil), func(context.Context, int) error {
				mu.Lock()
				defer mu.Unlock()
				at = append(at, time.Since(began))
				if !refused && len(at) == 10 {
					refused = true
					return busy(10 * time.Second)
				}
				return nil
			}, o)
			if err != nil || len(at) != 21 {
				t.Fatal(kind, err, len(at))
			}
			// Three at once, then one each 100 ms.
			for i := range 10 {
				if want := time.Duration(max(0, i-2)) * 100 * time.Millisecond; at[i] != want {
					t.Errorf("%s: attempt %d at %v, want %v", kind, i, at[i], want)
				}
			}
			// Those that had a token may start, the others wait.
			pause := 0
			for i := 10; i < 21; i++ {
				if at[i] > 10*time.Second {
					pause++
				}
			}
			if pause < 11-4 {
				t.Errorf("%s: only %d attempts waited: %v", kind, pause, at)
			}
		}
	})
}

// TestRetryAfter has a second refusal come while everyone waits for the first.
func TestRetryAfter(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		refused := new([2]atomic.Bool)
		err := executor.ForEach(t.Context(), upTo(20, nil), func(_ context.Context, i int) error {
			at := time.Since(began)
			switch {
			case i < 2 && refused[i].CompareAndSwap(false, true):
				time.Sleep(time.Duration(i+1) * 500 * time.Millisecond)
				return busy(time.Second)
			case at < 2*time.Second:
				t.Errorf("item %d ran at %v", i, at)
			}
			return nil
		}, executor.Options{Executor: executor.IO, Size: 2, Retry: executor.Retry{Attempts: 2}})
		if err != nil {
			t.Error(err)
		}
	})
}

func TestSoftLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, kind := range kinds[:4] {
			var tried sync.Map
			out, err := executor.Map(t.Context(), upTo(30, nil), func(ctx context.Context, i int) (int, error) {
				if d, ok := ctx.Deadline(); !ok || time.Until(d) != time.Second {
					t.Error("deadline", d)
				}
				if _, again := tried.LoadOrStore(i, true); i%2 == 0 && !again {
					<-ctx.Done()
					return 0, ctx.Err()
				}
				return i, nil
			}, executor.Options{Executor: kind, Limits: executor.Limits{Soft: time.Second}, Retry: executor.Retry{Attempts: 2}})
			if err != nil || len(out) != 30 {
				t.Error(kind, err, len(out))
			}
		}
	})
}

// TestHardLimit hangs some items for ever. The others do not notice, and no
// state is shared with what was given up.
func TestHardLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, kind := range kinds[:4] {
			release := make(chan bool)
			var closed, opened atomic.Int64
			do := executor.PerWorker(func(context.Context) (*latch, error) {
				opened.Add(1)
				return &latch{closed: &closed}, nil
			}, func(ctx context.Context, s *latch, i int) (int, error) {
				if s.busy.Swap(true) {
					t.Error("state shared")
				}
				defer s.busy.Store(false)
				if i%10 == 3 {
					<-release
				}
				return i, nil
			})
			given := 0
			run := executor.Start(t.Context(), upTo(40, nil), do, executor.Options{Executor: kind, Limits: executor.Limits{Hard: time.Second}})
			for r := range run.Results() {
				var limit *executor.HardLimitError
				if errors.As(r.Err, &limit) != (r.In%10 == 3) {
					t.Errorf("%s: %+v", kind, r)
				}
				if limit != nil {
					given++
				}
			}
			stats := run.Snapshot()
			if given != 4 || stats.Abandoned != 4 || stats.Elapsed > 4*time.Second {
				t.Errorf("%s: %d given up: %+v", kind, given, stats)
			}
			close(release)
			synctest.Wait()
			if closed.Load() != opened.Load() {
				t.Errorf("%s: %d states opened, %d closed", kind, opened.Load(), closed.Load())
			}
		}
	})
}

type latch struct {
	busy   atomic.Bool
	closed *atomic.Int64
}

func (l *latch) Close() error { l.closed.Add(1); return nil }
