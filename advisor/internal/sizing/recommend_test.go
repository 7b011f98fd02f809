package sizing_test

import (
	"testing"

	"github.com/concurlint/concurlint/advisor/internal/sizing"
)

func TestRecommend(t *testing.T) {
	trial := func(size, n int, rate float64) sizing.Trial {
		return sizing.Trial{Size: size, Completions: n, Throughput: rate}
	}
	for name, test := range map[string]struct {
		trials        []sizing.Trial
		size, largest int
	}{
		"nothing measured":      {nil, 0, 0},
		"nothing succeeded":     {[]sizing.Trial{{Size: 4, Completions: 9, Failures: 1}}, 0, 4},
		"growing to the end":    {[]sizing.Trial{trial(4, 4, 200), trial(16, 16, 790), trial(552, 900, 24_000)}, 552, 552},
		"a plateau":             {[]sizing.Trial{trial(4, 9, 200), trial(64, 99, 3100), trial(80, 99, 3150), trial(320, 99, 3149)}, 64, 320},
		"too much":              {[]sizing.Trial{trial(4, 9, 200), trial(16, 99, 700), trial(64, 99, 300)}, 16, 64},
		"a lucky moment":        {[]sizing.Trial{trial(16, 16, 1200), trial(64, 500, 1000), trial(16, 800, 700)}, 64, 64},
		"failures do not count": {[]sizing.Trial{{Size: 8, Completions: 100, Throughput: 90, Failures: 0.5}, trial(16, 100, 95)}, 16, 16},
	} {
		best, largest, ok := sizing.Recommend(test.trials)
		if best.Size != test.size || largest != test.largest || ok != (test.size > 0) {
			t.Errorf("%s: got %+v, %d, %t; want %d of at most %d", name, best, largest, ok, test.size, test.largest)
		}
	}
}
