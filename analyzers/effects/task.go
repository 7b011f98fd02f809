package effects

import (
	"go/ast"
	"go/types"
	"slices"

	"github.com/concurlint/concurlint/analyzers/program"
)

// GoCall stands for the called function itself where an argument position is
// wanted: the task of a go statement.
const GoCall = -2

// HasParam reports whether v is a parameter or the receiver of f.
func (f *Func) HasParam(v *types.Var) bool {
	_, ok := f.Param(v)
	return ok
}

// Uses returns what fn does with its function and interface arguments.
func (r *Result) Uses(fn *types.Func) []Use {
	if r.p == nil || fn == nil {
		return nil
	}
	if f := r.p.decls[fn]; f != nil {
		return r.OwnUses(f)
	}
	k := r.p.known(fn)
	if k == nil {
		return nil
	}
	if k.effect != nil {
		var list []Use
		for _, c := range k.effect.Calls {
			list = append(list, Use{Arg: c.Arg, Each: c.Each, Goes: c.Goes, Again: retries(k.effect), Certainty: Usually})
		}
		for _, i := range k.effect.IO {
			if i >= 0 && i < fn.Signature().Params().Len() {
				list = append(list, Use{Arg: i, Method: streamMethod(fn.Signature().Params().At(i).Type()), Certainty: Usually})
			}
		}
		return list
	}
	if k.summary != nil {
		return k.summary.Uses
	}
	return nil
}

// streamMethod is what moves the data of a stream of a type: Read where it has one.
func streamMethod(t types.Type) string {
	if obj, _, _ := types.LookupFieldOrMethod(t, true, nil, "Read"); obj != nil {
		return "Read"
	}
	return "Write"
}

// OwnUses returns what a function of this package, be it a literal, does with those of its
// own arguments.
func (r *Result) OwnUses(f *Func) (own []Use) {
	for _, u := range f.Summary.Uses {
		if u.owner == f {
			u.Awaited, u.Again = u.Awaited || r.p.awaited(u), r.p.again(u)
			u.Late = u.Late || r.p.takesLate(u)
			own = append(own, u)
		}
	}
	return own
}

// Captured returns the parameters of the functions around a literal that it calls before it
// returns.
func (r *Result) Captured(lit *Func) (list []*types.Var) {
	if lit == nil {
		return nil
	}
	for _, u := range lit.Summary.Uses {
		if u.owner == nil || u.owner == lit || u.Goes || u.Method != "" || u.Certainty < Missed {
			continue
		}
		for _, p := range u.owner.params {
			if p.n == u.Arg {
				list = append(list, p.obj)
			}
		}
	}
	return list
}

// Task returns what a task does: the call of a go statement, or argument arg
// of a submitting call; and whether it is an endless worker. Chains start in f.
func (r *Result) Task(f *Func, op *Op, arg int) ([]Effect, bool) {
	p := r.p
	direct := *op
	direct.Spawned, direct.Certainty, direct.Sure, direct.Loop, direct.Deferred = nil, Always, Always, nil, false
	ev := &evaluator{p: p, fn: f, op: &direct}
	if arg == GoCall {
		if op.call == nil {
			return nil, false
		}
		ev.call(op.call)
		r.taskMore(ev, f, op, arg)
		return condense(ev.effects), p.endless(&Func{Ops: []*Op{&direct}})
	}
	c := op.call.expr
	if arg >= len(c.Args) {
		return nil, false
	}
	endless := false
	for _, t := range p.funcTargets(f, c.Args[arg], 0) {
		// The task takes no arguments that are known here.
		ev.target(t, &call{expr: &ast.CallExpr{Fun: c.Args[arg], Lparen: c.Args[arg].Pos(), Rparen: c.Args[arg].End()}, recv: t.Recv}, Use{Certainty: Always})
		endless = endless || t.Func != nil && t.Func.Summary.Endless || t.Obj != nil && p.endlessFunc(t.Obj, &call{fn: t.Obj, iface: isInterfaceMethod(t.Obj)})
	}
	r.taskMore(ev, f, op, arg)
	return condense(ev.effects), endless
}

