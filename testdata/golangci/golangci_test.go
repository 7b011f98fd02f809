package main

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// tools are the command and golangci-lint's runner with the plugin, built from the
// files around.
var tools string

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "concurlint-golangci-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	tools = dir
	status := 1
	if build("../..", "concurlint", "./cmd/concurlint") && build(".", "runner", ".") {
		status = m.Run()
	}
	os.RemoveAll(dir)
	os.Exit(status)
}

func build(dir, name, pkg string) bool {
	cmd := exec.Command("go", "build", "-o", filepath.Join(tools, name+".exe"), pkg)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOWORK=off")
	out, err := cmd.CombinedOutput()
	if err != nil {
		fmt.Fprintf(os.Stderr, "%v\n%s", err, out)
	}
	return err == nil
}

// output runs one of the tools in a directory; status 1 means findings.
func output(t *testing.T, dir string, env []string, name string, args ...string) []byte {
	t.Helper()
	cmd := exec.Command(filepath.Join(tools, name+".exe"), args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), env...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if exit := (*exec.ExitError)(nil); err != nil && !(name == "concurlint" && errors.As(err, &exit) && exit.ExitCode() == 1) {
		t.Fatalf("%s: %v\n%s", name, err, &stderr)
	}
	return out
}

// same holds the runner's issues to the command's findings and returns how many
// there are. The runner's text may have places after the message.
func same(t *testing.T, dir, cache, knowledge string) int {
	t.Helper()
	settings, err := json.Marshal(map[string]any{"knowledge": knowledge, "severity": "note"})
	if err != nil {
		t.Fatal(err)
	}
	var issues []issue
	out := output(t, dir, []string{"GOLANGCI_LINT_CACHE=" + cache}, "runner", string(settings), "./...")
	if err := json.Unmarshal(out, &issues); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	args := []string{"-format=json", "-config=off", "-severity=note"}
	if knowledge != "" {
		file := filepath.Join(t.TempDir(), "own.know")
		if err := os.WriteFile(file, []byte(knowledge), 0o666); err != nil {
			t.Fatal(err)
		}
		args = append(args, "-knowledge="+file)
	}
	var report struct {
		Findings []struct {
			File         string
			Line, Column int
			Message      string
		}
	}
	out = output(t, dir, []string{"CONCURLINT_CACHE=off"}, "concurlint", args...)
	if err := json.Unmarshal(out, &report); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	slices.SortFunc(issues, func(a, b issue) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	if len(issues) != len(report.Findings) {
		t.Errorf("the runner has %d issues, the command %d findings:\n%v\n%s", len(issues), len(report.Findings), issues, out)
		return 0
	}
	for i, f := range report.Findings {
		x := issues[i]
		rest, ok := strings.CutPrefix(x.Text, f.Message)
		if x.File != f.File || x.Line != f.Line || x.Column != f.Column || !ok || rest != "" && !strings.HasPrefix(rest, " (") {
			t.Errorf("the runner has %v\nthe command %v", x, f)
		}
	}
	return len(issues)
}

func TestDemo(t *testing.T) {
	cache := t.TempDir()
	for _, state := range []string{"cold", "warm"} {
		if n := same(t, "../demo", cache, ""); n == 0 {
			t.Errorf("%s: nothing was found", state)
		}
	}
}

// TestEdits edits a module between runs over one cache.
func TestEdits(t *testing.T) {
	dir, cache := t.TempDir(), t.TempDir()
	write := func(name, text string) {
		t.Helper()
		file := filepath.Join(dir, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(file), 0o777), os.WriteFile(file, []byte(text), 0o666)); err != nil {
			t.Fatal(err)
		}
	}
	const store = `package store

import (
	"sync"

	"example.com/app/leaf"
)

type Store struct {
	mu sync.Mutex
	n  int
}

func (s *Store) Load() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return leaf.Get()
}

func (s *Store) N() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.n
}
`
	const quiet = "package leaf\n\nfunc Get() error { return nil }\n"
	const waits = "package leaf\n\nimport \"net/http\"\n\nfunc Get() error {\n\t_, err := http.Get(\"http://localhost\")\n\treturn err\n}\n"
	write("go.mod", "module example.com/app\n\ngo 1.26\n")
	write("store/store.go", store)
	write("leaf/leaf.go", quiet)
	for _, step := range []struct {
		name, file, text, knowledge string
		want                        int
	}{
		{"cold", "leaf/leaf.go", quiet, "", 0},
		{"warm", "leaf/leaf.go", quiet, "", 0},
		{"edit in a callee", "leaf/leaf.go", waits, "", 1},
		{"edit in a leaf", "store/store.go", "// A comment above moves the lines.\n" + store, "", 1},
		{"edit of the knowledge", "go.mod", "module example.com/app\n\ngo 1.26\n", "effect example.com/app/leaf.Get none\n", 0},
		{"and back", "go.mod", "module example.com/app\n\ngo 1.26\n", "", 1},
		{"the callee as it was", "leaf/leaf.go", quiet, "", 0},
	} {
		write(step.file, step.text)
		if n := same(t, dir, cache, step.knowledge); n != step.want {
			t.Errorf("%s: %d findings, want %d", step.name, n, step.want)
		}
	}
}
