package effects

import (
	"go/ast"
	"go/types"
)

// GoCall stands for the called function itself where an argument position is
// wanted: the task of a go statement.
const GoCall = -2

// HasParam reports whether v is a parameter or the receiver of f.
func (f *Func) HasParam(v *types.Var) bool {
	_, ok := f.params[v]
	return ok
}

// Uses returns what fn does with its function and interface arguments.
func (r *Result) Uses(fn *types.Func) []Use {
	if r.p == nil || fn == nil {
		return nil
	}
	if f := r.p.decls[fn]; f != nil {
		var own []Use
		for _, u := range f.Summary.Uses {
			if u.owner == f {
				own = append(own, u)
			}
		}
		return own
	}
	k := r.p.known(fn)
	if k == nil {
		return nil
	}
	if k.effect != nil {
		var list []Use
		for _, c := range k.effect.Calls {
			list = append(list, Use{Arg: c.Arg, Each: c.Each, Goes: c.Goes, Certainty: Usually})
		}
		return list
	}
	if k.summary != nil {
		return k.summary.Uses
	}
	return nil
}

// Task returns what a task does: the call of a go statement, or argument arg
// of a submitting call; and whether it is an endless worker. Chains start in f.
func (r *Result) Task(f *Func, op *Op, arg int) ([]Effect, bool) {
	p := r.p
	direct := *op
	direct.Spawned, direct.Certainty, direct.Loop, direct.Deferred = nil, Always, nil, false
	ev := &evaluator{p: p, fn: f, op: &direct}
	if arg == GoCall {
		if op.call == nil {
			return nil, false
		}
		ev.call(op.call)
		return ev.effects, p.endless(&Func{Ops: []*Op{&direct}})
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
	return ev.effects, endless
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
// returns, and whether once per element. A method named like an iteration is
// believed to be one when nothing else is known.
func (r *Result) runsArg(c *call, i int) (runs, each bool) {
	if c.fn == nil {
		return false, false
	}
	for _, u := range r.Uses(c.fn) {
		if u.Arg == i && u.Method == "" {
			return !u.Goes, u.Each || iterates(c.fn.Name())
		}
	}
	if iterates(c.fn.Name()) {
		return true, true
	}
	return false, false
}

// iterates reports whether a function's name says that it calls its argument
// for each of many things.
func iterates(name string) bool {
	for _, s := range []string{"Walk", "ForEach", "Each", "Iter", "Iterate", "Range", "Visit", "List", "Scan", "Ascend", "Descend", "Pages", "foreach", "walk", "iterate", "visit"} {
		if len(name) >= len(s) && (name[:len(s)] == s || name[len(name)-len(s):] == s) {
			return true
		}
	}
	return false
}
