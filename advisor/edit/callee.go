package edit

import (
	"go/ast"
	"go/token"
	"go/types"
)

// calleeDepth is how far calls are followed within the package. Three reach
// what people hide behind a method and its inner function; beyond, reading
// everything buys next to no refusals.
const calleeDepth = 3

// callee checks a function of this package that an iteration calls. From is the
// function that the call is in, nil for the loop itself.
func (r *rewrite) callee(call *ast.CallExpr, from *ast.FuncDecl, depth int) error {
	var id *ast.Ident
	var receiver ast.Expr
	switch f := ast.Unparen(call.Fun).(type) {
	case *ast.Ident:
		id = f
	case *ast.SelectorExpr:
		id, receiver = f.Sel, f.X
	default:
		return nil
	}
	switch o := r.object(id).(type) {
	case *types.Func:
		decl := r.declOf(o)
		if depth >= calleeDepth || decl == nil || decl.Body == nil || locks(decl.Body) {
			return nil
		}
		return r.calleeBody(decl, call, receiver, from, depth)
	case *types.Var:
		return r.calleeValue(id, o, from)
	}
	return nil
}

// calleeValue checks the call of a func-typed variable: a literal of this
// function can be read, any other value may be anything.
func (r *rewrite) calleeValue(id *ast.Ident, v *types.Var, from *ast.FuncDecl) error {
	if from != nil {
		return nil
	}
	lit, ok := r.onlyValue(v).(*ast.FuncLit)
	if !ok {
		return refuse("the loop calls %s, a value that need not bear calls at once", id.Name)
	}
	if !r.outer(id) {
		return nil // the loop's own literal: it is checked as part of the body
	}
	for n := range ast.Preorder(lit.Body) {
		for _, t := range targets(n) {
			if w := root(t); w == nil || r.objectOutside(w, lit) {
				return refuse("the loop calls %s, which writes to %s", id.Name, r.textOf(t))
			}
		}
		if call, ok := n.(*ast.CallExpr); ok && !r.isDirect(call) {
			return refuse("the loop calls %s, which calls %s", id.Name, r.textOf(call.Fun))
		}
	}
	return nil
}

// isDirect reports whether a call names a function, not a variable.
func (r *rewrite) isDirect(call *ast.CallExpr) bool {
	id, ok := call.Fun.(*ast.Ident)
	if !ok {
		return true
	}
	_, value := r.object(id).(*types.Var)
	return !value
}

func (r *rewrite) objectOutside(id *ast.Ident, in ast.Node) bool {
	o := r.object(id)
	return o == nil || o.Pos() < in.Pos() || o.Pos() >= in.End()
}

// targets are what a statement writes to.
func targets(n ast.Node) []ast.Expr {
	switch x := n.(type) {
	case *ast.AssignStmt:
		return x.Lhs
	case *ast.IncDecStmt:
		return []ast.Expr{x.X}
	}
	return nil
}

func (r *rewrite) calleeBody(decl *ast.FuncDecl, call *ast.CallExpr, receiver ast.Expr, from *ast.FuncDecl, depth int) error {
	for n := range ast.Preorder(decl.Body) {
		if inner, ok := n.(*ast.CallExpr); ok {
			if err := r.callee(inner, decl, depth+1); err != nil {
				return err
			}
			if to := r.mutated(inner); to != nil {
				v := r.object(root(to)).(*types.Var)
				if v.Parent() == r.pkg.Scope() || r.given(v, decl, call, receiver, from) {
					return refuse("the loop calls %s, which calls %s", decl.Name.Name, r.textOf(inner.Fun))
				}
			}
		}
		for _, t := range targets(n) {
			id := root(t)
			if id == nil {
				continue
			}
			v, ok := r.object(id).(*types.Var)
			if !ok {
				continue
			}
			if v.Parent() == r.pkg.Scope() || t != ast.Expr(id) && pointsOut(v) && r.given(v, decl, call, receiver, from) {
				return refuse("the loop calls %s, which writes to %s", decl.Name.Name, r.textOf(t))
			}
		}
	}
	return nil
}

// pointsOut reports whether a write into a variable of its type is seen by
// whoever gave the value.
func pointsOut(v *types.Var) bool {
	switch v.Type().Underlying().(type) {
	case *types.Struct, *types.Array:
		return false
	case *types.Basic:
		return v.Type() == types.Typ[types.Invalid]
	}
	return true
}

// given reports whether a variable of a function is its receiver or a parameter,
// and the call hands over something that other iterations have too.
func (r *rewrite) given(v *types.Var, decl *ast.FuncDecl, call *ast.CallExpr, receiver ast.Expr, from *ast.FuncDecl) bool {
	within := func(list *ast.FieldList) bool {
		return list != nil && list.Pos() <= v.Pos() && v.Pos() < list.End()
	}
	if within(decl.Recv) {
		return receiver == nil || r.common(receiver, from)
	}
	if !within(decl.Type.Params) {
		return false
	}
	for _, arg := range call.Args {
		if r.common(arg, from) {
			return true
		}
	}
	return false
}

// common reports whether an expression reaches what several iterations have: in
// the loop, variables from outside; in a function, what it was given.
func (r *rewrite) common(e ast.Expr, from *ast.FuncDecl) bool {
	if u, ok := e.(*ast.UnaryExpr); ok && u.Op == token.AND {
		e = u.X
	}
	id := root(e)
	if id == nil {
		return false
	}
	v, ok := r.object(id).(*types.Var)
	if !ok {
		return false
	}
	if from == nil {
		// The value of a range may be a pointer that occurs twice.
		return r.outer(id) || r.vars[v] && pointsOut(v)
	}
	return v.Parent() == r.pkg.Scope() || v.Pos() < from.Body.Pos() && v.Pos() >= from.Pos()
}

// locks reports whether a body takes a lock: whoever wrote it thought of other
// goroutines.
func locks(body *ast.BlockStmt) bool {
	for n := range ast.Preorder(body) {
		if call, ok := n.(*ast.CallExpr); ok && calleeName(call) == "Lock" {
			return true
		}
	}
	return false
}

func (r *rewrite) declOf(fn *types.Func) *ast.FuncDecl {
	if !fn.Pos().IsValid() {
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
