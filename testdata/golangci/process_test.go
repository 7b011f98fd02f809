package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// fixable is a module whose findings all have fixes, but for one.
const fixable = "testdata/fix"

func copied(t *testing.T, from string) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "module")
	if err := os.CopyFS(dir, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
	return dir
}

func command(t *testing.T, dir, name string, args ...string) string {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, out)
	}
	return string(out)
}

// TestFix has golangci-lint's --fix write what the command's -fix writes, of issues
// from its cache, by one linter and by several.
func TestFix(t *testing.T) {
	want := copied(t, fixable)
	output(t, want, nil, "concurlint", "-fix", "-severity=note", "-config=off")
	for _, linters := range [][]string{{"concurlint"}, rules} {
		s := setting{dir: copied(t, fixable), cache: t.TempDir(), severity: "note", linters: linters}
		same(t, s)
		s.flags = []string{"-fix"}
		s.issues(t)
		s.flags = nil
		if left := s.issues(t); len(left) != 1 || !strings.Contains(left[0].Text, "unknown directive") {
			t.Errorf("%v: %v is left, want the one without a fix", linters, left)
		}
		command(t, s.dir, "go", "build", "./...")
		for _, name := range []string{"pool.go", "unused.go"} {
			have, err := os.ReadFile(filepath.Join(s.dir, name))
			if err != nil {
				t.Fatal(err)
			}
			if text, err := os.ReadFile(filepath.Join(want, name)); err != nil || string(have) != string(text) {
				t.Errorf("%v: %s is\n%s\nwant\n%s", linters, name, have, text)
			}
		}
	}
}

// TestNewFromRev has --new-from-rev show, and fix, what stands in changed lines: of
// two findings alike the one that was added, and all of a file that git does not know.
func TestNewFromRev(t *testing.T) {
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("no git in PATH")
	}
	s := setting{dir: copied(t, fixable), cache: t.TempDir(), severity: "note", flags: []string{"-new-from-rev=HEAD"}}
	t.Setenv("GIT_CONFIG_GLOBAL", os.DevNull)
	t.Setenv("GIT_CONFIG_SYSTEM", os.DevNull)
	command(t, s.dir, "git", "init", "-q", ".")
	command(t, s.dir, "git", "add", ".")
	command(t, s.dir, "git", "-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "-q", "-m", "first")
	if issues := s.issues(t); len(issues) != 0 {
		t.Errorf("nothing has changed and %v is new", issues)
	}
	pool := filepath.Join(s.dir, "pool.go")
	text, err := os.ReadFile(pool)
	if err != nil {
		t.Fatal(err)
	}
	const added = "\n// Few is above what it is like.\nvar Few = make(chan struct{}, rt.NumCPU()/2)\n"
	edited := strings.Replace(string(text), "import rt \"runtime\"\n", "import rt \"runtime\"\n"+added, 1)
	other := "package app\n" + strings.NewReplacer("rt.", "runtime.", "Few", "Other").Replace("\nimport \"runtime\"\n"+added)
	for name, text := range map[string]string{"pool.go": edited, "sub/other.go": other} {
		file := filepath.Join(s.dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	if have := s.issues(t); len(have) != 2 || have[0].File != "pool.go" || have[0].Line != 6 || have[1].File != "sub/other.go" {
		t.Errorf("have %v, want those at pool.go:6 and in sub/other.go", have)
	}
	s.flags = append(s.flags, "-fix")
	if left := s.issues(t); len(left) != 0 {
		t.Errorf("%v is left", left)
	}
	want := strings.Replace(edited, "rt.NumCPU()/2", "max(1, rt.NumCPU()/2)", 1)
	if have, err := os.ReadFile(pool); err != nil || string(have) != want {
		t.Errorf("%v: pool.go is\n%s\nwant\n%s", err, have, want)
	}
}
