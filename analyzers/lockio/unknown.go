package lockio

import (
	"go/ast"
	"go/types"
	"slices"

	"github.com/concurlint/concurlint/analyzers/effects"
	"github.com/concurlint/concurlint/analyzers/evidence"
	"github.com/concurlint/concurlint/analyzers/module"
	"github.com/concurlint/concurlint/analyzers/placement"
	"github.com/concurlint/concurlint/analyzers/report"
)

// This file finds code that nobody here knows and that runs under a lock: what the
// caller has given, what a user has stored, what implements an interface elsewhere.
// It may wait, and it may want the very lock.

// unknown reports the first such call under r.
func (c *checker) unknown(r *placement.Region) {
	if quiet(r.Func) || c.fresh(r) {
		return
	}
	for _, h := range r.Held {
		if h.Op.Certainty < effects.Missed || h.Op.Deferred {
			continue
		}
		if c.strange(r, h.Op) {
			return
		}
	}
}

// strange reports an op that runs code which is not known, or which a variable
// holds and which takes the lock again.
func (c *checker) strange(r *placement.Region, op *effects.Op) bool {
	what, bound, unknown := c.stranger(r, op)
	if what == "" {
		return false
	}
	v := verdict{why: "which takes it again: deadlock", signals: []string{"lockio.stranger-locks"}}
	for _, f := range bound {
		if t := c.takes(far{f: f}, r, make(map[*effects.Func]bool)); t != nil {
			v.at = []report.Step{{Pos: t.Acquire.Node.Pos(), Message: "what runs takes " + t.Key + " here"}}
		}
	}
	if v.at == nil {
		if !unknown || !c.wanted(r) {
			return false
		}
		v = verdict{why: "which may wait, or want the lock", signals: []string{"lockio.stranger"}}
	}
	c.reporter.Report(report.Finding{
		Pos:     op.Node.Pos(),
		End:     op.Node.End(),
		Most:    evidence.Warning,
		Signals: v.signals,
		Kind:    effects.Dynamic.String(),
		Message: r.Key + " is held while " + what + " runs, " + v.why,
		Related: append([]report.Step{{Pos: r.Acquire.Node.Pos(), Message: r.Key + " is taken here"}}, v.at...),
	})
	return true
}

// wanted reports whether short work of another function wants the lock while r
// holds it. Who only sets what r uses, or ends it, comes once.
func (c *checker) wanted(r *placement.Region) bool {
	l := c.locks[r.Lock]
	return l != nil && slices.ContainsFunc(l.short, func(other *placement.Region) bool {
		return other.Func.Outer() != r.Func.Outer() && !(r.Read && other.Read)
	})
}

// stranger names the code that an op runs and that this function does not choose,
// if any, the functions of this package that it may be, and whether it may be
// others.
func (c *checker) stranger(r *placement.Region, op *effects.Op) (what string, bound []*effects.Func, unknown bool) {
	call, ok := op.Node.(*ast.CallExpr)
	if !ok {
		return "", nil, false
	}
	fn := op.Callee()
	dynamic := op.Effect(effects.Dynamic) != nil
	switch {
	case c.runsGiven(r, op, call):
		return c.givenName(r, op, call), nil, true
	case fn != nil && dynamic && c.elsewhereOnly(fn):
		return types.ExprString(call.Fun), nil, true
	case fn == nil:
		v := c.stored(call.Fun, op.Loop)
		sig, isFunc := c.pass.TypesInfo.TypeOf(call.Fun).Underlying().(*types.Signature)
		if v == nil || !isFunc || !acts(sig) || prints(sig) || c.cancels(v, call.Fun) {
			return "", nil, false
		}
		return types.ExprString(call.Fun), c.boundTo(r.Func, v), dynamic
	}
	return "", nil, false
}

// runsGiven reports whether the op runs a function that the caller of an exported
// function has given, unless to compare elements. A function that does nothing
// else is there for that.
func (c *checker) runsGiven(r *placement.Region, op *effects.Op, call *ast.CallExpr) bool {
	outer := r.Func.Outer()
	if outer.Obj == nil || !outer.Obj.Exported() || r.Lock == nil || outer.HasParam(r.Lock) || c.lendsOnly(outer) {
		return false
	}
	return c.givenName(r, op, call) != ""
}

func (c *checker) givenName(r *placement.Region, op *effects.Op, call *ast.CallExpr) string {
	if op.Callee() == nil {
		return c.givenFunc(r.Func, call.Fun)
	}
	for _, u := range c.res.Effects.Uses(op.Callee()) {
		if u.Arg >= 0 && u.Arg < len(call.Args) && u.Method == "" && !u.Goes && (u.Each || u.Certainty >= effects.Usually) {
			if name := c.givenFunc(r.Func, call.Args[u.Arg]); name != "" {
				return name
			}
		}
	}
	return ""
}

