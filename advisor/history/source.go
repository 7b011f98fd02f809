package history

import (
	"bytes"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/concurlint/concurlint/advisor/outline"
)

// A source is what is known of one file: where functions begin.
type source struct {
	decls    map[string][]span // by F, (T).M, (*T).M
	literals map[int]bool      // lines at which literals begin
}

type span struct{ start, end int }

// parseSource finds the functions of a file. A file that does not parse has
// those up to the error. One with line directives has none: its profile's lines
// are of another file.
func parseSource(text []byte) *source {
	s := &source{decls: map[string][]span{}, literals: map[int]bool{}}
	if bytes.Contains(text, []byte("\n//line ")) || bytes.Contains(text, []byte("/*line ")) {
		return s
	}
	fset := token.NewFileSet()
	file, _ := parser.ParseFile(fset, "", text, parser.SkipObjectResolution)
	if file == nil {
		return s
	}
	line := func(p token.Pos) int { return fset.PositionFor(p, false).Line }
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncDecl:
			name := outline.Declared(n)
			start := line(n.Type.Func)
			// A declaration that is cut off has no end.
			s.decls[name] = append(s.decls[name], span{start, max(start, line(n.End()))})
		case *ast.FuncLit:
			s.literals[line(n.Type.Func)] = true
		}
		return true
	})
	return s
}

// agrees says whether the item begins at its line in s.
func (s *source) agrees(it *item) bool {
	if it.literal {
		return s.literals[it.StartLine] && s.inside(it)
	}
	for _, name := range it.declared {
		for _, d := range s.decls[name] {
			if d.start == it.StartLine {
				return true
			}
		}
	}
	return false
}

// inside says whether the item's line is within one of the functions that its
// name allows. Literals outside of functions have no such name.
func (s *source) inside(it *item) bool {
	if len(it.declared) == 0 {
		return true
	}
	for _, name := range it.declared {
		for _, d := range s.decls[name] {
			if d.start <= it.StartLine && it.StartLine <= d.end {
				return true
			}
		}
	}
	return false
}

// has says whether a function of the item's name is declared in s.
func (s *source) has(it *item) bool {
	for _, name := range it.declared {
		if len(s.decls[name]) > 0 {
			return true
		}
	}
	return len(it.declared) == 0
}

// workTree is the share of weight whose start lines agree with the files below
// dir, and the share whose names do.
func (w *wanted) workTree(dir string) (lines, names float64, err error) {
	t := newTree(w)
	packages := map[string]*source{} // all functions of a directory
	err = filepath.WalkDir(dir, func(file string, e fs.DirEntry, err error) error {
		if err != nil {
			if file == dir {
				return err
			}
			return nil
		}
		if e.IsDir() {
			if file != dir && skipped(e.Name()) {
				return filepath.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(file, ".go") {
			return nil
		}
		rel, err := filepath.Rel(dir, file)
		if err != nil {
			return err
		}
		rel = filepath.ToSlash(rel)
		text, err := os.ReadFile(file)
		if err != nil {
			return nil
		}
		s := parseSource(text)
		collect(packages, rel, s)
		if w.concerns(rel) {
			t.set(rel, s)
		}
		return nil
	})
	var path *fs.PathError
	if errors.As(err, &path) {
		err = path.Err
	}
	return t.share(), w.named(packages), err
}

func skipped(name string) bool {
	return strings.HasPrefix(name, ".") || strings.HasPrefix(name, "_") || name == "testdata" || name == "vendor" || name == "node_modules"
}
