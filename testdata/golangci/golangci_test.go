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

// tags are those that this test was built with and the tools need, too.
var tags string

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
	cmd := exec.Command("go", "build", "-tags", tags, "-o", filepath.Join(tools, name+".exe"), pkg)
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

// A finding is the part of the command's JSON that the runner's issues have as well.
type finding struct {
	Rule, Severity string
	File           string
	Line, Column   int
	Message        string
	Package        string
}

// A setting is how both are run.
type setting struct {
	dir, cache string
	severity   string   // least
	knowledge  string   // as text
	linters    []string // empty: the one that has all rules
	flags      []string // of the runner
}

// same holds the runner's issues to the command's findings, which it returns. The
// runner's text may have places after the message; it says of notes that they are.
func same(t *testing.T, s setting) []finding {
	t.Helper()
	list := s.findings(t)
	issues := s.issues(t)
	if len(issues) != len(list) {
		t.Errorf("the runner has %d issues, the command %d findings:\n%v\n%v", len(issues), len(list), issues, list)
		return list
	}
	for i, f := range list {
		x := issues[i]
		rest, ok := strings.CutPrefix(x.Text, f.Message)
		note := strings.Contains(rest, " (note: ")
		if x.File != f.File || x.Line != f.Line || x.Column != f.Column || !ok || rest != "" && !strings.HasPrefix(rest, " (") || note != (f.Severity == "note") {
			t.Errorf("the runner has %v\nthe command %v", x, f)
		}
	}
	return list
}

// issues are those of the linters, in the order of the command. A linter of one rule
// has that for its name, where the other says it in the text.
func (s setting) issues(t *testing.T) (all []issue) {
	t.Helper()
	settings, err := json.Marshal(map[string]any{"knowledge": s.knowledge, "severity": s.severity})
	if err != nil {
		t.Fatal(err)
	}
	linters := s.linters
	if len(linters) == 0 {
		linters = []string{"concurlint"}
	}
	for _, name := range linters {
		var list []issue
		args := slices.Concat(s.flags, []string{name, string(settings), "./..."})
		out := output(t, s.dir, []string{"GOLANGCI_LINT_CACHE=" + s.cache}, "runner", args...)
		if err := json.Unmarshal(out, &list); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		for _, x := range list {
			if name != "concurlint" {
				x.Text = name + ": " + x.Text
			}
			all = append(all, x)
		}
	}
	slices.SortFunc(all, func(a, b issue) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column), cmp.Compare(a.Text, b.Text))
	})
	return all
}

func (s setting) findings(t *testing.T) []finding {
	t.Helper()
	args := []string{"-format=json", "-config=off", "-severity=" + s.severity}
	if s.knowledge != "" {
		file := filepath.Join(t.TempDir(), "own.know")
		if err := os.WriteFile(file, []byte(s.knowledge), 0o666); err != nil {
			t.Fatal(err)
		}
		args = append(args, "-knowledge="+file)
	}
	var report struct{ Findings []finding }
	out := output(t, s.dir, []string{"CONCURLINT_CACHE=off"}, "concurlint", args...)
	if err := json.Unmarshal(out, &report); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return report.Findings
}

// vetted holds go vet's findings, with the command as its tool, to the command's.
func vetted(t *testing.T, s setting, list []finding) {
	t.Helper()
	cmd := exec.Command("go", "vet", "-vettool="+filepath.Join(tools, "concurlint.exe"), "-json", "-severity="+s.severity, "-knowledgetext="+s.knowledge, "./...")
	cmd.Dir = s.dir
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, &stderr)
	}
	left := make(map[string]int)
	for dec := json.NewDecoder(bytes.NewReader(out)); dec.More(); {
		var tree map[string]map[string][]struct{ Posn, Message string }
		if err := dec.Decode(&tree); err != nil {
			t.Fatal(err)
		}
		for _, byRule := range tree {
			for _, diags := range byRule {
				for _, d := range diags {
					left[d.Posn+": "+d.Message]++
				}
			}
		}
	}
	root, err := filepath.Abs(s.dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range list {
		want := fmt.Sprintf("%s:%d:%d: %s", filepath.Join(root, f.File), f.Line, f.Column, f.Message)
		found := false
		for have := range left {
			rest, ok := strings.CutPrefix(have, want)
			if ok && (rest == "" || strings.HasPrefix(rest, " (note: ")) && (rest != "") == (f.Severity == "note") {
				left[have]--
				if found = true; left[have] == 0 {
					delete(left, have)
				}
				break
			}
		}
		if !found {
			t.Errorf("the command has\n%s\ngo vet has of all that is left\n%v", want, left)
		}
	}
	if len(left) > 0 {
		t.Errorf("go vet alone has\n%v", left)
	}
}

func TestDemo(t *testing.T) {
	cache := t.TempDir()
	s := setting{dir: "../demo", cache: cache, severity: "note"}
	for _, state := range []string{"cold", "warm"} {
		list := same(t, s)
		if len(list) == 0 {
			t.Errorf("%s: nothing was found", state)
		}
		vetted(t, s, list)
	}
}

// rules are the linters that have one rule each.
var rules = []string{"blockloop", "contract", "fanout", "lockio", "poolfit"}

// TestRules has a linter for each rule: together they say what the one says.
func TestRules(t *testing.T) {
	cache := t.TempDir()
	for _, severity := range []string{"note", "error"} {
		list := same(t, setting{dir: "../demo", cache: cache, severity: severity, linters: rules})
		found := make(map[string]bool)
		for _, f := range list {
			found[f.Rule] = true
		}
		if severity == "note" && len(found) != len(rules) {
			t.Errorf("only %v was found", found)
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
	store := "package store\n" + strings.ReplaceAll(held, "MODULE", "example.com/app")
	write("go.mod", "module example.com/app\n\ngo 1.26\n")
	write("store/store.go", store)
	write("concurlintleaf/leaf.go", leafQuiet)
	for _, step := range []struct {
		name, file, text, knowledge string
		want                        int
	}{
		{"cold", "concurlintleaf/leaf.go", leafQuiet, "", 0},
		{"warm", "concurlintleaf/leaf.go", leafQuiet, "", 0},
		{"edit in a callee", "concurlintleaf/leaf.go", leafWaits, "", 1},
		{"edit in a leaf", "store/store.go", "// A comment above moves the lines.\n" + store, "", 1},
		{"edit of the knowledge", "go.mod", "module example.com/app\n\ngo 1.26\n", "effect example.com/app/concurlintleaf.Get none\n", 0},
		{"and back", "go.mod", "module example.com/app\n\ngo 1.26\n", "", 1},
		{"the callee as it was", "concurlintleaf/leaf.go", leafQuiet, "", 0},
	} {
		write(step.file, step.text)
		if list := same(t, setting{dir: dir, cache: cache, severity: "note", knowledge: step.knowledge}); len(list) != step.want {
			t.Errorf("%s: %d findings, want %d", step.name, len(list), step.want)
		}
	}
}
