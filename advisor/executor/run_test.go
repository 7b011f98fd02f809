package executor_test

import (
	"bufio"
	"context"
	"errors"
	"io"
	"iter"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/concurlint/concurlint/advisor/executor"
)

// lines yields the lines of r, and its error.
func lines(r io.Reader) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		s := bufio.NewScanner(r)
		for s.Scan() {
			if !yield(s.Text(), nil) {
				return
			}
		}
		if err := s.Err(); err != nil {
			yield("", err)
		}
	}
}

type names []string

// TestInputs takes items from every kind of input, and the errors of those that
// have some.
func TestInputs(t *testing.T) {
	size := func(_ context.Context, s string) (int, error) { return len(s), nil }
	for _, kind := range kinds[:4] {
		o := executor.Options{Executor: kind}
		seq := iter.Seq[string](func(yield func(string) bool) { _ = yield("a") && yield("bb") })
		for name, got := range map[string]func() ([]int, error){
			"slice":       func() ([]int, error) { return executor.Map(t.Context(), []string{"a", "bb"}, size, o) },
			"named slice": func() ([]int, error) { return executor.Map(t.Context(), names{"a", "bb"}, size, o) },
			"seq":         func() ([]int, error) { return executor.Map(t.Context(), seq, size, o) },
			"function":    func() ([]int, error) { return executor.Map(t.Context(), (func(func(string) bool))(seq), size, o) },
			"seq2":        func() ([]int, error) { return executor.Map(t.Context(), lines(strings.NewReader("a\nbb\n")), size, o) },
			"pipeline":    executor.Through(t.Context(), names{"a", "bb"}, executor.Stage("size", size, o)).Collect,
		} {
			if out, err := got(); err != nil || len(out) != 2 || out[1] != 2 {
				t.Errorf("%s, %s: %v, %v", kind, name, out, err)
			}
		}
		broken := func() iter.Seq2[string, error] {
			return lines(io.MultiReader(strings.NewReader("a\nbb\n"), iotest.ErrReader(io.ErrNoProgress)))
		}
		var item *executor.ItemError
		if _, err := executor.Map(t.Context(), broken(), size, o); !errors.As(err, &item) || item.Index != 2 || !errors.Is(err, io.ErrNoProgress) {
			t.Errorf("%s: %v", kind, err)
		}
		through := executor.Then(executor.Stage("size", size, o), "same", func(_ context.Context, n int) (int, error) { return n, nil }, o)
		for _, run := range []*executor.Run[string, int]{executor.Start(t.Context(), broken(), size, o), executor.Through(t.Context(), broken(), through)} {
			n := 0
			for r := range run.Results() {
				var input *executor.InputError
				if failed := n == 2; errors.As(r.Err, &input) != failed || r.Index != n || failed && r.Attempts != 0 {
					t.Errorf("%s: %+v", kind, r)
				}
				n++
			}
			if s := run.Snapshot(); n != 3 || s.Done != 3 || s.Failures != 1 {
				t.Errorf("%s: %d results, %+v", kind, n, s)
			}
		}
	}
}

// TestRunTwice holds that results are not made twice in silence.
func TestRunTwice(t *testing.T) {
	run := executor.Start(t.Context(), []int{1}, func(_ context.Context, i int) (int, error) { return i, nil })
	if out, err := run.Collect(); err != nil || len(out) != 1 {
		t.Error(out, err)
	}
	if err := run.Wait(); err == nil || !strings.Contains(err.Error(), "begun already") {
		t.Error(err)
	}
	if s := run.Snapshot(); s.Done != 1 {
		t.Errorf("%+v", s)
	}
}

// TestFuncName holds that one name is one function.
func TestFuncName(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("a second function of one name was accepted")
		}
	}()
	executor.Func("fate", func(context.Context, int) (int, error) { return 0, nil })
}
