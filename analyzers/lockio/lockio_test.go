package lockio_test

import (
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/concurlint/concurlint/analyzers/lockio"
	"github.com/concurlint/concurlint/analyzers/settings"
)

// Package lockio has the cases that are warnings, lockio/doubt those that are
// notes.
func TestWarnings(t *testing.T) {
	analysistest.Run(t, testdata(t), lockio.Analyzer, "lockio", "lockio/provider")
}

func TestNotes(t *testing.T) {
	v := settings.New()
	v.Least, v.Detail = settings.Note, true
	for _, r := range analysistest.Run(t, testdata(t), settings.Bind(v, lockio.Analyzer)[0], "lockio/doubt") {
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
