package placement

import (
	"go/ast"
	"go/types"
	"slices"

	"github.com/concurlint/concurlint/analyzers/effects"
	"github.com/concurlint/concurlint/analyzers/program"
)

// This file tells the parts of an object, which are few, from what somebody asks for.

// kept reports whether the site's loop goes over what the package itself keeps: the parts of
// an object, the peers that it knows. Nobody else puts anything there, as a decoder does with
// the exported fields of a request, and the function does not empty it, as it does with what
// has been gathered. Names to ask one service about may be many, whoever keeps them.
func (p *placer) kept(s *Site) bool {
	if s.Trip.Expr == nil || s.Trip.Event != NoEvent || p.oneFarEnd(s) {
		return false
	}
	path, ok := p.prog.Path(&program.Frame{In: s.Func.Node()}, p.fx.Local(s.Func, s.Trip.Expr))
	if !ok {
		return false
	}
	v := path.Last()
	if v.Exported() || v.Pkg() != p.pass.Pkg || !program.Collects(v.Type()) || p.sets(s.Func.Outer(), v) {
		return false
	}
	if path.Root.Parent() == p.pass.Pkg.Scope() {
		return true
	}
	if k := path.Root.Kind(); k != types.RecvVar && k != types.ParamVar {
		return false // what the function makes, or has been answered, is what it works on
	}
	owner := path.Keeper()
	return owner != nil && !node(owner.Type())
}

// sets reports whether a function puts another value into a field or variable.
func (p *placer) sets(f *effects.Func, v *types.Var) bool {
	found := false
	ast.Inspect(f.Body(), func(n ast.Node) bool {
		if a, ok := n.(*ast.AssignStmt); ok {
			found = found || slices.ContainsFunc(a.Lhs, func(l ast.Expr) bool { return p.fx.Variable(l) == v })
		}
		return !found
	})
	return found
}

// node reports whether a type has a collection of its own kind: it is a node of data then,
// and has as many parts as the data says.
func node(t types.Type) bool {
	st, ok := t.Underlying().(*types.Struct)
	if !ok {
		return false
	}
	for f := range st.Fields() {
		var elem types.Type
		switch c := f.Type().Underlying().(type) {
		case *types.Slice:
			elem = c.Elem()
		case *types.Map:
			elem = c.Elem()
		default:
			continue
		}
		if ptr, ok := elem.(*types.Pointer); ok {
			elem = ptr.Elem()
		}
		if types.Identical(elem, t) {
			return true
		}
	}
	return false
}
