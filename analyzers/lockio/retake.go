package lockio

import (
	"go/ast"
	"slices"

	"github.com/concurlint/concurlint/analyzers/effects"
	"github.com/concurlint/concurlint/analyzers/evidence"
	"github.com/concurlint/concurlint/analyzers/placement"
	"github.com/concurlint/concurlint/analyzers/program"
	"github.com/concurlint/concurlint/analyzers/report"
)

// This file finds functions that are called under a lock and take it again: the same
// mutex of the same value, on every way through them. Who calls then waits for itself. Two
// who read do not keep each other out, but whoever waits to write in between keeps the second
// one out, and waits for the first.

// retakes reports the calls under r that take its lock again.
func (c *checker) retakes(r *placement.Region) {
	if r.Sometimes || r.Lock == nil {
		return
	}
	home := newFrame(r.Func, nil, nil)
	mutex, ok := c.mutex(home, r.Acquire)
	if !ok || slices.ContainsFunc(mutex.Fields, c.replaced) {
		return // or it may be another one by then
	}
	for _, h := range r.Held {
		if c.unlocks(h.Op, r) {
			return
		}
		if _, call := h.Op.Node.(*ast.CallExpr); !call || h.Op.Certainty == effects.Never {
			continue
		}
		t := c.retaken(home, h.Op, r, mutex, maxCalls)
		if t == nil {
			continue
		}
		again := " takes it again: deadlock"
		if fn := h.Op.Callee(); fn != nil && c.res.Effects.Func(fn) == nil {
			again = runsOurs + again
		}
		f := report.Finding{
			Pos:     h.Op.Node.Pos(),
			End:     h.Op.Node.End(),
			Most:    evidence.Warning,
			Signals: []string{"lockio.takes-again"},
			Kind:    effects.Lock.String(),
			Cause:   c.cause(r, h.Op),
			Message: r.Name() + " is held while " + c.what(h.Op) + again,
			Related: []report.Step{
				{Pos: r.Acquire.Node.Pos(), Message: r.Name() + " is taken here"},
				{Pos: t.Acquire.Node.Pos(), Message: "it is taken again here, as " + t.Key},
			},
		}
		if t.Read && r.Read {
			f.Message += " if somebody waits to write in between"
			f.Related = append(f.Related, report.Step{Pos: c.writer(r).Acquire.Node.Pos(), Message: "it is taken to write here"})
		}
		c.reporter.Report(f)
	}
}

// runsOurs says of a function of another package what it does with one that it is given.
const runsOurs = " runs code of this package, which"

// writer returns a region that takes the lock of r to write while others may read, or nil.
func (c *checker) writer(r *placement.Region) *placement.Region {
	l := c.locks[r.Lock]
	if l == nil {
		return nil
	}
	i := slices.IndexFunc(l.regions, func(w *placement.Region) bool {
		return !w.Read && w.Func.Outer() != r.Func.Outer() && !quiet(w.Func) && !c.closes(w.Func) && !c.fresh(w) && !apart(r, w)
	})
	if i < 0 {
		return nil
	}
	return l.regions[i]
}

// apart reports whether another lock, which both hold, keeps two regions from being entered
// at one time.
func apart(a, b *placement.Region) bool {
	return slices.ContainsFunc(a.Outer, func(o *placement.Region) bool {
		return o.Lock != nil && slices.ContainsFunc(b.Outer, func(p *placement.Region) bool { return p.Lock == o.Lock && !(o.Read && p.Read) })
	})
}

// retaken returns the region of r's lock, of the value that the mutex is part of, into
// which every way through what op calls leads, or every run of a function that it is
// given and runs before it returns.
func (c *checker) retaken(at *frame, op *effects.Op, r *placement.Region, mutex program.AccessPath, depth int) *placement.Region {
	call, ok := op.Node.(*ast.CallExpr)
	if !ok || depth == 0 {
		return nil
	}
	if t := c.retakenByGiven(at, op, r, mutex, depth); t != nil {
		return t
	}
	for _, a := range c.res.Effects.Asked(call) {
		in := newFrame(a.Func, nil, &at.Frame)
		in.On = a.On
		if t := c.retakenIn(in, r, mutex, depth); t != nil {
			return t
		}
	}
	callees := c.res.Effects.TaskFuncs(at.f, op, effects.GoCall)
	if len(callees) != 1 || op.Effect(effects.Dynamic) != nil && op.Callee() == nil {
		return nil
	}
	return c.retakenIn(newFrame(callees[0], call, &at.Frame), r, mutex, depth)
}

