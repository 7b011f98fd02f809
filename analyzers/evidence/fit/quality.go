package main

import (
	"fmt"

	"github.com/concurlint/concurlint/analyzers/evidence"
)

// quality is one line of figures: how many are yes and no, how many of the warnings
// are right, how many of the yes are found at warning and at note, and the log-loss.
// Shares are weighted, as the fit is.
func quality(list []guess) string {
	var yes, no int
	var right, warned, sure, noted, all float64
	for _, g := range list {
		if g.yes {
			yes++
			all += g.weight
		} else {
			no++
		}
		if g.confidence >= evidence.Sure {
			warned += g.weight
		}
		if g.yes && g.confidence >= evidence.Sure {
			right += g.weight
			sure += g.weight
		}
		if g.yes && g.confidence >= evidence.Quarter {
			noted += g.weight
		}
	}
	return fmt.Sprintf("%d\t%d\t%s\t%s\t%s\t%.3f", yes, no, percent(right, warned), percent(sure, all), percent(noted, all), meanLoss(list))
}

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
		if g.yes {
			x.yes += g.weight
		}
	}
	return t
}
