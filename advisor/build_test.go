package advisor

import (
	"strconv"
	"strings"
	"time"

	"github.com/concurlint/concurlint/advisor/profile"
)

const (
	us = time.Microsecond
	ms = time.Millisecond
	sc = time.Second
)

// The program of most tests. Its lines:
//
//	fetch.go 10-30  fetch: hands 15-20 (fetch.func1) over at 15, waits for them at 25
//	         16 net, 17 lock of cache.mu, 18 computes, 19 sleep
//	loop.go  10-30  serve: a loop over 12-20, one after the other; 14 net, 15 computes, 16 sleep
//	loop.go  40-50  onEvent: a callback; 42 net, 43 computes
//	store.go 10-30  (*Store).Save: holds cache.mu from 12 to 16, net at 14 under it
//	store.go 40-50  (*Store).Get: holds cache.mu from 41 to 45, and only reads
//	pool.go  10-20  worker: receives at 12 (idle), net at 14
//	pool.go  30-40  submit: sends to the workers at 32
//	main.go  5-15   main
//	gen.go   5-9    Map: generic
func program() *Lint {
	const pkg = "ex.io/app"
	fn := func(name, file string, line, end int, class string, waits ...WaitAt) Function {
		return Function{Package: pkg, Function: name, File: file, Line: line, EndLine: end, Class: class, Waits: waits}
	}
	l := &Lint{Version: 1, Module: Module{Path: pkg, Dir: "/src/app"}, Functions: []Function{
		fn("fetch", "fetch.go", 10, 30, "io", WaitAt{Line: 16, Kind: "net"}, WaitAt{Line: 17, Kind: "lock", Of: "cache.mu"}, WaitAt{Line: 19, Kind: "sleep"}, WaitAt{Line: 25, Kind: "wait"}),
		fn("serve", "loop.go", 10, 30, "io", WaitAt{Line: 14, Kind: "net"}, WaitAt{Line: 16, Kind: "sleep"}, WaitAt{Line: 22, Kind: "chan", Idle: "ctx"}),
		fn("onEvent", "loop.go", 40, 50, "light", WaitAt{Line: 42, Kind: "net"}),
		fn("(*Store).Save", "store.go", 10, 30, "io", WaitAt{Line: 12, Kind: "lock", Of: "cache.mu", Until: 16, Under: "writes"}, WaitAt{Line: 14, Kind: "net"}),
		fn("(*Store).Get", "store.go", 40, 50, "light", WaitAt{Line: 41, Kind: "lock", Of: "cache.mu", Until: 45, Under: "reads"}),
		fn("worker", "pool.go", 10, 20, "io", WaitAt{Line: 12, Kind: "chan"}, WaitAt{Line: 14, Kind: "net"}),
		fn("submit", "pool.go", 30, 40, "coordination", WaitAt{Line: 32, Kind: "chan"}),
		fn("Map", "gen.go", 5, 9, "cpu"),
		fn("(T).Value", "gen.go", 15, 19, "cpu"),
		fn("(T).Value2", "gen.go", 25, 29, "cpu"),
		{Package: pkg + "/cmd/app", Function: "main", File: "cmd/app/main.go", Line: 5, EndLine: 15, Class: "io"},
		{Package: pkg + "/cmd/tool", Function: "main", File: "cmd/tool/main.go", Line: 5, EndLine: 15, Class: "io"},
	}}
	l.Functions[0].Literals = []Literal{{"fetch.func1", 15, 20}, {"fetch.func1.1", 18, 18}, {"fetch.func2", 23, 24}}
	l.Functions[8].Literals = []Literal{{"(T).Value.func1", 16, 17}}
	return l
}

func at(file string, line int) Place { return Place{File: file, Line: line} }

// group is the site at fetch.go:15.
func group(limit Limit) Site {
	return Site{
		Package: "ex.io/app", Function: "fetch", Place: at("fetch.go", 15), EndLine: 20, Via: "errgroup.(*Group).Go", Executor: "group",
		Limit: limit, Trip: "urls", Task: Task{Class: "io", Bodies: []Body{{"ex.io/app", "fetch", "fetch.go", 15, 20, true}}},
	}
}

// items is a site in a loop over these.
func items(s Site, trip string) Site { s.Trip = trip; return s }

// computing is a site whose tasks compute, by the source.
func computing(s Site) Site { s.Task.Class = "cpu"; return s }

// elsewhere is a site whose task is a function of another package, of which the
// analyzers do not know the last line.
func elsewhere(s Site) Site {
	s.Task.Bodies[0].EndLine = 0
	return s
}

func constant(n int64) Limit { return Limit{Class: "const", Text: strconv.FormatInt(n, 10), N: n} }

// workers is the pool of pool.go.
func workers(limit Limit) Site {
	return Site{
		Package: "ex.io/app", Function: "main", Place: at("cmd/app/main.go", 8), Via: "go", Executor: "workers", Limit: limit, Endless: true,
		Task:  Task{Class: "io", Bodies: []Body{{"ex.io/app", "worker", "pool.go", 10, 20, false}}},
		Queue: &Queue{Receives: []Place{at("pool.go", 12)}, Sends: []Place{at("pool.go", 32)}},
	}
}

