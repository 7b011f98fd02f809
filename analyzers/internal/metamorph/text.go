package metamorph

import (
	"go/ast"
	"regexp"
	"slices"
	"strings"
)

// directive matches comments that are no prose. That a file is generated is said in a form
// that the go command lays down.
var directive = regexp.MustCompile(`^//(go:|concurlint:|export |line |nolint)|^//\s*\+build|^/\*\s*#|#cgo|^// Code generated .* DO NOT EDIT\.$`)

// comments takes out what is written for people.
func comments(f *file) {
	for _, g := range f.syntax.Comments {
		if slices.ContainsFunc(g.List, func(c *ast.Comment) bool { return directive.MatchString(c.Text) }) || cgoPreamble(f, g) {
			continue
		}
		for _, c := range g.List {
			f.replace(c.Pos(), c.End(), strings.Repeat("\n", strings.Count(c.Text, "\n")))
		}
	}
}

func cgoPreamble(f *file, g *ast.CommentGroup) bool {
	return slices.ContainsFunc(f.syntax.Decls, func(d ast.Decl) bool {
		gen, ok := d.(*ast.GenDecl)
		return ok && gen.Doc == g && strings.Contains(f.source(gen), `"C"`)
	})
}

// order puts the functions of a file in the opposite order.
func order(f *file) {
	var funcs []*ast.FuncDecl
	for _, d := range f.syntax.Decls {
		if fd, ok := d.(*ast.FuncDecl); ok {
			funcs = append(funcs, fd)
		}
	}
	for i, d := range funcs {
		other := funcs[len(funcs)-1-i]
		f.replace(withDoc(d), d.End(), string(f.text[f.offset(withDoc(other)):f.offset(other.End())]))
	}
}
