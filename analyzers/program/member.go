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

// Opened reports whether an expression lies in what a call has given this function of which it
// was not sure that there would be any: what has just been opened, which nobody else has yet.
//
//	db, err := store.Open(path)
func (p *Program) Opened(x ast.Expr) bool {
	v := p.Root(x)
	if v == nil || v.Kind() != types.LocalVar {
		return false
	}
	flows := p.everywhere().flows[v]
	return len(flows) > 0 && !slices.ContainsFunc(flows, func(f flow) bool {
		if f.how == declared {
			return false
		}
		c, ok := f.value.(*ast.CallExpr)
		return !ok || f.how != assigned || !p.mayFail(c)
	})
}

// mayFail reports whether a call gives an error beside a result.
func (p *Program) mayFail(c *ast.CallExpr) bool {
	results, ok := p.TypeOf(c).(*types.Tuple)
	return ok && results.Len() > 1 && types.Identical(results.At(results.Len()-1).Type(), types.Universe.Lookup("error").Type())
}
