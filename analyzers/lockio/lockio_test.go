package lockio_test

import (
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/concurlint/concurlint/analyzers/internal/wants"
	"github.com/concurlint/concurlint/analyzers/lockio"
	"github.com/concurlint/concurlint/analyzers/settings"
)

func TestShown(t *testing.T) {
	wants.Shown(t, lockio.Analyzer, "lockio", "lockio/provider", "lockio/host", "lockio/guest", "lockio/doubt", "lockio/visitor", "lockio/keyed", "lockio/several")
}

func TestAll(t *testing.T) { wants.All(t, lockio.Analyzer, "lockio/silent") }

// What is said to wait for the lock is the work that a comment marks as short.
func TestWitness(t *testing.T) {
	v := settings.New()
	v.Least = settings.Note
	for _, r := range analysistest.Run(t, wants.Testdata(t), settings.Bind(v, lockio.Analyzer)[0], "lockio/witness") {
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