// loop is the serial loop of loop.go.
func loop(class string) Site {
	return Site{
		Package: "ex.io/app", Function: "serve", Place: at("loop.go", 12), EndLine: 20, Via: "range", Executor: "serial", Trip: "items",
		Limit: Limit{Class: "none"}, Task: Task{Class: class, Bodies: []Body{{"ex.io/app", "serve", "loop.go", 12, 20, true}}},
	}
}

// eight is a loop over eight items.
func eight(s Site) Site { s.Trip = "8"; return s }

// recorded builds evidence.
type recorded struct {
	b       *profile.Builder
	sources []*profile.Source
	linked  map[string]bool
}

func record() *recorded { return &recorded{b: profile.NewBuilder()} }

func (r *recorded) source(format profile.Format, d time.Duration) *recorded {
	r.sources = append(r.sources, &profile.Source{Names: []string{string(format) + strconv.Itoa(len(r.sources))}, Format: format, Duration: d, Cores: 4, Samples: 2000})
	return r
}

func (r *recorded) last() *profile.Source { return r.sources[len(r.sources)-1] }

// of says which packages the program consists of.
func (r *recorded) of(packages ...string) *recorded {
	r.linked = map[string]bool{}
	for _, p := range packages {
		r.linked[p] = true
	}
	return r
}

// with changes the last source.
func (r *recorded) with(f func(*profile.Source)) *recorded { f(r.last()); return r }

// frame reads pkg.Func@file:line/start; app stands for ex.io/app.
func (r *recorded) frame(s string) profile.FrameID {
	name, place, _ := strings.Cut(s, "@")
	if rest, ok := strings.CutPrefix(name, "app."); ok {
		name = "ex.io/app." + rest
	}
	colon := max(0, strings.LastIndexByte(place, ':')) // C:\x.go:6
	file, nums := place[:colon], strings.TrimPrefix(place[colon:], ":")
	line, start, _ := strings.Cut(nums, "/")
	f := profile.Frame{Func: name, File: file}
	f.Line, _ = strconv.Atoi(line)
	f.StartLine, _ = strconv.Atoi(start)
	return r.b.Frame(f)
}

func (r *recorded) path(s string) (ids []profile.FrameID) {
	for _, f := range strings.Fields(s) {
		ids = append(ids, r.frame(f))
	}
	return ids
}

// stack adds a path, leaf first, to the last source.
func (r *recorded) stack(path string, w profile.Weights) *recorded {
	s := r.last()
	s.Stacks = append(s.Stacks, profile.Stack{Frames: r.path(path), Weights: w})
	s.CPU += w.CPU
	if s.Format == profile.Trace {
		s.Sampled += w.CPU
	}
	s.Running += w.Running
	return r
}

// cpu are the weights of computing, as a trace on an idle host or a profile has them.
func cpu(t time.Duration) profile.Weights {
	return profile.Weights{CPU: t, Running: t, Samples: int64(t / (10 * ms))}
}

func wait(k profile.Kind, t time.Duration, n int64) (w profile.Weights) {
	w.Waits[k] = profile.Wait{Time: t, Count: n}
	return w
}

// task adds goroutines that began at a path: all of them whole.
func (r *recorded) task(creator, start string, n, peak int64, w profile.Weights) *recorded {
	all := profile.Totals{Goroutines: n, CPU: w.CPU, Sampled: w.CPU, Running: w.Running, Runnable: w.Runnable.Time, Waits: w.Waits}
	all.Lifetime = w.Running + w.Runnable.Time
	for _, x := range w.Waits {
		all.Lifetime += x.Time
	}
	s := r.last()
	s.Tasks = append(s.Tasks, profile.Task{Creator: r.path(creator), Start: r.frame(start), Started: n, Ended: n, Peak: peak, Whole: all, All: all})
	return r
}

// overcommitted makes all that ran in the last source run for so many times as long.
func (r *recorded) overcommitted(times float64) *recorded {
	s := r.last()
	all := []*time.Duration{&s.Running}
	for i := range s.Stacks {
		all = append(all, &s.Stacks[i].Running)
	}
	for i := range s.Tasks {
		all = append(all, &s.Tasks[i].All.Running, &s.Tasks[i].Whole.Running)
	}
	for _, t := range all {
		*t = time.Duration(times * float64(*t))
	}
	return r
}

func (r *recorded) evidence() *profile.Evidence {
	return &profile.Evidence{Sources: r.sources, Frames: r.b.Frames()}
}

// snapped are n goroutines that a snapshot saw waiting.
func snapped(k profile.Kind, n int64) profile.Weights {
	w := wait(k, 0, n)
	w.Goroutines = n
	return w
}

// plus adds weights.
func plus(list ...profile.Weights) (sum profile.Weights) {
	for _, w := range list {
		sum.CPU += w.CPU
		sum.Running += w.Running
		sum.Samples += w.Samples
		sum.Runnable.Time += w.Runnable.Time
		for k := range w.Waits {
			sum.Waits[k].Time += w.Waits[k].Time
			sum.Waits[k].Count += w.Waits[k].Count
		}
	}
	return sum
}
