package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/concurlint/concurlint/analyzers"
	"github.com/concurlint/concurlint/analyzers/directive"
)

const module = "github.com/concurlint/concurlint/"

// layers are the packages of the suite, lowest first: each imports only from
// layers below its own. Packages that are not named are rules.
var layers = [][]string{
	{"analyzers/evidence", "analyzers/internal/doc", "analyzers/internal/layout", "analyzers/internal/lexicon", "analyzers/knowledge", "analyzers/module"},
	{"analyzers/evidence/fit", "analyzers/knowledge/symbolcheck", "analyzers/program", "analyzers/settings"},
	{"analyzers/bounds", "analyzers/directive"},
	{"analyzers/effects"},
	{"analyzers/contracts", "analyzers/placement", "analyzers/report"},
	{"analyzers/locks"},
	nil,                                       // the rules
	{"analyzers/contract", "analyzers/sites"}, // they ask what the rules had use for, and what classify says
	{"analyzers"},
	{"analyzers/driver", "analyzers/golangci"},
}

const ruleLayer = 6

func layer(path string) int {
	i := slices.IndexFunc(layers, func(l []string) bool { return slices.Contains(l, path) })
	if i < 0 {
		return ruleLayer
	}
	return i
}

type listed struct {
	ImportPath string
	Imports    []string
	Deps       []string
	Standard   bool
}

func list(t *testing.T, args ...string) []listed {
	t.Helper()
	cmd := exec.Command("go", append([]string{"list", "-json=ImportPath,Imports,Deps,Standard"}, args...)...)
	cmd.Dir = root
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	var pkgs []listed
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var p listed
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			return pkgs
		} else if err != nil {
			t.Fatal(err)
		}
		pkgs = append(pkgs, p)
	}
}

// TestGoLine keeps the go line of the module at the language alone, since it
// binds everybody who imports the executors: with a patch level, older releases
// of the same language refuse them. The .0 is what the requirements ask for; it
// lies above a plain 1.26, and every release of the language has it.
func TestGoLine(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(root, "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	if !regexp.MustCompile(`(?m)^go \d+\.\d+(\.0)?$`).Match(text) {
		t.Errorf("go.mod names a patch level:\n%s", text)
	}
}

// TestImports holds the direction of the imports: the command knows the suite
// and the advisor, these do not know each other, and within the suite imports
// point downwards.
func TestImports(t *testing.T) {
	for _, p := range list(t, "./...") {
		path := strings.TrimPrefix(p.ImportPath, module)
		for _, imp := range p.Imports {
			if err := allowed(path, imp); err != nil {
				t.Errorf("%s imports %s: %v", path, imp, err)
			}
		}
	}
}

// compiledIn reports whether the package is compiled into users' programs, as
// the library or as part of the harness of "concurlint run".
func compiledIn(path string) bool {
	return slices.ContainsFunc([]string{"advisor/executor", "advisor/internal", "advisor/run"}, func(dir string) bool {
		return path == dir || strings.HasPrefix(path, dir+"/")
	})
}

func allowed(path, imp string) error {
	if strings.HasPrefix(path, "cmd/") {
		return nil
	}
	to, ours := strings.CutPrefix(imp, module)
	area, _, _ := strings.Cut(path, "/")
	toArea, _, _ := strings.Cut(to, "/")
	first, _, _ := strings.Cut(imp, "/")
	switch {
	case ours && toArea != area:
		return fmt.Errorf("%s knows nothing of %s", area, toArea)
	case ours && area == "analyzers" && layer(to) >= layer(path):
		return errors.New("the imports of the suite point downwards")
	case !ours && strings.Contains(first, ".") && compiledIn(path):
		return errors.New("packages that are compiled into users' programs use the standard library alone")
	case !ours && area == "analyzers" && path != "analyzers/golangci" && strings.Contains(first, ".") && !strings.HasPrefix(imp, "golang.org/x/tools/"):
		return errors.New("packages that go vet runs use the standard library and x/tools alone")
	}
	return nil
}

