package lockio

import (
	"go/ast"
	"go/types"

	"github.com/concurlint/concurlint/analyzers/effects"
)

// This file finds who the end of an HTTP server waits for: the handlers that still run.

// shutsDown reports whether the op waits for the handlers of a server.
func shutsDown(op *effects.Op) bool {
	fn := op.Callee()
	return fn != nil && fn.FullName() == "(*net/http.Server).Shutdown"
}

// handlers returns the functions of this package that serve the requests of the server
// in v, as far as they are given to it where it is made.
func (c *checker) handlers(v *types.Var) []far {
	if v == nil {
		return nil
	}
	var list []far
	values, _ := c.res.Effects.Values(v)
	for _, x := range values {
		if u, ok := ast.Unparen(x).(*ast.UnaryExpr); ok {
			x = u.X
		}
		lit, ok := ast.Unparen(x).(*ast.CompositeLit)
		if !ok {
			continue
		}
		for _, el := range lit.Elts {
			kv, ok := el.(*ast.KeyValueExpr)
			if !ok {
				continue
			}
			if name, ok := kv.Key.(*ast.Ident); ok && name.Name == "Handler" {
				list = append(list, c.serving(nil, kv.Value)...)
			}
		}
	}
	return list
}

// serving returns the functions that an http.Handler runs: its method, or those that are
// registered with it.
func (c *checker) serving(f *effects.Func, x ast.Expr) []far {
	var list []far
	for _, t := range c.res.Effects.Targets(f, x) { // http.HandlerFunc(f)
		if t.Func != nil {
			list = append(list, far{f: t.Func})
		}
	}
	obj, _, _ := types.LookupFieldOrMethod(c.pass.TypesInfo.TypeOf(x), true, c.pass.Pkg, "ServeHTTP")
	if fn, ok := obj.(*types.Func); ok {
		if g := c.res.Effects.Func(fn); g != nil {
			return append(list, far{f: g})
		}
	}
	if mux := c.res.Effects.Variable(x); mux != nil {
		for _, f := range c.res.Effects.Funcs() {
			list = append(list, c.registeredIn(f, mux)...)
		}
	}
	return list
}

// registeredIn returns what a function registers with a mux.
func (c *checker) registeredIn(f *effects.Func, mux *types.Var) (list []far) {
	if f.Body() == nil {
		return nil
	}
	ast.Inspect(f.Body(), func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if _, lit := n.(*ast.FuncLit); lit || !ok || len(call.Args) != 2 {
			return !lit
		}
		sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
		if !ok || c.res.Effects.Variable(sel.X) != mux {
			return true
		}
		switch fn, _ := c.pass.TypesInfo.Uses[sel.Sel].(*types.Func); {
		case fn == nil:
		case fn.FullName() == "(*net/http.ServeMux).HandleFunc":
			for _, t := range c.res.Effects.Targets(f, call.Args[1]) {
				if t.Func != nil {
					list = append(list, far{f: t.Func})
				}
			}
		case fn.FullName() == "(*net/http.ServeMux).Handle":
			list = append(list, c.serving(f, call.Args[1])...)
		}
		return true
	})
	return list
}
