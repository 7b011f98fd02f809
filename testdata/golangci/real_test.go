package main

import (
	"errors"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// held is added to a package of a real module: a lock that is held across a call of
// another package that is added.
const held = `
import (
	"sync"

	"MODULE/concurlintleaf"
)

type concurlintHeld struct {
	mu sync.Mutex
	n  int
}

func (h *concurlintHeld) Load() error {
	h.mu.Lock()
	defer h.mu.Unlock()
	return concurlintleaf.Get()
}

func (h *concurlintHeld) N() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.n
}
`

const (
	leafQuiet = "package concurlintleaf\n\nfunc Get() error { return nil }\n"
	leafWaits = "package concurlintleaf\n\nimport \"net/http\"\n\nfunc Get() error {\n\t_, err := http.Get(\"http://localhost\")\n\treturn err\n}\n"
)

// TestReal compares the command, go vet and golangci-lint's runner on copies of the modules in the directories of
// CONCURLINT_MODULES, with each state of golangci-lint's cache. Ten times it analyzes all dependencies with no cache
// of the command, so a large module takes longer than go test allows by default:
//
//	CONCURLINT_MODULES=DIR go test -run Real -timeout 40m
func TestReal(t *testing.T) {
	dirs := filepath.SplitList(os.Getenv("CONCURLINT_MODULES"))
	if len(dirs) == 0 {
		t.Skip("CONCURLINT_MODULES is not set")
	}
	for _, from := range dirs {
		t.Run(filepath.Base(from), func(t *testing.T) { real(t, from) })
	}
}

func real(t *testing.T, from string) {
	dir := filepath.Join(t.TempDir(), "module")
	if err := os.CopyFS(dir, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
	write := func(name, text string) {
		t.Helper()
		file := filepath.Join(dir, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(file), 0o777), os.WriteFile(file, []byte(text), 0o666)); err != nil {
			t.Fatal(err)
		}
	}
	s := setting{dir: dir, cache: t.TempDir(), severity: "note"}
	states := make(map[string][]finding)
	check := func(state string) []finding {
		t.Helper()
		states[state] = same(t, s)
		vetted(t, s, states[state])
		t.Logf("%s: %d findings", state, len(states[state]))
		return states[state]
	}
	first := check("cold")
	if len(first) == 0 {
		t.Fatal("nothing was found, so nothing was compared")
	}
	check("warm")
	s.severity = "error"
	check("errors alone")
	s.severity = "note"

	// Of a package with a finding the lines move; what is not about lines stays.
	file := first[0].File
	text, err := os.ReadFile(filepath.Join(dir, file))
	if err != nil {
		t.Fatal(err)
	}
	write(file, "// A comment above moves the lines.\n\n"+string(text))
	if moved := check("lines moved"); len(moved) != len(first) || moved[0].Line != first[0].Line+2 {
		t.Errorf("have %v, want %v two lines below", moved, first)
	}

	out, err := exec.Command("go", "-C", dir, "list", "-m").Output()
	if err != nil {
		t.Fatal(err)
	}
	f, err := parser.ParseFile(token.NewFileSet(), file, text, parser.PackageClauseOnly)
	if err != nil {
		t.Fatal(err)
	}
	write("concurlintleaf/leaf.go", leafQuiet)
	caller := filepath.Join(filepath.Dir(file), "concurlint_held.go")
	write(caller, "package "+f.Name.Name+"\n"+strings.Replace(held, "MODULE", strings.TrimSpace(string(out)), 1))
	if list := check("a caller added"); len(list) != len(first) {
		t.Errorf("have %d findings, want %d", len(list), len(first))
	}
	write("concurlintleaf/leaf.go", leafWaits)
	list := check("its callee waits")
	isHeld := func(f finding) bool { return f.File == filepath.ToSlash(caller) && f.Rule == "lockio" }
	if len(list) != len(first)+1 || !slices.ContainsFunc(list, isHeld) {
		t.Errorf("have %d findings, want one more than %d", len(list), len(first))
	}
	check("warm again")
	s.knowledge = "effect " + strings.TrimSpace(string(out)) + "/concurlintleaf.Get none\n"
	if list := check("the knowledge says that it does not"); len(list) != len(first) {
		t.Errorf("have %d findings, want %d", len(list), len(first))
	}
	s.knowledge = ""
	if list := check("without that knowledge"); len(list) != len(first)+1 {
		t.Errorf("have %d findings, want one more than %d", len(list), len(first))
	}
}
