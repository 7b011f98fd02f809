package contract_test

import (
	"testing"

	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/concurlint/concurlint/analyzers/contract"
	"github.com/concurlint/concurlint/analyzers/internal/wants"
)

func TestContract(t *testing.T) { wants.Shown(t, contract.Analyzer, "contract") }

// The wants of this package say the severity, too.
func TestUnused(t *testing.T) {
	analysistest.RunWithSuggestedFixes(t, wants.Testdata(t), wants.Stated(contract.Analyzer, 0), "contract/unused")
}
