package simulate_test

import (
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/concurlint/concurlint/advisor/internal/sizing"
	"github.com/concurlint/concurlint/advisor/internal/sizing/simulate"
)

// The simulator must agree with what queueing theory says of fixed sizes.
func TestRunAgainstTheory(t *testing.T) {
	const second = time.Second
	base := simulate.Workload{Seed: 7, Procs: 4, Items: 20_000, CPU: time.Millisecond, Wait: 9 * time.Millisecond}
	with := func(f func(*simulate.Workload)) simulate.Workload {
		w := base
		f(&w)
		return w
	}
	for name, c := range map[string]struct {
		w    simulate.Workload
		n    int
		want float64 // items a second
	}{
		"open, Little's law":      {base, 8, 800},
		"open, cores are full":    {base, 200, 4000},
		"lognormal, same mean":    {with(func(w *simulate.Workload) { w.Spread = 1 }), 200, 4000},
		"capped":                  {with(func(w *simulate.Workload) { w.Backend, w.Capacity = simulate.Capped, 9 }), 100, 1000},
		"shaped":                  {with(func(w *simulate.Workload) { w.Backend, w.Rate = simulate.Shaped, 500 }), 100, 500},
		"half from the cache":     {with(func(w *simulate.Workload) { w.Hit = 0.5 }), 4, 4 / 0.0055},
		"degrading, below":        {with(func(w *simulate.Workload) { w.Backend, w.Capacity, w.Harm = simulate.Degrading, 9, 0.5 }), 5, 500},
		"degrading, twice":        {with(func(w *simulate.Workload) { w.Backend, w.Capacity, w.Harm = simulate.Degrading, 9, 0.5 }), 18, 1000 / 1.5},
		"retrograde, its maximum": {with(func(w *simulate.Workload) { w.Backend, w.Capacity, w.CPU = simulate.Retrograde, 20, 1 }), 20, 20 / 0.009 / 1.95},
		"refusing, below":         {with(func(w *simulate.Workload) { w.Backend, w.Rate, w.Harm = simulate.Refusing, 1000, 0.3 }), 5, 500},
		"timeouts, far above":     {with(func(w *simulate.Workload) { w.Backend, w.Capacity, w.Patience = simulate.Timeouts, 9, 5 }), 30, 1000},
		"thrashing, twice":        {with(func(w *simulate.Workload) { w.Backend, w.Capacity, w.Harm = simulate.Thrashing, 100, 1 }), 200, 2000},
	} {
		r := simulate.Run(c.w, simulate.Fixed{N: c.n}, 1000*second)
		if got := float64(c.w.Items) / r.Elapsed.Seconds(); math.Abs(got/c.want-1) > 0.05 {
			t.Errorf("%s: %.0f items/s, want %.0f", name, got, c.want)
		}
		if again := simulate.Run(c.w, simulate.Fixed{N: c.n}, 1000*second); again != r {
			t.Errorf("%s: %+v, and then %+v", name, r, again)
		}
	}
	collapsed := with(func(w *simulate.Workload) { w.Backend, w.Capacity, w.Patience = simulate.Timeouts, 9, 5 })
	if r := simulate.Run(collapsed, simulate.Fixed{N: 200}, 100*second); !r.Cut {
		t.Errorf("200 impatient callers of 9 servers got through: %+v", r)
	}
}

// A figure can be repeated only if the seed decides everything.
func TestRandomIsDecidedByItsSeed(t *testing.T) {
	for seed := range uint64(200) {
		w := simulate.Random(seed)
		if w != simulate.Random(seed) {
			t.Fatalf("seed %d gives two workloads", seed)
		}
		if w.Items < 1 || w.Items > simulate.MaxItems || w.CPU < 50*time.Microsecond || w.CPU > 5*time.Millisecond || w.Wait > 200*time.Millisecond {
			t.Errorf("seed %d: out of range: %v", seed, w)
		}
	}
}

func Example() {
	w := simulate.Workload{
		Seed: 1, Procs: 8, Items: 20_000,
		CPU: 200 * time.Microsecond, Wait: 20 * time.Millisecond, Spread: 0.5,
		Backend: simulate.Capped, Capacity: 40,
	}
	c := sizing.New(sizing.Config{Procs: w.Procs})
	score, _ := simulate.Score(w, simulate.Best(w), c)
	fmt.Println("within 5 % of the best fixed size:", score > 0.95)
	fmt.Println("size between 40 and 60:", c.Size() >= 40 && c.Size() <= 60)
	// Output:
	// within 5 % of the best fixed size: true
	// size between 40 and 60: true
}
