package analyzers_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/checker"
	"golang.org/x/tools/go/packages"
	"golang.org/x/tools/txtar"

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
	findings, _ := analyzed(t, pkgs, settings.Bind(v, analyzers.All()...))
	return findings
}

// monorepo is a module whose path begins like the standard library's, with a
// dependency.
const monorepo = `
-- go.mod --
module log/x

go 1.26

require example.com/lib v1.0.0
-- vendor/modules.txt --
# example.com/lib v1.0.0
## explicit; go 1.26
example.com/lib
-- vendor/example.com/lib/lib.go --
package lib

import (
	"net/http"
	"sync"
)

var mu sync.Mutex

// Refresh starts what it does, Count has a lock, Push a channel on one path: of a
// dependency none of these is told.
func Refresh(url string) { go http.Get(url) }

func Count(m map[string]int) int {
	mu.Lock()
	defer mu.Unlock()
	return len(m)
}

func Push(c chan int, full bool) {
	if full {
		c <- 1
	}
}

func Fetch(url string) error {
	_, err := http.Get(url)
	return err
}
-- remote/remote.go --
package remote

import "example.com/lib"

func Get(url string) error { return lib.Fetch(url) }

func Refresh(url string) { lib.Refresh(url) }
-- store/store.go --
package store

import (
	"sync"

	"log/x/remote"
)

type Store struct {
	mu   sync.Mutex
	urls []string
}

func (s *Store) Add(url string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.urls = append(s.urls, url)
}

func (s *Store) Load() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return remote.Get(s.urls[0])
}

func All(urls []string) {
	for _, url := range urls {
		go remote.Get(url)
	}
}
`

// TestWithoutModules takes what the driver says of modules away, as some say
// nothing: findings and facts must be the same.
func TestWithoutModules(t *testing.T) {
	dir := t.TempDir()
	files, err := txtar.FS(txtar.Parse([]byte(monorepo)))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(dir, files); err != nil {
		t.Fatal(err)
	}
	cfg := &packages.Config{Mode: packages.LoadAllSyntax | packages.NeedModule, Dir: dir, Env: append(os.Environ(), "GOWORK=off", "GOFLAGS=-mod=vendor")}
	pkgs, err := packages.Load(cfg, "./...")
	if err != nil {
		t.Fatal(err)
	}
	if packages.PrintErrors(pkgs) > 0 {
		t.FailNow()
	}
	v := settings.New()
	v.Least = settings.Note
	findings, facts := analyzed(t, pkgs, settings.Bind(v, analyzers.All()...))
	without := settings.Bind(v, analyzers.All()...)
	seen := make(map[*analysis.Analyzer]bool)
	for _, a := range without {
		takeModules(a, seen)
	}
	findings2, facts2 := analyzed(t, pkgs, without)
	if findings != findings2 || strings.Count(findings, "\n") != 1 || !strings.Contains(findings, "lockio: ") || !strings.Contains(findings, "fanout: ") {
		t.Errorf("with modules\n%s\nwithout\n%s", findings, findings2)
	}
	if facts != facts2 || !strings.Contains(facts, "Fetch") || strings.Contains(facts, "Count") {
		t.Errorf("with modules\n%s\nwithout\n%s", facts, facts2)
	}
}

func takeModules(a *analysis.Analyzer, seen map[*analysis.Analyzer]bool) {
	if seen[a] {
		return
	}
	seen[a] = true
	run := a.Run
	a.Run = func(pass *analysis.Pass) (any, error) {
		in := *pass
		in.Module = nil
		return run(&in)
	}
	for _, req := range a.Requires {
		takeModules(req, seen)
	}
}

// analyzed are the findings and the facts, a line for each.
func analyzed(t *testing.T, pkgs []*packages.Package, list []*analysis.Analyzer) (findings, facts string) {
	t.Helper()
	graph, err := checker.Analyze(list, pkgs, nil)
	if err != nil {
		t.Fatal(err)
	}
	var found, told []string
	for act := range graph.All() {
		if act.Err != nil {
			t.Fatal(act.Err)
		}
		for _, f := range act.AllObjectFacts() {
			told = append(told, fmt.Sprintf("%s: %v: %T %v", act.Package.PkgPath, f.Object, f.Fact, f.Fact))
		}
		if !act.IsRoot {
			continue
		}
		for _, d := range act.Diagnostics {
			found = append(found, fmt.Sprint(act.Package.Fset.Position(d.Pos), ": ", d.Message))
		}
	}
	slices.Sort(found)
	slices.Sort(told)
	return strings.Join(found, "\n"), strings.Join(slices.Compact(told), "\n")
}
