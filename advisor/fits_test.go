package advisor

import (
	"testing"
	"time"

	"github.com/concurlint/concurlint/advisor/profile"
)

// The share that was found is that of the recordings together, each by its samples.
func TestFits(t *testing.T) {
	const (
		here    = "app.fetch@fetch.go:18/10"   // begins at line 10 now as well
		moved   = "app.serve@loop.go:15/11"    // began at line 11
		undated = "app.worker@pool.go:15"      // has no start line
		gone    = "app.deleted@gone.go:5/3"    // is not in the source
		foreign = "strings.Map@strings.go:9/1" // is not the program's
	)
	// of is a CPU profile of so many samples: seconds of CPU time in each place.
	of := func(r *recorded, samples int64, weights ...any) *recorded {
		r.source(profile.CPUProfile, 10*sc).last().Samples = samples
		for i := 0; i < len(weights); i += 2 {
			r.stack(weights[i].(string), cpu(time.Duration(weights[i+1].(int))*sc))
		}
		return r
	}
	heap := func(r *recorded, at string) *recorded {
		r.source(profile.HeapProfile, 0).last().Samples = 1e6
		return r.stack(at, profile.Weights{Bytes: 1e9})
	}
	for name, c := range map[string]struct {
		rec           *recorded
		matched, here float64 // here -1: no commit
	}{
		"all of it":                {of(record(), 100, here, 4), 1, 1},
		"a part":                   {of(record(), 100, here, 3, gone, 1), 0.75, 1},
		"code of others":           {of(record(), 100, here, 1, foreign, 9), 1, 1},
		"of another state":         {of(record(), 100, here, 1, moved, 3), 1, 0.25},
		"start lines of a part":    {of(record(), 100, here, 1, undated, 3), 1, 1},
		"no start lines":           {of(record(), 100, undated, 3), 1, -1},
		"nothing":                  {of(record(), 100, gone, 3), 0, -1},
		"others alone":             {of(record(), 100, foreign, 3), 0, -1},
		"two, by their samples":    {of(of(record(), 300, here, 1), 100, gone, 9), 0.75, 1},
		"two states, likewise":     {of(of(record(), 300, here, 9), 100, moved, 1), 1, 0.75},
		"one of others beside":     {of(of(record(), 300, here, 1), 900, foreign, 9), 1, 1},
		"without a count":          {of(of(record(), 0, here, 1), 1, gone, 9), 0.5, 1},
		"objects beside time":      {heap(of(record(), 300, here, 1), gone), 1, 1},
		"objects and no time":      {heap(of(record(), 300, foreign, 1), here), 1, 1},
		"objects alone, of others": {heap(record(), gone), 0, -1},
	} {
		r := Advise(program(), c.rec.evidence(), Options{})
		got := -1.0
		if r.Commit != nil {
			got = r.Commit.Here
		}
		if r.Matched != c.matched || got != c.here || r.Commit != nil && r.Commit.Fits != got {
			t.Errorf("%s: matched %v, %+v; want %v, %v", name, r.Matched, r.Commit, c.matched, c.here)
		}
	}
}