// givenFunc names x if it is a function parameter of f or of a function around it.
func (c *checker) givenFunc(f *effects.Func, x ast.Expr) string {
	v := c.res.Effects.Variable(x)
	if v == nil || v.IsField() {
		return ""
	}
	sig, ok := v.Type().Underlying().(*types.Signature)
	if !ok || compares(sig) || prints(sig) {
		return ""
	}
	for ; f != nil; f = f.Parent {
		if f.HasParam(v) {
			return v.Name()
		}
	}
	return ""
}

// lendsOnly reports whether a function consists of taking a lock and calling its
// argument.
func (c *checker) lendsOnly(f *effects.Func) bool {
	for _, s := range f.Body().List {
		switch s := s.(type) {
		case *ast.DeferStmt, *ast.ReturnStmt:
		case *ast.ExprStmt:
			if _, ok := s.X.(*ast.CallExpr); !ok {
				return false
			}
		default:
			return false
		}
	}
	return len(f.Body().List) <= 3
}

// stored returns the field or package variable that holds the function x, or the
// collection of which it is an element.
func (c *checker) stored(x ast.Expr, loop *effects.Loop) *types.Var {
	v := c.res.Effects.Variable(x)
	if v != nil && (v.IsField() || v.Parent() == c.pass.Pkg.Scope()) {
		return v
	}
	return c.member(x, loop)
}

// boundTo returns the functions of this package that a variable is set to.
func (c *checker) boundTo(f *effects.Func, v *types.Var) (list []*effects.Func) {
	values, _ := c.res.Effects.Values(v)
	for _, x := range values {
		for _, t := range c.res.Effects.Targets(f, x) {
			if g := t.Func; g != nil {
				list = append(list, g)
			}
		}
	}
	return list
}

// acts reports whether a function is called for what it does: it returns nothing,
// or only whether that went well.
func acts(sig *types.Signature) bool {
	n := sig.Results().Len()
	return n == 0 || n == 1 && types.Identical(sig.Results().At(0).Type(), types.Universe.Lookup("error").Type())
}

// compares reports whether a function compares two things.
func compares(sig *types.Signature) bool {
	p, r := sig.Params(), sig.Results()
	if p.Len() != 2 || r.Len() != 1 || !types.Identical(p.At(0).Type(), p.At(1).Type()) {
		return false
	}
	b, ok := r.At(0).Type().Underlying().(*types.Basic)
	return ok && b.Info()&(types.IsBoolean|types.IsInteger) != 0
}

// prints reports whether a function takes what fmt.Printf does.
func prints(sig *types.Signature) bool {
	n := sig.Params().Len()
	if !sig.Variadic() {
		return false
	}
	s, ok := sig.Params().At(n - 1).Type().(*types.Slice)
	if !ok {
		return false
	}
	i, ok := s.Elem().Underlying().(*types.Interface)
	return ok && i.Empty()
}

// cancels reports whether a variable holds what ends a context, which never waits.
func (c *checker) cancels(v *types.Var, x ast.Expr) bool {
	if n, ok := types.Unalias(c.pass.TypesInfo.TypeOf(x)).(*types.Named); ok && n.Obj().Pkg() != nil && n.Obj().Pkg().Path() == "context" {
		return true
	}
	found := false
	for _, f := range c.res.Effects.Funcs() {
		if f.Body() == nil || found {
			continue
		}
		ast.Inspect(f.Body(), func(n ast.Node) bool {
			a, ok := n.(*ast.AssignStmt)
			if !ok || len(a.Rhs) != 1 || len(a.Lhs) != 2 || c.res.Effects.Variable(a.Lhs[1]) != v {
				return !found
			}
			t, ok := c.pass.TypesInfo.TypeOf(a.Rhs[0]).(*types.Tuple)
			found = found || ok && effects.IsContext(t.At(0).Type())
			return !found
		})
	}
	return found
}

// elsewhereOnly reports whether an interface method acts, and no type of this
// package implements it. Those of the standard library are too general to say
// anything.
func (c *checker) elsewhereOnly(fn *types.Func) bool {
	recv := fn.Signature().Recv()
	if recv == nil || fn.Pkg() == nil || module.Standard(fn.Pkg().Path()) || !acts(fn.Signature()) || prints(fn.Signature()) {
		return false
	}
	iface, ok := recv.Type().Underlying().(*types.Interface)
	if !ok {
		return false
	}
	scope := c.pass.Pkg.Scope()
	for _, name := range scope.Names() {
		tn, ok := scope.Lookup(name).(*types.TypeName)
		if !ok || types.IsInterface(tn.Type()) {
			continue
		}
		if n, ok := tn.Type().(*types.Named); ok && n.TypeParams() == nil && types.Implements(types.NewPointer(n), iface) {
			return false
		}
	}
	return true
}
