package main

import (
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"path/filepath"
	"strings"

	"github.com/concurlint/concurlint/analyzers/knowledge"
)

// A name is a place where a function is declared or named.
type name struct {
	knowledge.Symbol
	start, end int // bytes of the text
}

// plain is the name as people type it.
func (n *name) plain() string {
	if n.Type == "" {
		return n.Name
	}
	return n.Type + "." + n.Name
}

// nameAt finds the function that is named at a byte of the file, nil for none. The
// package is type-checked as it stands in the editor but without what it imports: that
// tells its own functions and methods, and the functions of imported packages, and
// takes milliseconds.
func (s *server) nameAt(path, file string, offset int) *name {
	fset := token.NewFileSet()
	main := s.parse(fset, file)
	if main == nil {
		return nil
	}
	files := []*ast.File{main}
	others, _ := filepath.Glob(filepath.Join(filepath.Dir(file), "*.go"))
	for _, other := range others {
		if other == file || strings.HasSuffix(other, "_test.go") && !strings.HasSuffix(file, "_test.go") {
			continue
		}
		if f := s.parse(fset, other); f != nil && f.Name.Name == main.Name.Name {
			files = append(files, f)
		}
	}
	id, selector := identAt(fset, main, offset)
	if id == nil {
		return nil
	}
	info := &types.Info{Defs: make(map[*ast.Ident]types.Object), Uses: make(map[*ast.Ident]types.Object)}
	conf := types.Config{Importer: nothing{}, Error: func(error) {}, FakeImportC: true}
	conf.Check(path, fset, files, info) // errors are of no interest
	sym, ok := symbolOf(info, id, selector)
	if !ok {
		return nil
	}
	start := fset.PositionFor(id.Pos(), false).Offset
	return &name{sym, start, start + len(id.Name)}
}

// parse reads a file as the editor shows it, as far as that can be read.
func (s *server) parse(fset *token.FileSet, file string) *ast.File {
	text, ok := s.text(file)
	if !ok {
		return nil
	}
	f, _ := parser.ParseFile(fset, file, text.String(), parser.SkipObjectResolution)
	return f
}

// identAt returns the identifier at a byte, and the selector that it ends.
func identAt(fset *token.FileSet, f *ast.File, offset int) (id *ast.Ident, selector *ast.SelectorExpr) {
	pos := fset.File(f.FileStart).Pos(offset)
	ast.Inspect(f, func(n ast.Node) bool {
		if n == nil || n.Pos() > pos || n.End() < pos {
			return false
		}
		switch n := n.(type) {
		case *ast.Ident:
			id = n
		case *ast.SelectorExpr:
			selector = n
		}
		return true
	})
	if selector != nil && selector.Sel != id {
		selector = nil
	}
	return id, selector
}

func symbolOf(info *types.Info, id *ast.Ident, selector *ast.SelectorExpr) (sym knowledge.Symbol, ok bool) {
	obj := info.Defs[id]
	if obj == nil {
		obj = info.Uses[id]
	}
	if fn, ok := obj.(*types.Func); ok {
		return methodSymbol(fn.Origin())
	}
	if selector == nil {
		return sym, false
	}
	x, ok := selector.X.(*ast.Ident)
	if !ok {
		return sym, false
	}
	imported, ok := info.Uses[x].(*types.PkgName)
	if !ok {
		return sym, false
	}
	return knowledge.Symbol{Path: imported.Imported().Path(), Name: id.Name}, true
}

func methodSymbol(fn *types.Func) (sym knowledge.Symbol, ok bool) {
	if fn.Pkg() == nil {
		return sym, false
	}
	sym = knowledge.Symbol{Path: fn.Pkg().Path(), Name: fn.Name()}
	recv := fn.Signature().Recv()
	if recv == nil {
		return sym, true
	}
	t := recv.Type()
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		t = p.Elem()
	}
	named, ok := types.Unalias(t).(*types.Named)
	if !ok {
		return sym, false
	}
	sym.Type = named.Obj().Name()
	return sym, true
}

// Nothing is an importer that knows no package.
type nothing struct{}

func (nothing) Import(string) (*types.Package, error) { return nil, errors.New("not imported") }
