package edit

import (
	"go/ast"
	"io/fs"

	"github.com/concurlint/concurlint/advisor"
)

// SeenVar is the environment variable with the name of a file that a marked
// program creates when it comes to the site.
const SeenVar = "CONCURLINT_SEEN"

// seenFunc is what a marked program calls there.
const seenFunc = "concurlintSeen"

const seenText = `//go:build go1.21

package %s

import (
	"os"
	"sync"
)

var %s = sync.OnceFunc(func() {
	if file := os.Getenv(%q); file != "" {
		os.WriteFile(file, nil, 0o666)
	}
})
`

// Mark returns the edit by which a program tells that it comes to the site, in the
// statement there; for a lock, to any of the stretches under it. The edit adds a file
// to the package and is for an overlay only. It is one of its own, so that the call
// is in no program whose time counts.
//
// The error is a *Refusal where no statement is, as in a variable of the package.
func Mark(tree fs.FS, site advisor.Site) (*Edit, error) {
	s, err := load(tree, site.File)
	if err != nil {
		return nil, err
	}
	places := []advisor.Place{site.Place}
	if site.Executor == "lock" {
		for _, b := range site.Task.Bodies {
			places = append(places, advisor.Place{File: b.File, Line: b.Line})
		}
	}
	marked := make(map[ast.Stmt]bool)
	for _, p := range places {
		stmt := s.statementAt(p)
		if stmt == nil || marked[stmt] {
			continue
		}
		marked[stmt] = true
		s.replace(stmt.Pos(), stmt.Pos(), seenFunc+"(); ")
	}
	if len(marked) == 0 {
		return nil, refuse("no statement is found at %s:%d", site.File, site.Line)
	}
	s.addFile("seen", seenText, seenFunc, SeenVar)
	return s.finish(true)
}

// statementAt is the first statement that begins at a line, or else the innermost
// around it, of those that another one may come before: it stands in a list.
func (s *source) statementAt(at advisor.Place) (first ast.Stmt) {
	f := s.files[at.File]
	if f == nil {
		return nil
	}
	for n := range ast.Preorder(f.ast) {
		var list []ast.Stmt
		switch n := n.(type) {
		case *ast.BlockStmt:
			list = n.List
		case *ast.CaseClause:
			list = n.Body
		case *ast.CommClause:
			list = n.Body
		}
		for _, stmt := range list {
			switch stmt.(type) {
			case *ast.CaseClause, *ast.CommClause:
				continue
			}
			switch {
			case s.line(stmt.Pos()) == at.Line:
				return stmt
			case s.line(stmt.Pos()) < at.Line && at.Line <= s.line(stmt.End()):
				first = stmt // what it has inside comes later
			}
		}
	}
	return first
}
