package poolfit_test

import (
	"path/filepath"
	"testing"

	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/concurlint/concurlint/analyzers/poolfit"
	"github.com/concurlint/concurlint/analyzers/settings"
)

func TestCases(t *testing.T) {
	testdata, err := filepath.Abs("../../testdata")
	if err != nil {
		t.Fatal(err)
	}
	least := settings.Least
	settings.Least = settings.Note
	defer func() { settings.Least = least }()
	analysistest.Run(t, testdata, poolfit.Analyzer, "poolfit")
	analysistest.RunWithSuggestedFixes(t, testdata, poolfit.Analyzer, "poolfit/fix")
}
