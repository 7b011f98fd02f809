package run

import "github.com/concurlint/concurlint/advisor/internal/sizing"

// Recommend returns the smallest of the sizes that were tried with the best rate
// within 2 %, and the largest that was tried: what the far end does beyond it is
// not known. It reports false if nothing succeeded.
func Recommend(trials []Trial) (best Trial, largest int, ok bool) {
	var list []sizing.Trial
	for _, t := range trials {
		list = append(list, sizing.Trial{Size: t.Size, Completions: t.Inputs, Throughput: t.Rate, Failures: t.Failures})
	}
	t, largest, ok := sizing.Recommend(list)
	return Trial{Size: t.Size, Rate: t.Throughput, Inputs: t.Completions, Failures: t.Failures}, largest, ok
}
