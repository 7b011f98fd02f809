package verify

import (
	"cmp"
	"context"
	"math"
	"slices"
	"time"

	"github.com/concurlint/concurlint/advisor"
)

const (
	// band is the loss of throughput for which a smaller size is taken: fewer
	// tasks in flight are kinder to everything behind them.
	band = 0.03
	// hopeless sizes are not run again after their first round.
	hopeless = 0.5
	// contends is the loss against the best with which a size still gets into the
	// last rounds, at the least; with more noise, more is forgiven.
	contends = 0.08
	// growth of throughput at the end of the ladder that makes it longer, at the
	// least: twice the tasks in flight for less are not worth it.
	growth = 0.05
	// mostContenders keeps the last rounds short: more would be neighbours that
	// nobody can tell apart.
	mostContenders = 6
	// scanRounds are enough to order what differs clearly; the rest is decided in
	// the last rounds.
	scanRounds = 3
	// largest size that is tried without being asked for.
	largest = 4096
)

// A point is what is known of one size.
type point struct {
	size int
	ops  []float64 // a second, by round
}

func (p *point) median() float64 {
	return median(p.ops)
}

// ladder are the sizes around a range, doubling, with its ends in it.
func ladder(lo, hi int) []int {
	lo, hi = max(lo, 1), max(hi, lo, 1)
	list := []int{lo, hi}
	for n := max(lo/2, 1); n <= 2*hi; n *= 2 {
		list = append(list, n)
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// search finds the smallest size that loses at most the band against the best.
// It scans a geometric ladder, follows it where the best is at an end, refines
// around the best, and decides among the contenders by fresh runs. Around half
// of the budget is left for the comparison with the present program.
func (e *experiment) search(ctx context.Context, sizes []int, n int) (int, error) {
	e.curve = make(map[int]*point)
	half := e.spent + (e.budget-e.spent)/2
	if err := e.scan(ctx, sizes, n); err != nil {
		return 0, err
	}
	// The work was that of one size; the best one may do far more in a slice.
	n = max(n, int(math.Ceil(e.best().median()*slice.Seconds())))
	for e.spent < half {
		next := e.refine()
		if len(next) == 0 {
			break
		}
		// The best goes along, so that new sizes are seen beside it.
		if err := e.scan(ctx, append(next, e.best().size), n); err != nil {
			return 0, err
		}
	}
	list := e.contenders()
	if len(list) == 1 {
		return list[0], nil
	}
	return e.decide(ctx, list, n, half)
}

// scan measures sizes in rounds, back and forth. The first round begins with the
// largest and ends at the first size that does less than half of the best: a
// curve has one peak, so that smaller ones would do even less, and take longest.
func (e *experiment) scan(ctx context.Context, sizes []int, n int) error {
	slices.Sort(sizes)
	sizes = slices.Clone(slices.Compact(sizes))
	slices.Reverse(sizes)
	for round := range scanRounds {
		for i, size := range sizes {
			if round > 0 && e.curve[size].median() < hopeless*e.best().median() {
				continue
			}
			s, err := e.run(ctx, arm{true, size}, n)
			if err != nil {
				return err
			}
			if e.curve[size] == nil {
				e.curve[size] = &point{size: size}
			}
			e.curve[size].ops = append(e.curve[size].ops, 1/s.wall)
			if round == 0 && e.best().size > size && 1/s.wall < hopeless*e.best().median() {
				sizes = sizes[:i+1]
				break
			}
		}
		slices.Reverse(sizes)
	}
	slices.Sort(sizes)
	for _, size := range sizes {
		e.log("size %d: %.4g a second", size, e.curve[size].median())
	}
	return nil
}

func (e *experiment) best() *point {
	var best *point
	for _, size := range e.sizes() {
		if p := e.curve[size]; best == nil || p.median() > best.median() {
			best = p
		}
	}
	return best
}

func (e *experiment) sizes() []int {
	var list []int
	for size := range e.curve {
		list = append(list, size)
	}
	slices.Sort(list)
	return list
}

// refine says which sizes to measure next: beyond an end that is the best, else
// between the best and its neighbours. Down to steps of a fifth that is always
// done, for a sharp peak may hide between two equals; down to steps that can lose
// no more than the band, only where the neighbour is clearly lower.
func (e *experiment) refine() []int {
	sizes := e.sizes()
	i := slices.Index(sizes, e.best().size)
	var next []int
	switch {
	case i == len(sizes)-1 && sizes[i] < largest && e.grows(sizes[:i]):
		return []int{2 * sizes[i]}
	case i == 0 && sizes[0] > 1:
		return []int{sizes[0] / 2}
	}
	const coarse, fine = 1.2, 1 + 2*band
	for _, k := range []int{i - 1, i} {
		if k < 0 || k+1 >= len(sizes) {
			continue
		}
		step := fine
		if min(e.curve[sizes[k]].median(), e.curve[sizes[k+1]].median()) > (1-band)*e.best().median() {
			step = coarse
		}
		if float64(sizes[k+1]) <= step*float64(sizes[k]) {
			continue
		}
		mid := int(math.Round(math.Sqrt(float64(sizes[k]) * float64(sizes[k+1]))))
		if mid > sizes[k] && mid < sizes[k+1] {
			next = append(next, mid)
		}
	}
	return next
}

// grows reports whether the largest size does so much better than smaller ones
// that even larger ones are worth trying: noise alone must not climb.
func (e *experiment) grows(smaller []int) bool {
	best := 0.0
	for _, size := range smaller {
		best = max(best, e.curve[size].median())
	}
	return e.best().median() > (1+max(growth, e.noise))*best
}

// contenders are the sizes that may be within the band, smallest first. Of many,
// those are left that lie between two others.
func (e *experiment) contenders() []int {
	top := e.best()
	var list []int
	for _, size := range e.sizes() {
		if e.curve[size].median() >= (1-max(contends, e.noise))*top.median() {
			list = append(list, size)
		}
	}
	for len(list) > mostContenders {
		closest, ratio := 1, math.Inf(1)
		for i := 1; i < len(list); i++ {
			if r := float64(list[i]) / float64(list[i-1]); r < ratio && list[i] != top.size {
				closest, ratio = i, r
			}
		}
		list = slices.Delete(list, closest, closest+1)
	}
	return list
}

// decide runs the contenders again and picks the smallest whose loss against the
// best is proved to stay within the band, by the rounds that both had.
func (e *experiment) decide(ctx context.Context, sizes []int, n int, until time.Duration) (int, error) {
	rounds := runsFor(e.noise, band)
	fresh := make(map[int][]float64)
	for round := 0; round < rounds && (round < leastRuns || e.spent < until); round++ {
		order := slices.Clone(sizes)
		if round%2 == 1 {
			slices.Reverse(order)
		}
		for _, size := range order {
			s, err := e.run(ctx, arm{true, size}, n)
			if err != nil {
				return 0, err
			}
			fresh[size] = append(fresh[size], 1/s.wall)
			e.curve[size].ops = append(e.curve[size].ops, 1/s.wall)
		}
	}
	return smallest(sizes, fresh), nil
}

// smallest is the smallest size whose loss against the best stays within the
// band, by the interval's far end. Where noise makes every interval wider than the
// band, the best of many flat sizes would be a matter of luck, and often a large
// one: then a size counts too that can not be told from the best and whose own
// median is within a third of the band.
func smallest(sizes []int, rounds map[int][]float64) int {
	best := slices.MaxFunc(sizes, func(a, b int) int {
		return cmp.Compare(median(rounds[a]), median(rounds[b]))
	})
	for _, size := range sizes {
		ratios := make([]float64, len(rounds[size]))
		for i := range ratios {
			ratios[i] = rounds[size][i] / rounds[best][i]
		}
		s := summary(ratios)
		if s.Lo >= 1-band || s.Center >= 1-band/3 && s.Hi >= 1 {
			return size
		}
	}
	return best
}

// points is the curve for the report.
func (e *experiment) points() []advisor.Point {
	var list []advisor.Point
	for _, size := range e.sizes() {
		s := summary(e.curve[size].ops)
		p := advisor.Point{Size: size, Ops: s.Center}
		if !math.IsInf(s.Lo, 0) && !math.IsInf(s.Hi, 0) {
			p.Span = advisor.Span{s.Lo, s.Hi}
		}
		list = append(list, p)
	}
	return list
}
