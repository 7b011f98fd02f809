package effects

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
)

// Opened reports whether an expression lies in what the function has made, or what a call has
// given it of which it was not sure that there would be any: what has just been opened, which
// nobody else has yet.
//
//	db := &DB{path: path}
//	db, err := store.Open(path)
func (r *Result) Opened(x ast.Expr) bool {
	v := r.p.prog.Root(x)
	if v == nil || v.Kind() != types.LocalVar {
		return false
	}
	values, known := r.Values(v)
	return known && len(values) > 0 && !slices.ContainsFunc(values, func(x ast.Expr) bool { return !r.p.opens(x) })
}

// opens reports whether an expression makes a value, or is a call that may fail to.
func (p *pkg) opens(x ast.Expr) bool {
	switch x := ast.Unparen(x).(type) {
	case *ast.CompositeLit:
		return true
	case *ast.UnaryExpr:
		return x.Op == token.AND && p.opens(x.X)
	case *ast.CallExpr:
		results, ok := p.prog.TypeOf(x).(*types.Tuple)
		return p.prog.Builtin(x) == "new" || ok && results.Len() > 1 && isError(results.At(results.Len()-1).Type())
	}
	return false
}
