package driver

import (
	"bytes"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// An outline is what the answer of go list follows from: which files there are,
// the beginnings of those in Go, and what modules there are.
type outline struct {
	key      key
	dirs     []string       // that were looked at
	files    []string       // in them, that were looked at; and the directories themselves
	heads    map[string]key // hashes of the beginnings of the files in Go
	doubtful bool           // something may be newer than the answer
}

// sourceNames are the files that make a package or a module what it is, by their
// extensions: those that package go/build knows.
var sourceNames = map[string]bool{
	".go": true, ".c": true, ".cc": true, ".cpp": true, ".cxx": true, ".m": true, ".h": true, ".hh": true, ".hpp": true, ".hxx": true,
	".f": true, ".F": true, ".for": true, ".f90": true, ".s": true, ".S": true, ".sx": true, ".swig": true, ".swigcxx": true, ".syso": true,
	".mod": true, ".sum": true, ".work": true,
}

// IsSource reports whether a file of this name can be part of a package, or says
// which modules there are.
func IsSource(name string) bool {
	base := filepath.Base(name)
	return sourceNames[filepath.Ext(base)] && !strings.HasPrefix(base, ".") && !strings.HasPrefix(base, "_") || base == vendorList
}

const vendorList = "modules.txt" // in directory vendor

// newOutline looks at the modules that the user can edit, at the trees that were
// asked for, and at the packages that lie elsewhere.
func newOutline(g *graph) *outline {
	w := &walk{d: newDigest("outline"), unsaved: g.unsaved, heads: make(map[string]key), roots: make(map[string]bool), seen: make(map[string]bool), loose: make(map[string]bool)}
	var dirs []string
	modules := []string{g.work, g.work + ".sum"}
	for _, n := range g.list {
		if !n.isOwn || !n.editable() {
			continue
		}
		if n.Dir == "" {
			continue // of a pattern that matches nothing, or of a missing import
		}
		dirs = append(dirs, n.Dir)
		w.loose[n.Dir] = w.loose[n.Dir] || n.Error != nil
		if m := n.Module; m != nil && m.Dir != "" && !w.roots[m.Dir] {
			w.roots[m.Dir] = true
			modules = append(modules, m.GoMod, strings.TrimSuffix(m.GoMod, ".mod")+".sum", filepath.Join(m.Dir, "vendor", vendorList))
		}
	}
	if len(dirs) == 0 {
		return &outline{doubtful: true} // nothing to look at: whoever wants to know must ask
	}
	for _, p := range g.cfg.Patterns {
		if dir, _, tree := strings.Cut(filepath.ToSlash(p), "..."); tree && isPath(p) {
			w.roots[filepath.Join(g.dir(), filepath.FromSlash(dir))] = true
		}
	}
	slices.Sort(modules)
	for _, name := range slices.Compact(modules) {
		w.module(name)
	}
	for _, dir := range slices.Sorted(maps.Keys(w.roots)) {
		w.tree(dir, false)
	}
	slices.Sort(dirs)
	for _, dir := range dirs {
		w.one(dir, w.loose[dir])
	}
	for _, name := range slices.Sorted(maps.Keys(g.unsaved)) {
		if _, ok := w.heads[name]; !ok { // it is not saved yet at all
			w.file(name)
		}
	}
	slices.Sort(w.dirs)
	return &outline{key: w.d.key(), dirs: slices.Compact(w.dirs), files: w.files, heads: w.heads}
}

// isPath reports whether a pattern names directories rather than import paths.
func isPath(pattern string) bool {
	return strings.HasPrefix(pattern, ".") || filepath.IsAbs(pattern)
}

// A walk makes an outline.
type walk struct {
	d           digest
	roots       map[string]bool // of trees
	seen        map[string]bool // directories
	loose       map[string]bool // directories of packages to which files of any name may matter
	dirs, files []string
	heads       map[string]key
	unsaved     overlay
}

// module adds a file that says which modules there are.
func (w *walk) module(name string) {
	if !filepath.IsAbs(name) {
		return // no workspace, or off
	}
	w.d.add(name)
	w.d.addFile(name, nil)
	w.files = append(w.files, name)
	dir := filepath.Dir(name)
	if isDir(dir) { // a directory vendor counts although it holds no list
		w.d.add(dir)
		w.dirs = append(w.dirs, dir)
	}
}

func isDir(name string) bool {
	info, err := os.Stat(name)
	return err == nil && info.IsDir()
}

// tree adds the directories that ./... would match.
func (w *walk) tree(dir string, loose bool) {
	loose = loose || w.loose[dir]
	for _, name := range w.one(dir, loose) {
		sub := filepath.Join(dir, name)
		if !skipped(name) && !w.seen[sub] && !w.roots[sub] && !isModule(sub) {
			w.tree(sub, loose)
		}
	}
}

// skipped tells the directories in which ./... finds no packages, and the one
// that holds another language's: packages that lie there all the same are looked
// at, trees that are not packages would be large.
func skipped(name string) bool {
	return strings.HasPrefix(name, ".") || strings.HasPrefix(name, "_") || name == "testdata" || name == "vendor" || name == "node_modules"
}

func isModule(dir string) bool {
	info, err := os.Stat(filepath.Join(dir, "go.mod"))
	return err == nil && info.Mode().IsRegular()
}

// one adds the files of a directory and returns the directories in it.
func (w *walk) one(dir string, loose bool) (subs []string) {
	if w.seen[dir] {
		return nil
	}
	w.seen[dir] = true
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil
	}
	w.dirs = append(w.dirs, dir)
	w.files = append(w.files, dir)
	for _, e := range entries {
		switch {
		case e.IsDir():
			subs = append(subs, e.Name())
			continue
		case !loose && !IsSource(e.Name()):
			continue
		}
		w.file(filepath.Join(dir, e.Name()))
	}
	return subs
}

func (w *walk) file(name string) {
	w.d.add(name)
	w.files = append(w.files, name)
	if filepath.Ext(name) == ".go" {
		head := w.unsaved.head(name)
		w.heads[name] = head
		w.d.Write(head[:])
	}
}

// head hashes the part of a file that the go command reads.
func (o overlay) head(name string) key {
	text, err := o.read(name)
	if err != nil {
		return newDigest("unreadable", err.Error()).key()
	}
	return newDigest("head", string(head(name, text))).key()
}

// head returns the part of a file that the go command reads: everything down to
// the last import, where build constraints, imports and what is said to cgo
// stand, and the patterns of files to embed. Of a file without a proper beginning
// it is all.
func head(name string, text []byte) []byte {
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, name, text, parser.ImportsOnly|parser.SkipObjectResolution)
	if err != nil {
		return text
	}
	end := f.Name.End()
	for _, d := range f.Decls {
		end = d.End()
	}
	at := fset.File(f.FileStart).Offset(end)
	head, rest := text[:at], text[at:]
	if !bytes.Contains(rest, embedDirective) {
		return head
	}
	for line := range bytes.Lines(rest) {
		if line = bytes.TrimSpace(line); bytes.HasPrefix(line, embedDirective) {
			head = append(slices.Clip(head), line...)
		}
	}
	return head
}

var embedDirective = []byte("//go:embed")
