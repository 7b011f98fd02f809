package effects

import (
	"go/ast"
	"go/constant"
	"go/types"
	"slices"
	"time"

	"github.com/concurlint/concurlint/analyzers/program"
)

// duration returns the value of a constant duration expression.
func (p *pkg) duration(e ast.Expr) (time.Duration, bool) {
	tv, ok := p.info.Types[e]
	if !ok {
		return 0, false
	}
	if tv.Value == nil {
		// A variable with one constant value will do.
		if v := p.prog.Variable(e); v != nil {
			if d := p.defs[v]; d != nil && !d.unknown && len(d.values) == 1 && ast.Unparen(d.values[0]) != e {
				if tv := p.info.Types[d.values[0]]; tv.Value != nil && tv.Value.Kind() == constant.Int {
					n, ok := constant.Int64Val(tv.Value)
					return time.Duration(n), ok
				}
			}
		}
		return 0, false
	}
	if tv.Value.Kind() != constant.Int {
		return 0, false
	}
	n, ok := constant.Int64Val(tv.Value)
	return time.Duration(n), ok
}

// timeLimited reports whether the context argument of the call has a timeout set
// in this package.
func (p *pkg) timeLimited(c *ast.CallExpr) bool {
	for _, a := range c.Args {
		if t := p.prog.TypeOf(a); t != nil && IsContext(t) {
			return p.limitedIn(a, 0)
		}
	}
	return false
}

// limitedIn reports whether the context that an expression gives has a timeout: a
// function has made it from a duration or a point in time, or from a context that
// has one.
func (p *pkg) limitedIn(e ast.Expr, depth int) bool {
	if !p.step(depth, maxDepth) {
		return false
	}
	if v := p.prog.Variable(e); v != nil {
		d := p.defs[v]
		return d != nil && slices.ContainsFunc(d.values, func(value ast.Expr) bool { return p.limitedIn(value, depth+1) })
	}
	c, ok := ast.Unparen(e).(*ast.CallExpr)
	if !ok {
		return false
	}
	sig, ok := p.prog.TypeOf(c.Fun).(*types.Signature)
	if !ok || sig.Results().Len() == 0 || !IsContext(sig.Results().At(0).Type()) {
		return false
	}
	for param := range sig.Params().Variables() {
		if isDuration(param.Type()) || isTime(param.Type()) {
			return true
		}
	}
	for _, a := range c.Args {
		if IsContext(p.prog.TypeOf(a)) && p.limitedIn(a, depth+1) {
			return true
		}
	}
	return p.returnsLimited(c, depth)
}

// returnsLimited reports whether a function of this package gives, as the first of
// its results, a context with a timeout.
func (p *pkg) returnsLimited(c *ast.CallExpr, depth int) bool {
	fn := p.calleeOf(c)
	if fn == nil || fn.Pkg() != p.types {
		return false
	}
	d := p.prog.Declaration(fn)
	return d != nil && d.Body != nil && slices.ContainsFunc(program.Returns(d.Body), func(r *ast.ReturnStmt) bool {
		return len(r.Results) > 0 && p.limitedIn(r.Results[0], depth+1)
	})
}

// IsContext reports whether t is context.Context.
func IsContext(t types.Type) bool {
	n, ok := types.Unalias(t).(*types.Named)
	return ok && n.Obj().Name() == "Context" && n.Obj().Pkg() != nil && n.Obj().Pkg().Path() == "context"
}

// lasts says how long a wait of d takes in all. A sleep between looks at a
// condition goes on until that is met, however short it is.
func (ev *evaluator) lasts(e *Effect, d time.Duration) {
	for l := ev.op.Loop; l != nil && e.Kind == Sleep; l = l.Parent {
		n, ok := ev.p.prog.Iterations(l.Node, program.Declaration)
		times, known := n.Const()
		if !ok || !known || times > 1000 {
			return
		}
		d *= time.Duration(times)
	}
	e.Bound, e.Duration = Const, d
}
