package lockio

import (
	"go/ast"
	"go/types"

	"github.com/concurlint/concurlint/analyzers/effects"
	"github.com/concurlint/concurlint/analyzers/placement"
)

// This file finds locks that nobody else can want yet.

// freshDepth is how many callers up an owner is looked for.
const freshDepth = 3

// fresh reports whether the lock's owner has just been made, here or in all that
// call this function: nobody but those to whom it has been shown yet can want
// the lock.
func (c *checker) fresh(r *placement.Region) bool {
	return c.made(r.Func, ownerOf(r.Acquire.Node), freshDepth)
}

func (c *checker) made(f *effects.Func, x ast.Expr, depth int) bool {
	v := c.res.Effects.Variable(x)
	if v == nil || v.IsField() || v.Parent() == c.pass.Pkg.Scope() {
		return false
	}
	values, _ := c.res.Effects.Values(v)
	for _, x := range values {
		if u, ok := ast.Unparen(x).(*ast.UnaryExpr); ok {
			x = u.X
		}
		if _, ok := ast.Unparen(x).(*ast.CompositeLit); ok {
			return true
		}
	}
	f = f.Outer()
	n, ok := f.Param(v)
	if !ok || depth == 0 || f.Obj == nil || f.Obj.Exported() {
		return false
	}
	return c.madeByCallers(f, n, depth-1)
}

// madeByCallers reports whether all uses of f are calls that wait for it and pass
// what they have made as parameter n, or as the receiver where n is -1.
func (c *checker) madeByCallers(f *effects.Func, n, depth int) bool {
	calls := 0
	for _, caller := range c.res.Effects.Funcs() {
		for _, op := range caller.Ops {
			call, ok := op.Node.(*ast.CallExpr)
			if !ok || op.Callee() != f.Obj {
				continue
			}
			calls++
			x := operand(call)
			if n >= 0 && n < len(call.Args) {
				x = call.Args[n]
			}
			if op.Spawned != nil || !c.made(caller, x, depth) {
				return false
			}
		}
	}
	return calls > 0 && calls == c.uses(f)
}

// uses counts the places that name f.
func (c *checker) uses(f *effects.Func) int {
	n := 0
	for _, obj := range c.pass.TypesInfo.Uses {
		if fn, ok := obj.(*types.Func); ok && fn.Origin() == f.Obj {
			n++
		}
	}
	return n
}
