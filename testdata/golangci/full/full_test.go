//go:build slow

package main

import (
	"encoding/json"
	"errors"
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

// TestDemo holds the whole of golangci-lint, its processors and printers included,
// to the findings of the command. It needs an hour on a machine that has built
// nothing of it yet: go test -tags slow -timeout 2h.
func TestDemo(t *testing.T) {
	dir := t.TempDir()
	for name, from := range map[string]string{"golangci-lint": ".", "concurlint": "../../.."} {
		build := exec.Command("go", "build", "-o", filepath.Join(dir, name), ".")
		if build.Dir = from; name == "concurlint" {
			build.Args[4] = "./cmd/concurlint"
		}
		if out, err := build.CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
	}
	run := func(name string, want int, args ...string) string {
		t.Helper()
		cmd := exec.Command(filepath.Join(dir, name), args...)
		cmd.Dir = "../../demo"
		cmd.Env = append(os.Environ(), "GOLANGCI_LINT_CACHE="+filepath.Join(dir, "cache"))
		out, err := cmd.CombinedOutput()
		status := 0
		if exit := (*exec.ExitError)(nil); errors.As(err, &exit) {
			status = exit.ExitCode()
		} else if err != nil {
			t.Fatal(err)
		}
		if status != want {
			t.Fatalf("%s: status %d, want %d\n%s", name, status, want, out)
		}
		return string(out)
	}
	config := func(settings string) string {
		file := filepath.Join(dir, "config.yml")
		if err := os.WriteFile(file, []byte(strings.Replace(configuration, "SETTINGS", settings, 1)), 0o666); err != nil {
			t.Fatal(err)
		}
		return file
	}
	var report struct {
		Findings []struct {
			File         string
			Line, Column int
			Message      string
		}
	}
	if err := json.Unmarshal([]byte(run("concurlint", 1, "-format=json")), &report); err != nil {
		t.Fatal(err)
	}
	issue := regexp.MustCompile(`(?m)^(\S+\.go):(\d+):(\d+): (.*) \(concurlint\)$`)
	for _, state := range []string{"cold", "warm"} {
		found := issue.FindAllStringSubmatch(run("golangci-lint", 1, "run", "--allow-parallel-runners", "--path-mode=abs", "-c", config("severity: warning"), "./..."), -1)
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
	if out := run("golangci-lint", 3, "run", "--allow-parallel-runners", "-c", config("severty: note"), "./..."); !strings.Contains(out, `unknown field "severty"`) {
		t.Errorf("an unknown setting is not told:\n%s", out)
	}
}
