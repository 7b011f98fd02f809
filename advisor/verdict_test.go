package advisor

import (
	"strings"
	"testing"
	"time"

	"github.com/concurlint/concurlint/advisor/profile"
)

func TestVerdicts(t *testing.T) {
	finding := func(rule, severity, function, file string, line int, related ...Step) Finding {
		return Finding{Rule: rule, Severity: severity, Package: "ex.io/app", Function: function, File: file, Line: line, Related: related}
	}
	below := func(f Finding) Finding {
		f.Chain = []Step{{Place: at(f.File, f.Line), Message: "net.(*conn).Read"}}
		return f
	}
	taken := Step{Place: at("store.go", 12), Message: "taken here"}
	lock := finding("lockio", "note", "(*Store).Save", "store.go", 14, taken)
	fanout := finding("fanout", "warning", "fetch", "fetch.go", 15)
	block := finding("blockloop", "error", "onEvent", "loop.go", 42)
	pool := below(finding("poolfit", "warning", "fetch", "fetch.go", 15))
	promise := below(finding("contract", "warning", "onEvent", "loop.go", 42))
	tool := Finding{Rule: "fanout", Severity: "warning", Package: "ex.io/app/cmd/tool", Function: "main", File: "cmd/tool/main.go", Line: 8}
	const (
		save  = "net.(*conn).Read app.(*Store).Save@store.go:14"
		get   = "sync.(*Mutex).Lock app.(*Store).Get@store.go:41"
		event = "net.(*conn).Read app.onEvent@loop.go:42"
	)
	trace := func() *recorded {
		return record().source(profile.Trace, 10*sc).stack("app.worker@pool.go:15", cpu(20*sc))
	}
	byCPU := func(s string, t time.Duration) *recorded {
		return record().source(profile.CPUProfile, 10*sc).stack("app.worker@pool.go:15", cpu(20*sc)).stack(s, cpu(t))
	}
	none, eight := group(Limit{Class: "none"}), group(constant(8))
	compute := group(constant(64))
	compute.Task.Class = "cpu"
	between := group(constant(64))
	between.Task.Class, between.Task.Effects = "coordination", []string{"chan", "cpu"}
	cores := group(Limit{Class: "cores", Text: "n"})
	for name, c := range map[string]struct {
		finding  Finding
		site     *Site
		rec      *recorded
		verdict  string
		severity string
		says     string
	}{
		"lock others wait for": {lock, nil, trace().stack(save, wait(profile.Net, 2*sc, 100)).stack(get, wait(profile.Lock, 5*sc, 300)),
			Confirmed, "warning", "others waited for the lock 300 times"},
		"lock nobody waits for": {lock, nil, trace().stack(save, wait(profile.Net, 2*sc, 100)),
			Refuted, "note", "nobody waited"},
		"lock under which nothing waits": {lock, nil, trace().stack("app.(*Store).Save@store.go:14", cpu(sc)),
			Refuted, "note", "never waited at this line"},
		"lock in a mutex profile": {lock, nil, record().source(profile.MutexProfile, 10*sc).stack("sync.(*Mutex).Unlock app.(*Store).Save@store.go:29", profile.Weights{Held: profile.Wait{Time: sc, Count: 90}}),
			Confirmed, "warning", "released"},
		"lock in a CPU profile": {lock, nil, byCPU("app.(*Store).Save@store.go:14", sc),
			NoData, "note", "do not show waits for locks"},
		"lock that is cold": {lock, nil, trace().with(func(s *profile.Source) { s.Stacks[0].Samples = 500 }), Cold, "note", "nothing happened"},
		"package of the program that is cold": {tool, nil, trace().of("ex.io/app", "ex.io/app/cmd/tool"),
			Cold, "note", "none of 2000 CPU samples"},
		"package that the program does not link": {tool, nil, trace().of("ex.io/app", "ex.io/app/cmd/app"),
			NoData, "warning", "package ex.io/app/cmd/tool is no part of the program that was recorded"},
		"package of a program that shows another one than it links": {tool, nil, trace().stack("ex.io/app/sub.F@sub/f.go:6", cpu(sc)).of("ex.io/app", "ex.io/app/cmd/app"),
			Cold, "note", "none of 2100 CPU samples"},
		"task of a package that the program does not link": {tool, &Site{Package: tool.Package, Function: "main", Place: at(tool.File, tool.Line), Via: "go", Executor: "goroutine", Limit: Limit{Class: "none"},
			Task: Task{Class: "io", Bodies: []Body{{"ex.io/app", "worker", "pool.go", 10, 20, false}}}}, trace().of("ex.io/app", "ex.io/app/cmd/app"),
			NoData, "warning", "no part of the program"},
		"lock of another name": {lock, nil, trace().stack(save, wait(profile.Net, 2*sc, 100)).stack("sync.(*Mutex).Lock app.submit@pool.go:35", wait(profile.Lock, 5*sc, 300)),
			Refuted, "note", "nobody waited"},
		"huge fan-out": {fanout, &none, tasked(10*sc, 4000, 900, ms/2, profile.Net, 200*ms, 0),
			Confirmed, "warning", "900 of its goroutines"},
		"small fan-out": {fanout, &none, tasked(10*sc, 4000, 9, ms/2, profile.Net, 20*ms, 0),
			Refuted, "note", "no more than 9"},
		"middling fan-out": {fanout, &none, tasked(10*sc, 4000, 30, ms/2, profile.Net, 20*ms, 0),
			NoData, "warning", "neither way"},
		"fan-out in a snapshot": {fanout, &none, record().source(profile.Goroutines, 0).stack(netAt, profile.Weights{Goroutines: 500}),
			Confirmed, "warning", "500 of its goroutines"},
		"fan-out in a CPU profile": {fanout, &none, byCPU(cpuAt, sc),
			NoData, "warning", "no recording counts"},
		"slow callback": {block, nil, trace().stack(event, wait(profile.Net, sc, 50)),
			Confirmed, "error", "50 times, 20 ms each"},
		"quick callback": {block, nil, trace().stack(event, wait(profile.Net, ms, 50)),
			Refuted, "warning", "only 20 µs each"},
		"callback that computes": {block, nil, byCPU("app.onEvent@loop.go:42", 4*sc),
			Confirmed, "error", "computed there for 4 s"},
		"callback that never waits": {block, nil, trace().stack("app.onEvent@loop.go:43", cpu(sc)),
			Refuted, "warning", "never waited there"},
		"callback by CPU alone": {block, nil, byCPU("app.onEvent@loop.go:43", sc),
			NoData, "error", "do not show waits"},
		"callback without CPU samples": {block, nil, byCPU("app.Map@gen.go:7", sc),
			NoData, "error", "too few to call it cold"},
		"callback that is cold by CPU": {block, nil, byCPU("app.Map@gen.go:7", sc).with(func(s *profile.Source) { s.Samples = 20000 }),
			Cold, "warning", "none of 20000 CPU samples"},
		"pool in a snapshot that saw little of it": {pool, &eight, byCPU(cpuAt, sc).source(profile.Goroutines, 0).stack(netAt, snapped(profile.Net, 3)),
			NoData, "warning", "do not show"},
		"I/O on cores that binds": {pool, &cores, tasked(10*sc, 2000, 4, ms/2, profile.Net, 19*ms, 9*sc),
			Confirmed, "warning", "the limit binds"},
		"I/O on cores that does not bind": {pool, &cores, tasked(10*sc, 200, 4, ms/2, profile.Net, 19*ms, 0),
			Refuted, "note", "does not bind"},
		"I/O pool that computes": {pool, &eight, tasked(10*sc, 2000, 8, 19*ms, profile.Net, ms/10, 9*sc),
			Refuted, "note", "0.0053 times"},
		"CPU pool that is too wide": {pool, &compute, tasked(10*sc, 2000, 64, 60*ms, profile.Net, 0, 9*sc),
			Confirmed, "warning", "tasks that compute are in flight on 4 cores"},
		"CPU pool that is too wide, where many wait for the collector": {pool, &compute, tasked(10*sc, 2000, 64, 10*ms, profile.Memory, 310*ms, 0),
			Confirmed, "warning", "tasks that compute are in flight on 4 cores"},
		"workers that compute between channels, and are too many": {pool, &between, tasked(10*sc, 2000, 64, 60*ms, profile.Net, 0, 9*sc),
			Confirmed, "warning", "tasks that compute are in flight on 4 cores"},
		"workers that compute between channels, and have little to do": {pool, &between, tasked(10*sc, 200, 4, 10*ms, profile.Net, 0, 0),
			Refuted, "note", "does not bind"},
		"CPU pool that waits": {pool, &compute, tasked(10*sc, 2000, 64, ms/2, profile.Net, 20*ms, 9*sc),
			Refuted, "note", "40 times"},
		"pool by CPU alone": {pool, &eight, byCPU(cpuAt, sc),
			NoData, "warning", "do not show"},
		"promise on a busy line": {promise, nil, trace().stack(event, wait(profile.Net, sc, 50)),
			Confirmed, "warning", "50 times, 20 ms each"},
		"promise that was kept": {promise, nil, trace().stack("app.onEvent@loop.go:43", cpu(sc)),
			Refuted, "note", "the function never waited there"},
		"promise by CPU alone": {promise, nil, byCPU("app.onEvent@loop.go:43", sc),
			NoData, "warning", "do not show waits"},
		"fan-out of no site": {finding("fanout", "warning", "fetch", "fetch.go", 17), nil, trace().stack(netAt, wait(profile.Net, ms, 5)),
			NoData, "warning", "nothing that is measured refutes it: recordings count the goroutines"},
		"pool of no site": {pool, nil, byCPU(cpuAt, sc), NoData, "warning", "nothing that is measured refutes it: its pool"},
		"rule of another kind": {finding("novel", "warning", "fetch", "fetch.go", 17), nil, byCPU("app.fetch@fetch.go:18", sc),
			NoData, "warning", "nothing that is measured refutes it: recordings show what its lines take"},
		"fan-out whose goroutines never end": {fanout, &none, leaking(record(), "app.fetch.func1@fetch.go:18 "+taskAt, 3),
			Confirmed, "warning", "of the goroutines that began there, 3 never end"},
		"lock held for good": {lock, nil, leaking(record(), "app.(*Store).Save@store.go:14", 1),
			Confirmed, "warning", "1 goroutine waits there for good"},
		"goroutines of others that never end": {lock, nil, leaking(record(), "app.submit@pool.go:32", 3),
			NoData, "note", "0 observations"},
		"a directive where goroutines never end": {finding("contract", "warning", "onEvent", "loop.go", 42), nil, leaking(record(), "app.onEvent@loop.go:42", 3),
			NoData, "warning", "0 observations"},
		"too few samples": {lock, nil, record().source(profile.CPUProfile, 10*sc).with(func(s *profile.Source) { s.Samples = 12 }).stack("app.(*Store).Save@store.go:14", cpu(120*ms)),
			NoData, "note", "12 observations, 100 are needed"},
		"too few to be cold": {lock, nil, record().source(profile.CPUProfile, 10*sc).with(func(s *profile.Source) { s.Samples = 200 }).stack("app.Map@gen.go:7", cpu(2*sc)),
			NoData, "note", "too few to call it cold"},
		"a size that can be 0": {finding("poolfit", "warning", "gone", "fetch.go", 15), nil, trace(), NoData, "warning", "refutes it: such a size"},
		"a directive":          {finding("contract", "warning", "onEvent", "loop.go", 40), nil, trace(), NoData, "warning", "refutes it: a directive"},
		"no such function":     {finding("lockio", "warning", "gone", "gone.go", 3), nil, trace(), NoData, "warning", "not among those"},
	} {
		t.Run(name, func(t *testing.T) {
			l := program()
			l.Findings = []Finding{c.finding}
			if c.site != nil {
				l.Sites = []Site{*c.site}
			}
			f := Advise(l, c.rec.evidence(), Options{Linked: c.rec.linked}).Findings[0]
			if f.Verdict != c.verdict || f.Severity != c.severity || f.Was != c.finding.Severity {
				t.Errorf("%s, %s (was %s); want %s, %s", f.Verdict, f.Severity, f.Was, c.verdict, c.severity)
			}
			if text := strings.Join(f.Because, "\n"); !strings.Contains(text, c.says) {
				t.Errorf("nothing says %q: %q", c.says, text)
			}
		})
	}
}

