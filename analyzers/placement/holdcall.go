package placement

import (
	"go/ast"
	"go/types"
	"slices"

	"github.com/concurlint/concurlint/analyzers/effects"
)

// This file tells calls that hold a spawner back: semaphores, groups with a limit, locks that the task gives back.

// callHolds reports whether a call waits for a place: that of a known limiter, of
// a lock that the task gives back, of a function that waits for a channel or for
// others near to its own code, or of a method that the task ends with the
// counterpart of.
func (p *placer) callHolds(s *Site, f *effects.Func, op *effects.Op, c *ast.CallExpr) bool {
	fn := op.Callee()
	switch p.fx.Limiter(fn) {
	case "acquire", "try":
		return true
	case "release":
		return false
	}
	if p.acquires(fn) {
		return true
	}
	if verb, recv := p.lockVerb(op); verb != "" {
		done := p.exchange(s).called[p.shared(recv)]
		return verb == "lock" && done["Unlock"] && !done["Lock"]
	}
	if !paces(op) {
		return p.brackets(s, op, c) || p.entersFor(s, op, c)
	}
	return !p.takes(s, f, c) || p.handsBack(s, f, op, c)
}

// acquires reports whether a function of this package takes a place of a known
// limiter.
func (p *placer) acquires(fn *types.Func) bool {
	g := p.fx.Func(fn)
	return g != nil && slices.ContainsFunc(g.Ops, func(o *effects.Op) bool { return p.fx.Limiter(o.Callee()) == "acquire" })
}

// paces reports whether a call sends or waits on its main path, close to its
// own code: then it is what the loop is held up by.
func paces(op *effects.Op) bool {
	for _, k := range []effects.Kind{effects.Chan, effects.Wait} {
		if e := op.Effect(k); e != nil && e.Certainty >= effects.Usually && len(e.Chain) <= 3 && !e.Is(effects.Hint) {
			return true
		}
	}
	return false
}

// brackets reports whether the call and one that the task makes are the two ends
// of a hold on one value:
//
//	if err := room.Enter(ctx); err != nil { return err }
//	go func() { defer room.Leave(); … }()
//
// The first waits, or it is not known what it does and it can fail; the last gives
// nothing.
func (p *placer) brackets(s *Site, op *effects.Op, c *ast.CallExpr) bool {
	sel, ok := ast.Unparen(c.Fun).(*ast.SelectorExpr)
	if !ok || op.Callee() == nil {
		return false
	}
	waits := op.Effect(effects.Chan) != nil || op.Effect(effects.Wait) != nil
	if !waits && !mayRefuse(op.Callee()) {
		return false
	}
	v, x := p.shared(sel.X), p.exchange(s)
	if v == nil {
		return false
	}
	if !waits && p.givenEnd(s, v, op.Callee().Name()) {
		return true
	}
	for _, f := range x.funcs {
		for _, o := range f.Ops {
			last, ok := o.Node.(*ast.CallExpr)
			if !ok || !o.Deferred && !waits || o.Callee() == nil || o.Callee() == op.Callee() || o.Callee().Signature().Results().Len() > 0 {
				continue
			}
			if inner, ok := ast.Unparen(last.Fun).(*ast.SelectorExpr); ok && x.variable(inner.X) == v {
				return true
			}
		}
	}
	return false
}

// givenEnd reports whether a site gives its task a function to call when it is
// done, which calls another method of the variable.
func (p *placer) givenEnd(s *Site, v *types.Var, first string) bool {
	g, ok := s.Op.Node.(*ast.GoStmt)
	if !ok {
		return false
	}
	found := false
	for _, a := range g.Call.Args {
		lit, ok := ast.Unparen(a).(*ast.FuncLit)
		if !ok {
			continue
		}
		ast.Inspect(lit.Body, func(n ast.Node) bool {
			if x, ok := n.(*ast.ExprStmt); ok {
				if c, ok := x.X.(*ast.CallExpr); ok && calledName(c) != first && p.shared(receiver(c)) == v {
					found = true
				}
			}
			return !found
		})
	}
	return found
}

// mayRefuse reports whether it is not known what a function does, but that it can
// fail.
func mayRefuse(fn *types.Func) bool { return fn != nil && isInterface(fn) && fails(fn.Signature()) }

// fails reports whether all that a function says is if it worked.
func fails(sig *types.Signature) bool {
	if sig.Results().Len() != 1 {
		return false
	}
	t := sig.Results().At(0).Type()
	return types.Identical(t, types.Universe.Lookup("error").Type()) || types.Identical(t, types.Typ[types.Bool])
}

// handsBack reports whether the task gives what it gets from a call back to where
// the call gets it: it sends to the channel that the callee receives from, or
// gives the value to a method of the same variable.
func (p *placer) handsBack(s *Site, f *effects.Func, op *effects.Op, c *ast.CallExpr) bool {
	x := p.exchange(s)
	if g := p.fx.Func(op.Callee()); g != nil {
		from := p.newExchange()
		from.bind(g, c)
		from.follow(g, maxDepth-1)
		for v := range from.received {
			if x.sent[v] {
				return true
			}
		}
	}
	sel, ok := ast.Unparen(c.Fun).(*ast.SelectorExpr)
	if !ok {
		return false
	}
	v, values := p.shared(sel.X), p.derived(f, c)
	for _, g := range x.funcs {
		for _, o := range g.Ops {
			back, ok := o.Node.(*ast.CallExpr)
			if !ok || len(back.Args) != 1 || !p.mentions(back.Args[0], values) {
				continue
			}
			if inner, ok := ast.Unparen(back.Fun).(*ast.SelectorExpr); ok && v != nil && x.variable(inner.X) == v {
				return true
			}
		}
	}
	return false
}

// countTokens says how many tokens there are where the op takes one at a node of its
// own; nil is nowhere.
func (p *placer) countTokens(l *Limit, op *effects.Op, at ast.Node) {
	if at == nil {
		return
	}
	places, ok := p.prog.Places(at)
	if !ok {
		return
	}
	class, n := classOf(places.Number)
	if s, ok := op.Node.(*ast.SelectStmt); ok && class == Const && n == 1 && polls(s) {
		return // one of a kind at a time: who finds it running leaves it at that
	}
	l.Tokens, l.N, l.Cores, l.Usual, l.Expr = class, n, places.TimesCores(), places.UsuallyTimesCores(), places.Expr
}

func isInterface(fn *types.Func) bool {
	recv := fn.Signature().Recv()
	return recv != nil && types.IsInterface(recv.Type())
}
