package placement

import (
	"go/ast"
	"go/token"
	"go/types"
	"maps"

	"github.com/concurlint/concurlint/analyzers/effects"
	"github.com/concurlint/concurlint/analyzers/program"
)

// This file finds the two ends of a hold in helpers that are given what they hold:
//
//	if err := r.enter(ctx, r.limit); err != nil { return err }
//	go func() { work(); r.leave(r.limit) }()
//
// The last end need not be deferred, so the order counts: who calls before the work,
// or with the outcome of it, tells somebody something.

// entersFor reports whether a call of a function of this package takes a place on
// something that the task of the site gives back.
func (p *placer) entersFor(s *Site, op *effects.Op, c *ast.CallExpr) bool {
	g := p.fx.Func(op.Callee())
	if g == nil || g.Body() == nil {
		return false
	}
	from := p.newExchange()
	from.bind(g, c)
	for _, o := range g.Ops {
		inner, ok := o.Node.(*ast.CallExpr)
		if !ok || !mayRefuse(o.Callee()) {
			continue
		}
		v := from.variable(receiver(inner))
		if v != nil && p.always(g, inner) && p.leaves(s, v, o.Callee()) {
			return true
		}
	}
	return false
}

// always reports whether each way through a function passes a call of a method, but
// for where there is nothing to call it on.
func (p *placer) always(g *effects.Func, c *ast.CallExpr) bool {
	cuts, on := []ast.Node{c}, p.shared(receiver(c))
	ast.Inspect(g.Body(), func(n ast.Node) bool {
		if s, ok := n.(*ast.IfStmt); ok && len(s.Body.List) > 0 {
			if v, isNil := p.nilTest(s.Cond); isNil && v == on {
				cuts = append(cuts, s.Body.List[0])
			}
		}
		return true
	})
	return !p.prog.Flow(g.Body()).Crosses(cuts)
}

// nilTest returns the variable that a condition compares with nil, and whether it
// holds if that is nil.
func (p *placer) nilTest(cond ast.Expr) (*types.Var, bool) {
	b, ok := program.Condition(p.info, cond).(*ast.BinaryExpr)
	if !ok || b.Op != token.EQL && b.Op != token.NEQ || !p.info.Types[b.Y].IsNil() {
		return nil, false
	}
	return p.shared(b.X), b.Op == token.EQL
}

// leaves reports whether the task of a site, on each way through it and behind all
// that it waits for, calls another method of the variable.
func (p *placer) leaves(s *Site, v *types.Var, first *types.Func) bool {
	x := p.exchange(s)
	task, _ := p.task(s)
	for _, f := range task {
		if f.Body() == nil {
			continue
		}
		var ends, work []ast.Node
		for _, o := range f.Ops {
			c, ok := o.Node.(*ast.CallExpr)
			switch {
			case ok && p.endOf(x, o, c, v, first):
				if o.Deferred { // behind everything, whatever the order
					return true
				}
				ends = append(ends, c)
			case waitsForOthers(o):
				work = append(work, o.Node)
			}
		}
		if len(work) > 0 && len(ends) > 0 && p.endsAll(f, work, ends) {
			return true
		}
	}
	return false
}

// endsAll reports whether no way through the function goes round the ends: from the
// work, as a place given back before it bounds nothing, nor from the start, as a
// way that keeps its place would stop the spawner for good.
func (p *placer) endsAll(f *effects.Func, work, ends []ast.Node) bool {
	flow := p.prog.Flow(f.Body())
	for _, n := range work {
		if flow.Leaves(n, ends) {
			return false
		}
	}
	return !flow.Crosses(ends)
}

// waitsForOthers reports whether an op is what a place may be held for. What is not
// known may be that, too.
func waitsForOthers(o *effects.Op) bool {
	for _, e := range o.Effects {
		if e.Kind.IO() || e.Kind == effects.Dynamic {
			return true
		}
	}
	return false
}

// endOf reports whether a call of a task, or of the function that it calls, is one
// of another method of the variable than first, with no result and nothing to say.
func (p *placer) endOf(x *exchange, o *effects.Op, c *ast.CallExpr, v *types.Var, first *types.Func) bool {
	if p.silent(x, o.Callee(), c, v, first) {
		return true
	}
	g := p.fx.Func(o.Callee())
	if g == nil || g.Body() == nil {
		return false
	}
	in := p.newExchange()
	in.same = maps.Clone(x.same) // what the task was given, it may hand on
	in.bind(g, c)
	for _, inner := range g.Ops {
		if last, ok := inner.Node.(*ast.CallExpr); ok && p.silent(in, inner.Callee(), last, v, first) {
			return true
		}
	}
	return false
}

// silent reports whether a call is of another method of the variable than first, is
// answered nothing and is given constants: how many places, but never an outcome.
func (p *placer) silent(x *exchange, fn *types.Func, c *ast.CallExpr, v *types.Var, first *types.Func) bool {
	if fn == nil || fn == first || fn.Signature().Results().Len() > 0 || x.variable(receiver(c)) != v {
		return false
	}
	for _, a := range c.Args {
		if p.info.Types[a].Value == nil {
			return false
		}
	}
	return true
}
