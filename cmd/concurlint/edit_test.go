package main

import (
	"bytes"
	"go/build"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/mod/modfile"
)

// An editor changes a module at random, in the ways that people do. It knows
// nothing of the module but that it is Go, so that any checkout will do.
//
// Not every edit leaves a program that compiles: who takes away a file has most
// often broken something. That, too, is a state to be right in; undo ends it.
type editor struct {
	dir    string
	module string // its path
	files  []string
	rand   *rand.Rand
	count  int // of edits, for names that nobody has used

	added []addition // that can be taken back
	last  []saved    // what undo restores
}

// An addition is text that an edit put into a file, in parts.
type addition struct {
	file  string
	parts []string
}

// A saved file is one as it was; without text it was not there.
type saved struct {
	name string
	text []byte
}

func newEditor(t *testing.T, dir string, seed uint64) *editor {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	e := &editor{dir: dir, module: modfile.ModulePath(text), rand: rand.New(rand.NewPCG(seed, 2))}
	err = filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && name != dir && otherModule(name):
			return fs.SkipDir
		case !d.IsDir() && counts(name):
			e.files = append(e.files, name)
		}
		return nil
	})
	if err != nil || len(e.files) == 0 {
		t.Fatalf("nothing to edit in %s: %v", dir, err)
	}
	return e
}

// otherModule tells directories that ./... leaves out.
func otherModule(dir string) bool {
	base := filepath.Base(dir)
	return base == "testdata" || base == "vendor" || strings.HasPrefix(base, ".") || strings.HasPrefix(base, "_") || exists(filepath.Join(dir, "go.mod"))
}

// counts tells the files that go build would compile.
func counts(name string) bool {
	if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
		return false
	}
	ok, err := build.Default.MatchFile(filepath.Dir(name), filepath.Base(name))
	return ok && err == nil
}

// edit makes one change and tells which.
func (e *editor) edit(t *testing.T) string {
	t.Helper()
	for range 1000 {
		f := e.pick()
		if f == nil {
			continue
		}
		e.count++
		kind := editKinds[e.rand.IntN(len(editKinds))]
		if f.e = e; kind.apply(e, f) {
			rel, _ := filepath.Rel(e.dir, e.last[0].name)
			return kind.name + " in " + filepath.ToSlash(rel)
		}
	}
	t.Fatal("no edit fits any file")
	return ""
}

// pick reads a file at random: often one of a package that others import, whose
// edits reach far.
func (e *editor) pick() *goFile {
	f := read(e.files[e.rand.IntN(len(e.files))])
	if f == nil || e.rand.IntN(2) == 0 {
		return f
	}
	var inside []string
	for _, spec := range f.syntax.Imports {
		p, _ := strconv.Unquote(spec.Path.Value)
		if rel, ok := strings.CutPrefix(p, e.module+"/"); ok {
			inside = append(inside, filepath.Join(e.dir, filepath.FromSlash(rel)))
		}
	}
	if len(inside) == 0 {
		return f
	}
	dir := inside[e.rand.IntN(len(inside))]
	there := slices.DeleteFunc(slices.Clone(e.files), func(name string) bool { return filepath.Dir(name) != dir })
	if len(there) == 0 {
		return f
	}
	return read(there[e.rand.IntN(len(there))])
}

// save writes the file, remembering what was there.
func (e *editor) save(name string, text []byte) bool {
	old, _ := os.ReadFile(name)
	if bytes.Equal(old, text) && old != nil {
		return false
	}
	e.last = []saved{{name, old}}
	return e.put(name, text)
}

func (e *editor) put(name string, text []byte) bool {
	if text == nil {
		e.files = slices.DeleteFunc(e.files, func(f string) bool { return f == name })
		return os.Remove(name) == nil
	}
	if !slices.Contains(e.files, name) {
		e.files = append(e.files, name)
	}
	return os.WriteFile(name, text, 0o666) == nil
}

// undo takes the latest edit back.
func (e *editor) undo() {
	for _, s := range e.last {
		e.put(s.name, s.text)
	}
}
