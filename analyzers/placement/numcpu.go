package placement

import (
	"go/ast"
	"slices"
)

// This file finds numbers of workers that are taken from NumCPU.

// addNumCPU adds a call of NumCPU as the size of something, once.
func (p *placer) addNumCPU(call ast.Expr, of string) {
	if slices.ContainsFunc(p.res.Sizes, func(s *Size) bool { return s.Expr == call }) {
		return
	}
	p.res.Sizes = append(p.res.Sizes, &Size{Expr: call, Of: of, NumCPU: true})
}
