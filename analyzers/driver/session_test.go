package driver_test

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/concurlint/concurlint/analyzers/driver"
)

// extras are files that come and go while a session lasts: those of packages,
// those that the go command leaves out, and those that break something.
var extras = map[string]string{
	"p1/b.go":          "package p1\n\n//concurlint:ignore lockio no lock here\nfunc B() {}\n",
	"p1/b_windows.go":  "package p1\n\nfunc B() {}\n",
	"p1/tagged.go":     "//go:build never\n\npackage p1\n\nfunc B() {}\n",
	"p2/b_test.go":     "package (\n",
	"p3/embed.go":      "package p3\n\nimport _ \"embed\"\n\n//go:embed e.txt\nvar E string\n",
	"p3/e.txt":         "text",
	"p4/other.go":      "package other\n",
	"p5/b.s":           "// assembly\n",
	"new/a.go":         "package fresh\n\nimport \"example.com/edited/p0\"\n\nfunc F() { p0.Work() }\n",
	"new/deep/a.go":    "package deep\n\n//concurlint:ignore lockio no lock here\nfunc F() {}\n",
	"new/go.mod":       "module example.com/nested\n",
	"p6/above.go":      "package p6\n\nimport _ \"example.com/edited/new/deep\"\n",
	"_left/a.go":       "package left\n\n//concurlint:ignore lockio no lock here\nfunc F() {}\n",
	"testdata/t/a.go":  "package (\n",
	"p0/notes.txt":     "no source\n",
	"vendor/notes.txt": "no list\n",
}

// mods are what go.mod may hold.
var mods = []string{"module example.com/edited\n\ngo 1.26\n", "module example.com/edited\n\ngo 1.25\n", "modul example.com/edited\n"}

// disturb does what more than an edit of a line does, and says what.
func (p *program) disturb(t *testing.T) string {
	if p.rand.IntN(4) == 0 {
		i := p.rand.IntN(len(mods))
		p.write(t, "go.mod", mods[i])
		return fmt.Sprintf("go.mod %d", i)
	}
	names := slices.Sorted(maps.Keys(extras))
	name := names[p.rand.IntN(len(names))]
	path := filepath.Join(p.dir, name)
	if os.Remove(path) == nil {
		os.Remove(filepath.Dir(path)) // succeeds when it is empty
		return "without " + name
	}
	if p.rand.IntN(2) == 0 {
		p.write(t, name, extras[name])
		return "with " + name
	}
	p.write(t, "saved.tmp", extras[name])
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(filepath.Join(p.dir, "saved.tmp"), path); err != nil {
		t.Fatal(err)
	}
	return "renamed " + name
}

// TestSession compares, after each of many random edits, what a session says with
// what a run says that knows nothing.
func TestSession(t *testing.T) {
	p := newProgram(t, *seed, 8)
	s := driver.NewSession(configure(p.dir, t.TempDir(), "session"))
	var history []string
	kept := 0
	for i := range *edits {
		have, haveErr := s.Run(t.Context())
		want, wantErr := driver.Run(t.Context(), configure(p.dir, outside, fmt.Sprintf("session %s %d", p.dir, i)))
		if h, w := outcome(t, have, haveErr), outcome(t, want, wantErr); h != w {
			t.Fatalf("seed %d, after %s:\nthe session says %s\na run says %s", *seed, strings.Join(history, ", "), h, w)
		}
		if haveErr == nil && !have.Stats.Listed {
			kept++
		}
		if again, err := s.Run(t.Context()); err == nil && again != have {
			t.Errorf("seed %d, after %s: another result without an edit", *seed, strings.Join(history, ", "))
		}
		if p.rand.IntN(2) == 0 {
			history = append(history, p.edit(t))
		} else {
			history = append(history, p.disturb(t))
		}
	}
	if kept == 0 {
		t.Error("the go command was asked every time")
	}
}

func outcome(t *testing.T, res *driver.Result, err error) string {
	t.Helper()
	if err != nil {
		return err.Error()
	}
	return said(t, res) + fmt.Sprint(res.Unchecked, res.Incomplete)
}

// TestSessionAsks checks after which edits the go command is asked again.
func TestSessionAsks(t *testing.T) {
	p := &program{dir: t.TempDir()}
	p.write(t, "go.mod", mods[0])
	p.write(t, "a/a.go", "package a\n\nimport \"os\"\n\nvar _ = os.Args\n")
	p.write(t, "b/b.go", "package b\n\nimport \"os/exec\"\n\nvar _ = exec.ErrDot\n")
	s := driver.NewSession(configure(p.dir, outside, "asks"))
	if _, err := s.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name, file, text string
		asks             bool
	}{
		{"a body", "a/a.go", "package a\n\nimport \"os\"\n\nvar _, _ = os.Args, 1\n", false},
		{"a syntax error", "a/a.go", "package a\n\nimport \"os\"\n\nvar _, = os.Args\n", false},
		{"mended", "a/a.go", "package a\n\nimport \"os\"\n\nvar _ = os.Args\n", false},
		{"an import", "a/a.go", "package a\n\nimport \"errors\"\n\nvar _ = errors.New\n", true},
		{"a build constraint", "a/a.go", "//go:build !windows\n\npackage a\n\nimport \"errors\"\n\nvar _ = errors.New\n", true},
		{"a file", "a/b.go", "package a\n", true},
		{"a file of another kind", "a/b.txt", "", false},
		{"a package", "a/c/c.go", "package c\n", true},
		{"an import that breaks", "b/b.go", "package b\n\nimport \"missing\"\n", true},
		{"a line below the import", "b/b.go", "package b\n\nimport \"missing\"\n\nvar _ int\n", false},
		{"mended again", "b/b.go", "package b\n\nimport \"os\"\n\nvar _ = os.Args\n", true},
		{"a test", "b/b_test.go", "package b\n", true},
		{"a body of a test", "b/b_test.go", "package b\n\nvar _ int\n", false},
		{"a version", "go.mod", mods[1], true},
		{"sums", "go.sum", "", true},
	} {
		before, err := s.Run(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		p.write(t, test.file, test.text)
		after, err := s.Run(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if asked := after != before && after.Stats.Listed; asked != test.asks {
			t.Errorf("%s: asked %v, want %v", test.name, asked, test.asks)
		}
	}
}
