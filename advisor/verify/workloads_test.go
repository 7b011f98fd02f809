package verify

import (
	"cmp"
	"context"
	"flag"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"
	"time"

	"github.com/concurlint/concurlint/advisor"
	"github.com/concurlint/concurlint/advisor/bench"
	"github.com/concurlint/concurlint/advisor/edit"
)

var trials = flag.Int("trials", 20, "real `trials` of TestIdenticalPrograms")

type workload struct {
	name    string
	file    string
	present int
	lo, hi  int
}

// workloads are the programs of testdata/advisor/workloads: what they have, and
// the range that advice would give.
var workloads = []workload{
	{"Capped", "wait.go", 4, 16, 64},
	{"Retrograde", "wait.go", 64, 8, 16},
	{"Cliff", "wait.go", 64, 8, 32},
	{"Fsync", "wait.go", 1, 4, 16},
	{"HTTP", "wait.go", 2, 16, 64},
	{"Rate", "wait.go", 2, 8, 32},
	{"Cores", "compute.go", 1, 2, 4},
	{"Tiny", "compute.go", 64, 1, 4},
	{"Mixed", "compute.go", 2, 8, 32},
	{"Lock", "compute.go", 2, 8, 32},
	{"Pipeline", "compute.go", 2, 8, 32},
	{"Alloc", "compute.go", 64, 2, 8},
	{"Memory", "compute.go", 32, 2, 8},
}

// site is where a workload hands its tasks over, by the marks in its source.
func (w workload) site(t *testing.T) (site advisor.Site, dir string) {
	dir, err := filepath.Abs("../../testdata/advisor/workloads")
	if err != nil {
		t.Fatal(err)
	}
	mark := func(kind string) advisor.Place {
		return advisor.Place{File: w.file, Line: at(t, filepath.Join(dir, w.file), "// "+kind+" "+w.name+"\n")}
	}
	return advisor.Site{
		Executor: "pool", Place: mark("site"),
		Limit: advisor.Limit{Class: "const", N: int64(w.present), Place: mark("limit")},
	}, dir
}

// programsOf builds a workload whose size is read from the environment.
func programsOf(t *testing.T, dir string, site advisor.Site, benchmark string) *programs {
	tuned, err := edit.Tune(os.DirFS(dir), site, edit.Want{Action: "more", N: 1})
	if err != nil {
		t.Fatal(err)
	}
	progs, err := build(context.Background(), t.TempDir(), dir, "", tuned, bench.Target{Dir: dir, Match: benchmark + "$"})
	if err != nil {
		t.Fatal(err)
	}
	return progs
}

// sweep is every size that the exhaustive search tries.
var sweep = []int{1, 2, 3, 4, 6, 8, 10, 12, 14, 16, 18, 20, 24, 28, 32, 40, 48, 64, 96, 128}

// TestWorkloads holds the verified size against an exhaustive sweep. It takes
// about a minute for each workload: see the README beside them.
func TestWorkloads(t *testing.T) {
	pattern := os.Getenv("CONCURLINT_WORKLOADS")
	if pattern == "" {
		t.Skip("takes minutes; CONCURLINT_WORKLOADS=. runs it")
	}
	match := regexp.MustCompile(pattern)
	for _, w := range workloads {
		if !match.MatchString(w.name) {
			continue
		}
		t.Run(w.name, func(t *testing.T) {
			site, dir := w.site(t)
			req := Request{
				Dir: dir, Benchmark: w.name + "$", Budget: 40 * time.Second,
				Advice: advisor.Advice{Site: site, Action: "more", Recommend: advisor.Setting{Min: w.lo, Max: w.hi}},
			}
			p, err := Verify(context.Background(), req)
			if err != nil {
				t.Fatal(err)
			}
			v := p.Verified
			t.Logf("%s (time ratio %.3f, %.3f to %.3f, p %.4f), size %d, noise %.1f %%, %d runs, %q",
				v.Claim, v.Wall.Ratio, v.Wall.Span[0], v.Wall.Span[1], v.Wall.P, v.Size, 100*v.Noise, v.Runs, v.Notes)
			size := v.Size
			if size == 0 {
				size = w.present
			}
			against(t, dir, w.name, site, size)
		})
	}
}

// TestIdenticalPrograms compares real programs with themselves: at most a twentieth of
// the trials may tell them apart.
func TestIdenticalPrograms(t *testing.T) {
	if os.Getenv("CONCURLINT_WORKLOADS") == "" {
		t.Skip("takes minutes; CONCURLINT_WORKLOADS=. runs it")
	}
	apart := 0
	for _, name := range []string{"Cliff", "Cores", "Mixed", "Alloc"} {
		i := slices.IndexFunc(workloads, func(w workload) bool { return w.name == name })
		site, dir := workloads[i].site(t)
		progs := programsOf(t, dir, site, name)
		e := &experiment{measure: progs.measure, log: func(string, ...any) {}} // no budget: the fewest runs
		present, same := arm{}, arm{true, workloads[i].present}
		n, err := e.work(context.Background(), present)
		if err != nil {
			t.Fatal(err)
		}
		for range *trials / 4 {
			c, err := e.compare(context.Background(), present, same, max(n/3, 1))
			if err != nil {
				t.Fatal(err)
			}
			if c.claim == Faster || c.claim == Slower {
				apart++
				t.Logf("%s: %s, %+v", name, c.claim, c.wall)
			}
		}
	}
	t.Logf("RESULT %d of %d trials told identical programs apart", apart, *trials)
	if apart > *trials/20+1 {
		t.Error("too many")
	}
}

// against sweeps all sizes, and then runs the best of them against the verified
// one again: the best of many is in part luck.
func against(t *testing.T, dir, name string, site advisor.Site, size int) {
	ctx := context.Background()
	progs := programsOf(t, dir, site, name)
	e := &experiment{measure: progs.measure, budget: time.Hour, log: t.Logf}
	verified := arm{true, size}
	n, err := e.work(ctx, verified)
	if err != nil {
		t.Fatal(err)
	}
	ops := map[int][]float64{}
	for range 4 {
		for _, k := range slices.Sorted(slices.Values(append([]int{size}, sweep...))) {
			if len(ops[k]) > 0 && median(ops[k]) < hopeless*median(ops[size]) {
				continue
			}
			s, err := e.run(ctx, arm{true, k}, n)
			if err != nil {
				t.Fatal(err)
			}
			ops[k] = append(ops[k], 1/s.wall)
		}
	}
	best := slices.MaxFunc(slices.Sorted(maps.Keys(ops)), func(a, b int) int {
		return cmp.Compare(median(ops[a]), median(ops[b]))
	})
	if best == size {
		t.Logf("RESULT size %d is the best of the sweep", size)
		return
	}
	if err := e.measureNoise(ctx, verified, n); err != nil {
		t.Fatal(err)
	}
	e.budget = e.spent + 20*time.Second
	c, err := e.compare(ctx, arm{true, best}, verified, n)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("RESULT size %d reaches %.1f %% (%.1f to %.1f) of size %d, noise %.1f %%, %d runs",
		size, 100/c.wall.Ratio, 100/c.wall.Span[1], 100/c.wall.Span[0], best, 100*e.noise, c.runs)
	if 1/c.wall.Span[0] < 0.97 {
		t.Error("it is proved to be below 97 %")
	}
}
