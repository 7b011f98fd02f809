package poolfit_test

import (
	"encoding/json"
	"path/filepath"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/concurlint/concurlint/analyzers/poolfit"
	"github.com/concurlint/concurlint/analyzers/report"
	"github.com/concurlint/concurlint/analyzers/settings"
)

func TestCases(t *testing.T) {
	testdata, err := filepath.Abs("../../testdata")
	if err != nil {
		t.Fatal(err)
	}
	plain := settings.New()
	plain.Least = settings.Note
	analysistest.RunWithSuggestedFixes(t, testdata, settings.Bind(plain, poolfit.Analyzer)[0], "poolfit/fix")
	detailed := settings.New()
	detailed.Least, detailed.Detail = settings.Note, true
	analysistest.Run(t, testdata, told(settings.Bind(detailed, poolfit.Analyzer)[0]), "poolfit", "poolfit/own", "poolfit/across", "poolfit/given")
}

// told is the analyzer with the severity before each message, so that cases can
// say which one they want.
func told(a *analysis.Analyzer) *analysis.Analyzer {
	b := *a
	b.Run = func(pass *analysis.Pass) (any, error) {
		in := *pass
		in.Report = func(d analysis.Diagnostic) {
			var detail report.Detail
			if err := json.Unmarshal([]byte(d.Category), &detail); err != nil {
				panic(err) // Detail is set
			}
			d.Message = detail.Severity + ": " + d.Message
			pass.Report(d)
		}
		return a.Run(&in)
	}
	return &b
}