// TestPure holds package advisor to plain data: it loads no packages, starts no
// process and asks no server, nor does what it imports.
func TestPure(t *testing.T) {
	for _, p := range list(t, "./advisor") {
		for _, dep := range p.Deps {
			loads := strings.HasPrefix(dep, "golang.org/x/tools/") || strings.HasPrefix(dep, module+"analyzers")
			if loads || slices.Contains([]string{"go/build", "go/types", "go/importer", "os/exec", "net", "net/http"}, dep) {
				t.Errorf("%s depends on %s; go list -deps ./advisor shows how", p.ImportPath, dep)
			}
		}
	}
}

// What the packages of the command may do before main runs, today's 405 kB and
// 3248 allocations rounded up: the go command starts the vettool once for each
// package. The largest part is the regular expressions of google/pprof/profile, the
// reader of YAML has 26 kB;
// a table or an expression that is made when it is first needed costs nothing.
const (
	mostInitBytes  = 415_000
	mostInitAllocs = 3_350
)

// TestLight holds the command's start-up cost, counted and not timed.
func TestLight(t *testing.T) {
	for _, p := range list(t, "./cmd/concurlint") {
		if heavy := "golang.org/x/tools/go/packages"; slices.Contains(p.Deps, heavy) {
			t.Errorf("the command depends on %s; go list -deps ./cmd/concurlint shows how", heavy)
		}
	}
	// Not the test binary, which initializes packages of its own.
	tool := filepath.Join(t.TempDir(), "concurlint.exe")
	build := exec.Command("go", "build", "-o", tool, "./cmd/concurlint")
	build.Dir = root
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	cmd := exec.Command(tool, "rules")
	cmd.Env = append(os.Environ(), "GODEBUG=inittrace=1")
	var trace strings.Builder
	cmd.Stderr = &trace
	if err := cmd.Run(); err != nil {
		t.Fatal(err)
	}
	line := regexp.MustCompile(`(?m)^init (\S+) @.* clock, (\d+) bytes, (\d+) allocs$`)
	costs := line.FindAllStringSubmatch(trace.String(), -1)
	bytes, allocs := 0, 0
	for _, c := range costs {
		b, _ := strconv.Atoi(c[2])
		a, _ := strconv.Atoi(c[3])
		bytes, allocs = bytes+b, allocs+a
	}
	if len(costs) == 0 || bytes > mostInitBytes || allocs > mostInitAllocs {
		t.Errorf("initialization allocates %d bytes in %d pieces, want at most %d and %d, by:\n%s",
			bytes, allocs, mostInitBytes, mostInitAllocs, trace.String())
	}
}

// TestRules holds what belongs to each rule: its page, its cases, its name in
// ignore directives.
func TestRules(t *testing.T) {
	var names []string
	for _, r := range analyzers.Rules {
		name := r.Analyzer.Name
		names = append(names, name)
		page, err := os.ReadFile(filepath.Join(root, "analyzers", name, "doc.go"))
		if err != nil {
			t.Errorf("rule %s has no page: %v", name, err)
		} else if !bytes.Contains(page, []byte("\n// # Analyzer "+name+"\n")) {
			t.Errorf("analyzers/%s/doc.go has no heading \"# Analyzer %s\"", name, name)
		}
		if r.Analyzer.Doc == "" || r.Analyzer.URL == "" || r.Why == "" {
			t.Errorf("rule %s lacks its documentation, its URL, or the reason for its being", name)
		}
		if cases, _ := filepath.Glob(filepath.Join(root, "testdata/src", name, "*")); len(cases) == 0 {
			t.Errorf("rule %s has no cases in testdata/src/%s", name, name)
		}
	}
	known := slices.Sorted(slices.Values(directive.Rules))
	if slices.Sort(names); !slices.Equal(known, names) {
		t.Errorf("directives know the rules %v, the suite has %v", known, names)
	}
}
