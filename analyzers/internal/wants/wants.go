// Package wants runs a rule over case files whose expectations name the severity:
//
//	g.Go(fetch) // want "note: .*Go starts a goroutine for each of names"
package wants

import (
	"encoding/json"
	"path/filepath"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/concurlint/concurlint/analyzers/evidence"
	"github.com/concurlint/concurlint/analyzers/report"
	"github.com/concurlint/concurlint/analyzers/settings"
)

// Shown checks what a rule reports in packages below testdata/src, notes too.
func Shown(t *testing.T, rule *analysis.Analyzer, packages ...string) {
	t.Helper()
	analysistest.Run(t, Testdata(t), Stated(rule, evidence.Quarter), packages...)
}

// All checks the candidates that too little speaks for as well: they are "silent: ".
func All(t *testing.T, rule *analysis.Analyzer, packages ...string) {
	t.Helper()
	analysistest.Run(t, Testdata(t), Stated(rule, 0), packages...)
}

// Testdata returns the directory of the case files, for a test two levels below the top.
func Testdata(t *testing.T) string {
	t.Helper()
	dir, err := filepath.Abs("../../testdata")
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// Stated returns a rule that reports what it is at least this sure of, notes too, with the
// severity before each message and behind that of a note why it is no more.
func Stated(rule *analysis.Analyzer, confidence float64) *analysis.Analyzer {
	v := settings.New()
	v.Least, v.Confidence, v.Detail = settings.Note, confidence, true
	rule = settings.Bind(v, rule)[0]
	a := *rule
	a.Run = func(pass *analysis.Pass) (any, error) {
		in := *pass
		in.Report = func(d analysis.Diagnostic) {
			var detail report.Detail
			if err := json.Unmarshal([]byte(d.Category), &detail); err != nil {
				panic(err) // Detail is set
			}
			if detail.Confidence < evidence.Quarter {
				detail.Severity = "silent"
			}
			d.Message = detail.Severity + ": " + d.Message
			if detail.Severity == evidence.Note.String() { // as is told without the detail
				d.Message += evidence.Judgement{Confidence: detail.Confidence, Signals: detail.Signals}.Aside()
			}
			pass.Report(d)
		}
		return rule.Run(&in)
	}
	return &a
}
