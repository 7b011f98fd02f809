package effects

import (
	"go/ast"
	"go/token"
	"go/types"

	"github.com/concurlint/concurlint/analyzers/program"
)

// gap is how certain it is that what a condition asks for is not there yet. A
// variable that the package keeps to itself is filled once in the life of the
// program, as by a sync.Once, unless something empties it again; others are filled
// for each object or key.
func (p *pkg) gap(cond ast.Expr) Certainty {
	c, ok := program.Condition(p.info, cond).(*ast.BinaryExpr)
	if !ok {
		return Missed
	}
	if c.Op == token.LAND {
		return p.gap(c.X)
	}
	v := p.prog.Variable(c.X)
	if v == nil || v.Exported() || v.Parent() != p.types.Scope() || p.empties()[v] {
		return Missed
	}
	return Rarely
}

// empties returns the variables that are set to nil somewhere in the package, or of
// which something else has the address.
func (p *pkg) empties() map[*types.Var]bool {
	if p.emptied != nil {
		return p.emptied
	}
	p.emptied = make(map[*types.Var]bool)
	for _, f := range p.files {
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.UnaryExpr:
				if v := p.prog.Variable(n.X); n.Op == token.AND && v != nil {
					p.emptied[v] = true
				}
			case *ast.AssignStmt:
				for i, l := range n.Lhs {
					if v := p.prog.Variable(l); v != nil && len(n.Lhs) == len(n.Rhs) && isNil(n.Rhs[i]) {
						p.emptied[v] = true
					}
				}
			}
			return true
		})
	}
	return p.emptied
}
