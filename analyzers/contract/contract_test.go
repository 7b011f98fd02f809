package contract_test

import (
	"path/filepath"
	"testing"

	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/concurlint/concurlint/analyzers/contract"
	"github.com/concurlint/concurlint/analyzers/settings"
)

func TestContract(t *testing.T) {
	root, err := filepath.Abs("../../testdata")
	if err != nil {
		t.Fatal(err)
	}
	settings.Least = settings.Note
	analysistest.Run(t, root, contract.Analyzer, "contract")
}
