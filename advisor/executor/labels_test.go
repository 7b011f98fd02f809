package executor_test

import (
	"bytes"
	"context"
	"runtime/pprof"
	"strings"
	"testing"
	"time"

	"github.com/concurlint/concurlint/advisor/executor"
)

// labelled returns the lines of labels of all goroutines.
func labelled(t *testing.T) string {
	var profile bytes.Buffer
	if err := pprof.Lookup("goroutine").WriteTo(&profile, 1); err != nil {
		t.Fatal(err)
	}
	var lines []string
	for line := range strings.Lines(profile.String()) {
		if strings.HasPrefix(line, "# labels:") {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "")
}

// TestTaskLabels holds that profiles tell whose goroutine a task is in, with the
// labels that the caller's context has besides.
func TestTaskLabels(t *testing.T) {
	ctx := pprof.WithLabels(t.Context(), pprof.Labels("job", "import"))
	for kind, run := range map[string]func(task func() error) error{
		"pool": func(task func() error) error {
			p := executor.NewPool(ctx, 2)
			p.Go(task)
			return p.Wait()
		},
		"group": func(task func() error) error {
			g, _ := executor.WithContext(ctx)
			g.Go(task)
			return g.Wait()
		},
		"group of 2": func(task func() error) error {
			g, _ := executor.WithContext(ctx)
			g.SetLimit(2)
			g.Go(task)
			return g.Wait()
		},
		"range": func(task func() error) (err error) {
			ranged := executor.Range(ctx, 100, func(i int) {
				time.Sleep(time.Millisecond) // long enough for others to help
				if i == 50 {
					err = task()
				}
			})
			if ranged != nil {
				t.Error(ranged)
			}
			return err
		},
	} {
		pprof.SetGoroutineLabels(ctx)
		name, _, _ := strings.Cut(kind, " ")
		err := run(func() error {
			found := labelled(t)
			if !strings.Contains(found, `"concurlint.executor":"`+name+`", "concurlint.stage":"`+name+`", "job":"import"`) {
				t.Errorf("%s: labels of all goroutines\n%s", kind, found)
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
		found := settled(t, name)
		if !strings.Contains(found, `{"job":"import"}`) || strings.Contains(found, `"`+name+`"`) {
			t.Errorf("%s: afterwards\n%s", kind, found)
		}
	}
	pprof.SetGoroutineLabels(context.Background())
}

// settled is labelled once the workers of a pool, on their way home, have lost the
// labels of an executor, or after a second.
func settled(t *testing.T, name string) string {
	t.Helper()
	found := labelled(t)
	for range 1000 {
		if !strings.Contains(found, `"`+name+`"`) {
			break
		}
		time.Sleep(time.Millisecond)
		found = labelled(t)
	}
	return found
}
