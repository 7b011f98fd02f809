package edit

import (
	"go/ast"
	"go/token"
	"go/types"
)

// calleeDepth is how far calls are followed within the package. Three reach
// what people hide behind a method and its inner function; beyond, the fixed
// cost of reading everything buys next to no refusals.
const calleeDepth = 3

// callee checks a function of this package that an iteration calls.
func (r *rewrite) callee(call *ast.CallExpr, depth int) error {
	var id *ast.Ident
	switch f := ast.Unparen(call.Fun).(type) {
	case *ast.Ident:
		id = f
	case *ast.SelectorExpr:
		id = f.Sel
	default:
		return nil
	}
	fn, ok := r.object(id).(*types.Func)
	if !ok || depth >= calleeDepth {
		return nil
	}
	decl := r.declOf(fn)
	if decl == nil || decl.Body == nil || r.locks(decl.Body) {
		return nil
	}
	for n := range ast.Preorder(decl.Body) {
		var targets []ast.Expr
		switch x := n.(type) {
		case *ast.AssignStmt:
			targets = x.Lhs
		case *ast.IncDecStmt:
			targets = []ast.Expr{x.X}
		case *ast.CallExpr:
			if err := r.callee(x, depth+1); err != nil {
				return err
			}
		}
		for _, t := range targets {
			if id := root(t); id != nil && r.lasting(id, t, decl) {
				return refuse("the loop calls %s, which writes to %s", fn.Name(), r.textOf(t))
			}
		}
	}
	return nil
}

// lasting reports whether a write outlives the call: to a variable of the
// package, or through the receiver or a parameter.
func (r *rewrite) lasting(id *ast.Ident, target ast.Expr, decl *ast.FuncDecl) bool {
	v, ok := r.object(id).(*types.Var)
	if !ok {
		return false
	}
	if v.Parent() == r.pkg.Scope() {
		return true
	}
	if target == ast.Expr(id) {
		return false
	}
	if decl.Recv == nil || v.Pos() < decl.Recv.Pos() || v.Pos() >= decl.Recv.End() {
		return false
	}
	_, pointer := v.Type().(*types.Pointer)
	return pointer
}

// locks reports whether a body takes a lock: whoever
// wrote it thought of other goroutines.
func (r *rewrite) locks(body *ast.BlockStmt) bool {
	for n := range ast.Preorder(body) {
		if call, ok := n.(*ast.CallExpr); ok {
			if calleeName(call) == "Lock" {
				return true
			}
		}
	}
	return false
}

func (r *rewrite) declOf(fn *types.Func) *ast.FuncDecl {
	if fn.Pos() == token.NoPos {
		return nil
	}
	for _, f := range r.files {
		if fn.Pos() < f.ast.FileStart || fn.Pos() >= f.ast.FileEnd {
			continue
		}
		for _, d := range f.ast.Decls {
			if decl, ok := d.(*ast.FuncDecl); ok && decl.Name.Pos() == fn.Pos() {
				return decl
			}
		}
	}
	return nil
}
