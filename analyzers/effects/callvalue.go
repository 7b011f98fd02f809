package effects

import (
	"go/ast"
	"go/types"
	"slices"
)

// This file evaluates calls of function values of which not all are in sight.

// join adds what the known targets do of a call that may have others. What only some
// of them do happens sometimes; those that do nothing at all, as a default that is
// there to be replaced, have no say.
func (ev *evaluator) join(c *call) {
	var done []*evaluator
	for _, t := range c.targets {
		if one := (&evaluator{p: ev.p, fn: ev.fn, op: ev.op}); !t.unknown() && !t.idle() {
			one.target(t, c, Use{Certainty: Usually})
			done = append(done, one)
		}
	}
	for _, one := range done {
		for _, e := range one.effects {
			lacks := func(other *evaluator) bool { return leading(other.effects, e.Kind) == nil }
			if slices.ContainsFunc(done, lacks) {
				e.Certainty = min(e.Certainty, Missed)
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
// is given the value that is made from them: a functional option, which sets a field of it.
//
//	func New(name string, opts ...Option) *Server { …; for _, o := range opts { o(s) }; … }
func (ev *evaluator) option(c *call, sig *types.Signature) bool {
	if ev.op.Loop == nil || ev.fn.Obj == nil || sig.Params().Len() != 1 || sig.Results().Len() > 1 || sig.Results().Len() == 1 && !isError(sig.Results().At(0).Type()) {
		return false
	}
	if _, ptr := sig.Params().At(0).Type().Underlying().(*types.Pointer); !ptr {
		return false
	}
	of := ev.fn.Obj.Signature()
	s, ok := ev.op.Loop.Node.(*ast.RangeStmt)
	return ok && of.Variadic() && s.Value != nil && ev.p.prog.Variable(s.Value) == ev.p.prog.Variable(c.expr.Fun) &&
		ev.p.prog.Variable(s.X) == of.Params().At(of.Params().Len()-1)
}

// cancels reports whether functions of the type end a context, which waits for nobody.
func cancels(t types.Type) bool {
	n := named(t)
	return n != nil && n.Obj().Pkg() != nil && n.Obj().Pkg().Path() == "context"
}
