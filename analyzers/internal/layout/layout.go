// Package layout forms edits that put whole statements where gofmt would, for
// proposals that people read.
package layout

import (
	"bytes"
	"go/ast"
	"go/format"
	"go/printer"
	"go/token"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ast/astutil"
)

// Path returns the nodes around n, n itself first, or nil where it is in none of
// the files.
func Path(files []*ast.File, n ast.Node) []ast.Node {
	for _, f := range files {
		if f.FileStart <= n.Pos() && n.End() <= f.FileEnd {
			path, _ := astutil.PathEnclosingInterval(f, n.Pos(), n.End())
			return path
		}
	}
	return nil
}

// Statement returns the innermost statement of a path that stands in a block, on
// lines of its own, with the block and its place there.
func Statement(fset *token.FileSet, path []ast.Node) (s ast.Stmt, in *ast.BlockStmt, at int) {
	for i, n := range path[:max(len(path)-1, 0)] {
		block, ok := path[i+1].(*ast.BlockStmt)
		if !ok {
			continue
		}
		for at, s := range block.List {
			if s == n && alone(fset, block, at) {
				return s, block, at
			}
		}
		return nil, nil, 0
	}
	return nil, nil, 0
}

// alone reports whether a statement shares its lines with none of its neighbours.
func alone(fset *token.FileSet, block *ast.BlockStmt, at int) bool {
	before, after := block.Lbrace, block.Rbrace
	if at > 0 {
		before = block.List[at-1].End()
	}
	if at+1 < len(block.List) {
		after = block.List[at+1].Pos()
	}
	s := block.List[at]
	return line(fset, before) < line(fset, s.Pos()) && line(fset, s.End()) < line(fset, after)
}

// line is that of the file at hand, whatever line directives say.
func line(fset *token.FileSet, pos token.Pos) int { return fset.PositionFor(pos, false).Line }

// Before inserts lines before a statement.
func Before(fset *token.FileSet, s ast.Stmt, lines ...string) analysis.TextEdit {
	return insert(lineStart(fset, s.Pos(), 0), Indent(fset, s), lines)
}

// After inserts lines after a statement.
func After(fset *token.FileSet, s ast.Stmt, lines ...string) analysis.TextEdit {
	return insert(lineStart(fset, s.End(), 1), Indent(fset, s), lines)
}

// lineStart is where the line begins that is so many below that of a place in a
// block, so that there is one.
func lineStart(fset *token.FileSet, pos token.Pos, below int) token.Pos {
	return fset.File(pos).LineStart(line(fset, pos) + below)
}

func insert(pos token.Pos, indent string, lines []string) analysis.TextEdit {
	return analysis.TextEdit{Pos: pos, End: pos, NewText: []byte(indent + strings.Join(lines, "\n"+indent) + "\n")}
}

// Remove removes the lines of a statement.
func Remove(fset *token.FileSet, s ast.Stmt) analysis.TextEdit {
	return analysis.TextEdit{Pos: lineStart(fset, s.Pos(), 0), End: lineStart(fset, s.End(), 1)}
}

// Indent is what a statement is indented by.
func Indent(fset *token.FileSet, s ast.Stmt) string {
	return strings.Repeat("\t", fset.PositionFor(s.Pos(), false).Column-1)
}

// Text is a node as gofmt writes it, with the comments of the files that stand in it.
// What such an edit does to the columns of its neighbours is for those to mend who
// write the file: edits of other findings may have moved them as well.
func Text(fset *token.FileSet, files []*ast.File, n ast.Node) string {
	var comments []*ast.CommentGroup
	for _, f := range files {
		if f.FileStart <= n.Pos() && n.End() <= f.FileEnd {
			comments = f.Comments
		}
	}
	var b bytes.Buffer
	if err := format.Node(&b, fset, &printer.CommentedNode{Node: n, Comments: comments}); err != nil {
		return ""
	}
	return b.String()
}
