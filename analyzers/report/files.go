package report

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/concurlint/concurlint/analyzers/program"
)

// This file tells files that people write from generated ones and from tests.

// isGenerated reports whether the file that a person would edit says that a
// program wrote it. Cgo says so too, above the line where its copy of the
// person's file begins.
func isGenerated(fset *token.FileSet, f *ast.File) bool {
	if !ast.IsGenerated(f) {
		return false
	}
	edited := fset.Position(f.Package).Filename
	for _, group := range f.Comments {
		for _, c := range group.List {
			if c.Pos() < f.Package && fset.Position(c.Pos()).Filename == edited && generated(c.Text) {
				return true
			}
		}
	}
	return false
}

// generated tells the comment as https://go.dev/s/generatedcode has it.
func generated(comment string) bool {
	rest, ok := strings.CutPrefix(comment, "// Code generated ")
	return ok && strings.HasSuffix(rest, " DO NOT EDIT.")
}

// tests returns the files that hold tests, or what tests of several packages share:
// functions that are given a *testing.T or the like. A program that has a few of those
// beside its own code, or asks testing.Testing whether it runs under a test, is none:
// most of its package knows nothing of tests.
func tests(pass *analysis.Pass) map[*ast.File]bool {
	found := make(map[*ast.File]bool)
	var importing []*ast.File
	files := 0
	for _, f := range pass.Files {
		switch {
		case strings.HasSuffix(pass.Fset.File(f.FileStart).Name(), "_test.go"):
			found[f] = true
			continue
		case importsTesting(f):
			importing = append(importing, f)
		}
		files++
	}
	for _, f := range importing {
		found[f] = few*len(importing) >= files || givenTests(pass.TypesInfo, f)
	}
	return found
}

func importsTesting(f *ast.File) bool {
	return slices.ContainsFunc(f.Imports, func(s *ast.ImportSpec) bool { return s.Path.Value == `"testing"` })
}

// givenTests reports whether many functions of a file are given what package testing has.
func givenTests(info *types.Info, f *ast.File) bool {
	functions, given := 0, 0
	for _, d := range f.Decls {
		if fn, ok := d.(*ast.FuncDecl); ok {
			functions++
			if namesTest(info, fn.Type) || fn.Recv != nil && holdsTest(info, fn.Recv) {
				given++
			}
		}
	}
	if functions == 0 {
		return namesTest(info, f)
	}
	return few*given >= functions
}

// few is how many functions, and files, of a program there are at least to one for its
// tests: not fitted. In a server of 150,000 lines 2 and 8 find the same.
const few = 4

// namesTest reports whether a node names a type of package testing.
func namesTest(info *types.Info, n ast.Node) bool {
	found := false
	ast.Inspect(n, func(n ast.Node) bool {
		if sel, ok := n.(*ast.SelectorExpr); ok {
			t, ok := info.Uses[sel.Sel].(*types.TypeName)
			found = found || ok && program.OfTesting(t.Type())
		}
		return !found
	})
	return found
}

// holdsTest reports whether a receiver is a struct with a field of such a type.
func holdsTest(info *types.Info, recv *ast.FieldList) bool {
	if len(recv.List) == 0 {
		return false
	}
	s, ok := pointedTo(info.TypeOf(recv.List[0].Type)).Underlying().(*types.Struct)
	if !ok {
		return false
	}
	for v := range s.Fields() {
		if program.OfTesting(v.Type()) {
			return true
		}
	}
	return false
}

func pointedTo(t types.Type) types.Type {
	if p, ok := t.Underlying().(*types.Pointer); ok {
		return p.Elem()
	}
	return t
}
