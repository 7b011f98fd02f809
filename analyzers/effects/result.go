package effects

import (
	"go/ast"
	"go/types"
	"sync"
	"time"

	"github.com/concurlint/concurlint/analyzers/bounds"
	"github.com/concurlint/concurlint/analyzers/knowledge"
	"github.com/concurlint/concurlint/analyzers/module"
	"github.com/concurlint/concurlint/analyzers/program"
)

// A Result is what the pass found out about one package. For packages of the
// standard library it is empty.
type Result struct {
	p    *pkg
	turn sync.Mutex // see InTurn
}

// Funcs returns the declarations and literals of the package in source order.
func (r *Result) Funcs() []*Func {
	if r.p == nil {
		return nil
	}
	return r.p.funcs
}

// Func returns the function of a declaration's object, or nil for one of
// another package.
func (r *Result) Func(fn *types.Func) *Func {
	if r.p == nil || fn == nil {
		return nil
	}
	return r.p.decls[fn.Origin()]
}

// Literal returns the function of a literal.
func (r *Result) Literal(lit *ast.FuncLit) *Func {
	if r.p == nil {
		return nil
	}
	return r.p.lits[lit]
}

// Summary returns the summary of a function of this or another package, or nil
// where nothing is known.
func (r *Result) Summary(fn *types.Func) *Summary {
	if f := r.Func(fn); f != nil {
		return &f.Summary
	}
	if r.p == nil || fn == nil {
		return nil
	}
	if k := r.p.known(fn.Origin()); k != nil {
		return k.summary
	}
	return nil
}

// Knowledge returns the knowledge the pass uses, nil for packages of the
// standard library.
func (r *Result) Knowledge() *knowledge.Base {
	if r.p == nil {
		return nil
	}
	return r.p.base
}

// Computes reports whether a function of the standard library is known to wait for
// nothing, and to ask nobody: knowledge names all there that do.
func (r *Result) Computes(fn *types.Func) bool {
	if r.p == nil || fn.Pkg() == nil || !module.Standard(fn.Pkg().Path()) || isInterfaceMethod(fn) {
		return false
	}
	k := r.p.known(fn)
	return k == nil || k.effect != nil && len(k.effect.Kinds)+len(k.effect.IO)+len(k.effect.Wraps)+len(k.effect.Calls) == 0
}

// Program returns the text of the package, nil for packages of the standard
// library.
func (r *Result) Program() *program.Program {
	if r.p == nil {
		return nil
	}
	return r.p.prog
}

// Targets returns the functions that a function-valued expression in f may
// stand for; none means unknown.
func (r *Result) Targets(f *Func, e ast.Expr) []Target { return r.p.funcTargets(f, e, 0) }

// Values returns the expressions assigned to v in this package, and whether
// those are all.
func (r *Result) Values(v *types.Var) ([]ast.Expr, bool) { return r.p.values(v) }

// Local follows a variable of fn that is set where it is defined, and never again, to what it
// is set to. Other expressions are themselves.
func (r *Result) Local(fn *Func, e ast.Expr) ast.Expr { return r.p.local(fn, e) }

// Variable returns the variable or field that e names, or nil.
func (r *Result) Variable(e ast.Expr) *types.Var { return r.p.prog.Variable(e) }

// Capacity returns the capacity of a channel expression where every make of it
// is known: -1 stands for a size that is not constant.
func (r *Result) Capacity(ch ast.Expr) (int64, bool) { return r.p.Capacity(ch) }

// Duration returns the constant time that e names.
func (r *Result) Duration(e ast.Expr) (time.Duration, bool) { return r.p.duration(e) }

// Limiter returns acquire, release, try or "" for a call.
func (r *Result) Limiter(fn *types.Func) string {
	if fn == nil || fn.Pkg() == nil {
		return ""
	}
	if k := r.p.known(fn); k != nil {
		return k.limiter
	}
	return ""
}

// Bounds returns the numbers that say how many tasks of the package run at once.
func (r *Result) Bounds() []bounds.Bound { return r.p.numbers() }

// Waits reports whether the loop's main path waits for something.
func (r *Result) Waits(f *Func, l *Loop) bool { return r.p.waits(f, l) }

func strongest(list []Effect) *Effect {
	var best *Effect
	for i := range list {
		if best == nil || list[i].Kind < best.Kind {
			best = &list[i]
		}
	}
	return best
}
