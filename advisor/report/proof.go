package report

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/concurlint/concurlint/advisor"
)

// measured is what a verification showed, in a sentence.
func measured(v *advisor.Verified) string {
	if v.Claim == "" {
		return fmt.Sprintf("%s: %s tried, not compared with another program; smallest good size %d", v.Benchmark, count(len(v.Curve), "size"), v.Size)
	}
	parts := []string{claimed(v)}
	for _, c := range changes(v) {
		parts = append(parts, c.What+" "+c.Text)
	}
	return strings.Join(append(parts, effort(v)), ", ")
}

// ranOn names the benchmarks that the figures are of.
func ranOn(v *advisor.Verified) string {
	if v.Together > 1 {
		return fmt.Sprintf("%d benchmarks together (%s)", v.Together, v.Benchmark)
	}
	return v.Benchmark
}

// claimed is the outcome of a verification.
func claimed(v *advisor.Verified) string {
	said := map[string]string{"same": "no difference", "unclear": "not to be told apart"}[v.Claim]
	return ranOn(v) + ": " + cmp.Or(said, v.Claim)
}

// effort is what it rests on, and the size that it leads to.
func effort(v *advisor.Verified) string {
	text := fmt.Sprintf("%s a side, noise %s", count(v.Runs, "run"), percent(v.Noise))
	if v.Size > 0 {
		text += fmt.Sprintf("; smallest good size %d", v.Size)
	}
	return text
}

// A changed is a figure of the proposed program beside the present one's.
type changed struct {
	What string
	Text string // factor and interval
	P    string
}

// changes are those that could be told; a note says why another could not.
func changes(v *advisor.Verified) (list []changed) {
	for _, c := range []struct {
		what string
		advisor.Change
		unit string
	}{
		{"wall time", v.Wall, ""},
		{"throughput", v.Throughput, " in " + cmp.Or(v.Unit, "operations a second")},
		{"CPU per operation", v.CPU, ""},
	} {
		if !(c.Ratio > 0) {
			continue
		}
		text := factor(c.Ratio)
		if i := span(c.Span, factor); i != "" {
			text += " (" + i + ")"
		}
		list = append(list, changed{c.what, text + c.unit, chance(c.P)})
	}
	return list
}

// chance is the probability of a difference between equals.
func chance(p float64) string {
	if p < 0.001 {
		return "p < 0.001"
	}
	return "p = " + digits(p)
}

// curveText is the throughput by size, each with its interval. Sizes that were out
// early have too few runs for one, and say so.
func curveText(v *advisor.Verified) string {
	var parts []string
	single := false
	for _, p := range v.Curve {
		single = single || !hasInterval(p)
		parts = append(parts, fmt.Sprintf("%d: %s", p.Size, pointText(p)))
	}
	text := strings.Join(parts, ", ") + " " + v.Unit
	if single {
		text += "; where runs are given, they were too few for an interval"
	}
	return text
}

func pointText(p advisor.Point) string {
	if !hasInterval(p) {
		return digits(p.Ops) + " (" + count(p.Runs, "run") + ")"
	}
	return digits(p.Ops) + " (" + digits(p.Span[0]) + " to " + digits(p.Span[1]) + ")"
}

func hasInterval(p advisor.Point) bool { return p.Span != (advisor.Span{}) }
