package output

import (
	"encoding/json"
	"io"

	"github.com/concurlint/concurlint/cmd/concurlint/internal/finding"
)

// The line format is that of staticcheck -f json: an object on each line, which
// editors and reviewdog read.
type (
	lineFinding struct {
		Code     string        `json:"code"`
		Severity string        `json:"severity"`
		Location linePlace     `json:"location"`
		End      linePlace     `json:"end"`
		Message  string        `json:"message"`
		Related  []lineRelated `json:"related,omitempty"`
	}
	linePlace struct {
		File   string `json:"file"`
		Line   int    `json:"line"`
		Column int    `json:"column"`
	}
	lineRelated struct {
		Location linePlace `json:"location"`
		End      linePlace `json:"end"`
		Message  string    `json:"message"`
	}
)

// lines writes an object for each finding. What could not be checked is for
// standard error alone: the format has no place for it.
func lines(w io.Writer, r *finding.Report, _ Options) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	for _, f := range r.Findings {
		x := lineFinding{
			Code: f.Rule, Severity: f.Severity.String(), Message: f.Message,
			Location: linePlace{f.File, f.Line, f.Column}, End: linePlace{f.File, f.EndLine, f.EndColumn},
		}
		for _, list := range [][]finding.Step{f.Chain, f.Related} {
			for _, s := range list {
				at := linePlace{s.File, s.Line, s.Column}
				x.Related = append(x.Related, lineRelated{at, at, s.Message})
			}
		}
		if err := enc.Encode(x); err != nil {
			return err
		}
	}
	return nil
}
