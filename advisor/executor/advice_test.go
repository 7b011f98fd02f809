package executor_test

import (
	"os"
	"strings"
	"testing"

	"github.com/concurlint/concurlint/advisor/executor"
)

// advised is as "concurlint advise -format json" prints it, cut to what matters.
const advised = `{"version": 1, "evidence": "execution trace",
 "advice": [
  {"site": {"package": "a.io/a", "function": "All", "task": {"bodies": [{"package": "a.io/a", "function": "(*Client).Fetch"}]}},
   "title": "raise the limit of 4", "recommend": {"executor": "io", "min": 8, "max": 64}},
  {"site": {"task": {"bodies": [{"package": "a.io/a", "function": "Proved"}]}},
   "title": "fewer", "recommend": {"executor": "io", "min": 8, "max": 64}, "verified": {"benchmark": "BenchmarkAll", "size": 6}},
  {"site": {"task": {"bodies": [{"package": "a.io/a", "function": "Free"}]}},
   "title": "bound it", "recommend": {"executor": "unbounded", "max": -1}},
  {"site": {"executor": "lock", "task": {"bodies": [{"package": "a.io/a", "function": "Hash"}]}},
   "title": "the lock is the cap", "recommend": {"executor": "readers"}, "chain": [{"package": "a.io/a", "function": "Hash", "share": 1}]},

  {"site": {"package": "a.io/a", "function": "Each", "file": "a.go", "line": 9, "task": {"bodies": [{"package": "a.io/a", "function": "Each", "part": true}]}},
   "title": "bound it: 100", "action": "bound", "recommend": {"executor": "io", "max": 100}, "stake": 0.2,
   "chain": [{"message": "the function literal at a.go:9", "share": 1}, {"package": "a.io/a", "function": "load", "share": 0.9}, {"package": "a.io/a", "function": "parse", "share": 0.4}]},
  {"site": {"task": {"bodies": []}}, "title": "by the source", "action": "more", "recommend": {"executor": "io", "max": 9},
   "chain": [{"package": "a.io/a", "function": "Static"}]},

  {"site": {"task": {"bodies": [{"package": "a.io/a", "function": "Kept"}]}}, "title": "keep: nobody waits", "action": "keep", "now": {"executor": "io"},
   "recommend": {"executor": "io", "max": 16}, "stake": 0.9, "caps": [{"size": 0}, {"size": 800}, {"size": 500}]},
  {"site": {"task": {"bodies": [{"package": "a.io/a", "function": "Best"}]}}, "title": "keep: nobody waits", "action": "keep", "recommend": {"executor": "io", "max": 16}, "stake": 0.9},
  {"site": {"task": {"bodies": [{"package": "a.io/a", "function": "Best"}]}}, "title": "worth a look", "action": "concurrent", "look": true, "recommend": {"executor": "io", "max": 20}, "stake": 0.8},
  {"site": {"task": {"bodies": [{"package": "a.io/a", "function": "Best"}]}}, "title": "less at stake", "action": "more", "recommend": {"executor": "io", "max": 32}, "stake": 0.1},
  {"site": {"task": {"bodies": [{"package": "a.io/a", "function": "Best"}]}}, "title": "more at stake", "action": "more", "recommend": {"executor": "io", "max": 64}, "stake": 0.5},
  {"site": {"task": {"bodies": [{"package": "a.io/a", "function": "Best"}]}}, "title": "slower", "action": "more", "recommend": {"executor": "io", "max": 128}, "stake": 1, "verified": {"claim": "slower", "size": 128}},
  {"site": {"task": {"bodies": [{"package": "a.io/a", "function": "Proved"}]}}, "title": "more at stake", "action": "more", "recommend": {"executor": "io", "max": 64}, "stake": 0.5},
  {"site": {"executor": "serial", "task": {"bodies": []}}, "title": "keep: in order", "action": "keep", "now": {"executor": "serial"}, "recommend": {"executor": "serial", "max": 1},
   "chain": [{"package": "a.io/a", "function": "Step", "share": 1}]}],
 "classes": [{"package": "a.io/a", "function": "Proved", "class": "io"}, {"package": "a.io/a", "function": "Hash", "class": "cpu"}, {"package": "a.io/a", "function": "Queue", "class": "lock"},
  {"package": "a.io/a", "function": "Each", "class": "coordination"}, {"package": "a.io/a", "function": "parse", "class": "cpu"}, {"package": "a.io/a", "function": "Static", "class": "mixed"},
  {"package": "a.io/a", "function": "Step", "class": "io"}, {"package": "a.io/a", "function": "Free", "class": "io"}]}`

func TestReadAdvice(t *testing.T) {
	class := func(kind executor.Kind, class string) executor.Recommendation {
		return executor.Recommendation{Executor: kind, Reason: "measured class " + class + ", by execution trace"}
	}
	for function, want := range map[string]executor.Recommendation{
		"(*Client).Fetch": {Executor: executor.IO, Max: 64, Reason: "raise the limit of 4, by execution trace"},
		"Proved":          {Executor: executor.IO, Max: 6, Reason: "fewer, by BenchmarkAll"},
		"Free":            {Executor: executor.IO, Reason: "bound it, by execution trace"},
		"load":            {Executor: executor.IO, Max: 100, Reason: "bound it: 100; a.go:9 in Each, whose tasks spend 90 % of their time in it, by execution trace"},
		"Kept":            {Executor: executor.IO, Max: 500, Reason: "keep: nobody waits, by execution trace"},
		"Best":            {Executor: executor.IO, Max: 64, Reason: "more at stake, by execution trace"},

		"Hash":   class(executor.CPU, "cpu"),
		"Queue":  class("", "lock"),
		"Each":   class("", "coordination"), // its literal is advised about
		"parse":  class(executor.CPU, "cpu"),
		"Static": class(executor.IO, "mixed"),
		"Step":   class(executor.IO, "io"),
	} {
		if got, err := executor.ReadAdvice(strings.NewReader(advised), "a.io/a."+function); err != nil || got != want {
			t.Errorf("%s: got %+v, %v, want %+v", function, got, err, want)
		}
	}
	// The same of a report as it is printed.
	text, err := os.ReadFile("testdata/advice.json")
	if err != nil {
		t.Fatal(err)
	}
	for function, max := range map[string]int{"Fetch": 44, "Load": 70, "(*Client).Get": 94, "ask": 94, "All": 0} {
		got, err := executor.ReadAdvice(strings.NewReader(string(text)), "example.com/app/store."+function)
		if err != nil || got.Executor != executor.IO || got.Max != max {
			t.Errorf("%s: got %+v, %v, want at most %d on io", function, got, err, max)
		}
	}
	for name, bad := range map[string]struct{ text, function, want string }{
		"function": {advised, "a.io/b.F", "nothing is known of a.io/b.F; the advice is about a.io/a.(*Client).Fetch, a.io/a.Proved, a.io/a.Free, a.io/a.load, "},
		"nothing":  {`{"version": 1}`, "a.F", "nothing is known of a.F; the advice is about no function"},
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
