package advisor

import (
	"fmt"
	"strings"
	"testing"

	"github.com/concurlint/concurlint/advisor/profile"
)

// Where the time of a site's tasks goes: each step's place, what is called there,
// and the share in percent, but for steps that are the source's word.
func TestChains(t *testing.T) {
	trace := func() *recorded { return record().source(profile.Trace, 10*sc) }
	witnessed := func(s Site) Site {
		s.Task.Chain = []Step{{at(s.File, s.Line+1), "submit"}, {at("pool.go", 32), "http.Get"}}
		return s
	}
	far := Site{
		Package: "ex.io/app", Function: "serve", Place: at("loop.go", 13), Via: "go", Executor: "workers", Limit: constant(8), Endless: true,
		Task: Task{Class: "io", Bodies: []Body{{Package: "ex.io/app", Function: "worker", File: "pool.go", Line: 10}}},
	}
	for name, c := range map[string]struct {
		site Site
		rec  *recorded
		want string
	}{
		"down to a call of a library": {loop("io"), trace().stack(serialAt, wait(profile.Net, 9*sc, 450)),
			"loop.go:14 http.(*Client).Do 100"},
		"the heavier of two": {loop("io"), trace().
			stack("net.(*conn).Read app.submit@pool.go:33 app.serve@loop.go:14", wait(profile.Net, 6*sc, 450)).
			stack("os.(*File).Read app.worker@pool.go:15 app.serve@loop.go:15", wait(profile.File, 3*sc, 450)),
			"loop.go:14 submit 67, pool.go:33 net.(*conn).Read 67"},
		"a function's lines count together": {loop("io"), trace().
			stack("net.(*conn).Read app.submit@pool.go:33 app.serve@loop.go:14", wait(profile.Net, 2*sc, 450)).
			stack("net.(*conn).Read app.submit@pool.go:34 app.serve@loop.go:16", wait(profile.Net, 3*sc, 450)).
			stack("os.(*File).Read app.worker@pool.go:15 app.serve@loop.go:15", wait(profile.File, 4*sc, 450)),
			"loop.go:16 submit 56, pool.go:34 net.(*conn).Read 56"},
		"recursion is one call": {loop("io"), trace().
			stack("net.(*conn).Read app.submit@pool.go:33 app.onEvent@loop.go:42 app.onEvent@loop.go:43 app.onEvent@loop.go:43 app.serve@loop.go:14", wait(profile.Net, 9*sc, 450)),
			"loop.go:14 onEvent 100, loop.go:42 submit 100, pool.go:33 net.(*conn).Read 100"},
		"through a library": {loop("io"), trace().
			stack("net.(*conn).Read app.onEvent@loop.go:42 path/filepath.WalkDir app.serve@loop.go:14", wait(profile.Net, 9*sc, 450)),
			"loop.go:14 onEvent 100, loop.go:42 net.(*conn).Read 100"},
		"another package": {loop("io"), trace().
			stack("net.(*conn).Read main.main@/src/app/cmd/app/main.go:8 app.serve@loop.go:14", wait(profile.Net, 9*sc, 450)),
			"loop.go:14 app.main 100, cmd/app/main.go:8 net.(*conn).Read 100"},
		"computing": {loop("cpu"), trace().stack("app.Map[go.shape.int]@gen.go:7 app.serve@loop.go:14", cpu(9*sc)),
			"loop.go:14 Map 100, gen.go:7 computes 100"},
		"computing in the runtime": {loop("cpu"), trace().stack("runtime.mallocgc app.Map[go.shape.int]@gen.go:7 app.serve@loop.go:14", cpu(9*sc)),
			"loop.go:14 Map 100, gen.go:7 runtime.mallocgc 100"},
		"from a hand-over": {group(constant(8)), tasked(10*sc, 4000, 8, ms/2, profile.Net, 20*ms, 9*sc),
			"fetch.go:15 the function literal at fetch.go:15 100, fetch.go:16 http.(*Client).Do 98"},
		"a function that is handed over": {workers(constant(16)), batches(1000, 10*ms),
			"cmd/app/main.go:8 app.worker 100, pool.go:14 http.(*Client).Do 100"},
		"a function of another package": {far, batches(1000, 10*ms),
			"loop.go:13 worker 100, pool.go:14 http.(*Client).Do 100"},
		"waits for others": {group(constant(8)), tasked(10*sc, 4000, 8, ms/2, profile.Net, 20*ms, 9*sc).
			stack("runtime.chanrecv1 app.submit@pool.go:32 app.fetch.func1@fetch.go:19", wait(profile.Chan, 9000*sc, 4000)),
			"fetch.go:15 the function literal at fetch.go:15 100, fetch.go:19 submit 99, pool.go:32 receives from jobs 99"},
		"goroutines of its own": {loop("coordination"), trace().
			stack("sync.runtime_SemacquireWaitGroup sync.(*WaitGroup).Wait app.fetch@fetch.go:25 app.serve@loop.go:14", wait(profile.Join, 9*sc, 900)).
			task("app.fetch@fetch.go:15 app.serve@loop.go:14", taskAt, 900, 1, wait(profile.Net, 8*sc, 900)),
			"loop.go:14 fetch 100, fetch.go:25 sync.(*WaitGroup).Wait 100"},
		"a few events": {loop("io"), trace().
			stack("net.(*conn).Read app.submit@pool.go:33 app.serve@loop.go:14", wait(profile.Net, 5*sc, 4)).
			stack("os.(*File).Read app.submit@pool.go:33 app.serve@loop.go:14", wait(profile.File, 4*sc, 4)),
			"loop.go:14 submit 100"},
		"under a lock": {Site{}, trace().stack(saveAt, wait(profile.Lock, 90*sc, 900)).stack("net.(*conn).Read app.(*Store).Save@store.go:14", wait(profile.Net, 9*sc, 900)),
			"store.go:14 net.(*conn).Read 100"},
		"under a lock that nobody was seen to hold": {Site{}, trace().stack(getAt, wait(profile.Lock, 20*sc, 5000)),
			"store.go:43 fmt.Sscan"},
		"waits that no recording shows": {witnessed(group(constant(8))), record().source(profile.CPUProfile, 10*sc).stack(cpuAt, cpu(5*sc)),
			"fetch.go:16 submit, pool.go:32 http.Get"},
	} {
		l := program()
		l.Functions[6].Waits[0].Call = "receives from jobs"
		l.Functions[4].Effects = []Effect{{Chain: []Step{{at("store.go", 48), "os.ReadFile"}}}, {Chain: []Step{{at("store.go", 43), "fmt.Sscan"}}}}
		if c.site.Executor != "" {
			l.Sites = []Site{c.site}
		}
		list := Advise(l, c.rec.evidence(), Options{}).Advice
		if len(list) != 1 {
			t.Errorf("%s: %d pieces of advice", name, len(list))
			continue
		}
		if got := spell(list[0].Chain); got != c.want {
			t.Errorf("%s: got %s\nwant %s", name, got, c.want)
		}
	}
}

func spell(chain []Link) string {
	var steps []string
	for _, l := range chain {
		text := fmt.Sprintf("%s:%d %s", l.File, l.Line, l.Message)
		if l.Share > 0 {
			text += fmt.Sprintf(" %.0f", 100*l.Share)
		}
		steps = append(steps, text)
	}
	return strings.Join(steps, ", ")
}
