package main

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// careless is a module with one finding.
const careless = `package app

//concurlint:ignore lockio nothing is held
func f() {}
`

// TestAction runs the steps of action.yml, but for the installation, which is that
// of a release: the command under test takes its place.
func TestAction(t *testing.T) {
	var action struct {
		Inputs map[string]struct{ Default string }
		Runs   struct{ Steps []struct{ Run string } }
	}
	decode(t, "action.yml", &action)
	steps := action.Runs.Steps
	if len(steps) != 2 || !strings.HasPrefix(steps[0].Run, "go install ") {
		t.Fatalf("have %q", steps)
	}
	env := []string{"FORMAT=" + action.Inputs["format"].Default, "PACKAGES=" + action.Inputs["packages"].Default, "FLAGS=-fail-on error", "OUTPUT="}
	out := shell(t, steps[1].Run, env)
	if want := "::warning file=app.go,line=3,"; !strings.Contains(out, want) {
		t.Errorf("have %q, want %q in it", out, want)
	}
}

// TestGitLab runs the script of the include, but for the installation. The job fails
// on the finding, shows it, and leaves the report.
func TestGitLab(t *testing.T) {
	var include map[string]struct {
		Variables map[string]string
		Script    []string
		Artifacts struct {
			When    string
			Reports struct{ Codequality string }
		}
	}
	decode(t, "templates/concurlint.yml", &include)
	job := include["concurlint"]
	if len(job.Script) != 4 || !strings.HasPrefix(job.Script[0], "go install ") || job.Artifacts.When != "always" {
		t.Fatalf("have %+v", job)
	}
	env := []string{"SCRIPT=" + strings.Join(job.Script[1:], "\n"), "CONCURLINT_FLAGS=", "CONCURLINT_PACKAGES=" + job.Variables["CONCURLINT_PACKAGES"]}
	out := shell(t, `bash -e -o pipefail -c "$SCRIPT" && exit 1
echo REPORT; cat `+job.Artifacts.Reports.Codequality, env)
	log, report, _ := strings.Cut(out, "REPORT\n")
	if want := "app.go:3:1: warning: contract: "; !strings.HasPrefix(log, want) {
		t.Errorf("the log is %q, want %q at its start", log, want)
	}
	var issues []map[string]any
	if err := json.Unmarshal([]byte(report), &issues); err != nil || len(issues) != 1 || issues[0]["severity"] != "major" {
		t.Errorf("%v: have %s", err, report)
	}
	env[0] += "\necho went on"
	env[1] += "-no-such-flag"
	if out := shell(t, `bash -e -o pipefail -c "$SCRIPT" || true`, env); strings.Contains(out, "went on") {
		t.Errorf("have %q though the command could not run", out)
	}
}

// TestPreCommit commits a finding where pre-commit runs the hook, but for the
// installation.
func TestPreCommit(t *testing.T) {
	for _, name := range []string{"pre-commit", "git"} {
		if _, err := exec.LookPath(name); err != nil {
			t.Skip("no " + name + " in PATH")
		}
	}
	var hooks []map[string]any
	decode(t, ".pre-commit-hooks.yaml", &hooks)
	if len(hooks) != 1 || hooks[0]["language"] != "golang" {
		t.Fatalf("have %v", hooks)
	}
	hooks[0]["language"], hooks[0]["verbose"] = "system", true
	config, err := json.Marshal(map[string]any{"repos": []any{map[string]any{"repo": "local", "hooks": hooks}}})
	if err != nil {
		t.Fatal(err)
	}
	env := []string{"CONFIG=" + string(config), "PRE_COMMIT_HOME=" + t.TempDir(), "GIT_CONFIG_GLOBAL=" + os.DevNull, "GIT_CONFIG_SYSTEM=" + os.DevNull}
	out := shell(t, `git init -q . && printf %s "$CONFIG" > .pre-commit-config.yaml && git add .
pre-commit run && exit 1
git rm -q -f app.go && echo text > notes.txt && git add notes.txt && pre-commit run`, env)
	if want := "app.go:3:1: warning: contract: "; !strings.Contains(out, want) || !strings.Contains(out, "Skipped") {
		t.Errorf("have %s, want %q in it, and nothing where no Go file is committed", out, want)
	}
}

func decode(t *testing.T, file string, into any) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, file))
	if err != nil {
		t.Fatal(err)
	}
	if err := yaml.Unmarshal(text, into); err != nil {
		t.Fatal(err)
	}
}

// shell runs a script as runners do, in a module with a finding.
func shell(t *testing.T, script string, env []string) string {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("bash is of another world")
	}
	dir := t.TempDir()
	for name, text := range map[string]string{"go.mod": "module example.com/app\n\ngo 1.26\n", "app.go": careless} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	// Its PATH names the directory of installed commands first: a home without any
	// leaves the command under test.
	cmd := exec.Command("bash", "-e", "-o", "pipefail", "-c", script)
	cmd.Dir = dir
	cmd.Env = append(append(os.Environ(), "GOPATH="+t.TempDir(), "GOFLAGS=", "GITHUB_STEP_SUMMARY="), env...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, stderr.String())
	}
	return string(out)
}

// TestGoTool runs the command as a tool of another module's go.mod, and of a file of
// its own that leaves go.mod alone.
func TestGoTool(t *testing.T) {
	for _, file := range []string{"go.mod", "tools.mod"} {
		t.Run(file, func(t *testing.T) { goTool(t, file) })
	}
}

func goTool(t *testing.T, file string) {
	here, err := filepath.Abs(root)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	mod, err := os.ReadFile(filepath.Join(here, "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	_, requires, _ := strings.Cut(string(mod), "\nrequire")
	text := "module example.com/app\n\ngo 1.26.0\n\ntool github.com/concurlint/concurlint/cmd/concurlint\n\n" +
		"require github.com/concurlint/concurlint v0.0.0\n\nreplace github.com/concurlint/concurlint => " + here + "\n\nrequire" + requires
	sum, err := os.ReadFile(filepath.Join(here, "go.sum"))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{"go.mod": "module example.com/app\n\ngo 1.26.0\n", "app.go": careless}
	files[file], files[strings.TrimSuffix(file, ".mod")+".sum"] = text, string(sum)
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command("go", "tool", "-modfile="+file, "concurlint", "./...")
	if file == "go.mod" {
		cmd = exec.Command("go", "tool", "concurlint", "./...")
	}
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOWORK=off", "GOFLAGS=-mod=mod", "GOPROXY=off")
	out, _ := cmd.CombinedOutput() // status 1: there is a finding
	if want := "app.go:3:1: warning: contract: "; !strings.Contains(string(out), want) {
		t.Errorf("have %s, want %q in it", out, want)
	}
}
