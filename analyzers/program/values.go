package program

import (
	"cmp"
	"go/ast"
	"go/token"
	"go/types"
	"maps"
	"slices"
	"strings"
)

// A Value is what an expression of function or interface type may stand for.
type Value struct {
	// Expr is a function literal, the name of a function or method, an expression
	// of a concrete type, or a call into another package that returns it.
	Expr ast.Expr
	// From is set instead for a parameter, field or package variable: of Held and
	// Values one that code out of sight may set too.
	From *types.Var
	// Element says that the value is one of many: it was found in a collection.
	Element bool
}

// Values follows an expression of function or interface type through variables,
// fields, collections, parameters and the functions of the package to what it may
// be. The order of the statements does not count.
func (p *Program) Values(e ast.Expr) []Value {
	t := tracer{p: p, seen: make(map[stop]bool)}
	t.expr(e, 0, false)
	return t.list
}

// Held returns what a parameter, field or variable may hold: of a collection, its
// elements.
func (p *Program) Held(v *types.Var) []Value {
	v = v.Origin()
	list, ok := p.holds[v]
	if !ok {
		t := tracer{p: p, seen: make(map[stop]bool)}
		t.variable(v, Collects(v.Type()))
		list = slices.Clip(t.list)
		p.holds[v] = list
	}
	return list
}

// Stored returns what a field or variable is set to, or, if it is a collection, what is put into
// it, as it stands there.
func (p *Program) Stored(v *types.Var) []ast.Expr {
	var list []ast.Expr
	for _, w := range p.everywhere().flows[v.Origin()] {
		if w.how == assigned && w.result <= 0 || w.how == stored {
			list = append(list, w.value)
		}
	}
	return list
}

// Holders follows an expression to the parameters, fields and package variables
// that it is taken from, through local variables and functions of the package.
func (p *Program) Holders(e ast.Expr) []Value {
	t := tracer{p: p, seen: make(map[stop]bool), holders: true}
	t.expr(e, 0, false)
	return t.list
}

// Calls returns the calls of a function of any package, and of the methods of
// interfaces of this one that it implements.
func (p *Program) Calls(fn *types.Func) []*ast.CallExpr {
	x := p.everywhere()
	fn = fn.Origin()
	calls := x.calls[fn]
	recv := fn.Signature().Recv()
	if recv == nil || types.IsInterface(recv.Type()) {
		return calls
	}
	for _, m := range x.dispatched[fn.Name()] {
		iface := instance(m.Signature().Recv().Type(), fn.Signature().RecvTypeParams())
		if iface != nil && m != fn && types.Implements(recv.Type(), iface) {
			calls = append(calls[:len(calls):len(calls)], x.calls[m]...)
		}
	}
	return calls
}

// Parameter returns the declared function whose parameter v is, and its position.
func (p *Program) Parameter(v *types.Var) (*types.Func, int, bool) {
	_, fn, i := p.parameter(v)
	return fn, i, fn != nil && i >= 0
}

// parameter returns the declaration or literal that has v as its parameter i, or as its
// receiver, where i is -1, and the function declared; nil for another variable.
func (p *Program) parameter(v *types.Var) (in ast.Node, fn *types.Func, i int) {
	if v.Kind() != types.ParamVar && v.Kind() != types.RecvVar {
		return nil, nil, 0
	}
	for _, f := range slices.Backward(enclosing(p.declaration(v.Pos()), v.Pos())) {
		var sig *types.Signature
		switch f := f.(type) {
		case *ast.FuncDecl:
			fn = p.info.Defs[f.Name].(*types.Func)
			sig = fn.Signature()
		case *ast.FuncLit:
			sig = p.info.TypeOf(f).(*types.Signature)
		default:
			continue
		}
		return f, fn, slices.Index(slices.Collect(sig.Params().Variables()), v)
	}
	return nil, nil, 0
}

// Spreads reports whether argument i and those after it are elements of the last
// parameter of the function that c calls.
func Spreads(fn *types.Func, i int, c *ast.CallExpr) bool {
	sig := fn.Signature()
	return sig.Variadic() && i == sig.Params().Len()-1 && !c.Ellipsis.IsValid()
}

// ParamType is the type of the parameter that receives argument i, of one of several its
// element; nil if there is none. With spread, the last argument is written f(list...).
func ParamType(sig *types.Signature, i int, spread bool) types.Type {
	n := sig.Params().Len()
	if sig.Variadic() && i >= n-1 && !spread {
		if s, ok := sig.Params().At(n - 1).Type().(*types.Slice); ok {
			return s.Elem()
		}
	}
	if i >= n {
		return nil
	}
	return sig.Params().At(i).Type()
}

// Arguments returns what a call gives for parameter i of fn: one expression, none, or all
// that are spread over the last parameter of a variadic function.
func Arguments(fn *types.Func, i int, c *ast.CallExpr) []ast.Expr {
	switch {
	case i < 0 || i >= len(c.Args):
		return nil
	case Spreads(fn, i, c):
		return c.Args[i:]
	}
	return c.Args[i : i+1]
}

// Given returns what a call may give for parameter i of fn: of a collection, its elements.
func (p *Program) Given(fn *types.Func, i int, c *ast.CallExpr) []Value {
	t := tracer{p: p, seen: make(map[stop]bool)}
	for _, a := range Arguments(fn, i, c) {
		t.expr(a, 0, t.nested(a))
	}
	return t.list
}

// Callees returns the functions that the package calls by name, in the order of
// their first calls.
func (p *Program) Callees() []*types.Func {
	if p.callees == nil {
		calls := p.everywhere().calls
		p.callees = slices.Collect(maps.Keys(calls))
		slices.SortFunc(p.callees, func(a, b *types.Func) int { return int(calls[a][0].Pos() - calls[b][0].Pos()) })
	}
	return p.callees
}

// Written returns the fields and variables of other packages that the package
// sets, in the order of their names.
func (p *Program) Written() []*types.Var {
	var list []*types.Var
	for v := range p.everywhere().flows {
		if v.Pkg() != p.pkg {
			list = append(list, v)
		}
	}
	slices.SortFunc(list, func(a, b *types.Var) int {
		return cmp.Or(strings.Compare(a.Name(), b.Name()), int(a.Pos()-b.Pos()))
	})
	return list
}

// Received reports whether the variable is what a channel gave, or what a call
// returned together with an error.
func (p *Program) Received(v *types.Var) bool {
	for _, w := range p.everywhere().flows[v] {
		switch x := ast.Unparen(w.value).(type) {
		case *ast.UnaryExpr:
			if x.Op == token.ARROW {
				return true
			}
		case *ast.CallExpr:
			if t, ok := p.info.TypeOf(x).(*types.Tuple); ok && types.Identical(t.At(t.Len()-1).Type(), types.Universe.Lookup("error").Type()) {
				return true
			}
		}
		if t := p.info.TypeOf(w.value); w.how == element && t != nil && isChan(t) {
			return true
		}
	}
	return false
}

// ReceivedFrom returns the channel that a communication receives from, or nil.
func ReceivedFrom(s ast.Stmt) ast.Expr {
	if u := Receive(s); u != nil {
		return u.X
	}
	return nil
}

// Receive returns the receive of a communication, or nil for another.
func Receive(s ast.Stmt) *ast.UnaryExpr {
	var x ast.Expr
	switch s := s.(type) {
	case *ast.ExprStmt:
		x = s.X
	case *ast.AssignStmt:
		x = s.Rhs[0]
	}
	if u, ok := ast.Unparen(x).(*ast.UnaryExpr); ok && u.Op == token.ARROW {
		return u
	}
	return nil
}
