package analyzers_test

import (
	"encoding/json"
	"path/filepath"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/concurlint/concurlint/analyzers/fanout"
	"github.com/concurlint/concurlint/analyzers/lockio"
	"github.com/concurlint/concurlint/analyzers/report"
	"github.com/concurlint/concurlint/analyzers/settings"
)

// TestProposals compares what proposals would make of the cases with golden files.
// That no finding has a fix is held, too: tools would apply it.
func TestProposals(t *testing.T) {
	testdata, err := filepath.Abs("../testdata")
	if err != nil {
		t.Fatal(err)
	}
	v := settings.New()
	v.Least, v.Detail = settings.Note, true
	for _, a := range settings.Bind(v, fanout.Analyzer, lockio.Analyzer) {
		analysistest.RunWithSuggestedFixes(t, testdata, proposing(t, a), a.Name+"/proposal")
	}
}

// proposing is the analyzer with proposals for fixes, and the severity before each
// message.
func proposing(t *testing.T, a *analysis.Analyzer) *analysis.Analyzer {
	b := *a
	b.Run = func(pass *analysis.Pass) (any, error) {
		in := *pass
		in.Report = func(d analysis.Diagnostic) {
			var detail report.Detail
			if err := json.Unmarshal([]byte(d.Category), &detail); err != nil || len(d.SuggestedFixes) > 0 {
				t.Errorf("%s: %v, fixes %v", d.Message, err, d.SuggestedFixes)
			}
			d.Message = detail.Severity + ": " + d.Message
			if p := detail.Proposal; p != nil {
				file := pass.Fset.File(d.Pos)
				fix := analysis.SuggestedFix{Message: p.Message}
				for _, e := range p.Edits {
					fix.TextEdits = append(fix.TextEdits, analysis.TextEdit{Pos: file.Pos(e.Start), End: file.Pos(e.End), NewText: []byte(e.New)})
				}
				d.SuggestedFixes = []analysis.SuggestedFix{fix}
			}
			pass.Report(d)
		}
		return a.Run(&in)
	}
	return &b
}
