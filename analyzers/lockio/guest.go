package lockio

import (
	"go/ast"
	"go/types"
	"slices"
	"strings"

	"github.com/concurlint/concurlint/analyzers/contracts"
	"github.com/concurlint/concurlint/analyzers/effects"
	"github.com/concurlint/concurlint/analyzers/evidence"
	"github.com/concurlint/concurlint/analyzers/internal/lexicon"
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
				c.admit(guest{Given: g, to: effects.DisplayName(fn, c.pass.Pkg), owner: owner, one: !ofInterface(fn)}, prog.Given(fn, g.Arg, call))
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
		if g.Place != "" && slices.Contains(d.Runs, g.Place) && g.owner.Meet(at) {
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
			Message: r.Name() + " is held while " + effects.DisplayName(op.Callee(), c.pass.Pkg) + " runs code of this package, which takes it again: deadlock",
			Related: []report.Step{
				{Pos: r.Acquire.Node.Pos(), Message: r.Name() + " is taken here"},
				{Pos: t.Acquire.Node.Pos(), Message: "what runs takes " + t.Key + " here"},
			},
		})
		return true
	}
	return false
}

// visit checks what a guest does under the locks of its host.
func (c *checker) visit(g guest) {
	under := slices.Clone(g.Under) // the surest first
	slices.SortStableFunc(under, func(a, b locks.Hold) int { return len(c.madeElsewhere(a)) - len(c.madeElsewhere(b)) })
	for _, l := range under {
		if c.reenters(g, l) {
			return
		}
	}
	for _, l := range under {
		if c.keepsWaiting(g, l) {
			return
		}
	}
}

// madeElsewhere returns the signal of a lock whose owner is made by a function that this package
// does not call, or is one of several that may be behind an interface, and this package has
// none such: another one may make it, or nobody.
func (c *checker) madeElsewhere(l locks.Hold) []string {
	if l.Among != "" && !c.handles(l.Among) {
		return []string{"lockio.elsewhere"}
	}
	if !l.Maker || slices.ContainsFunc(c.prog().Callees(), func(fn *types.Func) bool {
		return fn.Pkg() != c.pass.Pkg && effects.DisplayName(fn, nil) == l.By
	}) {
		return nil
	}
	return []string{"lockio.elsewhere"}
}

// handles reports whether this package has to do with a type that is so named: it has an
// expression of it, or calls a function that makes a value of it.
func (c *checker) handles(owner string) bool {
	if c.handled == nil {
		c.handled = make(map[string]bool)
		seen := make(map[types.Type]bool)
		for _, tv := range c.pass.TypesInfo.Types {
			if tv.Type == nil || seen[tv.Type] {
				continue
			}
			seen[tv.Type] = true
			c.handled[locks.TypeName(tv.Type)] = true
			if results, ok := tv.Type.(*types.Tuple); ok {
				for v := range results.Variables() {
					c.handled[locks.TypeName(v.Type())] = true
				}
			}
		}
		for _, fn := range c.prog().Callees() {
			if d := c.hosts.Of(fn); d != nil {
				for _, t := range d.Makes {
					c.handled[t] = true
				}
			}
		}
	}
	return c.handled[owner]
}

// reenters reports a guest that calls what takes the lock again. Of an interface it is not
// known whose lock that is: a value of another type may be behind it.
func (c *checker) reenters(g guest, l locks.Hold) bool {
	if !g.one {
		return false
	}
	op := c.takesOf(g, l, far{f: g.f}, make(map[*effects.Func]bool))
	if op == nil {
		return false
	}
	c.reporter.Report(report.Finding{
		Pos:     op.Node.Pos(),
		End:     op.Node.End(),
		Most:    evidence.Warning,
		Signals: append(c.madeElsewhere(l), "lockio.stranger-locks"),
		Kind:    effects.Lock.String(),
		Cause:   l.Name + " of " + l.By,
		Message: l.Short() + " is held by " + l.By + ", which runs this, and " + effects.DisplayName(op.Callee(), c.pass.Pkg) + " takes it again: deadlock",
		Related: []report.Step{{Pos: g.at.Pos(), Message: "given to " + g.to + " here"}},
	})
	return true
}

