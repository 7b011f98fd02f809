// Package report writes what the advisor answers: as text for a terminal, as
// JSON for programs and as one self-contained page for a browser.
//
// Names in a report come out of recordings and source files that may be
// hostile. Text quotes what a terminal would obey, JSON is JSON, and the page
// gets every name through html/template or textContent.
package report

import (
	"encoding/json"
	"io"

	"github.com/concurlint/concurlint/advisor"
)

// JSON writes r indented. Lists and maps are never null, so that a reader may
// range over them, and names keep their <, > and & as they are.
func JSON(w io.Writer, r *advisor.Report) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(listed(r))
}

// listed is a copy of r whose lists are not nil.
func listed(r *advisor.Report) *advisor.Report {
	c := *r
	c.Profiles, c.Findings, c.Advice = list(c.Profiles), list(c.Findings), list(c.Advice)
	c.Classes, c.Notes, c.Errors, c.Unseen = list(c.Classes), list(c.Notes), list(c.Errors), list(c.Unseen)
	for i := range c.Findings {
		f := &c.Findings[i]
		f.Because, f.Evidence, f.Chain, f.Related = list(f.Because), list(f.Evidence), list(f.Chain), list(f.Related)
	}
	for i := range c.Advice {
		a := &c.Advice[i]
		a.Because, a.Unknown, a.Caps = list(a.Because), list(a.Unknown), list(a.Caps)
		if a.Cost.Wait == nil {
			a.Cost.Wait = map[string]advisor.Span{}
		}
		t := &a.Site.Task
		t.Effects, t.Bodies = list(t.Effects), list(t.Bodies)
		if q := a.Site.Queue; q != nil {
			a.Site.Queue = &advisor.Queue{Receives: list(q.Receives), Sends: list(q.Sends)}
		}
	}
	for i := range c.Classes {
		if m := &c.Classes[i]; m.Wait == nil {
			m.Wait = map[string]float64{}
		}
	}
	return &c
}

// list is a copy of s, empty where s is nil.
func list[T any](s []T) []T {
	return append(make([]T, 0, len(s)), s...)
}
