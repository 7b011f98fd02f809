package placement

import (
	"go/ast"
	"go/types"
	"slices"

	"github.com/concurlint/concurlint/analyzers/effects"
)

// This file tells hand-overs, and tasks, of which one at a time gets past a flag or a count.

// alone returns the limit of a hand-over at op behind a flag that lets one through: a flag
// that is one for all turns of the loop or, in a function, for all its calls, as far as they
// are of one receiver.
func (p *placer) alone(s *Site, f *effects.Func, op *effects.Op, around ast.Node) (Limit, bool) {
	for _, v := range p.prog.Alone(around, f.Body(), op.Node, true) {
		l := Limit{Class: Semaphore}
		if n, isParam := f.Param(v); isParam && around == ast.Node(f.Body()) {
			if n >= 0 {
				continue // what each call is about
			}
			l.Owner = v
		}
		return l, true
	}
	return Limit{}, false
}

// turnsAway reports whether a function comes to an op for one at a time, by a flag of what
// one holds for; the others leave.
func (p *placer) turnsAway(f *effects.Func, op *effects.Op, one func(*types.Var) bool) bool {
	return slices.ContainsFunc(p.prog.Alone(f.Body(), f.Body(), op.Node, false), one)
}

// again reports whether a call of a method, which starts a task unless one of its receiver
// runs, is of the same receiver in each turn of a loop, or in
// each call of the function.
func (p *placer) again(s *Site, inner *Site, c *ast.CallExpr) bool {
	if inner.Limit.Owner == nil {
		return false
	}
	v := p.prog.Root(receiver(c))
	if v == nil || s.Trip.Loop != nil {
		return v != nil && outside(p, s, v)
	}
	n, isParam := s.Func.Param(v)
	return isParam && n < 0 || !isParam && (v.Pos() < s.Func.Body().Pos() || s.Func.Body().End() <= v.Pos())
}
