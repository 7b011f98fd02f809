// Package metamorph rewrites packages so that they mean the same, for tests of what
// must not depend on how a program is written down: names, comments, the order of
// declarations, the form of a branch or a loop.
package metamorph

import (
	"bytes"
	"cmp"
	"go/ast"
	"go/token"
	"os"
	"slices"

	"golang.org/x/tools/go/packages"
)

// A Change rewrites the files of a package.
type Change struct {
	Name string
	edit func(*file)
}

// Changes are all that there are.
var Changes = []Change{
	{"names", names},
	{"comments", comments},
	{"order", order},
	{"branches", branches},
	{"early-returns", earlyReturns},
	{"comparisons", comparisons},
	{"unlock", unlock},
	{"loops", loops},
	{"labels", labels},
	{"literals", literals},
}

// An edit replaces the text between two positions.
type edit struct {
	from, to token.Pos
	text     string
}

// A file is one that is rewritten.
type file struct {
	pkg    *packages.Package
	syntax *ast.File
	text   []byte
	edits  []edit
	count  int // of the names that were made up
}

// Overlay returns the new text of the files of a package by their names, without
// those that stay as they are.
func (c Change) Overlay(pkg *packages.Package) (map[string][]byte, error) {
	overlay := make(map[string][]byte)
	for _, s := range pkg.Syntax {
		name := pkg.Fset.File(s.FileStart).Name()
		text, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		f := &file{pkg: pkg, syntax: s, text: text}
		c.edit(f)
		if len(f.edits) > 0 {
			overlay[name] = f.apply()
		}
	}
	return overlay, nil
}

// apply makes the edits, of which none overlap.
func (f *file) apply() []byte {
	slices.SortStableFunc(f.edits, func(a, b edit) int { return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(a.to, b.to)) })
	var out bytes.Buffer
	at := 0
	for _, e := range f.edits {
		out.Write(f.text[at:f.offset(e.from)])
		out.WriteString(e.text)
		at = f.offset(e.to)
	}
	out.Write(f.text[at:])
	return out.Bytes()
}

func (f *file) offset(p token.Pos) int { return f.pkg.Fset.File(f.syntax.FileStart).Offset(p) }

func (f *file) replace(from, to token.Pos, text string) {
	f.edits = append(f.edits, edit{from, to, text})
}

func (f *file) insert(at token.Pos, text string) { f.replace(at, at, text) }

// source is the text of a node.
func (f *file) source(n ast.Node) string { return string(f.text[f.offset(n.Pos()):f.offset(n.End())]) }

// innermost calls edit for the nodes of a type that hold no other one for which it
// reported true: edits must not overlap.
func innermost[N ast.Node](root ast.Node, edit func(N) bool) {
	var done []ast.Node
	var nodes []N
	ast.Inspect(root, func(n ast.Node) bool {
		if x, ok := n.(N); ok {
			nodes = append(nodes, x)
		}
		return true
	})
	for _, n := range slices.Backward(nodes) { // what is inside comes later
		holds := slices.ContainsFunc(done, func(d ast.Node) bool { return n.Pos() <= d.Pos() && d.End() <= n.End() })
		if !holds && edit(n) {
			done = append(done, n)
		}
	}
}
