package advisor

import (
	"slices"
	"strings"
	"testing"

	"github.com/concurlint/concurlint/advisor/profile"
)

// A serial loop that waits for goroutines which its iterations start is one over
// what those wait for.
func TestSerialJoins(t *testing.T) {
	const (
		joinAt = "sync.(*WaitGroup).Wait app.fetch@fetch.go:25 app.serve@loop.go:14"
		began  = "app.fetch@fetch.go:15 app.serve@loop.go:14"
		inner  = "app.fetch.func1@fetch.go:18" // on another goroutine
	)
	loops := func(creator string, w profile.Weights) *recorded {
		r := record().source(profile.Trace, 10*sc).stack(joinAt, wait(profile.Join, 9*sc, 900))
		return r.task(creator, taskAt, 900, 1, w)
	}
	for name, c := range map[string]struct {
		rec            *recorded
		action, class  string
		executor, says string
	}{
		"that wait": {loops(began, plus(wait(profile.Net, 8*sc, 900), cpu(sc/2))),
			"concurrent", "io", "io", "goroutines that each iteration starts"},
		"that compute": {loops(began, cpu(9*sc)),
			"concurrent", "cpu", "cpu", "on 4 workers"},
		"that start others": {loops(began, wait(profile.Join, 9*sc, 900)).task(inner+" "+taskAt, "app.fetch.func2", 900, 1, wait(profile.Net, 9*sc, 900)),
			"concurrent", "io", "io", "mostly net"},
		"that somebody else starts": {loops("app.submit@pool.go:32", wait(profile.Net, 9*sc, 900)), "", "", "", ""},
	} {
		l := program()
		l.Sites = []Site{loop("coordination"), group(constant(4))}
		list := slices.DeleteFunc(Advise(l, c.rec.evidence(), Options{}).Advice, func(a Advice) bool { return a.Site.Executor != "serial" })
		if c.action == "" {
			if len(list) > 0 {
				t.Errorf("%s: %s", name, list[0].Title)
			}
			continue
		}
		if len(list) != 1 {
			t.Errorf("%s: %d pieces of advice", name, len(list))
			continue
		}
		a := list[0]
		if a.Action != c.action || a.Cost.Class != c.class || a.Recommend.Executor != c.executor || a.Stake < 0.8 {
			t.Errorf("%s: %s (%s) on %s, class %s, stake %v", name, a.Action, a.Title, a.Recommend.Executor, a.Cost.Class, a.Stake)
		}
		if text := a.Title + "\n" + strings.Join(a.Because, "\n"); !strings.Contains(text, c.says) {
			t.Errorf("%s: nothing says %q:\n%s", name, c.says, text)
		}
	}
}

// Two calls that run the same callback for each element are one loop.
func TestSerialCallback(t *testing.T) {
	l := program()
	for _, line := range []int{12, 13} {
		s := loop("io")
		s.Line, s.Via = line, "path/filepath.WalkDir"
		s.Task.Bodies = []Body{{"ex.io/app", "onEvent", "loop.go", 40, 50, false}}
		l.Sites = append(l.Sites, s)
	}
	r := record().source(profile.Trace, 10*sc).stack("net.(*conn).Read app.onEvent@loop.go:42 path/filepath.WalkDir app.serve@loop.go:12", wait(profile.Net, 9*sc, 900))
	list := Advise(l, r.evidence(), Options{}).Advice
	if len(list) != 1 || list[0].Action != "concurrent" || list[0].Site.Line != 12 {
		t.Errorf("advice %+v", list)
	}
}
