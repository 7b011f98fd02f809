package executor_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

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
