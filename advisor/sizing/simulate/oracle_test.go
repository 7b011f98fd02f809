package simulate

import (
	"flag"
	"fmt"
	"os"
	"sort"
	"testing"
	"time"

	"github.com/concurlint/concurlint/advisor/sizing"
)

var (
	workloads = flag.Int("workloads", 0, "random workloads of TestOracle")
	seed      = flag.Uint64("seed", 1, "seed of the first workload of TestOracle; the others follow")
	traced    = flag.Uint64("trace", 0, "seed")
	only      = flag.Bool("only", false, "leave out the baselines")
)

func TestTrace(t *testing.T) {
	if *traced == 0 {
		t.Skip("no -trace")
	}
	w := Random(*traced)
	o := Best(w)
	fmt.Println(w, o)
	c := sizing.New(sizing.Config{Procs: w.Procs})
	r := Run(w, &traced2{Controller: c}, 10*o.Elapsed)
	fmt.Println(r, float64(o.Elapsed)/float64(r.Elapsed))
	for _, n := range Sweep {
		r := Run(w, Fixed{n}, 10*o.Elapsed)
		fmt.Printf("%d: %.3f  ", n, float64(o.Elapsed)/float64(r.Elapsed))
	}
	fmt.Println()
}

func TestOracle(t *testing.T) {
	if *workloads == 0 {
		t.Skip("no -workloads")
	}
	type row struct {
		w     Workload
		o     Optimum
		score float64
		pol   float64
	}
	var rows []row
	policies := []struct {
		name string
		make func(w Workload) Policy
	}{
		{"knee", func(w Workload) Policy { return sizing.New(sizing.Config{Procs: w.Procs}) }},
		{"N=P", func(w Workload) Policy { return Fixed{w.Procs} }},
		{"N=64", func(w Workload) Policy { return Fixed{64} }},
		{"Goetz", func(w Workload) Policy { return &Goetz{Procs: w.Procs} }},
		{"AIMD", func(w Workload) Policy { return NewAIMD(w.Procs) }},
	}
	if *only {
		policies = policies[:1]
	}
	scores := make([][]float64, len(policies))
	pols := make([][]float64, len(policies))
	var tBest, tKnee time.Duration
	for i := range *workloads {
		w := Random(*seed + uint64(i))
		t0 := time.Now()
		o := cachedBest(w)
		tBest += time.Since(t0)
		t0 = time.Now()
		for j, p := range policies {
			s, pol := Score(w, o, p.make(w))
			scores[j] = append(scores[j], s)
			pols[j] = append(pols[j], pol)
			if j == 0 {
				tKnee += time.Since(t0)
			}
		}
		rows = append(rows, row{w, o, scores[0][i], pols[0][i]})
	}
	sort.Slice(rows, func(i, j int) bool { return rows[i].score < rows[j].score })
	for i, r := range rows {
		if i < 40 {
			fmt.Printf("%.3f pol=%.2f N*=%d T*=%.1fs seed=%d %v\n", r.score, r.pol, r.o.Size, r.o.Elapsed.Seconds(), r.w.Seed, r.w)
		}
	}
	for j, p := range policies {
		fmt.Printf("%8s %+.3v\n", p.name, Summarize(scores[j], pols[j]))
	}
	fmt.Println("best", tBest, "knee", tKnee)
}

func cachedBest(w Workload) Optimum {
	name := fmt.Sprintf("/tmp/simcache/%d", w.Seed)
	if w.Shift.At > 0 && (w.Backend == Capped || w.Backend == Shaped) {
		name += "b"
	}
	if b, err := os.ReadFile(name); err == nil {
		var o Optimum
		fmt.Sscan(string(b), &o.Size, (*int64)(&o.Elapsed))
		return o
	}
	o := Best(w)
	os.WriteFile(name, []byte(fmt.Sprint(o.Size, int64(o.Elapsed))), 0o644)
	return o
}

type traced2 struct {
	*sizing.Controller
	why string
}

func (p *traced2) Done(s sizing.Sample) int {
	before := p.Size()
	size := p.Controller.Done(s)
	if size != before {
		fmt.Printf("%9.3fs %5d -> %5d %s\n", s.Now.Seconds(), before, size, p.Reason())
	}
	return size
}
