package effects

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
)

// This file evaluates calls of function values that may be one of several, or of which not all
// are in sight.

// join adds what the known targets do of a call that may have others, or several. What only some
// of them do happens sometimes; those that do nothing at all, as a default that is
// there to be replaced, have no say. A sleep in some of them tells of those alone, as
// of a fake disk that is as slow as it is asked to be: what the call is for, the others
// do without one.
func (ev *evaluator) join(c *call) {
	var done []*evaluator
	for _, t := range c.targets {
		if one := (&evaluator{p: ev.p, fn: ev.fn, op: ev.op}); !t.unknown() && !t.idle() {
			one.target(t, c, Use{Certainty: Usually})
			done = append(done, one)
		}
	}
	ev.oneOf(done)
}

// oneOf adds what several do of which only one runs, or is waited for.
func (ev *evaluator) oneOf(done []*evaluator) {
	for _, one := range done {
		for _, e := range one.effects {
			lacks := func(other *evaluator) bool { return leading(other.effects, e.Kind) == nil }
			if slices.ContainsFunc(done, lacks) {
				e.Certainty = min(e.Certainty, Missed)
				if e.Kind == Sleep {
					e.Certainty = Rarely
				}
			}
			merge(&ev.effects, e)
		}
		for _, u := range one.uses {
			ev.addUse(u)
		}
	}
}

// idle reports whether the target is a function that does nothing.
func (t Target) idle() bool { return t.Func != nil && len(t.Func.Ops) == 0 }

// unknown adds what is to be said of a call whose target is not in sight, or may be
// another than those that are.
func (ev *evaluator) unknown(c *call) {
	certainty := Always
	if len(c.targets) > 0 {
		certainty = Usually
	}
	sig, ok := ev.p.prog.TypeOf(c.expr.Fun).Underlying().(*types.Signature)
	if ok && ev.op.Spawned == nil && dials(sig) {
		ev.add(Effect{Kind: Net, Certainty: certainty, Root: RootNone, Bound: ev.ctxBound(c)}, c.expr.Pos(), types.ExprString(c.expr.Fun)+", which makes a connection")
		return
	}
	if ok && ev.option(c, sig) {
		return
	}
	ev.add(Effect{Kind: Dynamic, Certainty: certainty}, c.expr.Pos(), "calls "+types.ExprString(c.expr.Fun)+", which is not known here")
}

// option reports whether a call is of one of the functions that may follow the arguments, and
// is given the value that the function makes: a functional option, which sets a field of it.
//
//	func New(name string, opts ...Option) *Server { s := &Server{}; for _, o := range opts { o(s) }; … }
func (ev *evaluator) option(c *call, sig *types.Signature) bool {
	if sig.Params().Len() != 1 || len(c.expr.Args) != 1 || sig.Results().Len() > 1 || sig.Results().Len() == 1 && !isError(sig.Results().At(0).Type()) {
		return false
	}
	f := ev.p.prog.Variable(c.expr.Fun)
	return f != nil && ev.p.options(ev.fn, ev.op.Loop) == f && ev.makes(c.expr.Args[0])
}

// options returns the variable for one of the functions that may follow the arguments of fn
// in a loop over them, or nil.
func (p *pkg) options(fn *Func, l *Loop) *types.Var {
	if l == nil || fn.Obj == nil || !fn.Obj.Signature().Variadic() {
		return nil
	}
	s, ok := l.Node.(*ast.RangeStmt)
	if !ok || s.Value == nil {
		return nil
	}
	params := fn.Obj.Signature().Params()
	if over := p.prog.Variable(s.X); over == nil || over != params.At(params.Len()-1) {
		return nil
	}
	return p.prog.Variable(s.Value)
}

// takesOptions reports whether a loop goes over options, of which there are a few.
func (p *pkg) takesOptions(fn *Func, l *Loop) bool {
	f := p.options(fn, l)
	return f != nil && slices.ContainsFunc(fn.Ops[l.Ops:l.OpsEnd], func(op *Op) bool {
		return op.call != nil && p.prog.Variable(op.call.expr.Fun) == f
	})
}

// makes reports whether the function makes what an expression points to.
func (ev *evaluator) makes(e ast.Expr) bool {
	if u, ok := ast.Unparen(e).(*ast.UnaryExpr); ok && u.Op == token.AND {
		v := ev.p.prog.Variable(u.X)
		return v != nil && !v.IsField() && v.Parent() != ev.p.types.Scope() && !ev.fn.HasParam(v)
	}
	v := ev.p.prog.Variable(e)
	if v == nil || v.IsField() {
		return false
	}
	d := ev.p.defs[v]
	return d != nil && !d.unknown && len(d.values) > 0 && !slices.ContainsFunc(d.values, func(x ast.Expr) bool {
		switch x := ast.Unparen(x).(type) {
		case *ast.UnaryExpr:
			_, lit := ast.Unparen(x.X).(*ast.CompositeLit)
			return !lit
		case *ast.CallExpr:
			return ev.p.prog.Builtin(x) != "new"
		}
		return true
	})
}

// cancels reports whether functions of the type end a context, which waits for nobody.
func cancels(t types.Type) bool {
	n := named(t)
	return n != nil && n.Obj().Pkg() != nil && n.Obj().Pkg().Path() == "context"
}
