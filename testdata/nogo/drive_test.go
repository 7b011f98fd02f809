package nogo

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// A listed is what go list says of a package.
type listed struct {
	ImportPath, Dir, Export string
	Standard                bool
	GoFiles, Imports        []string
	Module                  *struct {
		Path, Dir string
		Main      bool
	}
}

// same holds nogo's findings to the command's, and returns how many there are.
func same(t *testing.T, dir string) int {
	t.Helper()
	var report struct {
		Findings []struct {
			File, Severity, Rule, Message string
			Line, Column                  int
		}
	}
	out, err := output(dir, tool("concurlint"), "-format=json", "-config=off", "-severity=note")
	if exit := (*exec.ExitError)(nil); err != nil && !(errors.As(err, &exit) && exit.ExitCode() == 1) {
		t.Fatal(err)
	}
	if err := json.Unmarshal(out, &report); err != nil {
		t.Fatal(err)
	}
	have := findings(t, dir)
	if len(have) != len(report.Findings) || len(have) == 0 {
		t.Fatalf("nogo has %d findings:\n%s\nthe command has %d:\n%s", len(have), strings.Join(have, "\n"), len(report.Findings), out)
	}
	for _, f := range report.Findings {
		want := fmt.Sprintf("%s:%d:%d: %s", f.File, f.Line, f.Column, f.Message)
		if f.Severity == "note" {
			want += " (note: " // and why it is one
		}
		i := slices.IndexFunc(have, func(line string) bool {
			return strings.HasPrefix(line, want) && strings.HasSuffix(line, " ("+f.Rule+")")
		})
		if i < 0 {
			t.Fatalf("the command has\n%s\nnogo has\n%s", want, strings.Join(have, "\n"))
		}
		have = slices.Delete(have, i, i+1)
	}
	return len(report.Findings)
}

// findings runs nogo as Bazel does: over one package after the other, those of
// other repositories for their facts alone, in a tree of links where these have a
// directory of their own.
func findings(t *testing.T, dir string) (lines []string) {
	t.Helper()
	work, root := t.TempDir(), filepath.Join(t.TempDir(), "execroot", "_main")
	packages := list(t, dir)
	var importcfg strings.Builder
	for _, p := range packages {
		if p.Export == "" {
			continue // unsafe
		}
		fmt.Fprintf(&importcfg, "packagefile %s=%s\n", p.ImportPath, p.Export)
	}
	write(t, filepath.Join(work, "importcfg"), importcfg.String())
	facts := make(map[string]string)
	for i, p := range packages {
		if p.Standard || len(p.GoFiles) == 0 {
			continue
		}
		name := filepath.Join(work, fmt.Sprint(i, ".facts"))
		args := []string{"-p", p.ImportPath, "-importcfg", filepath.Join(work, "importcfg"), "-x", name, "-fix_dir", work, "-go_version", strings.TrimPrefix(runtime.Version(), "go")}
		if !p.Module.Main {
			args = append(args, "-facts_only")
		}
		for _, imp := range p.Imports {
			if facts[imp] != "" {
				args = append(args, "-fact", imp+"="+facts[imp])
			}
		}
		cmd := exec.Command(tool("nogo"), append(args, links(t, root, p)...)...)
		cmd.Dir = root
		cmd.Env = append(os.Environ(), "GOARCH="+runtime.GOARCH)
		out, err := cmd.CombinedOutput()
		const violation = 3
		if exit := (*exec.ExitError)(nil); err != nil && !(errors.As(err, &exit) && exit.ExitCode() == violation) {
			t.Fatalf("nogo: %s: %v\n%s", p.ImportPath, err, out)
		}
		if !p.Module.Main && len(out) > 0 {
			t.Errorf("of %s, facts alone are wanted; nogo says\n%s", p.ImportPath, out)
		}
		facts[p.ImportPath] = name
		if _, found, ok := strings.Cut(string(out), "code analysis:\n"); ok {
			lines = append(lines, strings.Split(strings.TrimSpace(found), "\n")...)
		}
	}
	return lines
}

func list(t *testing.T, dir string) (all []*listed) {
	t.Helper()
	out, err := output(dir, "go", "list", "-deps", "-export", "-pgo=off", "-json=ImportPath,Dir,Export,Standard,GoFiles,Imports,Module", "./...")
	if err != nil {
		t.Fatal(err)
	}
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		p := new(listed)
		if err := dec.Decode(p); err == io.EOF {
			return all
		} else if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
}

// links puts links to the files of a package below root, and returns their names.
func links(t *testing.T, root string, p *listed) (names []string) {
	t.Helper()
	rel := filepath.Join("external", strings.ReplaceAll(p.ImportPath, "/", "_"))
	if p.Module.Main {
		var err error
		if rel, err = filepath.Rel(p.Module.Dir, p.Dir); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.MkdirAll(filepath.Join(root, rel), 0o777); err != nil {
		t.Fatal(err)
	}
	for _, f := range p.GoFiles {
		name := filepath.Join(rel, f)
		if err := os.Symlink(filepath.Join(p.Dir, f), filepath.Join(root, name)); err != nil {
			t.Fatal(err)
		}
		names = append(names, name)
	}
	return names
}

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}
