package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/concurlint/concurlint/analyzers"
	"github.com/concurlint/concurlint/analyzers/driver"
	"github.com/concurlint/concurlint/analyzers/settings"
)

// A said is what the go command prints of one diagnostic.
type said struct {
	Analyzer string
	Category string `json:"category"`
	Posn     string `json:"posn"`
	End      string `json:"end"`
	Message  string `json:"message"`
	Fixes    []struct {
		Message string     `json:"message"`
		Edits   []saidEdit `json:"edits"`
	} `json:"suggested_fixes"`
	Related []saidPlace `json:"related"`
}

type saidEdit struct {
	Filename string `json:"filename"`
	Start    int    `json:"start"`
	End      int    `json:"end"`
	New      string `json:"new"`
}

type saidPlace struct {
	Posn    string `json:"posn"`
	Message string `json:"message"`
}

// TestSameAsVet checks that our own driver and go vet -vettool find the same,
// chains, places and fixes included.
func TestSameAsVet(t *testing.T) {
	t.Setenv("GOFLAGS", "")
	t.Setenv("GOPROXY", "off")
	dirs := map[string]string{"demo": "../../testdata/demo"}
	archives, err := filepath.Glob("../../testdata/same/*.txtar")
	if err != nil || len(archives) == 0 {
		t.Fatalf("no archives: %v", err)
	}
	for _, name := range archives {
		dirs[filepath.Base(name)] = extract(t, name)
	}
	cache := t.TempDir()
	for name, dir := range dirs {
		for _, tests := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, tests %v", name, tests), func(t *testing.T) {
				want := byVet(t, dir, tests, false)
				for _, round := range []string{"cold", "warm"} {
					res := drive(t, dir, cache, tests, "")
					if len(res.Problems) > 0 {
						t.Fatal(res.Problems)
					}
					if have := sorted(t, asVet(res)); have != want {
						t.Errorf("%s: the driver has\n%s\ngo vet has\n%s", round, have, want)
					}
				}
				if want == "" {
					t.Error("nothing found, so nothing was compared")
				}
			})
		}
	}
}

func extract(t *testing.T, name string) string {
	t.Helper()
	archive, err := txtar.ParseFile(name)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for _, f := range archive.Files {
		to := filepath.Join(dir, f.Name)
		if err := os.MkdirAll(filepath.Dir(to), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(to, f.Data, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// patterns name all packages: without a module at the root ./... would match none.
func patterns(dir string) []string {
	if _, err := os.Stat(filepath.Join(dir, "go.mod")); err != nil {
		return []string{"./app/...", "./lib/...", "example.com/replaced/..."}
	}
	return []string{"./..."}
}

// byVet is what go vet prints. With broken it may say, too, that packages do not
// compile.
func byVet(t *testing.T, dir string, tests, broken bool) string {
	t.Helper()
	tool, err := exec.LookPath("concurlint")
	if err != nil {
		t.Fatal(err)
	}
	args := []string{"vet", "-vettool=" + tool, "-json", "-detail", "-severity=note", fmt.Sprintf("-tests=%v", tests)}
	cmd := exec.Command("go", append(args, patterns(dir)...)...)
	cmd.Dir = dir
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil && !broken {
		t.Fatalf("%v: %s", err, stderr.String())
	}
	var list []said
	for dec := json.NewDecoder(bytes.NewReader(out)); dec.More(); {
		var tree map[string]map[string][]said
		if err := dec.Decode(&tree); err != nil {
			t.Fatal(err)
		}
		for _, byAnalyzer := range tree {
			for name, diags := range byAnalyzer {
				for _, d := range diags {
					d.Analyzer = name
					list = append(list, d)
				}
			}
		}
	}
	return sorted(t, list)
}

// drive runs our own driver. Results of other options are not taken from the
// cache, where those of packages outside are.
func drive(t *testing.T, dir, cache string, tests bool, options string) *driver.Result {
	t.Helper()
	v := settings.New()
	v.Least, v.Detail, v.Tests = settings.Note, true, tests
	res, err := driver.Run(t.Context(), &driver.Config{
		Dir: dir, Patterns: patterns(dir), Tests: tests, Analyzers: settings.Bind(v, analyzers.All()...), Cache: cache,
		Options: v.String() + options,
	})
	if err != nil {
		t.Fatal(err)
	}
	return res
}

// asVet is what go vet would print of the result.
func asVet(res *driver.Result) []said {
	var list []said
	for _, d := range res.Diagnostics {
		s := said{Analyzer: d.Analyzer, Category: d.Category, Posn: posn(d.Pos), End: posn(d.End), Message: d.Message}
		for _, r := range d.Related {
			s.Related = append(s.Related, saidPlace{posn(r.Pos), r.Message})
		}
		for _, f := range d.Fixes {
			s.Fixes = append(s.Fixes, struct {
				Message string     `json:"message"`
				Edits   []saidEdit `json:"edits"`
			}{Message: f.Message})
			for _, e := range f.Edits {
				last := &s.Fixes[len(s.Fixes)-1]
				last.Edits = append(last.Edits, saidEdit{e.File, e.Start, e.End, e.New})
			}
		}
		list = append(list, s)
	}
	return list
}

func posn(p driver.Position) string {
	if p.File == "" {
		return "-"
	}
	return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Column)
}

func sorted(t *testing.T, list []said) string {
	t.Helper()
	var lines []string
	for _, s := range list {
		text, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		lines = append(lines, string(text))
	}
	slices.Sort(lines)
	return strings.Join(slices.Compact(lines), "\n")
}
