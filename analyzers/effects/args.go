package effects

import (
	"go/ast"
	"go/types"

	"github.com/concurlint/concurlint/analyzers/program"
)

// passOn carries a use of an enclosing function's argument outwards.
func (ev *evaluator) passOn(use *Use, u Use, goes bool) {
	out := *use
	out.Certainty = min(use.Certainty, u.Certainty, ev.op.Certainty)
	out.Each = use.Each || u.Each || ev.inLoop()
	out.Again, out.tries = use.Again || u.Again, use.tries.or(ev)
	if use.tries.loop == nil && u.tries.loop != nil {
		out.tries = u.tries
	}
	out.Goes = use.Goes || goes
	if goes && !use.Goes { // a loop inside the goroutine makes no more of them
		out.Over, out.start, out.at = ev.over(use.owner), ev.op, ev.fn
		out.Each = u.Each || out.Over > 0 || ev.op.Loop != nil && ev.p.perElement(ev.op.Loop)
	}
	out.Limited = use.Limited || out.Goes && ev.limitedBefore(out.Over)
	ev.addUse(out)
}

func (ev *evaluator) addUse(u Use) {
	if u.Goes && !u.Limited {
		u.Limited = ev.limitedBefore(u.Over)
	}
	for i := range ev.uses {
		if o := &ev.uses[i]; o.owner == u.owner && o.Arg == u.Arg && o.Method == u.Method && o.Goes == u.Goes {
			o.Certainty, o.Each, o.Local = max(o.Certainty, u.Certainty), o.Each || u.Each, o.Local&u.Local
			o.Timed, o.Again = o.Timed && u.Timed, o.Again || u.Again
			return
		}
	}
	ev.uses = append(ev.uses, u)
}

// limitedBefore reports whether something that can wait for a free place comes
// before the op in its function: a channel operation, a limiter, a wait. To receive what
// the loop around it is over, which a caller gives, is none. Likewise a timer that takes
// the place of the one before.
func (ev *evaluator) limitedBefore(over int) bool {
	if body := ev.fn.Body(); body != nil && ev.op.call != nil {
		if cuts := ev.p.prog.OneTimer(body, ev.op.Node); len(cuts) > 0 && !ev.p.prog.Flow(body).Enters(ev.op.Node, cuts) {
			return true
		}
	}
	for _, o := range ev.fn.Ops {
		if o == ev.op {
			return false
		}
		if over > 0 && ev.op.Loop != nil && o.Node == ev.op.Loop.Node {
			continue
		}
		for i := range o.Effects {
			if k := o.Effects[i].Kind; k == Chan || k == Wait {
				return true
			}
		}
		if o.call != nil && o.call.fn != nil {
			if k := ev.p.known(o.call.fn); k != nil && k.limiter != "" {
				return true
			}
		}
	}
	return false
}

// argument applies what a callee does with one of its arguments.
func (ev *evaluator) argument(use *Use, name string, c *call, recv ast.Expr, u Use, goes bool) {
	arg := recv
	if use.Arg >= 0 {
		if use.Arg >= len(c.expr.Args) {
			return
		}
		arg = c.expr.Args[use.Arg]
	}
	if arg == nil {
		return
	}
	how := Use{Certainty: min(use.Certainty, u.Certainty), Each: use.Each || u.Each, Goes: use.Goes || goes, Limited: use.Limited, Awaited: use.Awaited, Local: use.Local, Timed: use.Timed, Again: use.Again || u.Again, tries: use.tries, start: use.start, at: use.at}
	if use.Method != "" {
		ev.method(arg, use.Method, name, c, how)
		return
	}
	if types.IsInterface(ev.p.prog.TypeOf(arg)) && !how.Goes { // http.HandlerFunc behind an http.Handler
		ev.add(Effect{Kind: Dynamic, Certainty: how.Certainty, Root: RootNone}, c.expr.Pos(), "calls "+types.ExprString(arg)+", which is not known here")
		return
	}
	for _, t := range ev.p.funcTargets(ev.fn, arg, 0) {
		ev.target(t, unseen(c, t), how)
	}
}

// unseen is the call that a callee makes of a function value it was given at
// c: its arguments are out of sight.
func unseen(c *call, t Target) *call {
	return &call{expr: &ast.CallExpr{Fun: c.expr.Fun, Lparen: c.expr.Lparen, Rparen: c.expr.Rparen}, recv: t.Recv}
}

// method applies a callee's call of a method of the argument.
func (ev *evaluator) method(arg ast.Expr, method, name string, c *call, how Use) {
	for _, cr := range ev.p.carriers(ev.fn, arg, 0) {
		how := cr.or(how)
		if cr.use != nil && !ev.p.told(cr.typ, method) {
			use := *cr.use
			use.Method, use.Certainty, use.Each, use.Goes, use.Local = method, min(how.Certainty, ev.op.Certainty), how.Each || ev.inLoop(), how.Goes, how.Local
			use.Timed = how.Timed
			ev.addUse(use)
			continue
		}
		if !how.Goes && (cr.eff == nil || !dropsRest(ev.p.prog.TypeOf(arg), method)) {
			ev.carrier(cr, []string{method}, name, c, how)
		}
	}
}

// over returns the argument of the owner that the loop around the op goes over, receives
// from or counts up to, plus one; 0 if it is none.
func (ev *evaluator) over(owner *Func) int {
	if ev.op.Loop == nil || owner == nil {
		return 0
	}
	bound := ev.op.Loop.channel(ev.p)
	if bound == nil {
		c, ok := ev.p.prog.Iterations(ev.op.Loop.Node, program.Declaration)
		if !ok {
			return 0
		}
		bound = c.Bound
	}
	if n, ok := ast.Unparen(bound).(*ast.CallExpr); ok && calledName(n) == "len" && len(n.Args) == 1 {
		bound = n.Args[0]
	}
	if n, ok := owner.Param(ev.p.prog.Variable(bound)); ok {
		return n + 1
	}
	return 0
}

// channel returns the channel that a loop receives from in each turn, or nil.
func (l *Loop) channel(p *pkg) ast.Expr {
	r, ok := l.Node.(*ast.RangeStmt)
	if !ok {
		return nil
	}
	if _, ok := p.prog.TypeOf(r.X).Underlying().(*types.Chan); !ok {
		return nil
	}
	return r.X
}
