package verify

import (
	"math"
	"slices"

	"golang.org/x/perf/benchmath"

	"github.com/concurlint/concurlint/advisor"
)

// The claims.
const (
	Faster  = "faster"
	Slower  = "slower"
	Same    = "same"
	Unclear = "unclear"
)

const (
	confidence = 0.95
	alpha      = 0.05
	// leastRuns of a side. Six would do for an interval at 95 %, but its ends would be
	// the extremes; from nine on it survives one outlier at each end. Even, for ABBA.
	leastRuns = 10
	// mostRuns of a side: beyond, a difference of the noise's own size would have
	// been seen long ago, and the machine changes while one waits.
	mostRuns = 200
	// wantedEffect is the difference that a comparison is planned to see. Smaller
	// gains are not worth a change of somebody's code.
	wantedEffect = 0.05
	// equal is how far from 1 the interval may reach where two programs are called
	// the same.
	equal = 0.03
)

// runsFor is the number of runs of a side that shows a difference with 90 %
// power at a given noise. It follows the measured table: 8 runs at half of the
// noise's size, 30 at the same, 120 at double, 200 at two and a half times.
func runsFor(noise, effect float64) int {
	n := int(math.Ceil(30 * (noise / effect) * (noise / effect)))
	return min(max(n, leastRuns), mostRuns)
}

// effectOf is the difference that so many runs show at a given noise.
func effectOf(noise float64, runs int) float64 {
	return noise * math.Sqrt(30/float64(runs))
}

// variation is the coefficient of variation.
func variation(values []float64) float64 {
	var sum, squares float64
	for _, v := range values {
		sum += v
	}
	mean := sum / float64(len(values))
	for _, v := range values {
		squares += (v - mean) * (v - mean)
	}
	return math.Sqrt(squares/float64(len(values)-1)) / mean
}

// median is summary's centre without the interval, for the many places that only
// order sizes.
func median(values []float64) float64 {
	list := slices.Sorted(slices.Values(values))
	if len(list) == 0 {
		return 0
	}
	return (list[(len(list)-1)/2] + list[len(list)/2]) / 2
}

// summary is the median with its interval. The argument keeps its order, which
// pairs.
func summary(values []float64) benchmath.Summary {
	sample := benchmath.NewSample(slices.Clone(values), &benchmath.DefaultThresholds)
	return benchmath.AssumeNothing.Summary(sample, confidence)
}

// change compares two series that were measured in turn, value by value. The
// ratio and its interval are of neighbours, so that what changes on the machine
// meanwhile falls out; P is of Mann-Whitney's test over all values, which only
// gets more careful by such a drift.
func change(present, proposed []float64) advisor.Change {
	ratios := make([]float64, len(present))
	for i := range present {
		ratios[i] = proposed[i] / present[i]
	}
	s := summary(ratios)
	a := benchmath.NewSample(slices.Clone(present), &benchmath.DefaultThresholds)
	b := benchmath.NewSample(slices.Clone(proposed), &benchmath.DefaultThresholds)
	cmp := benchmath.AssumeNothing.Compare(a, b)
	return advisor.Change{Ratio: s.Center, Span: advisor.Span{s.Lo, s.Hi}, P: cmp.P}
}

// claim is what a change of the time per operation proves: both the test and the
// interval have to say so.
func claim(c advisor.Change) string {
	switch {
	case c.P < alpha && c.Span[1] < 1:
		return Faster
	case c.P < alpha && c.Span[0] > 1:
		return Slower
	case c.Span[0] > 1-equal && c.Span[1] < 1+equal:
		return Same
	}
	return Unclear
}

// contradicts reports whether a change of the throughput proves the opposite of a
// claim.
func contradicts(rate advisor.Change, claimed string) bool {
	return rate.P < alpha && (claimed == Faster && rate.Span[1] < 1 || claimed == Slower && rate.Span[0] > 1)
}
