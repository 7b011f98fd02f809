package analyzers_test

import (
	"encoding/json"
	"flag"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/concurlint/concurlint/analyzers"
	"github.com/concurlint/concurlint/analyzers/evidence"
	"github.com/concurlint/concurlint/analyzers/report"
	"github.com/concurlint/concurlint/analyzers/settings"
)

var update = flag.Bool("update", false, "write testdata/judged/cases/cases.tsv anew")

// TestCaseSignals compares the signals that hit in the case files, and the severity
// that they make, with those that the fit of the points is bound to.
func TestCaseSignals(t *testing.T) {
	v := settings.New()
	v.Least, v.Confidence, v.Detail = evidence.Note, 0, true
	rows := make(map[string]bool)
	for _, r := range analyzers.Rules {
		if r.Analyzer.Name != "contract" { // a contract is broken or not
			signals(t, r.Analyzer.Name, settings.Bind(v, r.Analyzer)[0], rows)
		}
	}
	have := "rule\tseverity\tsignals\n" + strings.Join(slices.Sorted(maps.Keys(rows)), "\n") + "\n"
	const file = "../testdata/judged/cases/cases.tsv"
	if *update {
		if err := os.WriteFile(file, []byte(have), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	old := make(map[string]bool)
	for line := range strings.Lines(string(want)) {
		old[strings.TrimSuffix(line, "\n")] = true
	}
	for row := range rows {
		if !old[row] {
			t.Errorf("a case has %q, which %s has not: if that is meant, add -update, and fit the points anew", row, filepath.Base(file))
		}
	}
	if len(old) != len(rows)+1 {
		t.Errorf("%s has %d rows, the cases have %d", filepath.Base(file), len(old)-1, len(rows))
	}
}

// signals adds a row for each kind of candidate in the cases of a rule.
func signals(t *testing.T, rule string, a *analysis.Analyzer, rows map[string]bool) {
	testdata, err := filepath.Abs("../testdata")
	if err != nil {
		t.Fatal(err)
	}
	for _, res := range analysistest.Run(quiet{t}, testdata, a, cases(t, filepath.Join(testdata, "src"), rule)...) {
		if res.Err != nil {
			t.Fatal(res.Err)
		}
		for _, d := range res.Diagnostics {
			var detail report.Detail
			if err := json.Unmarshal([]byte(d.Category), &detail); err != nil {
				t.Fatal(err) // Detail is set
			}
			var names []string
			for _, s := range detail.Signals {
				names = append(names, s.Name)
			}
			slices.Sort(names)
			rows[strings.Join([]string{detail.Rule, shown(detail), strings.Join(names, ",")}, "\t")] = true
		}
	}
}

// shown is the severity, or how else the finding is shown.
func shown(d report.Detail) string {
	switch {
	case d.Confidence < evidence.Quarter:
		return "silent"
	case d.Severity == "note" && d.Confidence >= evidence.Sure:
		return "shown" // a note at most
	}
	return d.Severity
}

// cases are the packages below a rule's folder.
func cases(t *testing.T, src, rule string) []string {
	var list []string
	err := filepath.WalkDir(filepath.Join(src, rule), func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.IsDir() {
			return err
		}
		if files, _ := filepath.Glob(filepath.Join(path, "*.go")); len(files) > 0 {
			rel, _ := filepath.Rel(src, path)
			list = append(list, filepath.ToSlash(rel))
		}
		return nil
	})
	if err != nil || len(list) == 0 {
		t.Fatalf("%s has %d packages: %v", rule, len(list), err)
	}
	return list
}

// quiet leaves out complaints about what is expected, which the tests of the rules
// compare.
type quiet struct{ *testing.T }

func (quiet) Errorf(string, ...any) {}
