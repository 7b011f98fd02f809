package lockio

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"github.com/concurlint/concurlint/analyzers/effects"
	"github.com/concurlint/concurlint/analyzers/evidence"
	"github.com/concurlint/concurlint/analyzers/placement"
	"github.com/concurlint/concurlint/analyzers/report"
)

// This file finds functions that are called under a lock and take it again: the same
// mutex of the same value, on every way through them. Who calls then waits for itself.

// retakes reports the calls under r that take its lock again.
func (c *checker) retakes(r *placement.Region) {
	if r.Sometimes || r.Lock == nil {
		return
	}
	home := &frame{f: r.Func}
	mutex, ok := c.mutex(home, r.Acquire)
	if !ok {
		return
	}
	for _, h := range r.Held {
		if c.unlocks(h.Op, r) {
			return
		}
		call, ok := h.Op.Node.(*ast.CallExpr)
		if !ok || h.Op.Deferred || h.Op.Certainty == effects.Never {
			continue
		}
		t := c.retaken(home, h.Op, r, mutex, maxCalls)
		if t == nil || !c.lasting(r, mutex) {
			continue
		}
		what := types.ExprString(call.Fun)
		if fn := h.Op.Callee(); fn != nil {
			what = effects.DisplayName(fn, c.pass.Pkg)
		}
		c.reporter.Report(report.Finding{
			Pos:     h.Op.Node.Pos(),
			End:     h.Op.Node.End(),
			Most:    evidence.Warning,
			Signals: []string{"lockio.takes-again"},
			Kind:    effects.Lock.String(),
			Message: r.Key + " is held while " + what + " takes it again: deadlock",
			Related: []report.Step{
				{Pos: r.Acquire.Node.Pos(), Message: r.Key + " is taken here"},
				{Pos: t.Acquire.Node.Pos(), Message: "it is taken again here, as " + t.Key},
			},
		})
	}
}

// retaken returns the region of r's lock, of the value that the mutex is part of, into
// which every way through what op calls leads, or every run of a function that it is
// given and runs before it returns.
func (c *checker) retaken(at *frame, op *effects.Op, r *placement.Region, mutex place, depth int) *placement.Region {
	call, ok := op.Node.(*ast.CallExpr)
	if !ok || depth == 0 {
		return nil
	}
	if t := c.retakenByGiven(at, op, r, mutex, depth); t != nil {
		return t
	}
	callees := c.res.Effects.TaskFuncs(at.f, op, effects.GoCall)
	if len(callees) != 1 || op.Effect(effects.Dynamic) != nil && op.Callee() == nil {
		return nil
	}
	return c.retakenIn(&frame{f: callees[0], call: call, up: at}, r, mutex, depth)
}

// retakenByGiven is retaken for the functions that op gives to who runs them at once,
// with the locks of now:
//
//	s.mu.Lock()
//	s.rooms.Range(func(name, _ any) bool { s.remove(name); return true })
func (c *checker) retakenByGiven(at *frame, op *effects.Op, r *placement.Region, mutex place, depth int) *placement.Region {
	if f := c.res.Effects.Func(op.Callee()); f != nil && slices.ContainsFunc(f.Ops, func(o *effects.Op) bool { return c.unlocks(o, r) }) {
		return nil
	}
	for _, u := range c.res.Effects.Uses(op.Callee()) {
		if u.Arg < 0 || u.Method != "" || u.Goes || !u.Each && u.Certainty < effects.Usually {
			continue
		}
		if given := c.res.Effects.TaskFuncs(at.f, op, u.Arg); len(given) == 1 {
			if t := c.retakenIn(&frame{f: given[0], up: at}, r, mutex, depth); t != nil {
				return t
			}
		}
	}
	return nil
}

// retakenIn is retaken for the function of a frame.
func (c *checker) retakenIn(in *frame, r *placement.Region, mutex place, depth int) *placement.Region {
	for _, o := range in.f.Ops {
		if o.Spawned != nil || o.Deferred {
			continue
		}
		if c.unlocks(o, r) {
			return nil
		}
		if o.Certainty < effects.Always {
			continue
		}
		if t := c.acquired[o]; t != nil {
			if m, ok := c.mutex(in, o); ok && t.Lock == r.Lock && m.is(mutex) && !(t.Read && r.Read) {
				return t
			}
		} else if t := c.retaken(in, o, r, mutex, depth-1); t != nil {
			return t
		}
	}
	return nil
}

// unlocks reports whether an op may give the lock of r back: it unlocks that of any
// value, or calls a function of this package that does, and does not take it.
func (c *checker) unlocks(op *effects.Op, r *placement.Region) bool {
	fn := op.Callee()
	if fn == nil {
		return false
	}
	if fn.Pkg() != nil && fn.Pkg().Path() == "sync" && (fn.Name() == "Unlock" || fn.Name() == "RUnlock") {
		p, ok := c.receiver(&frame{}, op.Node.(*ast.CallExpr))
		return !ok || p.last() == r.Lock
	}
	f := c.res.Effects.Func(fn)
	if f == nil || f == r.Func || slices.ContainsFunc(f.Ops, func(o *effects.Op) bool { return c.acquired[o] != nil && c.acquired[o].Lock == r.Lock }) {
		return false
	}
	return slices.ContainsFunc(f.Ops, func(o *effects.Op) bool { return c.res.Effects.Func(o.Callee()) == nil && c.unlocks(o, r) })
}

