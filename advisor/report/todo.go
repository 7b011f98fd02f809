package report

import (
	"cmp"
	"slices"

	"github.com/concurlint/concurlint/advisor"
)

// A task is something worth doing: a piece of advice, or a confirmed finding
// that no advice is about, such as a lock held across the network, which no
// executor mends.
type task struct {
	advice  *advisor.Advice
	finding *advisor.Judged
	saves   float64 // seconds a second at best
}

// todo is what is worth doing, in the order of the advice, with each finding
// before the first advice that saves less.
func todo(r *advisor.Report) []task {
	var list []task
	rest := unadvised(r)
	for i := range r.Advice {
		a := &r.Advice[i]
		if !worthDoing(a) {
			continue
		}
		t := task{advice: a, saves: a.Stake * (1 - 1/max(1, a.Gain[1]))}
		if a.Look {
			t.saves = 0 // what was confirmed comes first
		}
		for len(rest) > 0 && rest[0].saves > t.saves {
			list, rest = append(list, rest[0]), rest[1:]
		}
		list = append(list, t)
	}
	return append(list, rest...)
}

// unadvised are the confirmed findings that no advice is about, most at stake
// first.
func unadvised(r *advisor.Report) []task {
	advised := make(map[string]bool) // by fingerprint or place
	for _, a := range r.Advice {
		advised[a.Finding] = a.Finding != ""
		for _, p := range []advisor.Place{a.Site.Place, a.Site.Limit.Place} {
			advised[place(p.File, p.Line)] = true
		}
	}
	var list []task
	for i := range r.Findings {
		f := &r.Findings[i]
		if f.Verdict != advisor.Confirmed || advised[f.Fingerprint] || advised[place(f.File, f.Line)] {
			continue
		}
		t := task{finding: f}
		if r.Seconds > 0 {
			t.saves = f.Stake / r.Seconds
		}
		list = append(list, t)
	}
	slices.SortStableFunc(list, func(x, y task) int { return cmp.Compare(y.saves, x.saves) })
	return list
}
