package simulate_test

import (
	"flag"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/concurlint/concurlint/advisor/internal/sizing"
	"github.com/concurlint/concurlint/advisor/internal/sizing/simulate"
)

var (
	workloads = flag.Int("workloads", 0, "number of random workloads of TestOracle; 1 also prints every change of size")
	seed      = flag.Uint64("seed", 1, "seed of the first workload of TestOracle; the others follow it")
	plain     = flag.Bool("plain", false, "only plain workloads in TestOracle: no cache, time limit, rate limit, broken items or change, and not cut short by MaxItems")
)

// contestants are the controller, first, and the classic ways to choose a size.
var contestants = []struct {
	name string
	make func(procs int) simulate.Policy
}{
	{"knee", func(procs int) simulate.Policy { return sizing.New(sizing.Config{Procs: procs}) }},
	{"N=P", func(procs int) simulate.Policy { return simulate.Fixed{N: procs} }},
	{"N=64", func(int) simulate.Policy { return simulate.Fixed{N: 64} }},
	{"Goetz", func(procs int) simulate.Policy { return &simulate.Goetz{Procs: procs} }},
	{"AIMD", func(procs int) simulate.Policy { return simulate.NewAIMD(procs) }},
}

// TestOracle prints the table that the figures in the documentation come from:
//
//	go test ./advisor/internal/sizing/simulate -run Oracle -workloads 200 -seed 5300001 -v
func TestOracle(t *testing.T) {
	if *workloads <= 0 {
		t.Skip("a measurement: give -workloads")
	}
	type row struct {
		score float64
		line  string
	}
	var rows []row
	scores := make([][]float64, len(contestants))
	politeness := make([][]float64, len(contestants))
	last := *seed
	for s := *seed; len(rows) < *workloads; s++ {
		w := simulate.Random(s)
		if *plain && !isPlain(w) {
			continue
		}
		last = s
		best := simulate.Best(w)
		for j, c := range contestants {
			p := c.make(w.Procs)
			if j == 0 && *workloads == 1 {
				p = &talker{p.(*sizing.Controller)}
			}
			s, polite := simulate.Score(w, best, p)
			scores[j] = append(scores[j], s)
			politeness[j] = append(politeness[j], polite)
		}
		score := scores[0][len(rows)]
		rows = append(rows, row{score, fmt.Sprintf("%.3f seed %d N*=%d %.1fs %v",
			score, w.Seed, best.Size, best.Elapsed.Seconds(), w)})
	}
	slices.SortFunc(rows, func(a, b row) int {
		if a.score < b.score {
			return -1
		}
		return 1
	})
	var b strings.Builder
	fmt.Fprintf(&b, "%d workloads, seeds %d–%d\n", *workloads, *seed, last)
	fmt.Fprintf(&b, "%-6s %8s %8s %8s %8s %12s\n", "", "geomean", "worst", "p10", ">= 0.9", "in flight/N*")
	for j, c := range contestants {
		s := simulate.Summarize(scores[j], politeness[j])
		fmt.Fprintf(&b, "%-6s %8.3f %8.3f %8.3f %8.3f %12.2f\n", c.name, s.Geomean, s.Worst, s.P10, s.Good, s.Politeness)
	}
	for _, r := range rows[:min(10, len(rows))] {
		fmt.Fprintln(&b, r.line)
	}
	fmt.Print(b.String())
}

// isPlain reports whether w has nothing but cores and a back-end with one limit.
func isPlain(w simulate.Workload) bool {
	switch w.Backend {
	case simulate.Timeouts, simulate.Shaped, simulate.Refusing:
		return false
	}
	return w.Hit == 0 && w.Broken == 0 && w.Shift.At == 0 && w.Items < simulate.MaxItems
}

// talker prints every change of size and its reason.
type talker struct{ *sizing.Controller }

func (p *talker) Done(s sizing.Sample) int {
	before := p.Size()
	size := p.Controller.Done(s)
	if size != before {
		fmt.Printf("%9.3fs %5d -> %-5d %s\n", s.Now.Seconds(), before, size, p.Reason())
	}
	return size
}

// TestFloors holds what the controller achieves on some of the tuning seeds.
// The floors lie closely below, so that a slip in the algorithm breaks them.
func TestFloors(t *testing.T) {
	if testing.Short() {
		t.Skip("simulates for some seconds")
	}
	var scores, politeness []float64
	for seed := uint64(1); len(scores) < 80; seed++ {
		w := simulate.Random(seed)
		if w.Items > 40_000 {
			continue
		}
		best := simulate.Best(w)
		s, p := simulate.Score(w, best, sizing.New(sizing.Config{Procs: w.Procs}))
		scores, politeness = append(scores, s), append(politeness, p)
	}
	s := simulate.Summarize(scores, politeness)
	t.Logf("%+.3v", s)
	for name, c := range named {
		if s, _ := simulate.Score(c.w, simulate.Best(c.w), sizing.New(sizing.Config{Procs: c.w.Procs})); s < c.floor {
			t.Errorf("%s: %.3f, below %v", name, s, c.floor)
		}
	}
	if s.Geomean < floorGeomean || s.Worst < floorWorst || s.P10 < floorP10 {
		t.Errorf("%+.3v: below geomean %v, worst %v or p10 %v", s, floorGeomean, floorWorst, floorP10)
	}
}

// named are jobs of a second or two, of which finding the size takes a good part.
var named = map[string]struct {
	w     simulate.Workload
	floor float64
}{
	"computes first and waits then": {simulate.Workload{
		Seed: 7, Procs: 2, Items: 60_000, CPU: time.Millisecond, Wait: time.Microsecond, Spread: 0.2, Backend: simulate.Open,
		Shift: simulate.Shift{At: 1. / 30, CPU: 0.005, Wait: 40_000, Capacity: 1},
	}, 0.78},
	"tasks of equal length": {simulate.Workload{
		Seed: 7, Procs: 2, Items: 20_000, CPU: 80 * time.Microsecond, Wait: 20 * time.Millisecond, Backend: simulate.Open,
	}, 0.9},
	"nine in ten from a cache": {simulate.Workload{
		Seed: 7, Procs: 2, Items: 24_000, CPU: 90 * time.Microsecond, Wait: 60 * time.Millisecond, Hit: 0.9, Backend: simulate.Open,
	}, 0.82},
	"connects first": {simulate.Workload{
		Seed: 7, Procs: 2, Items: 20_000, CPU: 70 * time.Microsecond, Wait: 20 * time.Millisecond, Spread: 0.1, Backend: simulate.Open,
		Cold: 400 * time.Microsecond,
	}, 0.9},
}

const (
	floorGeomean = 0.96
	floorWorst   = 0.80
	floorP10     = 0.90
)
