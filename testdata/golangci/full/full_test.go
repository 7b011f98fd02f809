//go:build slow

package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const configuration = `version: "2"
linters:
  default: none
  enable: [concurlint]
  settings:
    custom:
      concurlint:
        type: module
        settings: {SETTINGS}
issues: {max-same-issues: 0, max-issues-per-linter: 0, uniq-by-line: false}
`

// TestMain builds the whole of golangci-lint, and the command, into the front of PATH.
// It needs an hour on a machine that has built nothing of it yet: go test -tags slow
// -timeout 2h.
func TestMain(m *testing.M) {
	os.Exit(func() int {
		dir, err := os.MkdirTemp("", "concurlint-golangci-")
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		defer os.RemoveAll(dir)
		os.Setenv("PATH", dir+string(filepath.ListSeparator)+os.Getenv("PATH"))
		for _, args := range [][]string{
			{"build", "-o", filepath.Join(dir, "golangci-lint"), "."},
			{"-C", "../../..", "build", "-o", filepath.Join(dir, "concurlint"), "./cmd/concurlint"},
		} {
			if out, err := exec.Command("go", args...).CombinedOutput(); err != nil {
				fmt.Fprintf(os.Stderr, "%v\n%s", err, out)
				return 1
			}
		}
		return m.Run()
	}())
}

// run runs a command in a directory, which is to end with that status.
func run(t *testing.T, dir, cache string, want int, name string, args ...string) string {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOLANGCI_LINT_CACHE="+cache, "GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_CONFIG_SYSTEM="+os.DevNull)
	out, err := cmd.CombinedOutput()
	status := 0
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) {
		status = exit.ExitCode()
	} else if err != nil {
		t.Fatal(err)
	}
	if status != want {
		t.Fatalf("%s %s: status %d, want %d\n%s", name, strings.Join(args, " "), status, want, out)
	}
	return string(out)
}

// lint are golangci-lint's arguments with settings of the plugin.
func lint(t *testing.T, settings string, flags ...string) []string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "config.yml")
	if err := os.WriteFile(file, []byte(strings.Replace(configuration, "SETTINGS", settings, 1)), 0o666); err != nil {
		t.Fatal(err)
	}
	return append(append([]string{"run", "--allow-parallel-runners", "-c", file}, flags...), "./...")
}

var issue = regexp.MustCompile(`(?m)^(\S+\.go):(\d+):(\d+): (.*) \(concurlint\)$`)

// TestDemo holds the whole, its processors and printers included, to the findings of
// the command.
func TestDemo(t *testing.T) {
	const demo = "../../demo"
	cache := t.TempDir()
	var report struct {
		Findings []struct {
			File         string
			Line, Column int
			Message      string
		}
	}
	if err := json.Unmarshal([]byte(run(t, demo, cache, 1, "concurlint", "-format=json")), &report); err != nil {
		t.Fatal(err)
	}
	for _, state := range []string{"cold", "warm"} {
		found := issue.FindAllStringSubmatch(run(t, demo, cache, 1, "golangci-lint", lint(t, "severity: warning", "--path-mode=abs")...), -1)
		if len(found) != len(report.Findings) {
			t.Errorf("%s: %d issues, want %d: %v", state, len(found), len(report.Findings), found)
			continue
		}
		for _, f := range report.Findings {
			if !slices.ContainsFunc(found, func(m []string) bool { return strings.HasSuffix(m[1], f.File) && strings.HasPrefix(m[4], f.Message) }) {
				t.Errorf("%s: no issue for %v", state, f)
			}
		}
	}
	if out := run(t, demo, cache, 3, "golangci-lint", lint(t, "severty: note")...); !strings.Contains(out, `unknown field "severty"`) {
		t.Errorf("an unknown setting is not told:\n%s", out)
	}
}

// TestFix has --new-from-rev show and --fix mend what was added since a revision, and
// then --fix alone the rest, as the command does.
func TestFix(t *testing.T) {
	dir, want, cache := filepath.Join(t.TempDir(), "module"), filepath.Join(t.TempDir(), "want"), t.TempDir()
	for _, to := range []string{dir, want} {
		if err := os.CopyFS(to, os.DirFS("../testdata/fix")); err != nil {
			t.Fatal(err)
		}
	}
	run(t, want, cache, 1, "concurlint", "-fix", "-severity=note", "-config=off") // one has no fix
	run(t, dir, cache, 0, "git", "init", "-q", ".")
	run(t, dir, cache, 0, "git", "add", ".")
	run(t, dir, cache, 0, "git", "-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "-q", "-m", "first")
	run(t, dir, cache, 0, "golangci-lint", lint(t, "severity: note", "--new-from-rev=HEAD")...)

	const added = "package app\n\nimport \"runtime\"\n\nvar few = make(chan struct{}, runtime.NumCPU()/2)\n"
	if err := os.WriteFile(filepath.Join(dir, "added.go"), []byte(added), 0o666); err != nil {
		t.Fatal(err)
	}
	out := run(t, dir, cache, 1, "golangci-lint", lint(t, "severity: note", "--new-from-rev=HEAD")...)
	if found := issue.FindAllStringSubmatch(out, -1); len(found) != 1 || filepath.Base(found[0][1]) != "added.go" {
		t.Errorf("new is\n%s\nwant the one in added.go", out)
	}
	run(t, dir, cache, 0, "golangci-lint", lint(t, "severity: note", "--new-from-rev=HEAD", "--fix")...)
	if out := run(t, dir, cache, 0, "git", "status", "--porcelain"); out != "?? added.go\n" {
		t.Errorf("changed is\n%s\nwant added.go", out)
	}

	out = run(t, dir, cache, 1, "golangci-lint", lint(t, "severity: note", "--fix")...)
	if found := issue.FindAllStringSubmatch(out, -1); len(found) != 1 || !strings.Contains(out, "unknown directive") {
		t.Errorf("left is\n%s\nwant the one without a fix", out)
	}
	run(t, dir, cache, 0, "go", "build", "./...")
	for _, name := range []string{"pool.go", "unused.go"} {
		have, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if text, err := os.ReadFile(filepath.Join(want, name)); err != nil || string(have) != string(text) {
			t.Errorf("%s is\n%s\nwant\n%s", name, have, text)
		}
	}
}
