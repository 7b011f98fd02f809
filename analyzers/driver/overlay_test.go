package driver_test

import (
	"context"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/concurlint/concurlint/analyzers/driver"
)

// goFiles are the Go files below a directory.
func goFiles(t *testing.T, dir string) map[string][]byte {
	t.Helper()
	files := make(map[string][]byte)
	err := filepath.WalkDir(dir, func(name string, _ fs.DirEntry, err error) error {
		if err == nil && filepath.Ext(name) == ".go" {
			files[name], err = os.ReadFile(name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// unsaved takes the files that differ from those of before back from the disk.
func unsaved(t *testing.T, dir string, before map[string][]byte) map[string][]byte {
	t.Helper()
	list := goFiles(t, dir)
	for name, text := range list {
		old, ok := before[name]
		switch {
		case ok && string(old) == string(text):
			delete(list, name)
		case ok:
			os.WriteFile(name, old, 0o666)
		default:
			os.Remove(name)
			os.Remove(filepath.Dir(name)) // succeeds when it is empty
		}
	}
	return list
}

// blobs counts the files of a cache.
func blobs(t *testing.T, dir string) (n int) {
	t.Helper()
	filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			n++
		}
		return nil
	})
	return n
}

// added are files that an editor may show before they are saved at all.
var added = map[string]string{
	"p1/b.go":      extras["p1/b.go"],
	"p2/b_test.go": extras["p2/b_test.go"],
	"p5/tagged.go": "//go:build never\n\npackage p5\n\nfunc B() {}\n",
	"new/a.go":     extras["new/a.go"],
}

// TestUnsaved compares, after each of many random edits that are not saved, what a
// session says with what a run says over the same files, saved. Not a blob of it gets
// into the cache, and in the end the session says of the disk what it said at first.
func TestUnsaved(t *testing.T) {
	p := newProgram(t, *seed, 8)
	cache := t.TempDir()
	s := driver.NewSession(configure(p.dir, cache, "unsaved"))
	first, err := s.Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	before, size := goFiles(t, p.dir), blobs(t, cache)
	var history []string
	quick, listed := 0, 0
	for i := range *edits {
		for _, s := range p.packages { // what the program has become so far
			p.write(t, s.name+"/a.go", s.text())
		}
		if p.rand.IntN(4) == 0 {
			names := slices.Sorted(maps.Keys(added))
			name := names[p.rand.IntN(len(names))]
			p.write(t, name, added[name])
			history = append(history, "with "+name)
		} else {
			history = append(history, p.edit(t))
		}
		want, wantErr := driver.Run(t.Context(), configure(p.dir, outside, fmt.Sprintf("unsaved %s %d", p.dir, i)))
		texts := unsaved(t, p.dir, before)
		s.SetUnsaved(texts)
		part, err := s.RunFor(t.Context(), slices.Sorted(maps.Keys(texts)))
		if err != nil {
			t.Fatal(err)
		}
		have, haveErr := s.Run(t.Context())
		if h, w := outcome(t, have, haveErr), outcome(t, want, wantErr); h != w {
			t.Fatalf("seed %d, after %s:\nthe session says %s\na run says %s", *seed, strings.Join(history, ", "), h, w)
		}
		if part != nil {
			quick++
			if h, w := partly(t, part, part.Packages), partly(t, have, part.Packages); h != w {
				t.Fatalf("seed %d, after %s:\nof the edited packages alone it says %s\nof all it says %s", *seed, strings.Join(history, ", "), h, w)
			}
		}
		if haveErr == nil && have.Stats.Listed {
			listed++
		}
		if now := blobs(t, cache); now != size {
			t.Fatalf("seed %d, after %s: the cache has %d files, had %d", *seed, strings.Join(history, ", "), now, size)
		}
	}
	if quick == 0 || listed == 0 {
		t.Errorf("%d answers about edited packages alone, and the go command was asked %d times", quick, listed)
	}
	s.SetUnsaved(nil)
	last, err := s.Run(t.Context())
	if h, w := outcome(t, last, err), outcome(t, first, nil); h != w {
		t.Errorf("of the disk it says %s\nat first it said %s", h, w)
	}
}

// partly is what the result says of some packages.
func partly(t *testing.T, res *driver.Result, packages []string) string {
	t.Helper()
	other := func(path string) bool { return !slices.Contains(packages, path) }
	diags := slices.DeleteFunc(append([]driver.Diagnostic{}, res.Diagnostics...), func(d driver.Diagnostic) bool { return other(d.Package) })
	return said(t, &driver.Result{Diagnostics: diags}) + fmt.Sprint(slices.DeleteFunc(slices.Clone(res.Unchecked), other))
}

// TestRunForAlone edits one package and asks for it alone: that the others are not
// even read shows in that one of them is gone.
func TestRunForAlone(t *testing.T) {
	p := &program{dir: t.TempDir()}
	p.write(t, "go.mod", mods[0])
	p.write(t, "low/a.go", "package low\n\nfunc F() {}\n")
	p.write(t, "mid/a.go", "package mid\n\nimport \"example.com/edited/low\"\n\nfunc F() { low.F() }\n")
	p.write(t, "top/a.go", "package top\n\nimport \"example.com/edited/mid\"\n\nfunc F() { mid.F() }\n")
	s := driver.NewSession(configure(p.dir, t.TempDir(), "alone"))
	if _, err := s.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(p.dir, "mid", "a.go")
	s.SetUnsaved(map[string][]byte{file: []byte("package mid\n\nimport \"example.com/edited/low\"\n\n//concurlint:ignore lockio no lock here\nfunc F() { low.F() }\n")})
	os.RemoveAll(filepath.Join(p.dir, "top"))
	res, err := s.RunFor(t.Context(), []string{file})
	if err != nil || res == nil {
		t.Fatal(res, err)
	}
	if len(res.Diagnostics) != 1 || len(res.Problems) > 0 || res.Stats.Analyzed != 1 || res.Stats.Packages != 2 || !slices.Equal(res.Packages, []string{"example.com/edited/mid"}) {
		t.Errorf("have %+v", res)
	}
	s.SetUnsaved(map[string][]byte{file: []byte("package mid\n")})
	if res, err := s.RunFor(t.Context(), []string{file}); res != nil || err != nil {
		t.Errorf("without an import that it had: %+v, %v", res, err)
	}
	if res, err := s.RunFor(t.Context(), []string{filepath.Join(p.dir, "mid", "absent.go")}); res != nil || err != nil {
		t.Errorf("of a file that nobody has seen: %+v, %v", res, err)
	}
}

// TestRunForFirst asks for one package while the first run is under way, which is
// cut short for it: the go command is not asked again, and what was found is kept.
func TestRunForFirst(t *testing.T) {
	p := newProgram(t, *seed, 8)
	cfg := configure(p.dir, t.TempDir(), "first")
	ctx, interrupt := context.WithCancel(t.Context())
	cfg.Workers, cfg.Progress = 1, func(packages int) {
		if packages == 4 {
			interrupt()
		}
	}
	s := driver.NewSession(cfg)
	if res, err := s.Run(ctx); err == nil {
		t.Fatalf("have %+v", res)
	}
	file := filepath.Join(p.dir, "p0", "a.go")
	s.SetUnsaved(map[string][]byte{file: []byte(p.packages[0].text() + "\n//concurlint:ignore lockio no lock here\nfunc F() {}\n")})
	res, err := s.RunFor(t.Context(), []string{file})
	if err != nil || res == nil || res.Stats.Listed || !slices.Equal(res.Packages, []string{"example.com/edited/p0"}) {
		t.Fatalf("have %+v, %v", res, err)
	}
	s.SetUnsaved(nil)
	if res, err := s.Run(t.Context()); err != nil || res.Stats.Listed || res.Stats.Analyzed != 4 {
		t.Errorf("have %+v, %v; want half of the packages analyzed", res, err)
	}
	s = driver.NewSession(configure(p.dir, t.TempDir(), "alone"))
	if res, err := s.RunFor(t.Context(), []string{file}); err != nil || res == nil || !res.Stats.Listed {
		t.Errorf("without a run before it have %+v, %v", res, err)
	}
}

// TestUnsavedSaved saves what was unsaved: what was found of it is kept then.
func TestUnsavedSaved(t *testing.T) {
	p := &program{dir: t.TempDir()}
	p.write(t, "go.mod", mods[0])
	p.write(t, "a/a.go", "package a\n")
	cfg := configure(p.dir, t.TempDir(), "saved")
	s := driver.NewSession(cfg)
	if _, err := s.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	const text = "package a\n\nfunc F() {}\n"
	file := filepath.Join(p.dir, "a", "a.go")
	s.SetUnsaved(map[string][]byte{file: []byte(text)})
	if _, err := s.RunFor(t.Context(), []string{file}); err != nil {
		t.Fatal(err)
	}
	p.write(t, "a/a.go", text)
	s.SetUnsaved(nil)
	if res, err := s.Run(t.Context()); err != nil || res.Stats.Analyzed != 0 {
		t.Errorf("have %+v, %v", res, err)
	}
	if res := run(t, cfg); res.Stats.Analyzed != 0 {
		t.Errorf("a run after that has %+v", res.Stats)
	}
}
