package lockio

import (
	"go/ast"
	"go/types"
	"slices"

	"github.com/concurlint/concurlint/analyzers/effects"
	"github.com/concurlint/concurlint/analyzers/evidence"
	"github.com/concurlint/concurlint/analyzers/locks"
	"github.com/concurlint/concurlint/analyzers/module"
	"github.com/concurlint/concurlint/analyzers/placement"
	"github.com/concurlint/concurlint/analyzers/program"
	"github.com/concurlint/concurlint/analyzers/report"
)

// This file follows functions of this package to other packages, which run them under
// locks of their own. What such a guest does, its host cannot see; what the host does
// with it, package locks has told.

// A guest is a function of this package that another one is given.
type guest struct {
	f     *effects.Func
	at    ast.Expr        // where it is given
	to    string          // to whom, for people
	owner program.Aliases // the value that keeps it, or runs it
	in    string          // the locks.Instance that this is, "" for any
	one   bool            // that is of the type which has the lock, rather than behind an interface
	locks.Given
}

// ownerIn returns the value that a call of another package's function is about: its
// receiver, or, of a function that makes a value, that.
func (c *checker) ownerIn(fn *types.Func, call *ast.CallExpr) program.Aliases {
	switch sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr); {
	case fn.Signature().Recv() == nil && fn.Signature().Results().Len() > 0:
		return c.prog().MayAlias(call)
	case fn.Signature().Recv() == nil || !ok:
		return program.Anything // of its package, or of what it is given
	default:
		return c.prog().MayAlias(sel.X)
	}
}

// takenFrom returns the value whose lock a call takes.
func (c *checker) takenFrom(t locks.Taken, fn *types.Func, call *ast.CallExpr) program.Aliases {
	if t.Of >= 0 && call != nil && t.Of < len(call.Args) {
		return c.prog().MayAlias(call.Args[t.Of])
	}
	return c.ownerIn(fn, call)
}

// ofOpened reports whether a call takes the lock of what its function has opened itself, and
// nobody else has.
func (c *checker) ofOpened(t locks.Taken, call *ast.CallExpr) bool {
	if call == nil || t.Of < 0 && !t.OfReceiver() {
		return false
	}
	x := operand(call)
	if t.Of >= 0 && t.Of < len(call.Args) {
		x = call.Args[t.Of]
	}
	return x != nil && c.res.Effects.Opened(x)
}

func ofInterface(fn *types.Func) bool {
	recv := fn.Signature().Recv()
	return recv != nil && types.IsInterface(recv.Type())
}

// readGuests finds the guests: all that is given to functions, fields and variables of other
// packages of which something is told.
func (c *checker) readGuests() {
	if !module.Neighbours(c.pass) {
		return
	}
	prog := c.prog()
	for _, fn := range prog.Callees() {
		d := c.hosts.Of(fn)
		if d == nil || len(d.Given) == 0 {
			continue
		}
		for _, call := range prog.Calls(fn) {
			owner := c.ownerIn(fn, call)
			for _, g := range d.Given {
				in, under := c.instance(call, g.Under)
				g.Under = under
				c.admit(guest{Given: g, in: in, to: effects.DisplayName(fn, c.pass.Pkg), owner: owner, one: !ofInterface(fn)}, prog.Given(fn, g.Arg, call))
			}
		}
	}
	for _, v := range prog.Written() {
		if d := c.hosts.Of(v); d != nil {
			for _, g := range d.Given {
				c.admit(guest{Given: g, to: v.Pkg().Name() + "." + v.Name(), owner: program.Anything, one: true}, prog.Held(v))
			}
		}
	}
}

// instance returns the instance of a generic type of which a call is a method, and of the locks
// those under which that runs what it keeps.
func (c *checker) instance(call *ast.CallExpr, under []locks.Hold) (string, []locks.Hold) {
	sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	if !ok || c.pass.TypesInfo.TypeOf(sel.X) == nil {
		return "", under
	}
	t := c.pass.TypesInfo.TypeOf(sel.X)
	in := locks.Instance(t)
	var list []locks.Hold
	for _, h := range under {
		if !locks.Apart(in, h.On) {
			if h.On == "" { // its own lock
				h.Lock = h.Lock.Of(t)
			}
			list = append(list, h)
		}
	}
	return in, list
}

