package settings

import (
	"go/ast"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
)

// Files returns the files of a package that the analyzers look at. Those of
// tests are among them only where the user wants tests: the go command always
// hands a package over together with its tests, other drivers do not, and what
// an analyzer says of a package must not depend on who asks.
func Files(pass *analysis.Pass) []*ast.File {
	isTest := func(f *ast.File) bool {
		return strings.HasSuffix(pass.Fset.File(f.FileStart).Name(), "_test.go")
	}
	if Of(pass).Tests || !slices.ContainsFunc(pass.Files, isTest) {
		return pass.Files
	}
	return slices.DeleteFunc(slices.Clone(pass.Files), isTest)
}
