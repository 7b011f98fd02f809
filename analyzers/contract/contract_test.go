package contract_test

import (
	"encoding/json"
	"path/filepath"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/concurlint/concurlint/analyzers/contract"
	"github.com/concurlint/concurlint/analyzers/report"
	"github.com/concurlint/concurlint/analyzers/settings"
)

func TestContract(t *testing.T) {
	v := settings.New()
	v.Least = settings.Note
	analysistest.Run(t, testdata(t), settings.Bind(v, contract.Analyzer)[0], "contract")
}

// The wants of this package say the severity, too.
func TestUnused(t *testing.T) {
	v := settings.New()
	v.Least, v.Detail = settings.Note, true
	rule := settings.Bind(v, contract.Analyzer)[0]
	told := *rule
	told.Run = func(pass *analysis.Pass) (any, error) {
		in := *pass
		in.Report = func(d analysis.Diagnostic) {
			var detail report.Detail
			if err := json.Unmarshal([]byte(d.Category), &detail); err != nil {
				t.Error(err)
			}
			d.Message = detail.Severity + ": " + d.Message
			pass.Report(d)
		}
		return rule.Run(&in)
	}
	analysistest.RunWithSuggestedFixes(t, testdata(t), &told, "contract/unused")
}

func testdata(t *testing.T) string {
	t.Helper()
	root, err := filepath.Abs("../../testdata")
	if err != nil {
		t.Fatal(err)
	}
	return root
}
