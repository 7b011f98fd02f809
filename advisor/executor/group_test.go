package executor_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"expvar"
	"fmt"
	"log/slog"
	"runtime/pprof"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/concurlint/concurlint/advisor/executor"
)

// TestGroup holds what code that comes from errgroup relies on.
func TestGroup(t *testing.T) {
	bad := errors.New("bad")
	for _, limit := range []int{-1, 1, 3} {
		synctest.Test(t, func(t *testing.T) {
			g, ctx := executor.WithContext(t.Context())
			g.SetLimit(limit)
			var ran, running, most atomic.Int64
			for i := range 50 {
				g.Go(func() error {
					if n := running.Add(1); n > most.Load() {
						most.Store(n)
					}
					time.Sleep(time.Duration(1+i) * time.Millisecond)
					running.Add(-1)
					ran.Add(1)
					if i == 20 {
						return bad
					}
					return nil
				})
			}
			if limit > 0 && g.TryGo(func() error { t.Error("ran beyond the limit"); return nil }) {
				t.Error("TryGo beyond the limit")
			}
			if err := g.Wait(); err != bad || context.Cause(ctx) != bad || ran.Load() != 50 {
				t.Errorf("limit %d: %v, %v, %d ran", limit, err, context.Cause(ctx), ran.Load())
			}
			if limit > 0 && most.Load() > int64(limit) {
				t.Errorf("limit %d: %d at a time", limit, most.Load())
			}
		})
	}
	var zero executor.Group
	zero.Go(func() error { panic("there") })
	var p *executor.PanicError
	if err := zero.Wait(); !errors.As(err, &p) || p.Value != "there" {
		t.Error(err)
	}
	if !zero.TryGo(func() error { return nil }) || zero.Wait() == nil {
		t.Error("a group without a limit takes tasks and keeps its error")
	}
}

// TestShown looks at a run as logs, expvar and profiles do.
func TestShown(t *testing.T) {
	var labels atomic.Value
	label := func(ctx context.Context, i int) (int, error) {
		var found []string
		pprof.ForLabels(ctx, func(k, v string) bool { found = append(found, k+"="+v); return true })
		labels.Store(strings.Join(found, " "))
		return i, nil
	}
	for kind, want := range map[executor.Kind]string{executor.IO: "concurlint.executor=io concurlint.stage=crawl", executor.Serial: "concurlint.executor=serial concurlint.stage=crawl"} {
		run := executor.Start(t.Context(), []int{1, 2, 3}, label, executor.Options{Executor: kind, Name: "crawl"})
		var shown expvar.Var = run
		if err := run.Wait(); err != nil {
			t.Error(err)
		}
		var stages []map[string]any
		if err := json.Unmarshal([]byte(shown.String()), &stages); err != nil || len(stages) != 1 || stages[0]["done"] != 3.0 || stages[0]["name"] != "crawl" {
			t.Errorf("%v: %s", err, shown)
		}
		var text bytes.Buffer
		slog.New(slog.NewTextHandler(&text, nil)).Info("done", "run", run.Snapshot())
		if line := text.String(); !strings.Contains(line, "run.executor="+string(kind)) || !strings.Contains(line, "run.done=3") || strings.Contains(line, "failures") {
			t.Error(line)
		}
		if line := fmt.Sprint(run.Stages()[0]); !strings.HasPrefix(line, fmt.Sprintf(`name="crawl" executor=%q`, kind)) || !strings.Contains(line, " done=3 ") {
			t.Error(line)
		}
		if got := labels.Load(); got != want {
			t.Errorf("labels %q, want %q", got, want)
		}
	}
}

type spanKey struct{}

// TestTrace opens a span around each attempt.
func TestTrace(t *testing.T) {
	bad := errors.New("bad")
	for _, kind := range kinds[:4] {
		var open, failed, panicked atomic.Int64
		trace := func(ctx context.Context, name string) (context.Context, func(error)) {
			open.Add(1)
			return context.WithValue(ctx, spanKey{}, name), func(err error) {
				switch {
				case errors.Is(err, bad):
					failed.Add(1)
				case err != nil:
					panicked.Add(1)
				}
				open.Add(-1)
			}
		}
		stage := executor.Stage("fetch", func(ctx context.Context, i int) (int, error) {
			if ctx.Value(spanKey{}) != "fetch" {
				t.Error("no span here")
			}
			switch i % 10 {
			case 3:
				return 0, bad
			case 7:
				panic("seven")
			}
			return i, nil
		}, executor.Options{Executor: kind, Trace: trace, Retry: executor.Retry{Attempts: 2, Backoff: 1}})
		for range stage.Stream(t.Context(), upTo(100, nil)) {
		}
		if open.Load() != 0 || failed.Load() != 20 || panicked.Load() != 10 {
			t.Errorf("%s: %d open, %d failed, %d panicked", kind, open.Load(), failed.Load(), panicked.Load())
		}
	}
}
