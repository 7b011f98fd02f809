package sizing

import "slices"

// nearBest is the share of the best throughput that counts as no less: what
// package simulate calls the best fixed size is held to the same.
const nearBest = 0.98

// Recommend returns the smallest of the measured sizes that achieved the best
// throughput within 2 %, and the largest size that was measured: what the far
// end does beyond that is not known. Trials of one size count as one. It reports
// false if nothing that was measured succeeded.
//
// The size at which a run ended is no substitute: growth may just have set it,
// before anything was seen of it.
func Recommend(trials []Trial) (best Trial, largest int, ok bool) {
	type total struct{ succeeded, seconds float64 }
	sum := make(map[int]total)
	latest := make(map[int]Trial)
	for _, t := range trials {
		largest = max(largest, t.Size)
		if t.Throughput <= 0 {
			continue
		}
		succeeded := float64(t.Completions) * (1 - t.Failures)
		s := sum[t.Size]
		sum[t.Size] = total{s.succeeded + succeeded, s.seconds + succeeded/t.Throughput}
		latest[t.Size] = t
	}
	top := 0.0
	for size, s := range sum {
		t := latest[size]
		if s.seconds > 0 {
			t.Throughput = s.succeeded / s.seconds
		}
		latest[size] = t
		top = max(top, t.Throughput)
	}
	var near []int
	for size, t := range latest {
		if t.Throughput >= nearBest*top {
			near = append(near, size)
		}
	}
	if len(near) == 0 {
		return Trial{}, largest, false
	}
	return latest[slices.Min(near)], largest, true
}
