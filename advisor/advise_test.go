package advisor

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/concurlint/concurlint/advisor/profile"
)

var update = flag.Bool("update", false, "write the golden files")

// many has something of everything.
func many() (*Lint, *profile.Evidence) {
	l := program()
	l.Sites = []Site{group(constant(8)), workers(constant(16)), loop("io")}
	l.Findings = []Finding{
		{Rule: "poolfit", Severity: "warning", Package: "ex.io/app", Function: "fetch", File: "fetch.go", Line: 15, Fingerprint: "f1",
			Chain: []Step{{Place: at("fetch.go", 15), Message: "net.Dial"}}},
		{Rule: "lockio", Severity: "note", Package: "ex.io/app", Function: "(*Store).Save", File: "store.go", Line: 14, Fingerprint: "f2",
			Related: []Step{{Place: at("store.go", 12), Message: "taken here"}}},
		{Rule: "blockloop", Severity: "error", Package: "ex.io/app", Function: "onEvent", File: "loop.go", Line: 42, Fingerprint: "f3"},
	}
	r := tasked(10*sc, 4000, 8, ms/2, profile.Net, 20*ms, 9*sc)
	r.last().GC = sc / 10
	r.stack(serialAt, wait(profile.Net, 9*sc, 450)).
		stack("app.serve@loop.go:15", cpu(sc/2)).
		stack("net.(*conn).Read app.(*Store).Save@store.go:14", wait(profile.Net, 2*sc, 100)).
		stack("sync.(*Mutex).Lock app.(*Store).Get@store.go:41", wait(profile.Lock, 5*sc, 300)).
		stack("runtime.chanrecv1 app.worker@pool.go:12", wait(profile.Chan, 150*sc, 400)).
		stack("net.(*conn).Read app.worker@pool.go:14", wait(profile.Net, 8*sc, 400)).
		stack("app.worker@pool.go:15", cpu(sc/5))
	r.source(profile.HeapProfile, 0).stack("app.fetch.func1@fetch.go:18", profile.Weights{InUse: 20e6})
	return l, r.evidence()
}

func marshal(t *testing.T, r *Report) []byte {
	t.Helper()
	data, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	return append(data, '\n')
}

