package effects

import (
	"go/ast"
	"go/types"

	"github.com/concurlint/concurlint/analyzers/module"
	"github.com/concurlint/concurlint/analyzers/program"
)

// resolve finds out what a call calls; nil for conversions, built-ins and
// calls that cannot have an effect.
func (p *pkg) resolve(fn *Func, c *ast.CallExpr) *call {
	r := &call{expr: c}
	switch f := p.instantiated(c.Fun).(type) {
	case *ast.FuncLit:
		r.targets = []Target{{Func: p.lits[f]}}
		return r
	case *ast.Ident:
		switch obj := p.info.Uses[f].(type) {
		case *types.Func:
			r.fn = obj.Origin()
			return r
		case *types.Var:
			p.pending = append(p.pending, pending{fn, r, false})
			return r
		}
		return nil
	case *ast.SelectorExpr:
		return p.resolveSelector(fn, r, f)
	case *ast.CallExpr:
		// recovering(func() { … })(): a wrapper runs what it wraps.
		for _, a := range f.Args {
			if lit, ok := ast.Unparen(a).(*ast.FuncLit); ok {
				r.targets = append(r.targets, Target{Func: p.lits[lit]})
			}
		}
		if len(r.targets) > 0 {
			return r
		}
	}
	if tv, ok := p.info.Types[c.Fun]; ok && (tv.IsType() || tv.IsBuiltin()) {
		return nil
	}
	// The result of another call, an element of a map …
	p.pending = append(p.pending, pending{fn, r, false})
	return r
}

func (p *pkg) resolveSelector(fn *Func, r *call, f *ast.SelectorExpr) *call {
	switch obj := p.info.Uses[f.Sel].(type) {
	case *types.Func:
		r.fn = obj.Origin()
		if obj.Signature().Recv() == nil {
			break
		}
		r.iface = isInterfaceMethod(obj)
		if !p.isType(f.X) { // as in T.Method
			r.recv = f.X
		}
	case *types.Var:
		p.pending = append(p.pending, pending{fn, r, false})
	default:
		return nil
	}
	return r
}

// isType reports whether an expression is a type. Names, which most are, tell by
// what they stand for, which is asked for anyway.
func (p *pkg) isType(e ast.Expr) bool {
	var name *ast.Ident
	switch x := ast.Unparen(e).(type) {
	case *ast.Ident:
		name = x
	case *ast.SelectorExpr:
		name = x.Sel
	default:
		return p.info.Types[e].IsType()
	}
	_, ok := p.info.Uses[name].(*types.TypeName)
	return ok
}

// pending is a call of a variable in fn, to be resolved when all assignments
// have been seen.
type pending struct {
	fn    *Func
	call  *call
	known bool // rather nothing than a call of something unknown
}

func (p *pkg) resolvePending() {
	for _, w := range p.pending {
		c := w.call
		c.targets = p.funcTargets(w.fn, p.instantiated(c.expr.Fun), 0)
		c.dynamic = !complete(c.targets) && !w.known
	}
	p.pending = nil
}

// instantiated returns the function that is called, without type arguments.
func (p *pkg) instantiated(fun ast.Expr) ast.Expr {
	fun = ast.Unparen(fun)
	switch f := fun.(type) {
	case *ast.IndexExpr:
		if t := p.prog.TypeOf(f.X); t != nil && !program.Collects(t) {
			return ast.Unparen(f.X)
		}
	case *ast.IndexListExpr:
		return ast.Unparen(f.X)
	}
	return fun
}

// idle reports whether a call means nothing to any rule: one of the standard
// library of which nothing is known, and which gets no function to run.
func (p *pkg) idle(c *call) bool {
	fn := c.fn
	if fn == nil || c.iface || fn.Pkg() == nil || fn.Pkg() == p.types || !module.Standard(fn.Pkg().Path()) {
		return false
	}
	switch fn.Pkg().Path() {
	case "sync", "context", "time", "reflect", "C":
		return false
	}
	k := p.known(fn)
	if c.recv != nil {
		k = p.knownOn(p.prog.TypeOf(c.recv), fn)
	}
	if k != nil || p.base.Asks(SymbolOf(fn)) != nil {
		return false
	}
	for _, a := range c.expr.Args {
		if _, ok := ast.Unparen(a).(*ast.FuncLit); ok {
			return false
		}
	}
	return true
}

func isInterfaceMethod(fn *types.Func) bool {
	recv := fn.Signature().Recv()
	return recv != nil && types.IsInterface(recv.Type())
}
