package contracts

import (
	"go/ast"
	"go/types"

	"golang.org/x/tools/go/types/typeutil"

	"github.com/concurlint/concurlint/analyzers/program"
)

// A place is a parameter, field or variable whose functions run on a loop; of an
// interface it is the method that does. The elements of a collection count as the
// collection.
type place struct {
	v      *types.Var
	method string
}

// An argument is a parameter of a function, perhaps of another package.
type argument struct {
	fn     *types.Func
	n      int
	method string
}

// put follows a place to what it may hold.
func (f *finder) put(at place, by promise) {
	at.v = at.v.Origin()
	if old, dup := f.places[at]; dup && !by.stronger(old.loop) {
		return
	}
	f.places[at] = by
	for _, v := range f.prog.Held(at.v) {
		f.value(v, at.method, by)
	}
}

// param follows a parameter to what the calls of its function give it.
func (f *finder) param(at argument, by promise) {
	at.fn = at.fn.Origin()
	if old, dup := f.params[at]; dup && !by.stronger(old.loop) || at.n < 0 {
		return
	}
	f.params[at] = by
	if params := at.fn.Signature().Params(); f.fx.Func(at.fn) != nil && at.n < params.Len() {
		f.put(place{params.At(at.n), at.method}, by)
		return
	}
	for _, c := range f.prog.Calls(at.fn) {
		by.from = nil
		if sel, ok := ast.Unparen(c.Fun).(*ast.SelectorExpr); ok && at.fn.Signature().Recv() != nil {
			by.from = sel.X
		}
		for _, v := range f.prog.Given(at.fn, at.n, c) {
			f.value(v, at.method, by)
		}
	}
}

// follow follows an expression to what it may be.
func (f *finder) follow(e ast.Expr, method string, by promise) {
	for _, v := range f.prog.Values(e) {
		f.value(v, method, by)
	}
}

func (f *finder) value(v program.Value, method string, by promise) {
	switch {
	case v.From != nil:
		f.put(place{v.From, method}, by)
	case method == "" || !f.method(v.Expr, method, by):
		f.function(v.Expr, by)
	}
}

// function adds the function that e names, writes out or makes.
func (f *finder) function(e ast.Expr, by promise) {
	switch x := ast.Unparen(e).(type) {
	case *ast.FuncLit:
		f.context(f.fx.Literal(x), by)
		return
	case *ast.CallExpr:
		fn := typeutil.StaticCallee(f.info, x)
		if fn != nil {
			fn = fn.Origin()
		}
		f.made(x, fn, by)
		return
	}
	fn, recv := f.names(e)
	switch {
	case fn == nil:
	case f.fx.Func(fn) != nil:
		f.context(f.fx.Func(fn), by)
	case recv != nil && types.IsInterface(fn.Signature().Recv().Type()):
		f.follow(recv, fn.Name(), by)
	default:
		f.handover(e, fn, by)
	}
}

// names returns the function or method that e names, and of a method value the
// expression that it is of.
func (f *finder) names(e ast.Expr) (*types.Func, ast.Expr) {
	e = ast.Unparen(e)
	switch x := e.(type) {
	case *ast.IndexExpr:
		e = ast.Unparen(x.X)
	case *ast.IndexListExpr:
		e = ast.Unparen(x.X)
	}
	switch x := e.(type) {
	case *ast.Ident:
		if fn, ok := f.info.Uses[x].(*types.Func); ok {
			return fn.Origin(), nil
		}
	case *ast.SelectorExpr:
		if fn, ok := f.info.Uses[x.Sel].(*types.Func); ok {
			if sel := f.info.Selections[x]; sel != nil && sel.Kind() == types.MethodVal {
				return fn.Origin(), x.X
			}
			return fn.Origin(), nil
		}
	}
	return nil, nil
}

// method adds the method of the concrete type of e, and reports whether it has
// one.
func (f *finder) method(e ast.Expr, name string, by promise) bool {
	t := f.info.TypeOf(e)
	if tuple, ok := t.(*types.Tuple); ok && tuple.Len() > 0 {
		t = tuple.At(0).Type()
	}
	if t == nil || types.IsInterface(t) {
		return true // nothing is known of it
	}
	obj, _, _ := types.LookupFieldOrMethod(t, true, f.pass.Pkg, name)
	fn, ok := obj.(*types.Func)
	if !ok {
		return false
	}
	fn = fn.Origin()
	switch own := f.fx.Func(fn); {
	case own != nil:
		f.context(own, by)
	case !types.IsInterface(fn.Signature().Recv().Type()):
		f.handover(e, fn, by)
	}
	return true
}
