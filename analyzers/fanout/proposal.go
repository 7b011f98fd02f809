package fanout

import (
	"go/ast"
	"go/types"
	"strconv"

	"golang.org/x/tools/go/analysis"

	"github.com/concurlint/concurlint/analyzers/internal/layout"
	"github.com/concurlint/concurlint/analyzers/placement"
)

// bound is the number that proposals have. The right one only the far end knows.
const bound = 16

// tokens is what the proposed semaphore is called.
const tokens = "sem"

// proposal is an edit that bounds the site, or nil where it cannot be formed. The
// number is a matter of judgement, and so is who then waits.
func proposal(pass *analysis.Pass, s *placement.Site) *analysis.SuggestedFix {
	path := layout.Path(pass.Files, s.Op.Node)
	if e := worst(s.Effects); s.Late || e == nil || !e.Kind.IO() {
		return nil // it has a semaphore, or needs one of another size
	}
	switch {
	case inGroup(s) && s.Vain != nil:
		return lowerLimit(s.Vain)
	case inGroup(s):
		return setLimit(pass, s.Group)
	}
	start, _, _ := layout.Statement(pass.Fset, path)
	loop := outermostLoop(path)
	if start == nil || loop == nil || taken(pass, start) {
		return nil
	}
	if around, _, _ := layout.Statement(pass.Fset, layout.Path(pass.Files, loop)); around != loop {
		return nil // it has a label, or others on its line
	}
	edits := release(pass, s, start)
	if edits == nil {
		return nil
	}
	return &analysis.SuggestedFix{
		Message: "Bound the goroutines by a semaphore, whose size depends on what the other end bears",
		TextEdits: append([]analysis.TextEdit{
			layout.Before(pass.Fset, loop, tokens+" := make(chan struct{}, "+strconv.Itoa(bound)+")"),
			layout.Before(pass.Fset, start, tokens+" <- struct{}{}"),
		}, edits...),
	}
}

// lowerLimit keeps the limit that a group has, where that is as large as the data, from
// growing with it.
func lowerLimit(limit ast.Expr) *analysis.SuggestedFix {
	return &analysis.SuggestedFix{
		Message: "Bound the limit, by what the other end bears",
		TextEdits: []analysis.TextEdit{
			{Pos: limit.Pos(), End: limit.Pos(), NewText: []byte("min(" + strconv.Itoa(bound) + ", ")},
			{Pos: limit.End(), End: limit.End(), NewText: []byte(")")},
		},
	}
}

// setLimit limits a group where it is made, if that is in a function.
func setLimit(pass *analysis.Pass, group *types.Var) *analysis.SuggestedFix {
	for _, f := range pass.Files {
		if group.Pos() < f.FileStart || f.FileEnd <= group.Pos() {
			continue
		}
		made, _, _ := layout.Statement(pass.Fset, layout.Path([]*ast.File{f}, &ast.Ident{NamePos: group.Pos(), Name: group.Name()}))
		switch made.(type) {
		case *ast.AssignStmt, *ast.DeclStmt:
			return &analysis.SuggestedFix{
				Message:   "Limit the group, by what the other end bears",
				TextEdits: []analysis.TextEdit{layout.After(pass.Fset, made, group.Name()+".SetLimit("+strconv.Itoa(bound)+")")},
			}
		}
	}
	return nil
}

// outermostLoop is the outermost loop around a node in its function, or nil.
func outermostLoop(path []ast.Node) (loop ast.Stmt) {
	for _, n := range path[1:] {
		switch n := n.(type) {
		case *ast.FuncLit, *ast.FuncDecl:
			return loop
		case *ast.ForStmt:
			loop = n
		case *ast.RangeStmt:
			loop = n
		}
	}
	return nil
}

// taken reports whether the name of the semaphore means something else there.
func taken(pass *analysis.Pass, s ast.Stmt) bool {
	scope := pass.Pkg.Scope().Innermost(s.Pos())
	if scope == nil {
		return true
	}
	_, obj := scope.LookupParent(tokens, s.End())
	return obj != nil
}

// release gives the token back when the task ends.
func release(pass *analysis.Pass, s *placement.Site, start ast.Stmt) []analysis.TextEdit {
	const back = "defer func() { <-" + tokens + " }()"
	goes, isGo := start.(*ast.GoStmt)
	var task ast.Expr
	switch call, _ := s.Op.Node.(*ast.CallExpr); {
	case isGo:
		task = goes.Call.Fun
	case call != nil && s.Arg >= 0 && s.Arg < len(call.Args):
		task = call.Args[s.Arg]
	}
	if lit, ok := ast.Unparen(task).(*ast.FuncLit); ok {
		if len(lit.Body.List) == 0 {
			return nil
		}
		if first, _, _ := layout.Statement(pass.Fset, []ast.Node{lit.Body.List[0], lit.Body}); first != nil {
			return []analysis.TextEdit{layout.Before(pass.Fset, first, back)}
		}
		return []analysis.TextEdit{{Pos: lit.Body.Lbrace + 1, End: lit.Body.Lbrace + 1, NewText: []byte(" " + back + ";")}}
	}
	if !isGo {
		return nil
	}
	indent := layout.Indent(pass.Fset, start)
	return []analysis.TextEdit{
		{Pos: goes.Pos(), End: goes.Call.Pos(), NewText: []byte("go func() {\n" + indent + "\t" + back + "\n" + indent + "\t")},
		{Pos: goes.Call.End(), End: goes.Call.End(), NewText: []byte("\n" + indent + "}()")},
	}
}