// taskMore adds what the evaluator leaves to callers: the callbacks that the
// task runs, and the computing of the functions that it consists of.
func (r *Result) taskMore(ev *evaluator, f *Func, op *Op, arg int) {
	for _, u := range ev.uses {
		if u.Method == "" && !u.Goes && u.Certainty >= Usually && len(u.chain) > 0 {
			merge(&ev.effects, Effect{Kind: Dynamic, Certainty: u.Certainty, Flags: Given, Root: RootNone, Chain: u.chain})
		}
	}
	for _, g := range r.TaskFuncs(f, op, arg) {
		if g.Lit == nil {
			continue // evaluated as it is
		}
		// As far from the task as what the evaluator finds in the literal: who is nearer
		// tells what the task is about.
		in := r.p.frame(g.Lit.Pos(), ev.name(Target{Func: g}))
		for _, o := range g.Ops {
			fn := o.Callee()
			if o.Certainty < Usually || o.Spawned != nil || fn == nil {
				continue
			}
			if e := o.Effect(Dynamic); e != nil && e.Is(Hint) && e.Certainty >= Usually {
				merge(&ev.effects, *e) // an interface method is what the task is about
			}
			if e := r.Summary(fn).Effect(CPU); e != nil && e.Certainty >= Usually {
				out := *e
				out.Chain = lead(in, lead(r.p.frame(o.Node.Pos(), DisplayName(fn, r.p.types)), e.Chain))
				merge(&ev.effects, out)
			}
		}
	}
}

// Callees returns the functions of this package that an op of f calls: the declared one,
// those that a variable may hold, and what implements the method of an interface of this
// package, if that is but one and nobody outside can give another. Which of several it
// is, the call does not say.
func (r *Result) Callees(f *Func, op *Op) []*Func {
	list := r.TaskFuncs(f, op, GoCall)
	if c := op.call; c != nil && c.iface {
		impls := r.p.implementations(c.fn)
		if len(impls) == 0 && r.p.inSight(c.recv) {
			impls = r.p.candidates(c.fn)
		}
		if len(impls) == 1 {
			list = append(list, impls...)
		}
	}
	return list
}

// inSight reports whether all that an expression can be is made in this package.
func (p *pkg) inSight(e ast.Expr) bool {
	values := p.prog.Values(e)
	return len(values) > 0 && !slices.ContainsFunc(values, func(v program.Value) bool {
		return v.From != nil || types.IsInterface(p.prog.TypeOf(v.Expr))
	})
}

// TaskFuncs returns the functions of this package that the task runs first.
func (r *Result) TaskFuncs(f *Func, op *Op, arg int) []*Func {
	var list []*Func
	targets := []Target(nil)
	if arg == GoCall {
		if op.call == nil {
			return nil
		}
		targets = op.call.targets
		if g := r.Func(op.call.fn); g != nil {
			list = append(list, g)
		}
	} else if arg < len(op.call.expr.Args) {
		targets = r.p.funcTargets(f, op.call.expr.Args[arg], 0)
	}
	for _, t := range targets {
		if t.Func != nil {
			list = append(list, t.Func)
		} else if g := r.Func(t.Obj); g != nil {
			list = append(list, g)
		}
	}
	return list
}

// Invocation returns the call that runs the literal f in place: its parent
// function, the op of the call that it is an argument or the callee of, and
// whether it runs once per element. The op is nil for a literal that is stored,
// returned or started on another goroutine.
func (r *Result) Invocation(f *Func) (parent *Func, op *Op, each bool) {
	if f.Parent == nil {
		return nil, nil, false
	}
	for _, op := range f.Parent.Ops {
		c := op.call
		if c == nil || op.Spawned != nil {
			continue
		}
		if ast.Unparen(c.expr.Fun) == f.Lit {
			return f.Parent, op, false
		}
		for i, a := range c.expr.Args {
			if ast.Unparen(a) != f.Lit {
				continue
			}
			runs, each := r.runsArg(c, i)
			if !runs {
				return f.Parent, nil, false
			}
			return f.Parent, op, each
		}
	}
	return f.Parent, nil, false
}

// runsArg reports whether a call runs its function argument i before it
// returns, and whether once per element.
func (r *Result) runsArg(c *call, i int) (runs, each bool) {
	if c.fn == nil {
		return false, false
	}
	for _, u := range r.Uses(c.fn) {
		if u.Arg == i && u.Method == "" {
			return !u.Goes, u.Each
		}
	}
	return false, false
}

// Each returns the positions of the function arguments that a call runs in
// place, once for each of many things: fs.WalkDir, an iteration helper, a visitor.
func (r *Result) Each(op *Op) (args []int) {
	if op.call == nil || op.Spawned != nil || op.Deferred {
		return nil
	}
	for i, a := range op.call.expr.Args {
		t := r.p.prog.TypeOf(a)
		if t == nil {
			continue
		}
		if _, isFunc := t.Underlying().(*types.Signature); !isFunc {
			continue
		}
		if runs, each := r.runsArg(op.call, i); runs && each {
			args = append(args, i)
		}
	}
	return args
}
