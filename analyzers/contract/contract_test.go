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
	v := settings.New()
	v.Least = settings.Note
	analysistest.Run(t, root, settings.Bind(v, contract.Analyzer)[0], "contract")
}
