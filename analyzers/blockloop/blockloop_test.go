package blockloop_test

import (
	"path/filepath"
	"testing"

	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/concurlint/concurlint/analyzers/blockloop"
	"github.com/concurlint/concurlint/analyzers/settings"
)

func TestBlockloop(t *testing.T) {
	root, err := filepath.Abs("../../testdata")
	if err != nil {
		t.Fatal(err)
	}
	settings.Least = settings.Note
	analysistest.Run(t, root, blockloop.Analyzer, "blockloop", "blockloop/promise", "blockloop/promised", "blockloop/unordered", "blockloop/indirect")
}
