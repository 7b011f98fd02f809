package program

import (
	"go/ast"
	"go/types"
	"slices"
)

// Member reports whether an expression is an element of a collection, or lies in one: which
// of the elements that is, the program decides as it runs.
//
//	h.exec  // of for _, h := range m.handlers()
//	m.peers[id].conn
func (p *Program) Member(x ast.Expr) bool { return p.member(x, maxDepth) }

func (p *Program) member(x ast.Expr, depth int) bool {
	switch x := located(x).(type) {
	case *ast.IndexExpr:
		return !p.info.Types[x.X].IsType() && Collects(p.TypeOf(x.X))
	case *ast.SelectorExpr:
		return p.info.Selections[x] != nil && p.member(x.X, depth)
	case *ast.TypeAssertExpr:
		return p.member(x.X, depth)
	case *ast.Ident:
		v := p.Variable(x)
		if v == nil || v.Kind() != types.LocalVar || depth == 0 {
			return false
		}
		return slices.ContainsFunc(p.everywhere().flows[v], func(f flow) bool {
			return f.how == element || f.how == assigned && f.result <= 0 && p.member(f.value, depth-1)
		})
	}
	return false
}
