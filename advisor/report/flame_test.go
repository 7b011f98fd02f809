package report

import (
	"fmt"
	"math/rand/v2"
	"os"
	"testing"
	"testing/fstest"
	"time"

	"github.com/concurlint/concurlint/advisor"
	"github.com/concurlint/concurlint/advisor/profile"
)

// spell writes a view as one line for each node.
func spell(v View) (lines []string) {
	for _, n := range v.Nodes {
		lines = append(lines, fmt.Sprintf("%*s%s %d %s", n[1], "", v.Names[n[0]], n[2], v.Kinds[n[3]]))
	}
	return lines
}

func TestFlame(t *testing.T) {
	frames := []profile.Frame{{Func: "main"}, {Func: "a"}, {Func: "b"}, {Func: "tiny1"}, {Func: "tiny2"}}
	stack := func(cpu, net, lock, idle, queue time.Duration, ids ...profile.FrameID) profile.Stack {
		s := profile.Stack{Frames: ids}
		s.CPU, s.Runnable.Time = cpu, queue
		s.Waits[profile.Net].Time, s.Waits[profile.Lock].Time, s.Waits[profile.Idle].Time = net, lock, idle
		return s
	}
	e := &profile.Evidence{Frames: frames, Sources: []*profile.Source{
		{Format: profile.Trace, Names: []string{"t"}, Stacks: []profile.Stack{
			stack(5, 700, 0, 0, 100, 1, 0), stack(0, 0, 900, 0, 0, 2, 1, 0), stack(0, 0, 0, 1e6, 0, 2),
		}},
		{Format: profile.CPUProfile, Names: []string{"c1"}, Stacks: []profile.Stack{
			stack(6000, 0, 0, 0, 0, 1, 0), stack(1, 0, 0, 0, 0, 3, 0), stack(2, 0, 0, 0, 0, 4, 0),
		}},
		{Format: profile.CPUProfile, Names: []string{"c2"}, Stacks: []profile.Stack{stack(4000, 0, 0, 0, 0, 2, 0)}},
	}}
	f := NewFlame(e)
	want := map[string][]string{
		// The CPU profiles are merged and preferred to the trace.
		"CPU from 2 recordings (cpu)": {"all 10003 cpu", " main 10003 cpu", "  a 6000 cpu", "  b 4000 cpu", "  (smaller ones) 3 cpu"},
		"Waiting from t (trace)":      {"all 1700 lock", " main 1700 lock", "  a 1700 lock", "   b 900 lock"},
	}
	if len(f.Views) != len(want) {
		t.Errorf("%d views", len(f.Views))
	}
	for _, v := range f.Views {
		if got, want := fmt.Sprint(spell(v)), fmt.Sprint(want[v.Title+" from "+v.Source]); got != want {
			t.Errorf("%s from %s:\n got %s\nwant %s", v.Title, v.Source, got, want)
		}
	}
	if empty := NewFlame(&profile.Evidence{Sources: []*profile.Source{{Format: profile.HeapProfile}}}); len(empty.Views) != 0 {
		t.Errorf("views of nothing: %v", empty.Views)
	}
}

// wide is evidence of n stacks in a tree of about as many nodes.
func wide(n int) *profile.Evidence {
	random := rand.New(rand.NewPCG(1, 2))
	source := &profile.Source{Format: profile.Trace, Names: []string{"wide"}}
	e := &profile.Evidence{Sources: []*profile.Source{source}}
	for i := range 5000 {
		e.Frames = append(e.Frames, profile.Frame{Func: fmt.Sprintf("example.com/wide/p%d.(*T%d).F", i%70, i)})
	}
	for range n {
		var s profile.Stack
		for depth := 1 + random.IntN(40); depth > 0; depth-- { // few callers above, many callees below
			s.Frames = append(s.Frames, profile.FrameID(random.IntN(min(1+depth*depth/3, len(e.Frames)))))
		}
		s.CPU = time.Duration(random.ExpFloat64() * 1e7)
		s.Waits[random.IntN(int(profile.NumKinds))].Time = time.Duration(random.ExpFloat64() * 1e9)
		source.Stacks = append(source.Stacks, s)
	}
	return e
}

// A page stays small however many nodes its profile has: siblings are at most
// as many as fit the share that is kept.
func TestFlamePrunes(t *testing.T) {
	for _, v := range NewFlame(wide(20_000)).Views {
		level := make(map[int64]int64)
		for _, n := range v.Nodes {
			level[n[1]] += n[2]
		}
		for depth, sum := range level {
			if sum > v.Nodes[0][2] {
				t.Errorf("%s: depth %d adds up to %d of %d", v.Title, depth, sum, v.Nodes[0][2])
			}
		}
		if v.Dropped < 1000 || len(v.Nodes) > 41*2*1000 {
			t.Errorf("%s: %d nodes, %d dropped", v.Title, len(v.Nodes), v.Dropped)
		}
	}
}

func BenchmarkFlame(b *testing.B) {
	e := wide(20_000)
	for b.Loop() {
		NewFlame(e)
	}
}

func TestGroups(t *testing.T) {
	for name, want := range map[string]group{
		"example.com/thumbs/fetch.(*Fetcher).one":                  own,
		"example.com/thumbs.Map[go.shape.struct { net/http.X }].f": own,
		"main.main":                               own,
		"example.com/thumbstack.F":                library,
		"golang.org/x/sync/errgroup.(*Group).Go":  library,
		"net/http.(*Client).Do":                   standard,
		"runtime.gcDrain":                         runtimeGroup,
		"internal/runtime/maps.(*Map).getWithKey": runtimeGroup,
		OtherName: merged,
	} {
		if got := groupOf(name, "example.com/thumbs"); got != want {
			t.Errorf("%s: group %d, want %d", name, got, want)
		}
	}
	if root := ownRoot(samplesOf(t)["rich"]); root != "example.com/thumbs" {
		t.Errorf("root is %q", root)
	}
}

func TestExcerpts(t *testing.T) {
	r := samplesOf(t)["rich"]
	list := Excerpts(os.DirFS("testdata/thumbs"), r)
	if len(list) == 0 || list[0].Function != "(*Fetcher).one" {
		t.Fatalf("excerpts begin with %+v", list[:min(1, len(list))])
	}
	hottest := 0
	for _, x := range list {
		for _, l := range x.Lines {
			if l.Number == 39 && x.File == "fetch/fetch.go" && (l.Kind != "net" || l.CPU != 2.71) {
				t.Errorf("line 39 is %+v", l)
			}
			hottest = max(hottest, l.Heat)
		}
	}
	if hottest != 9 {
		t.Errorf("the hottest line has heat %d", hottest)
	}
	// Names that leave the tree, folders, and lines behind a file's end give nothing.
	tree := fstest.MapFS{"a.go": {Data: []byte("package a\n")}, "dir/b.go": {}}
	for _, m := range []advisor.Measured{
		{Place: advisor.Place{File: "../a.go", Line: 1}}, {Place: advisor.Place{File: "dir", Line: 1}},
		{Place: advisor.Place{File: "/a.go", Line: 1}}, {Place: advisor.Place{File: "a.go", Line: 7}}, {},
	} {
		m.Lines = map[int]advisor.LineWeight{m.Line: {CPU: 1}}
		if got := Excerpts(tree, &advisor.Report{Classes: []advisor.Measured{m}}); len(got) != 0 {
			t.Errorf("%+v gives %+v", m.Place, got)
		}
	}
}
