// Package output writes reports in the formats that people and machines read.
package output

import (
	"encoding/json"
	"io"
	"path"
	"path/filepath"

	"github.com/concurlint/concurlint/analyzers"
	"github.com/concurlint/concurlint/analyzers/settings"
	"github.com/concurlint/concurlint/cmd/concurlint/internal/finding"
)

// Formats are the writers of a lint report, by the name -format takes.
var Formats = map[string]func(io.Writer, *finding.Report, Options) error{
	"text":       Text,
	"json":       jsonReport,
	"line":       lines,
	"sarif":      sarif,
	"github":     github,
	"gitlab":     gitlab,
	"checkstyle": checkstyle,
	"html":       html,
}

// Options are what a writer has to know beside the report.
type Options struct {
	Rules  []analyzers.Rule
	FailOn settings.Severity
	// Prefix is the path from the repository's root to the working directory, with
	// slashes, empty for none: services know files by the root.
	Prefix  string
	Version string // of concurlint
}

// path is a finding's file as seen from the repository's root.
func (o Options) path(file string) string {
	if o.Prefix == "" || path.IsAbs(file) || filepath.IsAbs(file) {
		return file
	}
	return path.Join(o.Prefix, file)
}

// A wordy finding has its severity as a word: settings.Severity is a number.
type wordy struct {
	finding.Finding
	Severity string `json:"severity"`
}

// jsonReport writes the JSON report, a contract: fields may be added.
func jsonReport(w io.Writer, r *finding.Report, _ Options) error {
	return JSON(w, struct {
		Version          int               `json:"version"`
		Findings         []wordy           `json:"findings"`
		Silenced         []wordy           `json:"silenced,omitempty"`
		*finding.Program                   // left out where it is nil
		Errors           []finding.Problem `json:"errors"`
	}{1, inWords(r.Findings), inWords(r.Silenced), r.Program, present(r.Errors)})
}

func inWords(findings []finding.Finding) []wordy {
	list := make([]wordy, len(findings))
	for i, f := range findings {
		f.Chain, f.Related, f.Fixes, f.Signals = present(f.Chain), present(f.Related), present(f.Fixes), present(f.Signals)
		list[i] = wordy{f, f.Severity.String()}
	}
	return list
}

// present turns nil into an empty list, which JSON shows as [] rather than null.
func present[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// JSON writes v indented and without the escapes that only web pages need.
func JSON(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}
