package lockio_test

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/concurlint/concurlint/analyzers/evidence"
	"github.com/concurlint/concurlint/analyzers/lockio"
	"github.com/concurlint/concurlint/analyzers/report"
	"github.com/concurlint/concurlint/analyzers/settings"
)

// Package lockio has the cases that are warnings, lockio/doubt those that are
// notes, lockio/silent those that are not shown.
func TestWarnings(t *testing.T) {
	analysistest.Run(t, testdata(t), lockio.Analyzer, "lockio", "lockio/provider", "lockio/host", "lockio/guest")
}

func TestNotes(t *testing.T) {
	v := settings.New()
	v.Least, v.Detail = settings.Note, true
	for _, r := range analysistest.Run(t, testdata(t), settings.Bind(v, lockio.Analyzer)[0], "lockio/doubt", "lockio/visitor") {
		for _, d := range r.Action.Diagnostics {
			if !strings.Contains(d.Category, `"severity":"note"`) {
				t.Errorf("%s: not a note: %s", r.Action.Package.Fset.Position(d.Pos), d.Message)
			}
		}
	}
}

func TestSilent(t *testing.T) {
	v := settings.New()
	v.Least, v.Confidence, v.Detail = settings.Note, 0, true
	for _, r := range analysistest.Run(t, testdata(t), settings.Bind(v, lockio.Analyzer)[0], "lockio/silent") {
		for _, d := range r.Action.Diagnostics {
			var detail report.Detail
			if err := json.Unmarshal([]byte(d.Category), &detail); err != nil || detail.Confidence >= evidence.Quarter {
				t.Errorf("%s: shown: %s (%v)", r.Action.Package.Fset.Position(d.Pos), d.Message, err)
			}
		}
	}
}

// What is said to wait for the lock is the work that a comment marks as short.
func TestWitness(t *testing.T) {
	v := settings.New()
	v.Least = settings.Note
	for _, r := range analysistest.Run(t, testdata(t), settings.Bind(v, lockio.Analyzer)[0], "lockio/witness") {
		fset := r.Action.Package.Fset
		short := make(map[int]bool)
		for _, g := range r.Action.Package.Syntax[0].Comments {
			if strings.TrimSpace(g.Text()) == "short" {
				short[fset.Position(g.Pos()).Line] = true
			}
		}
		told := 0
		for _, d := range r.Action.Diagnostics {
			for _, rel := range d.Related {
				if !strings.Contains(rel.Message, "short work") {
					continue
				}
				told++
				if at := fset.Position(rel.Pos); !short[at.Line] {
					t.Errorf("%s: not short: %s", at, rel.Message)
				}
			}
		}
		if told == 0 {
			t.Error("nobody is said to wait")
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
