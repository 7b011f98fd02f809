package program

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
)

// Settled reports whether the collection that a field holds is filled while its
// owner is made and never later: every statement that sets it stands in a function
// that makes a value of the owner's type. How many elements there are is decided
// by who puts the program together, not by what it is asked for.
//
// A field that other packages may set, or whose address is taken, is not settled, and
// neither is one of what a function makes that calls itself: those are the nodes of
// data, each with as many elements as the data has there. A channel holds what is yet to
// come.
func (p *Program) Settled(v *types.Var) bool {
	if v == nil || !v.IsField() || v.Pkg() != p.pkg || isChan(v.Type()) || p.open(v) {
		return false
	}
	defs := p.everywhere().defs[v]
	return len(defs) > 0 && !slices.ContainsFunc(defs, func(d def) bool {
		return d.how == elsewhere || !d.literal && !p.makes(d, v) || p.recurses(d.pos)
	})
}

// makes reports whether the function around a definition makes what the field v is
// part of.
func (p *Program) makes(d def, v *types.Var) bool {
	made := false
	ast.Inspect(p.declaration(d.pos), func(n ast.Node) bool {
		if lit, ok := n.(*ast.CompositeLit); ok {
			made = made || has(p.structOf(lit), v)
		}
		return !made
	})
	return made
}

// has reports whether v is a field of a struct, of a generic one also of an instance.
func has(st *types.Struct, v *types.Var) bool {
	if st == nil {
		return false
	}
	for i := range st.NumFields() {
		if st.Field(i).Origin() == v {
			return true
		}
	}
	return false
}

// recurses reports whether the function around pos, or a literal there, calls itself.
func (p *Program) recurses(pos token.Pos) bool {
	d, ok := p.declaration(pos).(*ast.FuncDecl)
	if !ok {
		return false
	}
	found := p.calls(d, p.info.Defs[d.Name])
	ast.Inspect(d, func(n ast.Node) bool {
		a, ok := n.(*ast.AssignStmt)
		if !ok || len(a.Lhs) != len(a.Rhs) {
			return !found
		}
		for i, x := range a.Rhs {
			lit, ok := x.(*ast.FuncLit)
			if v := p.Variable(a.Lhs[i]); ok && v != nil && lit.Pos() <= pos && pos < lit.End() {
				found = found || p.calls(lit, v)
			}
		}
		return !found
	})
	return found
}

// Sets reports whether n puts something into a field or package variable, other than in
// making the struct.
func (p *Program) Sets(n ast.Node, v *types.Var) bool {
	return slices.ContainsFunc(p.everywhere().defs[v], func(d def) bool { return !d.literal && contains(n, d.pos) })
}

// Unset reports whether nothing in the package puts something into a field or package
// variable of its own, or takes its address. Tests are left out.
func (p *Program) Unset(v *types.Var) bool {
	if v.Pkg() != p.pkg || v.Exported() || !v.IsField() && v.Parent() != p.pkg.Scope() {
		return false
	}
	return !slices.ContainsFunc(p.everywhere().defs[v], func(d def) bool { return d.how != declared && d.how != stored })
}

// Element returns the type that a slice or map holds, or points to; nil for other types.
func Element(t types.Type) types.Type {
	var elem types.Type
	switch c := t.Underlying().(type) {
	case *types.Slice:
		elem = c.Elem()
	case *types.Map:
		elem = c.Elem()
	default:
		return nil
	}
	if ptr, ok := elem.Underlying().(*types.Pointer); ok {
		elem = ptr.Elem()
	}
	return elem
}

// IsNode reports whether a type has a collection of its own kind: it is a node of data, too.
func IsNode(t types.Type) bool {
	st, ok := t.Underlying().(*types.Struct)
	return ok && slices.ContainsFunc(slices.Collect(st.Fields()), func(f *types.Var) bool {
		elem := Element(f.Type())
		return elem != nil && types.Identical(elem, t)
	})
}

// calls reports whether n contains a call of the function obj, or of what the variable
// obj holds.
func (p *Program) calls(n ast.Node, obj types.Object) bool {
	found := false
	ast.Inspect(n, func(n ast.Node) bool {
		c, ok := n.(*ast.CallExpr)
		if !ok {
			return !found
		}
		switch f := ast.Unparen(c.Fun).(type) {
		case *ast.Ident:
			found = found || p.info.Uses[f] == obj
		case *ast.SelectorExpr:
			found = found || p.info.Uses[f.Sel] == obj
		}
		return !found
	})
	return found
}
