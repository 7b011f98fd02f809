package lockio

import (
	"go/ast"
	"go/types"
	"slices"

	"github.com/concurlint/concurlint/analyzers/effects"
)

// This file finds the calls of this package's functions, and what runs before the end of a
// wait in callers.

// callsOf returns the calls of a function of this package, other than by go, and whether they
// are known to be all. Some drivers hand a package over without its tests.
func (c *checker) callsOf(fn *types.Func) ([]effects.CallSite, bool) {
	list := slices.DeleteFunc(slices.Clone(c.res.Effects.CallSites(fn)), func(at effects.CallSite) bool {
		_, call := at.Op.Node.(*ast.CallExpr)
		return !call
	})
	return list, c.prog().OnlyCalled(fn) && len(list) == len(c.prog().Calls(fn))
}

// mostCallers is how many callers a function has at most that ends a wait for each of
// them. One with more is a service to all. With 1, 2 and 4 the findings on four servers
// are the same; with 16 there is one more, which reading the code did not confirm.
const mostCallers = 4

// callers returns where what ends a wait in the side's function is called: for a literal
// where that runs, for a function that only this package knows all of its calls. They
// have done before what they do until then.
func (c *checker) callers(s far) (list []far) {
	if _, op, _ := c.res.Effects.Invocation(s.f); op != nil {
		return []far{before(s.f.Parent, op)}
	}
	if s.f.Obj == nil {
		return nil
	}
	calls, all := c.callsOf(s.f.Obj)
	if len(calls) > mostCallers || !all {
		return nil
	}
	for _, x := range calls {
		if x.Op.Spawned != nil {
			return nil
		}
		list = append(list, before(x.Func, x.Op))
	}
	return list
}

// before is the side of which op of f ends the wait.
func before(f *effects.Func, op *effects.Op) far {
	if op.Deferred {
		return far{f: f, last: op.Node.Pos()}
	}
	return far{f: f, limit: op.Node.Pos(), loop: op.Loop}
}

// runs returns the calls, also by go, of the function of a side that ends the wait h: where
// that is for a variable of the waiting function, those that this one makes, and otherwise
// all. It is one that is nil if they are not known.
func (c *checker) runs(s far, h held) (list []*ast.CallExpr) {
	unknown := []*ast.CallExpr{nil}
	if s.f.Obj == nil {
		return unknown
	}
	root := c.prog().Root(operand(h.op.Node))
	own := root != nil && root.Kind() == types.LocalVar && h.r.Func.Outer().Obj != nil && h.r.Func.Outer().Obj.Scope().Contains(root.Pos())
	if !own && !c.prog().OnlyCalled(s.f.Obj) {
		return unknown
	}
	for _, at := range c.res.Effects.CallSites(s.f.Obj) {
		if own && at.Func.Outer() != h.r.Func.Outer() {
			if c.mayGet(root, h.r.Func) {
				return unknown
			}
			continue
		}
		switch n := at.Op.Node.(type) {
		case *ast.CallExpr:
			list = append(list, n)
		case *ast.GoStmt:
			list = append(list, n.Call)
		default:
			return unknown
		}
	}
	if len(list) == 0 || len(list) > mostCallers {
		return unknown
	}
	return list
}

// mayGet reports whether a function gives a variable to another one of the package than those
// that it starts, which may start more.
func (c *checker) mayGet(v *types.Var, f *effects.Func) bool {
	return slices.ContainsFunc(f.Outer().Ops, func(op *effects.Op) bool {
		call, ok := op.Node.(*ast.CallExpr)
		return ok && op.Spawned == nil && c.res.Effects.Func(op.Callee()) != nil &&
			slices.ContainsFunc(call.Args, func(a ast.Expr) bool { return c.prog().Root(a) == v })
	})
}