// A verdict names the recordings that it rests on, and no others.
func TestVerdictEvidence(t *testing.T) {
	const event = "net.(*conn).Read app.onEvent@loop.go:42"
	all := func() *recorded {
		return record().source(profile.CPUProfile, 10*sc).with(func(s *profile.Source) { s.Names = []string{"cpu.pprof"} }).
			source(profile.MutexProfile, 10*sc).with(func(s *profile.Source) { s.Names = []string{"mutex profile of a server"} }).
			source(profile.HeapProfile, 0).
			source(profile.Trace, 10*sc).with(func(s *profile.Source) { s.Names = []string{"a.out", "b.out"} })
	}
	loop := Finding{Rule: "blockloop", Severity: "error", Package: "ex.io/app", Function: "onEvent", File: "loop.go", Line: 42}
	for name, c := range map[string]struct {
		rule string
		rec  *recorded
		want string
	}{
		"a wait":           {"blockloop", all().stack(event, wait(profile.Net, sc, 50)), "trace a.out, b.out"},
		"computing":        {"blockloop", computesAt(all(), "app.onEvent@loop.go:42"), "CPU profile cpu.pprof"},
		"no wait":          {"blockloop", computesAt(all(), "app.onEvent@loop.go:43"), "CPU profile cpu.pprof; trace a.out, b.out"},
		"a lock":           {"lockio", all().stack(event, wait(profile.Net, sc, 50)), "mutex profile of a server; trace a.out, b.out"},
		"nothing happened": {"blockloop", all().stack("app.Map@gen.go:7", wait(profile.Net, ms, 1)), "CPU profile cpu.pprof; trace a.out, b.out"},
		"a directive":      {"contract", all(), ""},
	} {
		t.Run(name, func(t *testing.T) {
			l := program()
			loop.Rule = c.rule
			l.Findings = []Finding{loop}
			f := Advise(l, c.rec.evidence(), Options{}).Findings[0]
			if got := strings.Join(f.Evidence, "; "); got != c.want {
				t.Errorf("%s (%s) rests on %q, want %q", f.Verdict, f.Because, got, c.want)
			}
		})
	}
}

