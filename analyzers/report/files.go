package report

import (
	"go/ast"
	"go/token"
	"slices"
	"strings"
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

// isTest reports whether the file holds tests, or what tests of several packages
// share: it imports package testing.
func isTest(f *ast.File, name string) bool {
	return strings.HasSuffix(name, "_test.go") || slices.ContainsFunc(f.Imports, func(s *ast.ImportSpec) bool { return s.Path.Value == `"testing"` })
}
