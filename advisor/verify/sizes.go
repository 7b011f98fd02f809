package verify

import (
	"cmp"
	"math"
	"slices"

	"github.com/concurlint/concurlint/advisor"
)

// ladder are the sizes around a range, doubling, with its ends in it.
func (e *experiment) ladder(lo, hi int) []int {
	lo, hi = max(lo, 1), max(hi, lo, 1)
	list := []int{lo, hi}
	for n := max(lo/2, 1); n <= min(2*hi, max(e.largest(), hi)); n *= 2 {
		list = append(list, n)
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// largest is the size beyond which none is tried.
func (e *experiment) largest() int {
	if e.most > 0 {
		return min(e.most, largest)
	}
	return largest
}

// ceiling is the least cap beyond which a size would not be tried out but do harm,
// or could not be reached, 0 if there is none. A lock or the far end only slow down:
// what they bear, the curve shows.
func ceiling(caps []advisor.Cap) (size int) {
	for _, c := range caps {
		switch c.What {
		case "memory", "descriptors", "items":
			if c.Size > 0 && (size == 0 || c.Size < size) {
				size = c.Size
			}
		}
	}
	return size
}

// refine says which sizes to measure next: beyond an end that is the best, else
// between the best and its neighbours, even where these are as good: a sharp peak
// may hide between two equals. Between steps of 1.06 it can hide 3 %.
func (e *experiment) refine() []int {
	sizes := e.sizes()
	i := slices.Index(sizes, e.best().size)
	var next []int
	switch {
	case i == len(sizes)-1 && sizes[i] < e.largest() && e.grows(sizes[:i]):
		return []int{min(2*sizes[i], e.largest())}
	case i == 0 && sizes[0] > 1:
		return []int{sizes[0] / 2}
	}
	const step = 1.06
	for _, k := range []int{i - 1, i} {
		if k < 0 || k+1 >= len(sizes) || float64(sizes[k+1]) <= step*float64(sizes[k]) {
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
		best = max(best, e.curve[size].score())
	}
	return e.best().score() > (1+max(growth, e.noise))*best
}

// contenders are the sizes that may be within the band, smallest first. Of many,
// those are left that lie between two others. The largest of the advice is one of
// them: what is beyond has to beat it.
func (e *experiment) contenders() []int {
	top := e.best()
	var list []int
	for _, size := range e.sizes() {
		if e.curve[size].score() >= (1-max(contends, e.noise))*top.score() || size == e.advised {
			list = append(list, size)
		}
	}
	for len(list) > mostContenders {
		closest, ratio := 1, math.Inf(1)
		for i := 1; i < len(list); i++ {
			if r := float64(list[i]) / float64(list[i-1]); r < ratio && list[i] != top.size && list[i] != e.advised {
				closest, ratio = i, r
			}
		}
		list = slices.Delete(list, closest, closest+1)
	}
	return list
}

// smallest is the smallest size whose loss against the best stays within the
// band, by the interval's far end. Where noise makes every interval wider than the
// band, the best of many flat sizes would be a matter of luck, and often a large
// one: then a size counts too that cannot be told from the best and whose own
// median is within a third of the band.
//
// Alike are all sizes whose interval reaches the best: no run of these told them
// apart.
func smallest(sizes []int, rounds map[int][]float64) (size int, alike []int) {
	best := slices.MaxFunc(sizes, func(a, b int) int {
		return cmp.Compare(median(rounds[a]), median(rounds[b]))
	})
	for _, k := range sizes {
		ratios := make([]float64, len(rounds[k]))
		for i := range ratios {
			ratios[i] = rounds[k][i] / rounds[best][i]
		}
		s := summary(ratios)
		if s.Hi >= 1 {
			alike = append(alike, k)
		}
		if size == 0 && (s.Lo >= 1-band || s.Center >= 1-band/3 && s.Hi >= 1) {
			size = k
		}
	}
	return size, alike
}

// upTo are the sizes that are no larger than most.
func upTo(sizes []int, most int) []int {
	i, found := slices.BinarySearch(sizes, most)
	if found {
		i++
	}
	return sizes[:i]
}

// alikeTo reports whether the best of some sizes cannot be told from another one, or
// is better.
func alikeTo(sizes []int, other int, rounds map[int][]float64) bool {
	best := slices.MaxFunc(sizes, func(a, b int) int { return cmp.Compare(median(rounds[a]), median(rounds[b])) })
	ratios := make([]float64, len(rounds[best]))
	for i := range ratios {
		ratios[i] = rounds[best][i] / rounds[other][i]
	}
	return summary(ratios).Hi >= 1
}
