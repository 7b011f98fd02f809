package lockio

import (
	"go/ast"
	"go/types"
	"slices"

	"github.com/concurlint/concurlint/analyzers/effects"
	"github.com/concurlint/concurlint/analyzers/placement"
	"github.com/concurlint/concurlint/analyzers/program"
)

// This file finds what others leave with an object under its lock.

// leftUnder reports whether what a caller gives for a parameter is left under a lock: the
// function takes that, one that it passes the parameter on to does, or one that passes a
// parameter of its own on to it.
func (c *checker) leftUnder(l *lock, param *types.Var) bool {
	fn, n, ok := c.prog().Parameter(param)
	if !ok {
		return false
	}
	if c.takesLock(l, fn) {
		return true
	}
	if f := c.res.Effects.Func(fn); f != nil {
		for _, op := range f.Ops {
			call, ok := op.Node.(*ast.CallExpr)
			if ok && slices.ContainsFunc(call.Args, func(a ast.Expr) bool { return c.prog().Root(a) == param }) && c.takesLock(l, op.Callee()) {
				return true
			}
		}
	}
	calls, _ := c.callsOf(fn)
	return slices.ContainsFunc(calls, func(at effects.CallSite) bool {
		call, from := at.Op.Node.(*ast.CallExpr), at.Func.Outer()
		if n >= len(call.Args) || !c.takesLock(l, from.Obj) {
			return false
		}
		passed, ok := from.Param(c.prog().Root(call.Args[n]))
		return ok && passed >= 0
	})
}

// takesLock reports whether a function takes a lock of what has not just been made.
func (c *checker) takesLock(l *lock, fn *types.Func) bool {
	return fn != nil && slices.ContainsFunc(l.regions, func(o *placement.Region) bool { return o.Func.Outer().Obj == fn && !c.fresh(o) })
}

// oneOfPieces reports whether a field is of a struct of which collections of the package have
// many, of a node of a list, or of a part of one of these.
//
//	type entry struct { matches matcher; callback *callback }
//	type callback struct { f func(message) } // in []entry
func (c *checker) oneOfPieces(field *types.Var) bool {
	if !field.IsField() {
		return false
	}
	if c.pieces == nil {
		c.pieces = c.findPieces()
	}
	return c.pieces[field]
}

// findPieces returns the fields of such structs.
func (c *checker) findPieces() map[*types.Var]bool {
	many := make(map[*types.Struct]bool)
	add := func(t types.Type) {
		if st := structOf(t); st != nil {
			many[st] = true
		}
	}
	for _, tn := range c.prog().Types() {
		st := structOf(tn.Type())
		if st == nil {
			continue
		}
		for f := range st.Fields() {
			if elem := program.Element(f.Type()); elem != nil {
				add(elem)
			}
			if structOf(f.Type()) == st {
				many[st] = true
			}
		}
	}
	pieces := make(map[*types.Var]bool)
	for st := range many {
		for f := range st.Fields() {
			pieces[f] = true
			if part := structOf(f.Type()); part != nil {
				for g := range part.Fields() {
					pieces[g] = true
				}
			}
		}
	}
	return pieces
}

// structOf returns the struct that a type is, or points to, or nil.
func structOf(t types.Type) *types.Struct {
	st, _ := deref(t).Underlying().(*types.Struct)
	return st
}
