package poolfit

import (
	"go/ast"
	"go/token"
	"go/types"
	"go/version"

	"golang.org/x/tools/go/analysis"

	"github.com/concurlint/concurlint/analyzers/internal/layout"
	"github.com/concurlint/concurlint/analyzers/placement"
	"github.com/concurlint/concurlint/analyzers/settings"
)

// fix returns the edit that mends a size where it is written, or nil. A size in a
// variable is left to people: it may be used for something else, too.
func fix(pass *analysis.Pass, s *placement.Size) *analysis.SuggestedFix {
	switch {
	case (s.Zero == placement.FewCores || s.Zero == placement.Negative) && s.Stuck:
		return positive(pass, s.Expr)
	case s.CPUs:
		return askGOMAXPROCS(s.NumCPU)
	}
	return nil
}

// positive puts max(1, …) around a size, spaced as gofmt wants it there. On one core
// it was 0 and nothing ran; everywhere else it stays what it was.
func positive(pass *analysis.Pass, e ast.Expr) *analysis.SuggestedFix {
	if _, isName := ast.Unparen(e).(*ast.Ident); isName || !hasMax(pass, e) {
		return nil
	}
	one := &ast.BasicLit{ValuePos: e.Pos(), Kind: token.INT, Value: "1"}
	call := &ast.CallExpr{Fun: &ast.Ident{NamePos: e.Pos(), Name: "max"}, Lparen: e.Pos(), Args: []ast.Expr{one, e}, Rparen: e.End()}
	edit := analysis.TextEdit{Pos: e.Pos(), End: e.End(), NewText: []byte(layout.Text(pass.Fset, pass.Files, call))}
	return &analysis.SuggestedFix{Message: "Keep the size positive", TextEdits: []analysis.TextEdit{edit}}
}

// hasMax reports whether max means the built-in function where e stands: the
// language of the file has it, and nothing else has its name.
func hasMax(pass *analysis.Pass, e ast.Expr) bool {
	for _, f := range settings.Files(pass) {
		if e.Pos() < f.FileStart || f.FileEnd <= e.Pos() {
			continue
		}
		// No version means no limit.
		if v := pass.TypesInfo.FileVersions[f]; v != "" && version.Compare(v, "go1.21") < 0 {
			return false
		}
		scope := pass.TypesInfo.Scopes[f].Innermost(e.Pos())
		if scope == nil {
			return false
		}
		_, obj := scope.LookupParent("max", e.Pos())
		return obj == types.Universe.Lookup("max")
	}
	return false
}

// askGOMAXPROCS replaces the calls of runtime.NumCPU, also under another name of the package.
// The two are the same number unless somebody, or the container, allows fewer cores.
func askGOMAXPROCS(calls []*ast.CallExpr) *analysis.SuggestedFix {
	fix := &analysis.SuggestedFix{Message: "Ask GOMAXPROCS"}
	for _, call := range calls {
		sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
		if !ok {
			return nil
		}
		fix.TextEdits = append(fix.TextEdits, analysis.TextEdit{Pos: sel.Sel.Pos(), End: call.End(), NewText: []byte("GOMAXPROCS(0)")})
	}
	if len(fix.TextEdits) == 0 {
		return nil
	}
	return fix
}
