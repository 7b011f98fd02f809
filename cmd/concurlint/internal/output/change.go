package output

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/fatih/color"

	"github.com/concurlint/concurlint/analyzers/settings"
	"github.com/concurlint/concurlint/cmd/concurlint/internal/finding"
)

// A Change is what an edit makes of the findings.
type Change struct {
	First          bool // there was nothing before
	Added, Removed []finding.Finding
	Report         *finding.Report // as it is now
	Seconds        float64         // from the edit to the report
}

// Changes are the writers of changes, by the name -format takes.
var Changes = map[string]func(io.Writer, Change) error{
	"text": textChange,
	"json": jsonChange,
}

// Between returns the findings of after that before does not have, and those of
// before that after does not have. A finding whose line has moved is the same.
func Between(before, after []finding.Finding) (added, removed []finding.Finding) {
	return without(after, before), without(before, after)
}

func without(list, others []finding.Finding) (left []finding.Finding) {
	type same struct {
		fingerprint string
		severity    settings.Severity
	}
	known := make(map[same]bool)
	for _, f := range others {
		known[same{f.Fingerprint, f.Severity}] = true
	}
	for _, f := range list {
		if !known[same{f.Fingerprint, f.Severity}] {
			left = append(left, f)
		}
	}
	return left
}

var (
	plus  = color.New(color.FgRed, color.Bold).SprintFunc()
	minus = color.New(color.FgGreen, color.Bold).SprintFunc()
)

// textChange writes what is new in full, of what is gone a line, and a line that
// sums up. The first time all is new, and shown as by the plain command.
func textChange(w io.Writer, c Change) error {
	src := make(sources)
	for _, f := range c.Removed {
		if _, err := fmt.Fprintf(w, "%s %s: %s: %s\n", minus("-"), place(f.File, f.Line, f.Column), tints[f.Severity](f.Severity), f.Message); err != nil {
			return err
		}
	}
	for _, f := range c.Added {
		if !c.First {
			io.WriteString(w, plus("+")+" ")
		}
		if err := writeFinding(w, src, f); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintf(w, "%s%s (%.2fs)\n", difference(c), summary(c.Report, Options{FailOn: nothingFails}), c.Seconds)
	return err
}

// nothingFails lies above all severities.
const nothingFails = settings.Error + 1

func difference(c Change) string {
	if c.First {
		return ""
	}
	var parts []string
	if n := len(c.Added); n > 0 {
		parts = append(parts, fmt.Sprintf("%d new", n))
	}
	if n := len(c.Removed); n > 0 {
		parts = append(parts, fmt.Sprintf("%d gone", n))
	}
	if len(parts) == 0 {
		return "no change: "
	}
	return strings.Join(parts, ", ") + ": "
}

// jsonChange writes one line, so that a reader knows where a change ends. It is
// a contract as the JSON report is: fields may be added.
func jsonChange(w io.Writer, c Change) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	return enc.Encode(struct {
		Version int               `json:"version"`
		Added   []wordy           `json:"added"`
		Removed []wordy           `json:"removed"`
		Errors  []finding.Problem `json:"errors"` // all that there are
		Seconds float64           `json:"seconds"`
	}{1, inWords(c.Added), inWords(c.Removed), present(c.Report.Errors), c.Seconds})
}
