package main

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/concurlint/concurlint/analyzers/evidence"
)

// quality is one line of figures: how many are yes, arguable and no, how many of
// those told as warnings are so, the share of yes among the decided ones, how many
// of the yes are found at warning and at note, and the log-loss. All but the counts
// are weighted, as the fit is.
func quality(list []guess) string {
	var n [3]int
	var warned, noted, all [3]float64
	for _, g := range list {
		k := int(2 * g.label) // no, arguable, yes
		n[k]++
		all[k] += g.weight
		if g.confidence >= evidence.Sure {
			warned[k] += g.weight
		}
		if g.confidence >= evidence.Quarter {
			noted[k] += g.weight
		}
	}
	return fmt.Sprintf("%d\t%d\t%d\t%.4g, %.4g, %.4g\t%s\t%s\t%s\t%.3f", n[2], n[1], n[0], warned[2], warned[1], warned[0],
		percent(warned[2], warned[2]+warned[0]), percent(warned[2], all[2]), percent(noted[2], all[2]), meanLoss(list))
}

const qualityHeading = "yes\targuable\tno\twarned of these\tright\tyes at warning\tyes at note\tlog-loss"

func percent(part, whole float64) string {
	if whole == 0 {
		return "-"
	}
	return fmt.Sprintf("%.0f %%", 100*part/whole)
}

// A tenth is the candidates with a confidence from one tenth to the next.
type tenth struct {
	n                 int
	yes, told, weight float64
}

// tenths says how often the confidence keeps its promise.
func tenths(list []guess) [10]tenth {
	var t [10]tenth
	for _, g := range list {
		x := &t[min(9, int(10*g.confidence))]
		x.n++
		x.weight += g.weight
		x.told += g.weight * g.confidence
		x.yes += g.weight * g.label
	}
	return t
}

// mistakes prints the candidates that are told worst: what tells them apart from the
// others may be a signal that is yet to be found.
func (m *model) mistakes(most int) {
	list := m.cross(-1)
	slices.SortStableFunc(list, func(a, b guess) int {
		return cmp.Compare(logLoss(b.confidence, b.label), logLoss(a.confidence, a.label))
	})
	for _, g := range list[:min(most, len(list))] {
		fmt.Printf("%.2f %.1f\t%s %s\t%s\t%s\n", g.confidence, g.label, g.repository, g.place, strings.Join(g.signals, " "), g.source)
	}
}

// worth prints what each signal is worth: how much worse the guesses get without it.
func (m *model) worth(out io.Writer) {
	w := m.fit(m.samples, -1)
	all := meanLoss(m.cross(-1))
	for i, name := range m.names {
		hits, yes := 0, 0
		for _, s := range m.samples {
			if slices.Contains(s.hits, i) {
				hits++
				if s.label == 1 {
					yes++
				}
			}
		}
		without := "-"
		if i > 0 && hits > 0 {
			without = fmt.Sprintf("%+.4f", meanLoss(m.cross(i))-all)
		}
		fmt.Fprintf(out, "%s\t%d\t%d\t%+d\t%+d\t%s\n", name, hits, yes, points(w[i]), points(m.prior[i]), without)
	}
}

func meanLoss(list []guess) float64 {
	total, weight := 0.0, 0.0
	for _, g := range list {
		total += g.weight * logLoss(g.confidence, g.label)
		weight += g.weight
	}
	return total / weight
}
