// Package finding holds what the engine hands to the output formats. The JSON
// forms are a contract that scripts depend on: fields may be added.
package finding

import (
	"cmp"
	"slices"
	"strings"

	"github.com/concurlint/concurlint/advisor"
	"github.com/concurlint/concurlint/analyzers/evidence"
	"github.com/concurlint/concurlint/analyzers/settings"
)

// A Report is the outcome of a run.
type Report struct {
	Findings []Finding
	Hidden   []Finding // below the least severity shown
	Silenced []Finding // by a directive, the baseline or the revision
	Errors   []Problem
	Program  *Program // nil unless it was asked for
	Known    int      // findings left out because the baseline has them
	Packages []string // that were checked
	Doubtful []string // those of which not all is known, as something below them is broken
}

// A Program is what the advisor joins profiles with.
type Program struct {
	Module    advisor.Module     `json:"module"`
	Sites     []advisor.Site     `json:"sites"`
	Functions []advisor.Function `json:"functions"`
}

// A Finding is what one rule says about one place.
type Finding struct {
	Rule        string            `json:"rule"`
	Severity    settings.Severity `json:"-"` // "severity" in JSON, as a word
	Package     string            `json:"package"`
	Function    string            `json:"function"`
	File        string            `json:"file"`
	Line        int               `json:"line"`
	Column      int               `json:"column"`
	EndLine     int               `json:"endLine"`
	EndColumn   int               `json:"endColumn"`
	Message     string            `json:"message"`
	Confidence  float64           `json:"confidence"` // that a maintainer would change it
	Signals     []evidence.Signal `json:"signals"`    // what it comes from, the weightiest first
	Chain       []Step            `json:"chain"`      // down to the primitive
	Related     []Step            `json:"related"`    // other sites
	Fixes       []Fix             `json:"fixes"`
	Proposal    *Proposal         `json:"proposal,omitempty"` // nil where none can be formed
	Cause       string            `json:"cause,omitempty"`    // what makes this one and others: to mend that mends them all
	Fingerprint string            `json:"fingerprint"`
	Kind        string            `json:"-"`
	Silence     *Silence          `json:"silence,omitempty"` // nil where it counts
}

// A Silence is why a finding does not count.
type Silence struct {
	By     string `json:"by"` // one of the words below
	Reason string `json:"reason"`
}

// What silences a finding.
const (
	ByDirective     = "directive" // a comment where it stands
	ByBaseline      = "baseline"
	ByRevision      = "revision"      // it was there already
	ByConfiguration = "configuration" // an exclusion there
)

// Silenced marks findings as silenced, all for the same reason.
func Silenced(list []Finding, by, reason string) []Finding {
	for i := range list {
		list[i].Silence = &Silence{by, reason}
	}
	return list
}

// A Step is a place with a remark.
type Step struct {
	File    string `json:"file"`
	Line    int    `json:"line"`
	Column  int    `json:"column"`
	Message string `json:"message"`
}

// A Fix is a change that removes the finding.
type Fix struct {
	Message string `json:"message"`
	Edits   []Edit `json:"edits"`
}

// A Proposal is a change that needs somebody's judgement, such as the number of a
// limit. It is shown and never applied.
type Proposal struct {
	Message string `json:"message"`
	Diff    string `json:"diff"` // unified
}

// An Edit replaces the bytes from Start to End of a file.
type Edit struct {
	File  string `json:"file"`
	Start int    `json:"start"`
	End   int    `json:"end"`
	New   string `json:"new"`
}

// A Problem is a reason why something could not be checked.
type Problem struct {
	Package string `json:"package"` // empty where no package is to blame
	Message string `json:"message"`
}

// Sort orders the findings by place.
func Sort(list []Finding) {
	slices.SortFunc(list, func(a, b Finding) int {
		return cmp.Or(
			strings.Compare(a.File, b.File),
			cmp.Compare(a.Line, b.Line),
			cmp.Compare(a.Column, b.Column),
			strings.Compare(a.Rule, b.Rule),
			strings.Compare(a.Message, b.Message),
		)
	})
}

// Unique keeps one of equal sorted findings: a package may have been analyzed
// with its tests and without.
func Unique(list []Finding) []Finding {
	return slices.CompactFunc(list, func(a, b Finding) bool {
		return a.File == b.File && a.Line == b.Line && a.Column == b.Column && a.Rule == b.Rule && a.Message == b.Message
	})
}

// Split parts the findings into those that are at least as severe as least, and
// the rest.
func Split(list []Finding, least settings.Severity) (shown, hidden []Finding) {
	for _, f := range list {
		if f.Severity < least {
			hidden = append(hidden, f)
			continue
		}
		shown = append(shown, f)
	}
	return shown, hidden
}

// Worst reports whether a finding, shown or hidden, is at least as severe as s.
func (r *Report) Worst(s settings.Severity) bool {
	bad := func(f Finding) bool { return f.Severity >= s }
	return slices.ContainsFunc(r.Findings, bad) || slices.ContainsFunc(r.Hidden, bad)
}
