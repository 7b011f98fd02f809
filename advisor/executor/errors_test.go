package executor_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/concurlint/concurlint/advisor/executor"
)

// TestPanicText holds the text of a panic to one line, whatever wraps it, and
// the stack to %+v.
func TestPanicText(t *testing.T) {
	boom := func(context.Context, int) (int, error) { panic("first line\nsecond line\n") }
	stage := executor.Stage("stage", boom, executor.Options{Executor: executor.Serial})
	_, alone := executor.Map(t.Context(), slices.Values([]int{1}), boom, executor.Options{})
	_, staged := stage.Map(t.Context(), slices.Values([]int{1}))
	var bare *executor.PanicError
	if !errors.As(alone, &bare) {
		t.Fatalf("got %v", alone)
	}
	for want, err := range map[string]error{
		"panic: first line; second line":                bare,
		"item 0: panic: first line; second line":        alone,
		"item 0: stage: panic: first line; second line": staged,
	} {
		if err.Error() != want || fmt.Sprint(err) != want || fmt.Sprintf("%q", err) != fmt.Sprintf("%q", want) {
			t.Errorf("got %q, %v, %q; want %q", err.Error(), err, err, want)
		}
		if full := fmt.Sprintf("%+v", err); !strings.HasPrefix(full, want+"\n\ngoroutine ") || !strings.Contains(full, "errors_test.go:") {
			t.Errorf("%%+v of %s: %q", want, full)
		}
	}
	if plain := (&executor.ItemError{Index: 3, Err: errOdd}); fmt.Sprintf("%+v", plain) != plain.Error() {
		t.Errorf("%%+v without a panic: %+v", plain)
	}
}

// TestStageAttempts cuts a pipeline whose second stage waits: its error tells the items
// that the stage has begun with from those that came too late.
func TestStageAttempts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancelCause(t.Context())
		time.AfterFunc(time.Second, func() { cancel(errEnough) })
		began := make(map[int]bool)
		p := executor.Then(executor.Stage("fetch", func(_ context.Context, i int) (int, error) { return i, nil }), "store",
			func(ctx context.Context, i int) (int, error) {
				began[i] = true
				<-ctx.Done()
				return 0, context.Cause(ctx)
			}, executor.Options{Executor: executor.IO, Size: 1})
		late := 0
		for r := range executor.Through(ctx, upTo(8, nil), p).Results() {
			var failed *executor.StageError
			if !errors.As(r.Err, &failed) || failed.Stage != "store" {
				continue
			}
			if failed.Attempts == 0 {
				late++
			}
			if began[r.Index] != (failed.Attempts == 1) {
				t.Errorf("item %d: %d attempts, begun %t", r.Index, failed.Attempts, began[r.Index])
			}
		}
		if len(began) != 1 || late == 0 {
			t.Errorf("store has begun with %v, and %d items came too late", began, late)
		}
	})
}