// takesOf returns the op of a side's function, or of what it calls, that takes the lock. Where
// the host has given it back meanwhile, it is there to be taken. Another call of a function may
// do what this one switches off.
func (c *checker) takesOf(g guest, l locks.Hold, s far, seen map[*effects.Func]bool) *effects.Op {
	if seen[s.f] {
		return nil
	}
	seen[s.f] = true
	for _, op := range s.f.Ops {
		if op.Spawned != nil || op.Certainty < effects.Missed || lent(op) {
			continue
		}
		if s.call != nil && c.prog().Unmet(s.call, s.f.Node(), op.Node.Pos()) {
			delete(seen, s.f)
			continue
		}
		if c.givesBack(op) && !op.Deferred {
			return nil
		}
		call, _ := op.Node.(*ast.CallExpr)
		if d := c.hosts.Callee(op); d != nil && slices.ContainsFunc(d.Takes, func(t locks.Taken) bool { return l.Excludes(t.Lock) && g.owner.Meet(c.takenFrom(t, op.Callee(), call)) }) {
			return op
		}
		for _, h := range c.res.Effects.Callees(s.f, op) {
			if found := c.takesOf(g, l, far{f: h, call: call}, seen); found != nil {
				return found
			}
		}
	}
	return nil
}

// givesBack reports whether an op gives back a lock that its function has not taken, by a
// method of another package.
func (c *checker) givesBack(op *effects.Op) bool {
	if op.Callee() == nil || op.Callee().Pkg() == c.pass.Pkg {
		return false
	}
	s := c.res.Effects.Summary(op.Callee())
	return s != nil && s.Lock.Verb() == effects.LockReleases
}

// keepsWaiting reports the surest wait of a guest for something outside the program. Where a
// library says that the guest must not wait, rule blockloop tells it.
func (c *checker) keepsWaiting(g guest, l locks.Hold) bool {
	if slices.ContainsFunc(c.contracts.Contexts, func(x *contracts.Context) bool { return x.Func == g.f && !x.Directive && !x.Loop.Own }) {
		return false
	}
	r := &placement.Region{Func: g.f, Key: l.Short(), Read: l.Read}
	var worst held
	var signals []string
	for _, op := range g.f.Ops {
		if op.Spawned != nil || op.Certainty < effects.Missed {
			continue
		}
		for i := range op.Effects {
			e := &op.Effects[i]
			if e.Kind != effects.Net && e.Kind != effects.Proc && e.Kind != effects.Sleep || e.Certainty < effects.Missed || e.Is(effects.Released) {
				continue
			}
			h := held{r, op, e}
			if s := c.away(h, g, l); worst.e == nil || confidence(s) > confidence(signals) {
				worst, signals = h, s
			}
		}
	}
	if worst.e == nil {
		return false
	}
	c.reporter.Report(report.Finding{
		Pos:     worst.op.Node.Pos(),
		End:     worst.op.Node.End(),
		Most:    evidence.Warning,
		Signals: signals,
		Kind:    worst.e.Name(),
		Cause:   l.Name + " of " + l.By,
		Message: l.Short() + " is held by " + l.By + ", which runs this, while " + report.Subject(worst.e) + " " + report.Verb(worst.e),
		Chain:   report.Chain(worst.op.Node.Pos(), worst.e.Chain),
		Related: []report.Step{{Pos: g.at.Pos(), Message: "given to " + g.to + " here"}},
	})
	return true
}

// away returns the signals of a wait under a lock that is out of sight: what the wait
// itself says, and what the host has told of the lock.
func (c *checker) away(h held, g guest, l locks.Hold) []string {
	hits := append(c.hits(ofWait, h), c.madeElsewhere(l)...)
	if !l.Wanted {
		hits = append(hits, "lockio.no-sufferer")
	}
	if l.Once {
		hits = append(hits, "lockio.missed")
	}
	// A literal stands in whoever has set it up.
	if g.f.Decl != nil && quiet(g.f) || lexicon.Is(lexicon.Ends, l.By[strings.LastIndexByte(l.By, '.')+1:]) {
		hits = append(hits, "lockio.end-name")
	}
	return hits
}

func confidence(signals []string) float64 { return evidence.Judge("lockio", signals).Confidence }

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
	call, ok := op.Node.(*ast.CallExpr)
	return slices.ContainsFunc(d.Takes, func(t locks.Taken) bool {
		return held.Excludes(t.Lock) && (owner == nil || !ok || c.prog().MayAlias(owner).Meet(c.takenFrom(t, op.Callee(), call)))
	})
}
