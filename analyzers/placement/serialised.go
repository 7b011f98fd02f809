package placement

import (
	"go/ast"
	"go/types"
	"slices"

	"github.com/concurlint/concurlint/analyzers/effects"
)

// serialised reports whether the tasks of a site wait one after the other: each
// takes one and the same lock around all that it waits for.
func (p *placer) serialised(s *Site) bool {
	task, call := p.task(s)
	if len(task) == 0 {
		return false
	}
	for _, f := range task {
		if !p.inTurn(f, func(v *types.Var) bool { return p.one(s, f, call, v) }, 0) {
			return false
		}
	}
	return true
}

// inTurn reports whether all that a function waits for is under a lock that is
// the same for all tasks. One that each call of the function declares is not.
func (p *placer) inTurn(f *effects.Func, one func(*types.Var) bool, depth int) bool {
	shared := func(v *types.Var) bool {
		return !(f.Body().Pos() <= v.Pos() && v.Pos() < f.Body().End()) && one(v)
	}
	some := false
	for _, op := range f.Ops {
		if op.Spawned != nil || !waits(op.Effects) {
			continue
		}
		some = true
		if slices.ContainsFunc(p.locked[f], func(r *Region) bool { return p.ofOne(r, shared) && r.holds(op) }) {
			continue
		}
		c, ok := op.Node.(*ast.CallExpr)
		called := p.fx.TaskFuncs(f, op, effects.GoCall)
		if !ok || len(called) != 1 || called[0].Body() == nil || depth == maxDepth {
			return false
		}
		if !p.inTurn(called[0], p.within(called[0], c, shared), depth+1) {
			return false
		}
	}
	return some
}

// within is one, seen from a function that a call runs: what its parameters are given, and
// what a literal has from around it.
func (p *placer) within(g *effects.Func, c *ast.CallExpr, one func(*types.Var) bool) func(*types.Var) bool {
	return func(v *types.Var) bool {
		n, isParam := g.Param(v)
		switch {
		case !isParam:
			return v.Parent() == p.pass.Pkg.Scope() || g.Lit != nil && one(v)
		case n >= len(c.Args):
			return false
		}
		arg := receiver(c)
		if n >= 0 {
			arg = c.Args[n]
		}
		w := p.prog.Root(arg)
		return w != nil && one(w)
	}
}

func (r *Region) holds(op *effects.Op) bool {
	return slices.ContainsFunc(r.Held, func(h Held) bool { return h.Op == op })
}

// ofOne reports whether the lock of a region belongs to one thing.
func (p *placer) ofOne(r *Region, one func(*types.Var) bool) bool {
	c, ok := r.Acquire.Node.(*ast.CallExpr)
	if !ok || r.Read {
		return false
	}
	v := p.prog.Root(receiver(c))
	return v != nil && one(v)
}

// one reports whether a variable, seen from the first function of a task, is the
// same for all tasks: declared outside of the loop that starts them.
func (p *placer) one(s *Site, f *effects.Func, call *ast.CallExpr, v *types.Var) bool {
	if n, isParam := f.Param(v); isParam {
		if call == nil || n >= len(call.Args) {
			return false
		}
		e := receiver(call)
		if n >= 0 {
			e = call.Args[n]
		}
		if v = p.prog.Root(e); v == nil {
			return false
		}
	}
	return outside(p, s, v)
}

// outside reports whether a variable is declared outside of the loop that starts the
// tasks of a site.
func outside(p *placer, s *Site, v *types.Var) bool {
	if l := s.Trip.Loop; l != nil {
		return v.Pos() < l.Node.Pos() || v.Pos() >= l.Node.End()
	}
	return v.Parent() == p.pass.Pkg.Scope()
}