// computesAt adds computing to the first source, a CPU profile.
func computesAt(r *recorded, path string) *recorded {
	s := r.sources[0]
	s.Stacks = append(s.Stacks, profile.Stack{Frames: r.path(path), Weights: cpu(4 * sc)})
	s.CPU += 4 * sc
	return r
}

// Waits are of the kind that the source says at the line.
func TestResolve(t *testing.T) {
	for name, c := range map[string]struct {
		stack     string
		raw, want profile.Kind
	}{
		"channel of a library at a net line":  {"runtime.selectgo app.serve@loop.go:14", profile.Chan, profile.Net},
		"system call at a net line":           {"syscall.Syscall app.serve@loop.go:14", profile.Syscall, profile.Net},
		"lock of a library at a net line":     {"sync.(*Mutex).Lock app.serve@loop.go:14", profile.Lock, profile.Lock},
		"channel of which the source is mute": {"runtime.selectgo app.serve@loop.go:17", profile.Chan, profile.Chan},
		"context":                             {"runtime.chanrecv1 app.serve@loop.go:22", profile.Chan, profile.Idle},
		"receive of workers":                  {"runtime.chanrecv2 app.worker@pool.go:12", profile.Chan, profile.Idle},
		"send to workers":                     {"runtime.chansend1 app.submit@pool.go:32", profile.Chan, profile.Submit},
		"send to workers from deeper":         {"runtime.chansend1 app.(*Store).Get@store.go:44 app.submit@pool.go:32", profile.Chan, profile.Submit},
		"lock on the way to workers":          {"sync.(*Mutex).Lock app.(*Store).Get@store.go:41 app.submit@pool.go:32", profile.Lock, profile.Lock},
	} {
		t.Run(name, func(t *testing.T) {
			l := program()
			l.Sites = []Site{workers(constant(8))}
			a := analyze(l, record().source(profile.Trace, sc).stack(c.stack, wait(c.raw, sc, 10)).evidence(), Options{})
			for i, w := range a.functions {
				for k := range profile.NumKinds {
					if w.waits[k] > 0 && k != c.want {
						t.Errorf("%s waits for %s, want %s", l.Functions[i].Function, k, c.want)
					}
				}
			}
			if name := strings.Fields(c.stack)[1]; a.functions[a.index.symbol("ex.io/app", strings.TrimPrefix(name[:strings.Index(name, "@")], "app."))].waits[c.want] != 1 {
				t.Errorf("%s does not wait for %s", name, c.want)
			}
		})
	}
}
