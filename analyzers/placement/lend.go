package placement

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"github.com/concurlint/concurlint/analyzers/effects"
	"github.com/concurlint/concurlint/analyzers/program"
)

// This file finds what runs under a lock because a function of the package is given it,
// which takes the lock and calls it:
//
//	under(&c.mu, func() { c.n++ })
//	c.locked(c.flush)

// A loan is a region in which a function calls one of its parameters.
type loan struct {
	region *Region
	arg    int
}

// lends adds the regions that such functions open for their callers. Their own regions
// have been found.
func (p *placer) lends() {
	loans := make(map[*effects.Func][]loan)
	for _, r := range p.res.Regions {
		f := r.Func
		if f.Decl == nil || r.Lock == nil || r.Sometimes {
			continue
		}
		for _, h := range r.Held {
			if i, ok := p.callsParam(f, h.Op); ok && !slices.Contains(loans[f], loan{r, i}) {
				loans[f], r.Lends = append(loans[f], loan{r, i}), true
			}
		}
	}
	for _, f := range p.fx.Funcs() {
		for _, op := range f.Ops {
			switch g := p.fx.Func(op.Callee()); {
			case op.Spawned != nil || op.Callee() == nil:
			case g == nil:
				p.lendAbroad(f, op)
			default:
				for _, l := range loans[g] {
					if r := p.lentTo(f, op, g, l); r != nil {
						p.lend(r, g.Obj, l.arg)
					}
				}
			}
		}
	}
}

// lendAbroad adds the regions of a call of another package's function, which takes the lock
// that it is given and calls what it is given.
func (p *placer) lendAbroad(f *effects.Func, op *effects.Op) {
	s := p.fx.Summary(op.Callee())
	if s == nil || s.Lock.Verb() != effects.LockAround && s.Lock.Verb() != effects.LockRAround {
		return
	}
	for _, u := range s.Uses {
		if u.Method != "" || u.Goes || u.Arg < 0 {
			continue
		}
		r := &Region{Func: f, Acquire: op, Read: s.Lock.Verb() == effects.LockRAround, Until: op.Node.End()}
		if p.lockedBy(r, s.Lock.Of(op.Node.(*ast.CallExpr))) {
			p.lend(r, op.Callee(), u.Arg)
		}
	}
}

// callsParam returns the position of the parameter of f that an op calls on the main path.
func (p *placer) callsParam(f *effects.Func, op *effects.Op) (int, bool) {
	c, ok := op.Node.(*ast.CallExpr)
	if !ok || op.Callee() != nil || op.Certainty < effects.Missed {
		return 0, false
	}
	v := p.fx.Variable(c.Fun)
	if v == nil {
		return 0, false
	}
	i, ok := f.Param(v)
	return i, ok && i >= 0
}

// lend adds a region of one call for all that it is given as an argument of fn. A literal
// runs under the lock; of what else is given, the function alone is told: the call may do
// more, before and after.
func (p *placer) lend(region *Region, fn *types.Func, arg int) {
	for _, a := range program.Arguments(fn, arg, region.Acquire.Node.(*ast.CallExpr)) {
		r := *region
		if inner := p.literal(r.Func, a); inner != nil {
			r.Func, r.Until = inner, inner.Lit.Body.End()
			for _, o := range inner.Ops {
				if o.Spawned == nil {
					r.Held = append(r.Held, Held{o})
				}
			}
		} else {
			r.Lent = a
		}
		p.res.Regions = append(p.res.Regions, &r)
	}
}

// literal returns the literal that an expression of f stands for, or nil for what is not
// one alone.
func (p *placer) literal(f *effects.Func, e ast.Expr) *effects.Func {
	list := p.fx.Targets(f, e)
	if len(list) != 1 || list[0].Func == nil {
		return nil
	}
	if g := list[0].Func; g.Lit != nil {
		return g
	}
	return nil
}

// lentTo is the region with the mutex as the caller has it: it reaches the callee as an
// argument, by its receiver, or is a package variable. It is nil for one that it reaches
// otherwise.
func (p *placer) lentTo(f *effects.Func, op *effects.Op, g *effects.Func, l loan) *Region {
	c := op.Node.(*ast.CallExpr)
	r := &Region{Func: f, Acquire: op, Lock: l.region.Lock, Key: l.region.Key, Owner: l.region.Owner, Read: l.region.Read, Until: c.End()}
	if r.Lock.Parent() == r.Lock.Pkg().Scope() {
		return r
	}
	if i, ok := g.Param(r.Lock); ok && i >= 0 && i < len(c.Args) {
		x := c.Args[i]
		if u, ok := ast.Unparen(x).(*ast.UnaryExpr); ok && u.Op == token.AND {
			x = u.X
		}
		if !p.lockedBy(r, x) {
			return nil
		}
		return r
	}
	recv := g.Obj.Signature().Recv()
	if recv == nil || !r.Lock.IsField() || recv.Name() == "" {
		return nil
	}
	rest, ok := strings.CutPrefix(r.Key, recv.Name())
	if !ok || rest != "" && rest[0] != '.' {
		return nil
	}
	of := types.ExprString(receiver(c))
	r.Key, r.Owner = of+rest, of+strings.TrimPrefix(r.Owner, recv.Name())
	return r
}

// lockedBy makes x the mutex of a region, and reports whether it is known which that is.
func (p *placer) lockedBy(r *Region, x ast.Expr) bool {
	r.Lock, r.Key = p.fx.Variable(x), types.ExprString(x)
	if r.Owner = r.Key; r.Lock == nil {
		return false
	}
	if sel, ok := ast.Unparen(x).(*ast.SelectorExpr); ok {
		r.Owner = types.ExprString(sel.X)
	}
	r.Local = p.ofOneCall(r.Func, r.Lock)
	return true
}
