package fanout_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/concurlint/concurlint/analyzers/fanout"
	"github.com/concurlint/concurlint/analyzers/settings"
)

func TestCases(t *testing.T) {
	testdata, err := filepath.Abs("../../testdata")
	if err != nil {
		t.Fatal(err)
	}
	v := settings.New()
	v.Least = settings.Note
	analysistest.Run(t, testdata, settings.Bind(v, fanout.Analyzer)[0], "fanout")
}

// What is a note must not become a warning.
func TestWarnings(t *testing.T) {
	testdata, err := filepath.Abs("../../testdata")
	if err != nil {
		t.Fatal(err)
	}
	results := analysistest.Run(quiet{t}, testdata, fanout.Analyzer, "fanout")
	all := map[string]int{"answer.go": 0, "brings.go": 0, "arrive.go": 0, "bounds.go": 0, "closures.go": 0, "decoded.go": 0, "embedded.go": 0, "events.go": 0, "elsewhere.go": 0, "farend.go": 0, "gather.go": 0, "gathered.go": 0, "helpers.go": 0, "injected.go": 0, "nodes.go": 0, "optional.go": 0, "shares.go": 0, "outcome.go": 0, "timer.go": 0, "ways.go": 0, "worker.go": 0, "executors.go": 0} // where all that is found is a warning
	var lines []string
	for _, d := range results[0].Diagnostics {
		at := results[0].Pass.Fset.Position(d.Pos)
		name := filepath.Base(at.Filename)
		if _, ok := all[name]; ok {
			all[name]++
		} else if name != "found.go" {
			lines = append(lines, at.String()+": "+d.Message)
		}
	}
	if len(results[0].Diagnostics) == 0 || len(lines) > 0 {
		t.Errorf("got %d warnings, of these in files of notes: %q", len(results[0].Diagnostics), lines)
	}
	for name, warnings := range all {
		source, err := os.ReadFile(filepath.Join(testdata, "src/fanout", name))
		if want := bytes.Count(source, []byte("// want")); err != nil || warnings != want {
			t.Errorf("%d warnings in %s, want all %d of its findings (%v)", warnings, name, want, err)
		}
	}
}

// quiet leaves out the complaints about expectations that are notes.
type quiet struct{ *testing.T }

func (quiet) Errorf(string, ...any) {}
