package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/concurlint/concurlint/advisor"
)

// kept names the sites that ask for no change, with the first reason: what holds
// a program that leaves cores idle is news even where no executor mends it.
func (s *screen) kept(r *advisor.Report, opts Options) {
	n := 0
	for i := range r.Advice {
		a := &r.Advice[i]
		if worthDoing(a) {
			continue
		}
		if n++; n > maxAdvice && !opts.Explain {
			continue
		}
		if n == 1 {
			s.line()
		}
		text := place(a.Site.File, a.Site.Line) + " in " + a.Site.Function + ": " + strings.TrimPrefix(a.Title, "keep: ")
		switch {
		case a.Verified != nil:
			text += "; measured " + measured(a.Verified)
		case len(a.Because) > 0:
			text += "; " + a.Because[0]
		}
		if a.Stake > 0 {
			text += "; " + dependence(a)
		}
		s.labelled(3, itemLabel, faint, "kept", text)
	}
	if n > maxAdvice && !opts.Explain {
		s.labelled(3, itemLabel, faint, "", fmt.Sprintf("%d more, -explain lists them", n-maxAdvice))
	}
}

// whyNothing names the first reason that would have kept advice from being
// given.
func whyNothing(r *advisor.Report) string {
	switch {
	case len(r.Profiles) == 0:
		return "no recording was read, so nothing is known of where the time goes"
	case len(r.Advice) > 0:
		return sitesLookedAt(len(r.Advice)) + " looked at, " + asTheyAre(r)
	case samples(r) == 0:
		return "the recordings hold no samples; record under load"
	case r.Matched < 0.5 && r.Again != nil && r.Again.Benchmark != "":
		return fmt.Sprintf("the benchmarks spent only %s of their time in this source; name ones that do the work in question", percent(r.Matched))
	case r.Matched < 0.5:
		return fmt.Sprintf("only %s of the program's own time was found in this source; the recording may be of another program or an older commit", percent(r.Matched))
	case samples(r) < advisor.DefaultThresholds.LeastSamples && len(r.Classes) == 0 && !slices.ContainsFunc(r.Findings, func(f advisor.Judged) bool { return f.Verdict != advisor.NoData }):
		return fmt.Sprintf("too few samples to tell (%d); record for longer, under load", samples(r))
	case len(r.Errors) > 0:
		return "parts of the program could not be analyzed, see below"
	}
	if len(r.Unseen) > 0 {
		return "no site has enough recorded time at stake for a change of executor or size to show"
	}
	return "no site has enough time at stake for a change of executor or size to show"
}

// asTheyAre says of sites that ask for no change why.
func asTheyAre(r *advisor.Report) string {
	against := 0
	for i := range r.Advice {
		against += b2i(r.Advice[i].Action != "keep")
	}
	switch kept := len(r.Advice) - against; {
	case against == 0 && len(r.Unseen) > 0:
		return "and nothing recorded speaks for a change"
	case against == 0 && kept == 1:
		return "and is as it should be"
	case against == 0:
		return "and each is as it should be"
	case kept == 0:
		return "a run of each spoke against the change"
	default:
		return fmt.Sprintf("%d as they should be, and for %d a run spoke against the change", kept, against)
	}
}

func sitesLookedAt(n int) string {
	if n == 1 {
		return "1 site was"
	}
	return thousands(int64(n)) + " sites were"
}

func samples(r *advisor.Report) (n int64) {
	for _, p := range r.Profiles {
		n += p.Samples
	}
	return n
}
