package output

import (
	"io"

	"github.com/concurlint/concurlint/analyzers/settings"
	"github.com/concurlint/concurlint/cmd/concurlint/internal/finding"
)

// The Code Quality report of GitLab: the part of Code Climate's that it reads.
type (
	gitlabFinding struct {
		Description string         `json:"description"`
		CheckName   string         `json:"check_name"`
		Fingerprint string         `json:"fingerprint"`
		Severity    string         `json:"severity"`
		Location    gitlabLocation `json:"location"`
	}
	gitlabLocation struct {
		Path  string      `json:"path"`
		Lines gitlabLines `json:"lines"`
	}
	gitlabLines struct {
		Begin int `json:"begin"`
		End   int `json:"end"`
	}
)

var gitlabSeverities = map[settings.Severity]string{
	settings.Error:   "critical",
	settings.Warning: "major",
	settings.Note:    "info",
}

// gitlab writes a Code Quality report. The chain is part of the description: the
// report has no other place for it.
func gitlab(w io.Writer, r *finding.Report, opts Options) error {
	list := []gitlabFinding{}
	for _, f := range r.Findings {
		list = append(list, gitlabFinding{
			Description: worded(f, opts),
			CheckName:   f.Rule,
			Fingerprint: f.Fingerprint,
			Severity:    gitlabSeverities[f.Severity],
			Location:    gitlabLocation{opts.path(f.File), gitlabLines{f.Line, max(f.Line, f.EndLine)}},
		})
	}
	return JSON(w, list)
}

// worded is a finding with its chain and its other places as text.
func worded(f finding.Finding, opts Options) string {
	text := f.Message
	for _, s := range f.Chain {
		text += "\nvia " + place(opts.path(s.File), s.Line, s.Column) + ": " + s.Message
	}
	for _, s := range f.Related {
		text += "\nsee " + place(opts.path(s.File), s.Line, s.Column) + ": " + s.Message
	}
	return text
}
