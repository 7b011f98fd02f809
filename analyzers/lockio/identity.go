package lockio

import (
	"go/ast"
	"go/token"
	"go/types"
)

// An identity is what is known of which value an expression stands for: the variables that
// hold it, and the calls that make it. It lets a lock of one value be told from that of
// another value of the type.
type identity struct {
	vars    map[*types.Var]bool
	calls   map[*ast.CallExpr]bool
	pos     token.Pos   // of the expression
	in      *types.Func // whose parameter or receiver it is; nil for none
	partial bool        // one of the variables gets values that are not known
	open    bool        // nothing is known
}

// meets reports whether two values may be one. What a function is given may be any value
// that other functions have, but not another parameter, or a variable, of its own.
func (a identity) meets(b identity) bool {
	switch {
	case a.open || b.open || len(a.vars) == 0 && b.partial || len(b.vars) == 0 && a.partial:
		return true
	case a.in != b.in && !a.beside(b) && !b.beside(a):
		return true
	}
	for v := range a.vars {
		if b.vars[v] {
			return true
		}
	}
	for call := range a.calls {
		if b.calls[call] {
			return true
		}
	}
	return false
}

// beside reports whether a is a parameter of the function in which b stands.
func (a identity) beside(b identity) bool {
	return a.in != nil && b.in == nil && a.in.Scope().Contains(b.pos)
}

// ownerIn returns the value that a call of another package's function is about: its
// receiver, or, of a function that makes a value, that.
func (c *checker) ownerIn(fn *types.Func, call *ast.CallExpr) identity {
	if fn.Signature().Recv() != nil {
		if sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr); ok {
			return c.identify(sel.X)
		}
		return identity{open: true}
	}
	if fn.Signature().Results().Len() == 0 {
		return identity{open: true} // of its package, or of what it is given
	}
	return identity{calls: map[*ast.CallExpr]bool{call: true}, pos: call.Pos()}
}

// identify follows an expression through local variables, and what is kept in fields and
// package variables, to what holds it.
func (c *checker) identify(e ast.Expr) identity {
	id := identity{vars: make(map[*types.Var]bool), calls: make(map[*ast.CallExpr]bool), pos: e.Pos()}
	c.trace(&id, e)
	return id
}

func (c *checker) trace(id *identity, e ast.Expr) {
	e = ast.Unparen(e)
	if call, ok := e.(*ast.CallExpr); ok {
		id.calls[call] = true
		return
	}
	v := c.res.Effects.Variable(e)
	switch {
	case v == nil:
		id.open = true
		return
	case id.vars[v]:
		return
	}
	id.vars[v] = true
	switch v.Kind() {
	case types.ParamVar, types.RecvVar:
		id.in = c.prog().Signs(v)
		id.open = id.open || id.in == nil // of a literal, which anybody may call
		return
	case types.FieldVar, types.PackageVar:
		id.open = id.open || v.Pkg() != c.pass.Pkg
	}
	values, _ := c.res.Effects.Values(v)
	id.partial = id.partial || len(values) == 0
	for _, x := range values {
		c.trace(id, x)
	}
}
