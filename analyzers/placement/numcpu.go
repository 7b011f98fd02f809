package placement

import (
	"go/ast"
	"slices"
)

// This file finds numbers of workers that are taken from NumCPU.

// addNumCPU adds an expression as the size of something, once, with the calls of NumCPU by
// which it is and what it sizes.
func (p *placer) addNumCPU(e ast.Expr, of string, calls []*ast.CallExpr, sizes ast.Expr) {
	if i := slices.IndexFunc(p.res.Sizes, func(s *Size) bool { return s.Expr == e }); i >= 0 {
		p.res.Sizes[i].Sizes = append(p.res.Sizes[i].Sizes, sizes)
		return
	}
	p.res.Sizes = append(p.res.Sizes, &Size{Expr: e, Of: of, CPUs: true, NumCPU: calls, Sizes: []ast.Expr{sizes}})
}