// admit adds the functions of this package among the values.
func (c *checker) admit(g guest, values []program.Value) {
	for _, v := range values {
		if v.Expr == nil {
			continue
		}
		for _, f := range c.functions(v.Expr, g.Method) {
			g.f, g.at = f, v.Expr
			c.guests = append(c.guests, g)
		}
	}
}

// functions returns the functions of this package that e stands for, or its method.
func (c *checker) functions(e ast.Expr, method string) (list []*effects.Func) {
	if method == "" {
		for _, t := range c.res.Effects.Targets(nil, e) {
			if t.Func != nil {
				list = append(list, t.Func)
			} else if f := c.res.Effects.Func(t.Obj); f != nil {
				list = append(list, f)
			}
		}
		return list
	}
	t := c.pass.TypesInfo.TypeOf(e)
	if tuple, ok := t.(*types.Tuple); ok && tuple.Len() > 0 {
		t = tuple.At(0).Type()
	}
	if t == nil || types.IsInterface(t) {
		return nil
	}
	obj, _, _ := types.LookupFieldOrMethod(t, true, c.pass.Pkg, method)
	if fn, ok := obj.(*types.Func); ok {
		if f := c.res.Effects.Func(fn.Origin()); f != nil {
			list = append(list, f)
		}
	}
	return list
}

// received returns the functions of this package that a call of another package's
// function runs before it returns: those that it is given, and those that have been left
// with the value that it is called of.
func (c *checker) received(op *effects.Op) (list []*effects.Func) {
	call, ok := op.Node.(*ast.CallExpr)
	d := c.hosts.Callee(op)
	if !ok || d == nil || lent(op) {
		return nil
	}
	for _, g := range d.Given {
		if g.Place != "" {
			continue
		}
		for _, v := range c.prog().Given(op.Callee(), g.Arg, call) {
			if v.Expr != nil {
				list = append(list, c.functions(v.Expr, g.Method)...)
			}
		}
	}
	if len(d.Runs) == 0 {
		return list
	}
	at := c.ownerIn(op.Callee(), call)
	for _, g := range c.guests {
		if g.Place != "" && slices.ContainsFunc(d.Runs, func(r locks.Run) bool { return r.Place == g.Place && !locks.Apart(r.In, g.in) }) && g.owner.Meet(at) {
			list = append(list, g.f)
		}
	}
	return list
}

// comesBack reports an op under r that runs, by way of another package, what takes the
// lock of r again.
func (c *checker) comesBack(r *placement.Region, op *effects.Op) bool {
	if r.Lock == nil || r.Local {
		return false
	}
	for _, f := range c.received(op) {
		t := c.entered(far{f: f}, r, make(map[*effects.Func]bool))
		if t == nil {
			continue
		}
		c.reporter.Report(report.Finding{
			Pos:     op.Node.Pos(),
			End:     op.Node.End(),
			Most:    evidence.Warning,
			Signals: []string{"lockio.stranger-locks"},
			Kind:    effects.Dynamic.String(),
			Message: r.Name() + " is held while " + effects.DisplayName(op.Callee(), c.pass.Pkg) + runsOurs + " takes it again: deadlock",
			Related: []report.Step{
				{Pos: r.Acquire.Node.Pos(), Message: r.Name() + " is taken here"},
				{Pos: t.Acquire.Node.Pos(), Message: "what runs takes " + t.Key + " here"},
			},
		})
		return true
	}
	return false
}

// takenElsewhere reports whether an op calls what takes the lock of r in another package,
// of a value that may be the same.
func (c *checker) takenElsewhere(op *effects.Op, r *placement.Region) bool {
	d := c.hosts.Callee(op)
	if d == nil || lent(op) {
		return false
	}
	held := locks.Lock{Name: c.hosts.Name(r.Lock), Read: r.Read}
	if held.Name == "" {
		return false
	}
	owner := ownerOf(r.Acquire.Node)
	if owner != nil {
		held = held.Of(c.pass.TypesInfo.TypeOf(owner))
	}
	call, ok := op.Node.(*ast.CallExpr)
	return slices.ContainsFunc(d.Takes, func(t locks.Taken) bool {
		return held.Excludes(t.Lock) && (owner == nil || !ok || c.prog().MayAlias(owner).Meet(c.takenFrom(t, op.Callee(), call)))
	})
}
