package verify

import (
	"context"
	"math"
	"slices"
	"time"

	"github.com/concurlint/concurlint/advisor"
)

const (
	// band is the loss of throughput for which a smaller size is taken: fewer
	// tasks in flight are kinder to everything behind them. Two of the three percent
	// that may be lost in all: the best that was measured need not be the very best.
	band = 0.02
	// hopeless is the share of the best below which a size is not run again after
	// its first round, if it is that low beyond the noise of two single runs.
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
	ops  []float64 // throughput
	wall []float64 // seconds per operation
	// relative is the throughput in units that all scans share. Figures of different
	// minutes cannot be compared as they are: the machine drifts.
	relative []float64
}

func (p *point) score() float64 { return median(p.relative) }

// A round is a run of each size, one right after the other.
type round map[int]sample

// search finds the smallest size that loses at most the band against the best.
// It scans a geometric ladder, follows it where the best is at an end, refines
// around the best, and decides among the contenders by fresh runs. Around half
// of the budget is left for the comparison with the present program.
func (e *experiment) search(ctx context.Context, sizes []int, n int) (int, error) {
	e.curve = make(map[int]*point)
	half := e.spent + (e.budget-e.spent)/2
	if err := e.scan(ctx, sizes, 0, n); err != nil {
		return 0, err
	}
	// The work was that of one size; the best one may do far more in a slice.
	n = max(n, int(math.Ceil(slice.Seconds()/median(e.best().wall))))
	// All scans share one yardstick. Were it the best so far, its luck would be in
	// every figure after it, the next best would add its own, and so on.
	yardstick := e.best().size
	for e.spent < half {
		next := e.refine()
		if len(next) == 0 {
			break
		}
		if err := e.scan(ctx, next, yardstick, n); err != nil {
			return 0, err
		}
	}
	list := e.contenders()
	if len(list) == 1 {
		return list[0], nil
	}
	return e.decide(ctx, list, n, half)
}

// scan measures sizes in rounds, back and forth, beside a size that is known
// already, 0 for none. The first round begins with the largest and ends at the
// first size that does less than half of the best: a curve has one peak, so that
// smaller ones would do even less, and take longest. One run of a noisy benchmark
// must not end the search: the ratio of two has a deviation of √2 times the noise,
// of which two are allowed.
func (e *experiment) scan(ctx context.Context, sizes []int, beside, n int) error {
	if beside > 0 {
		sizes = append(sizes, beside)
	}
	slices.Sort(sizes)
	slices.Reverse(sizes)
	rounds := make([]round, scanRounds)
	top, past := 0.0, false
	least := hopeless * math.Exp(-2*math.Sqrt2*e.noise)
	for k := range rounds {
		rounds[k] = make(round)
		for _, size := range sizes {
			low := k > 0 && rounds[0][size].rate < least*top
			if (low || past) && size != beside {
				continue
			}
			s, err := e.run(ctx, arm{true, size}, n)
			if err != nil {
				return err
			}
			rounds[k][size] = s
			if k == 0 {
				top = max(top, s.rate)
				past = past || s.rate < least*top
			}
		}
		past = false
		slices.Reverse(sizes)
	}
	e.record(rounds)
	for _, size := range e.sizes() {
		if s, ok := rounds[0][size]; ok {
			e.log("size %d: %.4g %s", size, s.rate, s.unit)
		}
	}
	return nil
}

// record adds rounds to the curve. The yardstick of a round are the sizes that
// were measured in every round and are known from before, or at the beginning
// those that were measured in every round.
func (e *experiment) record(rounds []round) {
	weights := make(map[int]float64)
	isKnown := false
	for size := range rounds[0] {
		if slices.ContainsFunc(rounds, func(r round) bool { return r[size].rate == 0 }) {
			continue
		}
		p := e.curve[size]
		if p != nil && !isKnown {
			isKnown = true
			clear(weights)
		}
		switch {
		case p != nil:
			weights[size] = p.score()
		case !isKnown:
			weights[size] = 1
		}
	}
	for _, r := range rounds {
		var logs float64
		for size, weight := range weights {
			logs += math.Log(r[size].rate / weight)
		}
		unit := math.Exp(logs / float64(len(weights)))
		for size, s := range r {
			p := e.curve[size]
			if p == nil {
				p = &point{size: size}
				e.curve[size] = p
			}
			p.ops, p.wall = append(p.ops, s.rate), append(p.wall, s.wall)
			if _, alone := weights[size]; !(alone && isKnown && len(weights) == 1) {
				p.relative = append(p.relative, s.rate/unit)
			}
		}
	}
}

func (e *experiment) best() *point {
	var best *point
	for _, size := range e.sizes() {
		if p := e.curve[size]; best == nil || p.score() > best.score() {
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

// decide runs the contenders again and picks the smallest whose loss against the
// best is proved to stay within the band, by the rounds that both had.
func (e *experiment) decide(ctx context.Context, sizes []int, n int, until time.Duration) (int, error) {
	most := runsFor(e.noise, band)
	var rounds []round
	fresh := make(map[int][]float64)
	for len(rounds) < most && (len(rounds) < leastRuns || e.spent < until) {
		order := slices.Clone(sizes)
		if len(rounds)%2 == 1 {
			slices.Reverse(order)
		}
		r := make(round)
		for _, size := range order {
			s, err := e.run(ctx, arm{true, size}, n)
			if err != nil {
				return 0, err
			}
			r[size] = s
			fresh[size] = append(fresh[size], s.rate)
		}
		rounds = append(rounds, r)
	}
	e.record(rounds)
	size, alike := smallest(sizes, fresh)
	if within := upTo(sizes, e.advised); size > e.advised && len(within) > 0 && alikeTo(within, size, fresh) {
		size, _ = smallest(within, fresh)
	}
	if len(alike) > 1 && e.noise > band {
		e.note("noise of %.0f %%: sizes %d to %d could not be told apart", 100*e.noise, alike[0], alike[len(alike)-1])
	}
	return size, nil
}

// points is the curve for the report, in the throughput of the best size's own
// runs. A size that was out after the scan has too few of them for an interval.
func (e *experiment) points() []advisor.Point {
	if len(e.curve) == 0 {
		return nil
	}
	best := e.best()
	unit := median(best.ops) / best.score()
	var list []advisor.Point
	for _, size := range e.sizes() {
		s := summary(e.curve[size].relative)
		p := advisor.Point{Size: size, Ops: unit * s.Center, Runs: len(e.curve[size].relative)}
		if !math.IsInf(s.Lo, 0) && !math.IsInf(s.Hi, 0) {
			p.Span = advisor.Span{unit * s.Lo, unit * s.Hi}
		}
		list = append(list, p)
	}
	return list
}
