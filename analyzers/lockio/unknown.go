package lockio

import (
	"go/ast"
	"go/types"
	"slices"

	"github.com/concurlint/concurlint/analyzers/effects"
	"github.com/concurlint/concurlint/analyzers/evidence"
	"github.com/concurlint/concurlint/analyzers/placement"
	"github.com/concurlint/concurlint/analyzers/program"
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
	if r.Lent != nil {
		c.strange(r, r.Acquire)
		return
	}
	for _, h := range r.Held {
		if h.Op.Certainty < effects.Missed {
			continue
		}
		if c.comesBack(r, h.Op) || c.strange(r, h.Op) {
			return
		}
	}
}

// A stranger is code that the function at hand does not choose.
type stranger struct {
	what    string
	bound   []*effects.Func // of this package that it may be
	unknown bool            // it may be others
	method  *types.Func     // of an interface, or nil
	holder  *types.Var      // what holds the function, or nil
	through *effects.Func   // called under the lock, which runs it; nil for the function itself
	at      *effects.Op     // where that runs it
}

// strange reports an op that runs code which is not known, or which a variable
// holds and which takes the lock again.
func (c *checker) strange(r *placement.Region, op *effects.Op) bool {
	s := c.stranger(r, op)
	if s == nil {
		s = c.below(r.Func, op, mostBelow)
	}
	if s == nil {
		return false
	}
	v := verdict{why: "which takes it again: deadlock", signals: []string{"lockio.stranger-locks"}}
	for _, f := range s.bound {
		if t := c.takes(far{f: f, below: true}, r); t != nil {
			v.at = []report.Step{{Pos: t.Acquire.Node.Pos(), Message: "what runs takes " + t.Key + " here"}}
		}
	}
	if v.at == nil {
		if !s.unknown || !c.wanted(r) {
			return false
		}
		v = verdict{why: "which may wait, or want the lock", signals: []string{"lockio.stranger"}}
		if c.registers(r, op, s) {
			v.signals = append(v.signals, "lockio.registers")
		}
	}
	what, related := s.what+" runs, ", []report.Step{{Pos: r.Acquire.Node.Pos(), Message: r.Name() + " is taken here"}}
	if s.through != nil {
		what = c.what(op) + " runs " + s.what + ", "
		related = append(related, report.Step{Pos: s.at.Node.Pos(), Message: s.what + " runs here"})
	}
	c.reporter.Report(report.Finding{
		Pos:     op.Node.Pos(),
		End:     op.Node.End(),
		Most:    evidence.Warning,
		Signals: v.signals,
		Kind:    effects.Dynamic.String(),
		Message: r.Name() + " is held while " + what + v.why,
		Related: append(related, v.at...),
	})
	return true
}

// what names the function that a call op calls, for people; a literal by what holds it.
func (c *checker) what(op *effects.Op) string {
	if fn := op.Callee(); fn != nil {
		return effects.DisplayName(fn, c.pass.Pkg)
	}
	fun := ast.Unparen(op.Node.(*ast.CallExpr).Fun)
	if _, ok := fun.(*ast.FuncLit); ok {
		return "the function literal"
	}
	return types.ExprString(fun)
}

// registers reports whether others leave the code where it is found under the same lock, as
// they do with callbacks: one that leaves another, or takes itself out, wants the lock.
func (c *checker) registers(r *placement.Region, op *effects.Op, s *stranger) bool {
	l := c.locks[r.Lock]
	if s.at != nil {
		op = s.at
	}
	call, ok := op.Node.(*ast.CallExpr)
	if !ok || l == nil {
		return false
	}
	holder := s.holder
	if s.method != nil {
		holder = c.res.Effects.Variable(operand(call))
	}
	if holder == nil || !program.Collects(holder.Type()) && !c.ofElement(call.Fun, op.Loop) && !c.oneOfPieces(holder) {
		return false
	}
	return slices.ContainsFunc(c.prog().Held(holder), func(v program.Value) bool { return v.From != nil && c.leftUnder(l, v.From) })
}

// ofElement reports whether x is a part of what one of the loops goes over.
func (c *checker) ofElement(x ast.Expr, loop *effects.Loop) bool {
	for {
		sel, ok := ast.Unparen(x).(*ast.SelectorExpr)
		if !ok {
			break
		}
		x = sel.X
	}
	v := c.res.Effects.Variable(x)
	for l := loop; l != nil && v != nil; l = l.Parent {
		if rs, ok := l.Node.(*ast.RangeStmt); ok && rs.Value != nil && c.res.Effects.Variable(rs.Value) == v {
			return true
		}
	}
	return false
}

