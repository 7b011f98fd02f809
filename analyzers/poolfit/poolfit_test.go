package poolfit_test

import (
	"testing"

	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/concurlint/concurlint/analyzers/internal/wants"
	"github.com/concurlint/concurlint/analyzers/poolfit"
	"github.com/concurlint/concurlint/analyzers/settings"
)

func TestCases(t *testing.T) {
	wants.Shown(t, poolfit.Analyzer, "poolfit", "poolfit/own", "poolfit/across", "poolfit/given")
}

func TestFixes(t *testing.T) {
	v := settings.New()
	v.Least = settings.Note
	analysistest.RunWithSuggestedFixes(t, wants.Testdata(t), settings.Bind(v, poolfit.Analyzer)[0], "poolfit/fix")
}
