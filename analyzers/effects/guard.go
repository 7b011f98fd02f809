package effects

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
)

// This file follows effects that depend on a boolean parameter: flush(false)
// does not write.

// A Guard says on which boolean parameter an effect depends: n+1, it happens
// only if parameter n is true; -(n+1), only if it is false; 0, on none.
type Guard int8

// maxGuard is how many parameters a fact can tell apart.
const maxGuard = 15

// bits is the guard as a fact holds it, in six bits.
func (g Guard) bits() byte {
	if g < 0 {
		return byte(-g)<<1 | 1
	}
	return byte(g) << 1
}

func guardFrom(bits byte) Guard {
	g := Guard(bits >> 1)
	if bits&1 != 0 {
		return -g
	}
	return g
}

// or returns the guard, or h where there is none.
func (g Guard) or(h Guard) Guard {
	if g != 0 {
		return g
	}
	return h
}

// given returns the guard of what runs only if cond is true.
func (w *walker) given(cond ast.Expr) Guard {
	switch x := ast.Unparen(cond).(type) {
	case *ast.Ident:
		return w.guardOn(x)
	case *ast.UnaryExpr:
		if x.Op == token.NOT {
			return w.otherwise(x.X)
		}
	case *ast.BinaryExpr:
		if x.Op != token.LAND {
			return 0
		}
		return w.given(x.X).or(w.given(x.Y))
	}
	return 0
}

// otherwise returns the guard of what runs only if cond is false.
func (w *walker) otherwise(cond ast.Expr) Guard {
	switch x := ast.Unparen(cond).(type) {
	case *ast.Ident:
		return -w.guardOn(x)
	case *ast.UnaryExpr:
		if x.Op == token.NOT {
			return w.given(x.X)
		}
	case *ast.BinaryExpr:
		if x.Op != token.LOR {
			return 0
		}
		return w.otherwise(x.X).or(w.otherwise(x.Y))
	}
	return 0
}

func (w *walker) guardOn(id *ast.Ident) Guard {
	v, ok := w.p.info.Uses[id].(*types.Var)
	if !ok {
		return 0
	}
	n, ok := w.fn.Param(v)
	if !ok || n < 0 || n >= maxGuard {
		return 0
	}
	return Guard(n + 1)
}

// guarded runs f with the guard g, if that is one.
func (w *walker) guarded(g Guard, f func()) {
	saved := w.guard
	w.guard = g.or(saved)
	f()
	w.guard = saved
}

// guardOf returns the guard of an op, none where the parameter is set again.
func (p *pkg) guardOf(fn *Func, op *Op) Guard {
	if op.Guard == 0 {
		return 0
	}
	for _, param := range fn.params {
		if param.n == op.Guard.param() && p.changed[param.obj] {
			return 0
		}
	}
	return op.Guard
}

// param is the position of the parameter that the guard is on.
func (g Guard) param() int { return int(max(g, -g)) - 1 }

// passes reports whether the effect of a callee happens in this call of it, and
// gives it the guard that it has for the caller.
func (ev *evaluator) passes(e *Effect, c *call) bool {
	own := ev.p.guardOf(ev.fn, ev.op)
	if e.Guard == 0 {
		e.Guard = own
		return true
	}
	on, n := e.Guard > 0, e.Guard.param()
	e.Guard = own
	if n >= len(c.expr.Args) || c.expr.Ellipsis.IsValid() {
		return true
	}
	arg := c.expr.Args[n]
	if value, known := ev.p.truth(arg); known {
		return value == on
	}
	w := walker{p: ev.p, fn: ev.fn}
	passed := w.given(arg)
	if !on {
		passed = w.otherwise(arg)
	}
	e.Guard = ev.p.guardOf(ev.fn, &Op{Guard: own.or(passed)})
	return true
}

// truth is the value of a constant condition.
func (p *pkg) truth(e ast.Expr) (value, known bool) {
	tv := p.info.Types[e]
	if tv.Value == nil || tv.Value.Kind() != constant.Bool {
		return false, false
	}
	return constant.BoolVal(tv.Value), true
}

// RulesOut reports whether a call of f gives it a constant by which op, of f, does not run.
func (r *Result) RulesOut(c *ast.CallExpr, f *Func, op *Op) bool {
	g := r.p.guardOf(f, op)
	if g == 0 || g.param() >= len(c.Args) || c.Ellipsis.IsValid() {
		return false
	}
	value, known := r.p.truth(c.Args[g.param()])
	return known && value != (g > 0)
}
