package blockloop_test

import (
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/concurlint/concurlint/analyzers/blockloop"
	"github.com/concurlint/concurlint/analyzers/settings"
)

func TestBlockloop(t *testing.T) {
	settings.Least = settings.Note
	analysistest.Run(t, testdata(t), blockloop.Analyzer, "blockloop", "blockloop/promise", "blockloop/promised", "blockloop/unordered", "blockloop/indirect")
}

// What is a note must not become a warning.
func TestNotes(t *testing.T) {
	settings.Least, settings.Detail = settings.Note, true
	defer func() { settings.Detail = false }()
	for _, r := range analysistest.Run(t, testdata(t), blockloop.Analyzer, "blockloop/doubt") {
		for _, d := range r.Action.Diagnostics {
			if !strings.Contains(d.Category, `"severity":"note"`) {
				t.Errorf("%s: not a note: %s", r.Action.Package.Fset.Position(d.Pos), d.Message)
			}
		}
	}
}

func testdata(t *testing.T) string {
	t.Helper()
	root, err := filepath.Abs("../../testdata")
	if err != nil {
		t.Fatal(err)
	}
	return root
}
