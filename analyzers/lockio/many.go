package lockio

import (
	"go/ast"
	"go/types"
	"slices"

	"github.com/concurlint/concurlint/analyzers/effects"
	"github.com/concurlint/concurlint/analyzers/placement"
)

// This file tells waits for one of many things, which keep those waiting who want
// another one, from waits for the only thing there is, which all who come to the
// lock want anyway.

// oneOfMany reports whether what is waited for is one of many: an element of a
// collection, what the caller asked for, what is put under a key, or what each
// goroutine of a group works on.
func (c *checker) oneOfMany(r *placement.Region, op *effects.Op) bool {
	return held{r: r, op: op}.eachElement() || c.keyed(r, op) || c.asked(r.Func, op) || effects.OnGroup(op.Callee()) == effects.WaitsForGroup
}

// oneOfKept reports whether the op is on an element of a collection that is kept in a
// field or for the whole program, or is given one.
func (c *checker) oneOfKept(op *effects.Op) bool {
	call, ok := op.Node.(*ast.CallExpr)
	if !ok {
		return false
	}
	values := slices.Clone(call.Args)
	if x := operand(call); x != nil {
		values = append(values, x)
	}
	return slices.ContainsFunc(values, func(x ast.Expr) bool { return c.member(x, op.Loop) != nil })
}

// asked reports whether the call is given, or is on, what the caller of f has
// given it.
func (c *checker) asked(f *effects.Func, op *effects.Op) bool {
	call, ok := op.Node.(*ast.CallExpr)
	if !ok {
		return false
	}
	seen := make(map[*types.Var]bool)
	if sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr); ok && c.given(f, sel.X, seen) {
		return true
	}
	for _, arg := range call.Args {
		if c.given(f, arg, seen) {
			return true
		}
	}
	return false
}

// given reports whether the value of x depends on a parameter of f, also through
// locals, other than its receiver and what only says for how long to wait. Each
// local is looked into once.
func (c *checker) given(f *effects.Func, x ast.Expr, seen map[*types.Var]bool) bool {
	found := false
	ast.Inspect(x, func(n ast.Node) bool {
		id, ok := n.(*ast.Ident)
		if !ok || found {
			return !found
		}
		v, ok := c.pass.TypesInfo.Uses[id].(*types.Var)
		if !ok || v.IsField() || v.Parent() == c.pass.Pkg.Scope() || effects.IsContext(v.Type()) || seen[v] {
			return true
		}
		seen[v] = true
		for g := f; g != nil; g = g.Parent {
			if i, ok := g.Param(v); ok {
				found = i >= 0
				return false
			}
		}
		values, _ := c.res.Effects.Values(v)
		for _, value := range values {
			found = found || c.given(f, value, seen)
		}
		return !found
	})
	return found
}

// endlessWait reports whether the call is given a context that nobody can
// cancel, although the caller has given a better one.
func (c *checker) endlessWait(f *effects.Func, op *effects.Op) bool {
	call, ok := op.Node.(*ast.CallExpr)
	if !ok || !takesContext(f.Outer()) {
		return false
	}
	for _, arg := range call.Args {
		if made, ok := ast.Unparen(arg).(*ast.CallExpr); ok && effects.IsContext(c.pass.TypesInfo.TypeOf(made)) && len(made.Args) == 0 {
			return true // context.Background() or context.TODO()
		}
	}
	return false
}

func takesContext(f *effects.Func) bool {
	if f.Obj == nil {
		return false
	}
	for v := range f.Obj.Signature().Params().Variables() {
		if effects.IsContext(v.Type()) {
			return true
		}
	}
	return false
}
