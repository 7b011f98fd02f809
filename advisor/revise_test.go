package advisor

import "testing"

// A size counts once runs have proved it, and only then.
func TestProve(t *testing.T) {
	for _, c := range []struct {
		claim    string
		size     int
		title    string
		min, max int
	}{
		{"faster", 35, "raise the limit of 4: try 35", 35, 35},
		{"faster", 8, "raise the limit of 4: try 8", 8, 8},
		{"faster", 0, "raise the limit of 4: try 4 to 16", 4, 16},
		{"faster", 2, "raise the limit of 4: try 2", 2, 2},
		{"unclear", 35, "raise the limit of 4: try 4 to 16", 4, 16},
		{"slower", 35, "raise the limit of 4: try 4 to 16", 4, 16},
	} {
		x := Advice{Title: "raise the limit of 4: try 4 to 16", Recommend: Setting{Executor: "io", Min: 4, Max: 16}}
		x.Prove(&Verified{Claim: c.claim, Size: c.size, Throughput: Change{Ratio: 10, Span: Span{5, 20}}})
		if x.Title != c.title || x.Recommend.Min != c.min || x.Recommend.Max != c.max {
			t.Errorf("%s at %d: %q, %d to %d; want %q, %d to %d", c.claim, c.size, x.Title, x.Recommend.Min, x.Recommend.Max, c.title, c.min, c.max)
		}
		if replaced := x.Gain == (Span{5, 20}); replaced != (x.Title != "raise the limit of 4: try 4 to 16") {
			t.Errorf("%s at %d: gain %v", c.claim, c.size, x.Gain)
		}
	}
}
