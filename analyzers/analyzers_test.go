package analyzers_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/checker"
	"golang.org/x/tools/go/packages"

	"github.com/concurlint/concurlint/analyzers"
	"github.com/concurlint/concurlint/analyzers/settings"
)

// TestAlone holds what nogo needs: flags of an analyzer that each rule requires
// itself, and a name for everything that is in sight.
func TestAlone(t *testing.T) {
	if err := analysis.Validate(analyzers.All()); err != nil {
		t.Error(err)
	}
	for _, a := range analyzers.All() {
		if !slices.Contains(a.Requires, settings.Analyzer) {
			t.Errorf("%s does not require the settings itself", a.Name)
		}
	}
	for _, name := range []string{"severity", "confidence", "tests", "knowledge", "knowledgehash", "knowledgetext"} {
		if settings.Analyzer.Flags.Lookup(name) == nil {
			t.Errorf("analyzer %s has no flag %s", settings.Analyzer.Name, name)
		}
	}
}

// TestSuites runs suites with different settings over the same package at the same
// time: each must say what it says alone.
func TestSuites(t *testing.T) {
	pkgs, err := packages.Load(&packages.Config{Mode: packages.LoadAllSyntax, Dir: "../testdata/demo"}, "./broken")
	if err != nil {
		t.Fatal(err)
	}
	suites := map[string]func(*settings.Values){
		"warning":   func(*settings.Values) {},
		"note":      func(v *settings.Values) { v.Least = settings.Note },
		"error":     func(v *settings.Values) { v.Least = settings.Error },
		"knowledge": func(v *settings.Values) { v.KnowledgeText = "effect net/http.Client.Do none\n" },
		"one line":  func(v *settings.Values) { v.Least, v.OneLine = settings.Note, true },
	}
	alone := make(map[string]string)
	for name, change := range suites {
		alone[name] = said(t, pkgs, change)
	}
	if alone["note"] == alone["warning"] || alone["warning"] == alone["error"] || alone["note"] == alone["one line"] {
		t.Errorf("the settings change nothing: %q", alone)
	}
	t.Run("together", func(t *testing.T) {
		for name, change := range suites {
			for i := range 2 {
				t.Run(fmt.Sprint(name, i), func(t *testing.T) {
					t.Parallel()
					if have := said(t, pkgs, change); have != alone[name] {
						t.Errorf("have\n%s\nalone\n%s", have, alone[name])
					}
				})
			}
		}
	})
}

// said is what a suite reports, a line for each.
func said(t *testing.T, pkgs []*packages.Package, change func(*settings.Values)) string {
	v := settings.New()
	change(v)
	graph, err := checker.Analyze(settings.Bind(v, analyzers.All()...), pkgs, nil)
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, act := range graph.Roots {
		if act.Err != nil {
			t.Fatal(act.Err)
		}
		for _, d := range act.Diagnostics {
			lines = append(lines, fmt.Sprint(act.Package.Fset.Position(d.Pos), ": ", d.Message))
		}
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}
