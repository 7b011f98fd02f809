package effects

import (
	"go/ast"
	"go/token"
	"go/types"
)

// gap is how certain it is that what a condition asks for is not there yet. A
// variable of the package is filled once in the life of the program, as by a
// sync.Once, unless somebody empties it again; others are filled for each object
// or key.
func (p *pkg) gap(cond ast.Expr) Certainty {
	c, ok := ast.Unparen(cond).(*ast.BinaryExpr)
	if !ok {
		return Missed
	}
	if c.Op == token.LAND {
		return p.gap(c.X)
	}
	v := p.prog.Variable(c.X)
	if v == nil || v.IsField() || v.Pkg() != p.types || v.Parent() != p.types.Scope() || p.empties()[v] {
		return Missed
	}
	return Rarely
}

// empties returns the variables of the package that are set to nil somewhere.
func (p *pkg) empties() map[*types.Var]bool {
	if p.emptied != nil {
		return p.emptied
	}
	p.emptied = make(map[*types.Var]bool)
	for _, f := range p.files {
		ast.Inspect(f, func(n ast.Node) bool {
			a, ok := n.(*ast.AssignStmt)
			if !ok || a.Tok != token.ASSIGN || len(a.Lhs) != len(a.Rhs) {
				return true
			}
			for i, l := range a.Lhs {
				if v := p.prog.Variable(l); v != nil && isNil(a.Rhs[i]) {
					p.emptied[v] = true
				}
			}
			return true
		})
	}
	return p.emptied
}