func TestReport(t *testing.T) {
	l, ev := many()
	got := marshal(t, Advise(l, ev, Options{}))
	file := filepath.Join("..", "testdata", "advisor", "many.json")
	if *update {
		if err := os.WriteFile(file, got, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("the report differs from %s; see go test -update and git diff. It is:\n%s", file, got)
	}
}

// The same input has the same report, and none of it is changed.
func TestAdviseIsPure(t *testing.T) {
	l, ev := many()
	before, err := json.Marshal([]any{l, ev})
	if err != nil {
		t.Fatal(err)
	}
	first := marshal(t, Advise(l, ev, Options{}))
	for range 30 {
		if again := marshal(t, Advise(l, ev, Options{})); !bytes.Equal(first, again) {
			t.Fatal("two reports on the same input differ")
		}
	}
	if after, _ := json.Marshal([]any{l, ev}); !bytes.Equal(before, after) {
		t.Error("Advise changed its input")
	}
}

// The order in which sources, stacks, sites and findings come does not matter.
func TestOrderDoesNotMatter(t *testing.T) {
	l, ev := many()
	first := Advise(l, ev, Options{})
	reverse(l.Sites)
	reverse(l.Findings)
	for _, s := range ev.Sources {
		reverse(s.Stacks)
	}
	second := Advise(l, ev, Options{})
	if a, b := marshal(t, first), marshal(t, second); !bytes.Equal(a, b) {
		t.Errorf("reports differ:\n%s\n%s", a, b)
	}
}

func reverse[T any](s []T) {
	for i, j := 0, len(s)-1; i < j; i, j = i+1, j-1 {
		s[i], s[j] = s[j], s[i]
	}
}

// On an overcommitted host, waits are ranges and the report says so.
func TestOvercommit(t *testing.T) {
	l := program()
	l.Sites = []Site{group(constant(8))}
	r := tasked(10*sc, 4000, 8, ms/2, profile.Net, 20*ms, 9*sc)
	r.overcommitted(3)
	rep := Advise(l, r.evidence(), Options{})
	if rep.Host.Overcommit != 3 || !strings.Contains(strings.Join(rep.Notes, "\n"), "overcommitted 3 times") {
		t.Errorf("overcommit %v, notes %q", rep.Host.Overcommit, rep.Notes)
	}
	a := rep.Advice[0]
	if w := a.Cost.Wait["net"]; w[0] >= 0.016 || w[1] < 0.02 || a.Recommend.Max >= 213 {
		t.Errorf("waits %v, at most %d in flight: not the lower end", w, a.Recommend.Max)
	}
	if !strings.Contains(strings.Join(a.Unknown, "\n"), "overcommitted") {
		t.Errorf("unknown: %q", a.Unknown)
	}
}

// A few CPU samples give no figure for overcommit, but waits are ranges all the same.
func TestOvercommitBySamples(t *testing.T) {
	for samples, told := range map[int]bool{3: false, 23: false, 24: true} {
		l := program()
		l.Sites = []Site{group(constant(8))}
		r := tasked(10*sc, 4000, 8, ms/2, profile.Net, 20*ms, 9*sc)
		r.last().Sampled = time.Duration(samples) * period
		r.last().Running = 8 * r.last().Sampled
		rep := Advise(l, r.evidence(), Options{})
		notes := strings.Join(rep.Notes, "\n")
		if (rep.Host.Overcommit != 0) != told || strings.Contains(notes, "overcommitted 8 times") != told || strings.Contains(notes, "to say whether the host") == told {
			t.Errorf("%d samples: overcommit %v, notes %q", samples, rep.Host.Overcommit, rep.Notes)
		}
		if w := rep.Advice[0].Cost.Wait["net"]; w[0] == w[1] {
			t.Errorf("%d samples: waits %v", samples, w)
		}
	}
}

// One CPU sample in the collector, of a program that sleeps, is no share of its time.
func TestFewSamplesInTheCollector(t *testing.T) {
	l := program()
	l.Sites = []Site{group(constant(8))}
	for samples, memory := range map[int64]bool{1: false, 200: true} {
		cpu := time.Duration(samples) * 10 * ms
		r := tasked(10*sc, 400, 8, 0, profile.Net, 20*ms, 0)
		r.last().CPU, r.last().GC, r.last().Samples = cpu, cpu, samples
		r.last().Stacks[0].CPU, r.last().Stacks[0].Samples = cpu, samples
		rep := Advise(l, r.evidence(), Options{})
		if have := rep.Host.GC > 0; have != memory {
			t.Errorf("%d samples: %v of the CPU time in the collector", samples, rep.Host.GC)
		}
	}
}

// Threads that compute in system calls keep each other from the cores, and so do
// those of others: what the calls take beyond their CPU time is no wait then.
func TestCalls(t *testing.T) {
	for name, c := range map[string]struct {
		cpu              time.Duration // in the calls
		running, sampled time.Duration // of Go code
		waits            bool
	}{
		"cores enough":         {sc, 220 * ms, 200 * ms, true},
		"busy cores":           {35 * sc, 220 * ms, 200 * ms, false},
		"a busy host":          {3 * sc, 200 * ms, 40 * ms, false},
		"little was seen":      {3 * sc, 44 * ms, 40 * ms, false},
		"few samples in calls": {200 * ms, 200 * ms, 40 * ms, true},
		"hardly any CPU time":  {50 * ms, 1000 * ms, 200 * ms, true},
	} {
		w := wait(profile.File, 60*sc, 3000)
		w.CPU, w.Samples = c.cpu, int64(c.cpu/(10*ms))
		r := record().source(profile.Trace, 10*sc).stack("syscall.pread app.fetch@f.go:18/10", w)
		s := r.last()
		s.Running, s.Sampled = c.running, c.sampled
		rep := Advise(program(), r.evidence(), Options{})
		i := slices.IndexFunc(rep.Classes, func(m Measured) bool { return m.Function == "fetch" })
		if i < 0 {
			t.Fatalf("%s: %+v", name, rep.Classes)
		}
		if got := rep.Classes[i].Wait["file"] > 0; got != c.waits {
			t.Errorf("%s: waits %v, want %v; %+v", name, rep.Classes[i].Wait, c.waits, rep.Host)
		}
	}
}

// A loop is worth no worker where all of the benchmark's operation that it is part of
// takes less than a hand-over is worth.
func TestOperations(t *testing.T) {
	for name, c := range map[string]struct {
		each    time.Duration
		others  bool // it computes outside of the benchmark as well
		advised bool
	}{
		"short":            {20 * time.Microsecond, false, false},
		"long":             {20 * ms, false, true},
		"not alone":        {20 * time.Microsecond, true, true},
		"nothing is known": {0, false, true},
	} {
		l := program()
		l.Sites = []Site{loop("cpu")}
		r := record().source(profile.Trace, 10*sc).stack(serialAt+" app.BenchmarkServe.func1@serve_test.go:9/7", cpu(9*sc))
		if c.others {
			r.stack(serialAt, cpu(sc))
		}
		ev := r.evidence()
		if c.each > 0 {
			ev.Operations = map[string]time.Duration{"BenchmarkServe": c.each}
		}
		list := Advise(l, ev, Options{Cores: 4}).Advice
		if got := slices.ContainsFunc(list, func(a Advice) bool { return a.Action == actConcurrent }); got != c.advised {
			t.Errorf("%s: %+v", name, list)
		}
	}
}

// CPU time is scaled to what the system counted. Where the samples hold too little of
// that, it is a range from theirs to it, and so are the sizes.
func TestRusage(t *testing.T) {
	l := program()
	l.Sites = []Site{group(constant(8))}
	r := tasked(10*sc, 4000, 8, ms/2, profile.Net, 20*ms, 9*sc)
	r.overcommitted(1.25).last().Rusage = 5 * r.last().CPU / 4
	rep := Advise(l, r.evidence(), Options{})
	a := rep.Advice[0]
	if c := a.Cost.CPU; c[0] > 0.0005 || c[1] < 0.000625 || a.Recommend.Min > 109 || a.Recommend.Max != 213 {
		t.Errorf("CPU %v, %d to %d in flight", c, a.Recommend.Min, a.Recommend.Max)
	}
	for _, m := range rep.Classes {
		if m.CPU > 0 && m.Range != (Span{m.CPU / 1.25, m.CPU}) {
			t.Errorf("%s computes %v, a range of %v", m.Function, m.CPU, m.Range)
		}
	}
	if strings.Contains(strings.Join(a.Unknown, "\n"), "uncorrected") {
		t.Errorf("unknown: %q", a.Unknown)
	}
}

// Nothing at all is no reason to panic.
func TestNothing(t *testing.T) {
	for name, c := range map[string]struct {
		lint *Lint
		ev   *profile.Evidence
		note string
	}{
		"no recording":    {program(), &profile.Evidence{}, "no recording"},
		"nothing linted":  {&Lint{Version: 1}, tasked(sc, 10, 1, ms, profile.Net, ms, 0).evidence(), "another program"},
		"another program": {program(), record().source(profile.CPUProfile, sc).stack("strings.Map", cpu(sc)).evidence(), "another program"},
	} {
		r := Advise(c.lint, c.ev, Options{})
		marshal(t, r)
		if !strings.Contains(strings.Join(r.Notes, "\n"), c.note) {
			t.Errorf("%s: notes %q", name, r.Notes)
		}
	}
}

func TestClasses(t *testing.T) {
	r := record().source(profile.Trace, 10*sc).
		stack("net.(*conn).Read app.(*Store).Get@store.go:44", wait(profile.Net, 8*sc, 400)). // light by the source
		stack("app.worker@pool.go:15", cpu(5*sc)).                                            // io by the source
		stack("app.Map@gen.go:7", cpu(3*sc)).
		stack("app.onEvent@loop.go:43", cpu(10*ms))
	want := map[string]struct{ class, differs string }{
		"(*Store).Get": {"io", "it waited 8 s (net) and computed 0 s"},
		"worker":       {"cpu", "it computed 5 s and waited for nothing outside"},
		"Map":          {"cpu", ""},
	}
	list := Advise(program(), r.evidence(), Options{}).Classes
	if len(list) != len(want) {
		t.Errorf("%d classes, want %d", len(list), len(want))
	}
	for _, m := range list {
		if w := want[m.Function]; m.Class != w.class || m.Differs != w.differs {
			t.Errorf("%s is %s (%s), want %s (%s)", m.Function, m.Class, m.Differs, w.class, w.differs)
		}
	}
	if list[0].Lines[44].Wait["net"] != 8 {
		t.Errorf("lines %v", list[0].Lines)
	}
}

// The figures of the rule are those that decide: other thresholds give another
// text, and no number stands in it that is none of them.
func TestGoldenRule(t *testing.T) {
	before := DefaultThresholds
	defer func() { DefaultThresholds = before }()
	d := &DefaultThresholds
	d.Tiny, d.Chunk, d.CPUBound, d.Binds, d.LockBound, d.GCBound, d.Sockets = 7*time.Microsecond, 123*time.Microsecond, 0.17, 0.07, 0.19, 0.33, 12345
	text := ""
	for _, r := range GoldenRule() {
		if r.Work == "" || r.When == "" || r.Executor == "" || r.Size == "" || r.Never == "" {
			t.Errorf("empty cell in %+v", r)
		}
		text += r.When + "|" + r.Size + "\n"
	}
	figures := []string{"7 µs", "123 µs", "0.17", "7 %", "19 %", "33 %", "12345 ", "20 µs to 50 µs", "1.3·", "2 ms"}
	for _, f := range figures {
		if !strings.Contains(text, f) {
			t.Errorf("%s is not in\n%s", f, text)
		}
		text = strings.ReplaceAll(text, f, "")
	}
	text = strings.NewReplacer("|1\n", "", "(1 + W/C)", "").Replace(text)
	if strings.ContainsAny(text, "0123456789") {
		t.Errorf("figures that are no thresholds:\n%s", text)
	}
}

// Snapshots last for no time, however they are counted.
func TestSnapshotsHaveNoDuration(t *testing.T) {
	ev := record().source(profile.Trace, 10*sc).stack(netAt, wait(profile.Net, sc, 50)).source(profile.Goroutines, 0).stack(netAt, snapped(profile.Net, 40)).evidence()
	r := Advise(program(), ev, Options{})
	if r.Profiles[0].Seconds != 10 || r.Profiles[1].Seconds != 0 {
		t.Errorf("%+v", r.Profiles)
	}
}
