package program

import (
	"go/ast"
	"go/types"
	"slices"
)

// Settled reports whether the collection that a field holds is filled while its
// owner is made and never later: every statement that sets it stands in a function
// that makes a value of the owner's type. How many elements there are is decided
// by who puts the program together, not by what it is asked for.
//
// A field that other packages may set, or whose address is taken, is not settled.
func (p *Program) Settled(v *types.Var) bool {
	if v == nil || !v.IsField() || v.Pkg() != p.pkg || p.open(v) {
		return false
	}
	defs := p.everywhere().defs[v]
	return len(defs) > 0 && !slices.ContainsFunc(defs, func(d def) bool {
		return d.how == elsewhere || !d.literal && !p.makes(d, v)
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
