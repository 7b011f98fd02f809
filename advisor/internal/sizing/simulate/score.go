package simulate

import (
	"math"
	"slices"
	"time"
)

// Fixed is the policy that never changes its size.
type Fixed struct{ N int }

// Optimum is the outcome of a sweep over fixed sizes.
type Optimum struct {
	Size    int           // N*: the smallest size within 2 % of the best
	Elapsed time.Duration // time of the best size
}

// Sweep are the fixed sizes that a policy is measured against: 20 values from
// 1 to MaxSize, each 1.55 times the one before.
var Sweep = sweep(20)

func sweep(n int) []int {
	var sizes []int
	for i := range n {
		sizes = append(sizes, int(math.Round(math.Pow(MaxSize, float64(i)/float64(n-1)))))
	}
	return slices.Compact(sizes)
}

// Best finds the best fixed size of w. It starts where the best is expected,
// so that hopeless sizes are cut short by the time that is to beat.
func Best(w Workload) Optimum {
	const near = 1.02
	guess := w.limit() * (w.Wait.Seconds()*(1-w.Hit) + w.CPU.Seconds())
	order := slices.Clone(Sweep)
	slices.SortStableFunc(order, func(a, b int) int {
		da, db := math.Abs(math.Log(float64(a)/guess)), math.Abs(math.Log(float64(b)/guess))
		if da < db {
			return -1
		}
		return 1
	})
	elapsed := map[int]time.Duration{}
	best := time.Duration(0)
	limit := time.Duration(20 * float64(w.Items) / w.limit() * 1e9)
	for _, n := range order {
		r := Run(w, Fixed{n}, limit)
		if r.Cut {
			continue
		}
		elapsed[n] = r.Elapsed
		if best == 0 || r.Elapsed < best {
			best = r.Elapsed
			limit = time.Duration(near * float64(best))
		}
	}
	for _, n := range Sweep {
		if t, ok := elapsed[n]; ok && float64(t) <= near*float64(best) {
			return Optimum{Size: n, Elapsed: best}
		}
	}
	return Optimum{}
}

// Score plays w under p: the time of the best fixed size divided by the time of
// p, learning included, and the mean of attempts in flight divided by N*.
// A policy that needs ten times as long is given up, and its time extrapolated.
func Score(w Workload, best Optimum, p Policy) (score, politeness float64) {
	r := Run(w, p, 10*best.Elapsed)
	return max(0.001, float64(best.Elapsed)/float64(r.Elapsed)), r.InFlight / float64(best.Size)
}

// Summary condenses the scores of many workloads.
type Summary struct {
	Geomean, Worst, P10, Good, Politeness float64 // Good: share of scores >= 0.9; Politeness: geometric mean
}

// Summarize computes a Summary; both slices have one entry per workload.
func Summarize(scores, politeness []float64) Summary {
	sorted := slices.Sorted(slices.Values(scores))
	good := 0
	for _, s := range sorted {
		if s >= 0.9 {
			good++
		}
	}
	return Summary{
		Geomean:    geomean(scores),
		Worst:      sorted[0],
		P10:        sorted[len(sorted)/10],
		Good:       float64(good) / float64(len(sorted)),
		Politeness: geomean(politeness),
	}
}

func geomean(xs []float64) float64 {
	sum := 0.0
	for _, x := range xs {
		sum += math.Log(x)
	}
	return math.Exp(sum / float64(len(xs)))
}
