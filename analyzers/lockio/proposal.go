package lockio

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/analysis"

	"github.com/concurlint/concurlint/analyzers/effects"
	"github.com/concurlint/concurlint/analyzers/internal/layout"
	"github.com/concurlint/concurlint/analyzers/placement"
)

// proposal moves the statement that waits out of the region where it is the first or
// the last of it, and is seen to need nothing that the lock guards. Whether others
// rely on the two being one step is for people to say.
func (c *checker) proposal(r *placement.Region, op *effects.Op) *analysis.SuggestedFix {
	fset := c.pass.Fset
	s, block, at := layout.Statement(fset, layout.Path(c.pass.Files, op.Node))
	if s == nil || !c.free(r, s) {
		return nil
	}
	list := block.List
	if at+1 < len(list) && calls(list[at+1], r.Key, "Unlock", "RUnlock") {
		next := list[at+1]
		return &analysis.SuggestedFix{
			Message:   "Release " + r.Key + " first, if the two need not be one step",
			TextEdits: []analysis.TextEdit{layout.Before(fset, s, layout.Text(fset, c.pass.Files, next)), layout.Remove(fset, next)},
		}
	}
	first := at
	if first > 0 && releases(list[first-1], r.Key) {
		first--
	}
	if first == 0 || !calls(list[first-1], r.Key, "Lock", "RLock") {
		return nil
	}
	first--
	fix := &analysis.SuggestedFix{Message: "Take " + r.Key + " afterwards, if the two need not be one step"}
	var lines []string
	for _, taken := range list[first:at] {
		if own, _, _ := layout.Statement(fset, []ast.Node{taken, block}); own == nil {
			return nil
		}
		fix.TextEdits = append(fix.TextEdits, layout.Remove(fset, taken))
		lines = append(lines, layout.Text(fset, c.pass.Files, taken))
	}
	fix.TextEdits = append(fix.TextEdits, layout.After(fset, s, lines...))
	return fix
}

// free reports whether a statement is a call that sets local variables at most, and
// neither reads nor sets a field that somebody sets again.
func (c *checker) free(r *placement.Region, s ast.Stmt) bool {
	switch s := s.(type) {
	case *ast.ExprStmt:
	case *ast.AssignStmt:
		if s.Tok != token.DEFINE && slices.ContainsFunc(s.Lhs, named) {
			return false
		}
	default:
		return false
	}
	ok := true
	ast.Inspect(s, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			ok = false
		case *ast.SelectorExpr:
			v := c.res.Effects.Variable(n)
			ok = ok && (v == nil || !v.IsField() || !c.replaced(v) && !holds(v.Type()))
		case *ast.CallExpr:
			ok = ok && !given(n, r)
		}
		return ok
	})
	return ok
}

// named reports whether a value is kept under a name.
func named(e ast.Expr) bool {
	id, ok := e.(*ast.Ident)
	return !ok || id.Name != "_"
}

// holds reports whether a value of the type changes without being set.
func holds(t types.Type) bool {
	switch t.Underlying().(type) {
	case *types.Map, *types.Slice:
		return true
	}
	return false
}

// given reports whether a call is of a method of the value that has the lock, or gets
// it: such a function may read anything of it.
func given(call *ast.CallExpr, r *placement.Region) bool {
	values := slices.Clone(call.Args)
	if sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr); ok {
		values = append(values, sel.X)
	}
	return slices.ContainsFunc(values, func(e ast.Expr) bool {
		text := types.ExprString(e)
		return text == r.Owner || text == r.Key // which has it embedded
	})
}

// calls reports whether a statement calls one of the methods of a lock.
func calls(s ast.Stmt, lock string, methods ...string) bool {
	x, ok := s.(*ast.ExprStmt)
	if !ok {
		return false
	}
	call, ok := x.X.(*ast.CallExpr)
	return ok && isMethod(call, lock, methods)
}

// releases reports whether a statement defers the release of a lock.
func releases(s ast.Stmt, lock string) bool {
	d, ok := s.(*ast.DeferStmt)
	return ok && isMethod(d.Call, lock, []string{"Unlock", "RUnlock"})
}

func isMethod(call *ast.CallExpr, lock string, methods []string) bool {
	sel, ok := call.Fun.(*ast.SelectorExpr)
	return ok && types.ExprString(sel.X) == lock && slices.Contains(methods, sel.Sel.Name)
}
