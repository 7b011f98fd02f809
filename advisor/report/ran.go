package report

import (
	"slices"

	"github.com/concurlint/concurlint/advisor"
)

// isRun reports whether r is of a run by concurlint run, which looks at no site.
func isRun(r *advisor.Report) bool {
	return len(r.Advice) > 0 && slices.ContainsFunc(r.Profiles, func(p advisor.Profile) bool { return p.Format == "run" })
}

// ran is what a run found of each function that it ran.
func (s *screen) ran(r *advisor.Report) {
	for i := range r.Advice {
		a := &r.Advice[i]
		if i > 0 {
			s.line()
		}
		put := func(label, text string) { s.labelled(3, itemLabel, faint, label, text) }
		name := a.Site.Package + "." + a.Site.Function
		s.labelled(0, 0, bold, "", a.Title)
		put("of", name)
		for i, because := range a.Because {
			put(first(i, "evidence"), because)
		}
		if a.Verified != nil && len(a.Verified.Curve) > 0 {
			put("by size", curveText(a.Verified))
		}
		for i, u := range a.Unknown {
			put(first(i, "unknown"), u)
		}
		if a.Recommend.Executor != "" {
			s.next("concurlint run -advice FILE " + shell(name))
		}
	}
}