// retakenByGiven is retaken for the functions that op gives to who runs them at once,
// with the locks of now:
//
//	s.mu.Lock()
//	s.rooms.Range(func(name, _ any) bool { s.remove(name); return true })
func (c *checker) retakenByGiven(at *frame, op *effects.Op, r *placement.Region, mutex program.AccessPath, depth int) *placement.Region {
	if f := c.res.Effects.Func(op.Callee()); f != nil && slices.ContainsFunc(f.Ops, func(o *effects.Op) bool { return c.unlocks(o, r) }) {
		return nil
	}
	for _, u := range c.res.Effects.Uses(op.Callee()) {
		if u.Arg < 0 || u.Method != "" || u.Goes || !u.Each && u.Certainty < effects.Usually {
			continue
		}
		if funcs := c.res.Effects.TaskFuncs(at.f, op, u.Arg); len(funcs) == 1 {
			in := newFrame(funcs[0], nil, &at.Frame)
			in.Method = methodValue(op, u.Arg)
			if t := c.retakenIn(in, r, mutex, depth); t != nil {
				return t
			}
		}
	}
	return nil
}

// methodValue returns the method value that an op gives as argument i, nil for another
// function.
func methodValue(op *effects.Op, i int) *ast.SelectorExpr {
	call, ok := op.Node.(*ast.CallExpr)
	if !ok || i >= len(call.Args) {
		return nil
	}
	sel, _ := ast.Unparen(call.Args[i]).(*ast.SelectorExpr)
	return sel
}

// retakenIn is retaken for the function of a frame.
func (c *checker) retakenIn(in *frame, r *placement.Region, mutex program.AccessPath, depth int) *placement.Region {
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
		t := c.acquired[o]
		if t == nil || t.Lock != r.Lock { // or a wrapper takes this one before
			if found := c.retaken(in, o, r, mutex, depth-1); found != nil {
				return found
			}
			if t == nil {
				t = c.onces[o]
			}
		}
		if t == nil || t.Lock != r.Lock || t.Read && r.Read && c.writer(r) == nil {
			continue
		}
		if m, ok := c.mutex(in, o); ok && m.Is(mutex) {
			return t
		}
	}
	return nil
}

// unlocks reports whether an op may give the lock of r back: it unlocks that of any
// value, or calls a function of this package, or a literal, that does and does not take it.
func (c *checker) unlocks(op *effects.Op, r *placement.Region) bool {
	fn := op.Callee()
	if fn == nil { // a literal, perhaps in a variable; what that calls is not followed, it may be all that is here
		return slices.ContainsFunc(op.Tasks(), func(t effects.Target) bool {
			return t.Func != nil && t.Func.Lit != nil && !c.locksIn(t.Func, r) && slices.ContainsFunc(t.Func.Ops, func(o *effects.Op) bool { return c.unlocksItself(o, r) })
		})
	}
	if c.unlocksItself(op, r) {
		return true
	}
	f := c.res.Effects.Func(fn)
	if f == nil || f == r.Func || c.locksIn(f, r) {
		return false
	}
	return slices.ContainsFunc(f.Ops, func(o *effects.Op) bool { return c.res.Effects.Func(o.Callee()) == nil && c.unlocks(o, r) })
}

// unlocksItself reports whether an op is an Unlock itself, of any value's lock of r.
func (c *checker) unlocksItself(op *effects.Op, r *placement.Region) bool {
	if !c.res.Effects.Unlocks(op.Callee()) {
		return false
	}
	call, ok := op.Node.(*ast.CallExpr) // or a go statement
	if !ok {
		return true
	}
	v := c.prog().Receiver(call)
	return v == nil || v == r.Lock
}

// locksIn reports whether a function itself takes the lock of r.
func (c *checker) locksIn(f *effects.Func, r *placement.Region) bool {
	return slices.ContainsFunc(f.Ops, func(o *effects.Op) bool { return c.acquired[o] != nil && c.acquired[o].Lock == r.Lock })
}

// A frame is a function at work.
type frame struct {
	f *effects.Func
	program.Frame
}

func newFrame(f *effects.Func, call *ast.CallExpr, up *program.Frame) *frame {
	return &frame{f, program.Frame{In: f.Node(), Call: call, Up: up}}
}

// mutex returns the path of the mutex that an op takes, as the outermost frame sees it.
func (c *checker) mutex(at *frame, op *effects.Op) (program.AccessPath, bool) {
	call, ok := op.Node.(*ast.CallExpr)
	if !ok {
		return program.AccessPath{}, false
	}
	f := c.res.Effects.Func(op.Callee())
	if f == nil {
		return c.prog().Path(&at.Frame, call.Fun)
	}
	for _, o := range f.Ops { // a wrapper
		if c.acquired[o] != nil && c.res.Effects.Func(o.Callee()) == nil {
			return c.mutex(newFrame(f, call, &at.Frame), o)
		}
	}
	return program.AccessPath{}, false
}