// A place is a variable, or a field that is reached from it by way of others.
type place struct {
	root   *types.Var
	fields []*types.Var
}

func (p place) is(q place) bool { return p.root == q.root && slices.Equal(p.fields, q.fields) }

func (p place) last() *types.Var {
	if n := len(p.fields); n > 0 {
		return p.fields[n-1]
	}
	return p.root
}

// A frame is a function that is called from another one. The outermost has no call, and
// neither has one of which the caller gives the arguments.
type frame struct {
	f    *effects.Func
	call *ast.CallExpr
	up   *frame
}

// mutex returns the place of the mutex that an op takes, as the outermost frame sees it.
func (c *checker) mutex(at *frame, op *effects.Op) (place, bool) {
	call, ok := op.Node.(*ast.CallExpr)
	if !ok {
		return place{}, false
	}
	f := c.res.Effects.Func(op.Callee())
	if f == nil {
		return c.receiver(at, call)
	}
	for _, o := range f.Ops { // a wrapper
		if c.acquired[o] != nil && c.res.Effects.Func(o.Callee()) == nil {
			return c.mutex(&frame{f, call, at}, o)
		}
	}
	return place{}, false
}

// receiver returns the place of what a method is called on, also an embedded field.
func (c *checker) receiver(at *frame, call *ast.CallExpr) (place, bool) {
	sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	if !ok {
		return place{}, false
	}
	s := c.pass.TypesInfo.Selections[sel]
	p, ok := c.place(at, sel.X)
	if !ok || s == nil || s.Kind() != types.MethodVal {
		return place{}, false
	}
	return p.through(s.Recv(), s.Index()[:len(s.Index())-1])
}

// through returns the field that the indexes lead to from a value of type t.
func (p place) through(t types.Type, indexes []int) (place, bool) {
	p.fields = slices.Clip(p.fields)
	for _, i := range indexes {
		st, ok := deref(types.Unalias(t)).Underlying().(*types.Struct)
		if !ok {
			return place{}, false
		}
		p.fields, t = append(p.fields, st.Field(i).Origin()), st.Field(i).Type()
	}
	return p, true
}

// place returns the place that x names in a frame, as the outermost one sees it.
func (c *checker) place(at *frame, x ast.Expr) (place, bool) {
	switch x := ast.Unparen(x).(type) {
	case *ast.Ident:
		v, ok := c.pass.TypesInfo.ObjectOf(x).(*types.Var)
		if !ok {
			return place{}, false
		}
		return c.root(at, v)
	case *ast.StarExpr:
		return c.place(at, x.X)
	case *ast.UnaryExpr:
		if x.Op == token.AND {
			return c.place(at, x.X)
		}
	case *ast.SelectorExpr:
		s := c.pass.TypesInfo.Selections[x]
		if s == nil { // of another package
			v, ok := c.pass.TypesInfo.Uses[x.Sel].(*types.Var)
			return place{root: v}, ok
		}
		if p, ok := c.place(at, x.X); ok && s.Kind() == types.FieldVal {
			return p.through(s.Recv(), s.Index())
		}
	}
	return place{}, false
}

// root follows a variable of a frame to the outermost one: a parameter to what the call
// gives, a variable of a function around a literal to that function.
func (c *checker) root(at *frame, v *types.Var) (place, bool) {
	if v.Parent() == c.pass.Pkg.Scope() || at.up == nil {
		return place{root: v}, true
	}
	n, ok := at.f.Param(v)
	switch {
	case !ok && at.f.Lit != nil && at.f.Parent == at.up.f && (v.Pos() < at.f.Lit.Pos() || v.Pos() > at.f.Lit.End()):
		return c.root(at.up, v)
	case !ok || at.call == nil:
		return place{}, false
	case n < 0:
		return c.receiver(at.up, at.call)
	case n < len(at.call.Args) && !types.Identical(c.pass.TypesInfo.TypeOf(at.call.Args[n]), v.Type()):
		return place{}, false // an interface, or one of several
	case n < len(at.call.Args):
		return c.place(at.up, at.call.Args[n])
	}
	return place{}, false
}

// lasting reports whether a place names the same mutex as long as r is held: nobody sets
// what leads to it, and the variable is set once.
func (c *checker) lasting(r *placement.Region, p place) bool {
	if slices.ContainsFunc(p.fields, c.replaced) {
		return false
	}
	if p.root.Parent() == c.pass.Pkg.Scope() || r.Func.Body() == nil {
		return true
	}
	set := false
	ast.Inspect(r.Func.Outer().Body(), func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			set = set || slices.ContainsFunc(n.Lhs, func(x ast.Expr) bool { return c.sets(x, p.root) })
		case *ast.RangeStmt:
			set = set || c.sets(n.Key, p.root) || c.sets(n.Value, p.root)
		}
		return !set
	})
	return !set
}

// sets reports whether the left side of an assignment sets v anew.
func (c *checker) sets(x ast.Expr, v *types.Var) bool {
	id, ok := x.(*ast.Ident)
	return ok && c.pass.TypesInfo.Uses[id] == v
}
