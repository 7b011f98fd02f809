package executor_test

import (
	"strings"
	"testing"

	"github.com/concurlint/concurlint/advisor/executor"
)

// advised is as "concurlint advise -format json" prints it, cut to what matters.
const advised = `{"version": 1,
 "advice": [
  {"site": {"package": "example.com/a", "function": "All", "task": {"bodies": [{"package": "example.com/a", "function": "(*Client).Fetch"}]}},
   "title": "raise the limit of 4", "recommend": {"executor": "io", "min": 8, "max": 64}},
  {"site": {"task": {"bodies": [{"package": "example.com/a", "function": "Proved"}]}},
   "title": "fewer", "recommend": {"executor": "io", "min": 8, "max": 64}, "verified": {"size": 6}},
  {"site": {"task": {"bodies": [{"package": "example.com/a", "function": "Free"}]}},
   "title": "bound it", "recommend": {"executor": "unbounded"}},
  {"site": {"executor": "lock", "task": {"bodies": [{"package": "example.com/a", "function": "Hash"}]}},
   "title": "the lock is the cap", "recommend": {"executor": "readers"}}],
 "classes": [{"package": "example.com/a", "function": "Proved", "class": "io"}, {"package": "example.com/a", "function": "Hash", "class": "cpu"}, {"package": "example.com/a", "function": "Queue", "class": "lock"}]}`

func TestReadAdvice(t *testing.T) {
	for function, want := range map[string]executor.Recommendation{
		"example.com/a.(*Client).Fetch": {Executor: executor.IO, Max: 64, Reason: "raise the limit of 4"},
		"example.com/a.Proved":          {Executor: executor.IO, Max: 6, Reason: "fewer"},
		"example.com/a.Free":            {Reason: "bound it"},
		"example.com/a.Hash":            {Executor: executor.CPU, Reason: "measured class cpu"},
		"example.com/a.Queue":           {Reason: "measured class lock"},
	} {
		if got, err := executor.ReadAdvice(strings.NewReader(advised), function); err != nil || got != want {
			t.Errorf("%s: got %+v, %v, want %+v", function, got, err, want)
		}
	}
	for name, bad := range map[string]struct{ text, function, want string }{
		"function": {advised, "example.com/b.F", "nothing is known of example.com/b.F; the advice is about example.com/a.(*Client).Fetch, example.com/a.Proved, example.com/a.Free, example.com/a.Hash, "},
		"version":  {`{"version": 2}`, "a.F", "version 2, want 1"},
		"text":     {"lockio: …", "a.F", "concurlint advise -format json"},
		"empty":    {"", "a.F", "concurlint advise -format json"},
	} {
		_, err := executor.ReadAdvice(strings.NewReader(bad.text), bad.function)
		if err == nil || !strings.Contains(err.Error(), bad.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: got %v, want %s", name, err, bad.want)
		}
	}
}
