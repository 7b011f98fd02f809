package lockio

import (
	"go/ast"
	"go/types"

	"github.com/concurlint/concurlint/analyzers/effects"
	"github.com/concurlint/concurlint/analyzers/placement"
	"github.com/concurlint/concurlint/analyzers/program"
)

// This file finds functions and streams that a caller has given, and that run under a lock.

// ofCaller names the code of its caller that an op of an exported function runs: a function,
// unless it compares elements, or a stream that is read. It is "" for none.
func (c *checker) ofCaller(r *placement.Region, op *effects.Op, call *ast.CallExpr) string {
	outer := r.Func.Outer()
	if outer.Obj == nil || !outer.Obj.Exported() || r.Lock == nil || outer.HasParam(r.Lock) {
		return ""
	}
	if name := c.givenName(r, op, call); name != "" && !c.lendsOnly(outer) { // what does nothing else is there for that
		return name
	}
	return c.givenStream(r.Func, op, call)
}

// givenStream names the reader that an op reads, if a caller of f has given it: who writes
// to the other end may take its time, and may want the lock.
func (c *checker) givenStream(f *effects.Func, op *effects.Op, call *ast.CallExpr) string {
	const read = "Read"
	if op.Callee() == nil {
		return ""
	}
	from := []ast.Expr{}
	if sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr); ok && op.Callee().Name() == read {
		from = append(from, sel.X)
	}
	for _, u := range c.res.Effects.Uses(op.Callee()) {
		if u.Method == read && !u.Goes && u.Arg >= 0 && u.Arg < len(call.Args) && u.Certainty >= effects.Usually {
			from = append(from, call.Args[u.Arg])
		}
	}
	for _, x := range from {
		if v := c.res.Effects.Variable(x); v != nil && types.IsInterface(v.Type()) && f.HasParam(v) {
			return v.Name() + "." + read
		}
	}
	return ""
}

func (c *checker) givenName(r *placement.Region, op *effects.Op, call *ast.CallExpr) string {
	if r.Lent != nil {
		return c.givenFunc(r.Func, r.Lent)
	}
	if op.Callee() == nil {
		if v := c.res.Effects.Variable(call.Fun); r.Borrowed() && v != nil && r.Func.HasParam(v) {
			return "" // from who has lent the lock
		}
		return c.givenFunc(r.Func, call.Fun)
	}
	for _, u := range c.res.Effects.Uses(op.Callee()) {
		if u.Arg >= 0 && u.Arg < len(call.Args) && u.Method == "" && !u.Goes && (u.Each || u.Certainty >= effects.Usually) {
			if name := c.givenFunc(r.Func, call.Args[u.Arg]); name != "" {
				return name
			}
		}
	}
	return ""
}

// givenFunc names x if it is a function parameter of f or of a function around it.
func (c *checker) givenFunc(f *effects.Func, x ast.Expr) string {
	v := c.res.Effects.Variable(x)
	if v == nil || v.IsField() {
		return ""
	}
	sig, ok := v.Type().Underlying().(*types.Signature)
	if !ok || compares(sig) || program.Prints(sig) {
		return ""
	}
	for ; f != nil; f = f.Parent {
		if f.HasParam(v) {
			return v.Name()
		}
	}
	return ""
}

// lendsOnly reports whether a function consists of taking a lock and calling its
// argument.
func (c *checker) lendsOnly(f *effects.Func) bool {
	for _, s := range f.Body().List {
		switch s := s.(type) {
		case *ast.DeferStmt, *ast.ReturnStmt:
		case *ast.AssignStmt: // f := func() { … }
			if _, ok := s.Rhs[0].(*ast.FuncLit); !ok {
				return false
			}
		case *ast.ExprStmt:
			if _, ok := s.X.(*ast.CallExpr); !ok {
				return false
			}
		default:
			return false
		}
	}
	return len(f.Body().List) <= 3
}