// wanted reports whether short work of another function wants the lock while r
// holds it. Who only sets what r uses, or ends it, comes once.
func (c *checker) wanted(r *placement.Region) bool {
	l := c.locks[r.Lock]
	return l != nil && slices.ContainsFunc(l.short, func(other *placement.Region) bool {
		return other.Func.Outer() != r.Func.Outer() && !(r.Read && other.Read)
	})
}

// stranger returns the code that an op runs and that this function does not choose.
func (c *checker) stranger(r *placement.Region, op *effects.Op) *stranger {
	call, ok := op.Node.(*ast.CallExpr)
	if ok {
		if name := c.ofCaller(r, op, call); name != "" {
			return &stranger{what: name, unknown: true}
		}
	}
	if r.Lent != nil {
		return c.lentOut(r, op)
	}
	return c.foreign(r.Func, op)
}

// foreign returns the code that an op of f runs and that nobody here chooses: behind
// an interface, or in a variable.
func (c *checker) foreign(f *effects.Func, op *effects.Op) *stranger {
	call, ok := op.Node.(*ast.CallExpr)
	if !ok {
		return nil
	}
	fn := op.Callee()
	dynamic := op.Effect(effects.Dynamic) != nil
	if dynamic && effects.Reflects(fn) {
		return &stranger{what: types.ExprString(call.Fun), unknown: true}
	}
	if fn != nil {
		if !dynamic && !queues(op) || !c.elsewhereOnly(fn) {
			return nil
		}
		return &stranger{what: types.ExprString(call.Fun), unknown: true, method: fn}
	}
	return c.bySlot(f, op, call.Fun)
}

// bySlot returns the code that an op of f runs by a function x that a field or a package
// variable holds.
func (c *checker) bySlot(f *effects.Func, op *effects.Op, x ast.Expr) *stranger {
	v := c.stored(x, op.Loop)
	sig, isFunc := c.pass.TypesInfo.TypeOf(x).Underlying().(*types.Signature)
	if v == nil || !isFunc || !acts(sig) && !opens(sig) || program.Prints(sig) || c.unset(v) {
		return nil
	}
	return &stranger{what: types.ExprString(x), bound: c.boundTo(f, v), unknown: op.Effect(effects.Dynamic) != nil, holder: v}
}

// lentOut returns the code that a call runs which is given the lock of r together with it.
func (c *checker) lentOut(r *placement.Region, op *effects.Op) *stranger {
	if s := c.bySlot(r.Func, op, r.Lent); s != nil {
		s.unknown = len(s.bound) == 0
		return s
	}
	s := &stranger{what: types.ExprString(r.Lent)}
	for _, t := range c.res.Effects.Targets(r.Func, r.Lent) {
		if t.Func != nil {
			s.bound = append(s.bound, t.Func)
		}
	}
	return s
}

// queues reports whether an op is known to wait for other goroutines and for nothing
// else, as far as the package of an interface tells.
func queues(op *effects.Op) bool {
	waits := op.Effect(effects.Chan) != nil || op.Effect(effects.Wait) != nil
	return waits && !slices.ContainsFunc(op.Effects, func(e effects.Effect) bool { return e.Kind.IO() })
}

// stored returns the field or package variable that holds the function x, or the
// collection of which it is an element. A copy of it in a local variable runs the
// same function, wherever it has been made.
func (c *checker) stored(x ast.Expr, loop *effects.Loop) *types.Var {
	v := c.res.Effects.Variable(x)
	if v != nil && c.outlives(v) {
		return v
	}
	if m := c.member(x, loop); m != nil {
		return m
	}
	for _, h := range c.prog().Holders(x) {
		if h.From != nil && c.outlives(h.From) {
			return h.From
		}
	}
	return nil
}

// outlives reports whether v is a field or a package variable.
func (c *checker) outlives(v *types.Var) bool {
	return v.IsField() || v.Parent() == c.pass.Pkg.Scope()
}

// unset reports whether nobody puts a function into v: a hook that only the tests set
// does not run in the program.
func (c *checker) unset(v *types.Var) bool {
	return !v.Exported() && len(c.prog().Held(v)) == 0
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
