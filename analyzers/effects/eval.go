package effects

import (
	"go/ast"
	"go/token"
	"go/types"
	"path/filepath"
	"strconv"

	"github.com/concurlint/concurlint/analyzers/program"
)

// evaluator works out the effects and uses of one op of one function.
type evaluator struct {
	p  *pkg
	fn *Func
	op *Op

	effects []Effect
	uses    []Use
}

// eval sets op.Effects and returns what fn does with its arguments there.
func (p *pkg) eval(fn *Func, op *Op) []Use {
	ev := &evaluator{p: p, fn: fn, op: op}
	switch n := op.Node.(type) {
	case *ast.SendStmt:
		ev.send(n)
	case *ast.UnaryExpr:
		ev.receive(n)
	case *ast.RangeStmt:
		what := "receives until " + types.ExprString(n.X) + " is closed"
		ev.add(Effect{Kind: Chan, Certainty: Always, Flags: Receive, Root: p.root(fn, n.X)}, n.X.Pos(), what)
		ev.outcome(n.X, what)
	case *ast.SelectStmt:
		ev.selects(n)
	case *ast.GoStmt, *ast.CallExpr:
		ev.call(op.call)
	}
	op.Effects = condense(ev.effects)
	return ev.uses
}

// add adds a primitive effect of the op itself.
func (ev *evaluator) add(e Effect, pos token.Pos, what string) {
	e.Certainty = min(e.Certainty, ev.op.certainty(e.Kind))
	if e.Certainty == Never {
		return
	}
	e.Guard = ev.p.guardOf(ev.fn, ev.op)
	e.Chain = []Frame{ev.p.frame(pos, what)}
	if ev.op.Deferred {
		e.Flags |= Deferred
	}
	merge(&ev.effects, e)
}

func (p *pkg) frame(pos token.Pos, what string) Frame {
	return Frame{Pos: pos, Call: what}
}

// where is the place of a frame for readers of other packages: in the file that
// people edit, as what cgo makes of it has a name that depends on who asked.
func (p *pkg) where(pos token.Pos) string {
	at := p.fset.Position(pos)
	return filepath.Base(at.Filename) + ":" + strconv.Itoa(at.Line)
}

// call evaluates a call or go statement.
func (ev *evaluator) call(c *call) {
	if ev.op.Spawned != nil {
		ev.add(Effect{Kind: Spawn, Certainty: Always}, ev.op.Node.Pos(), "starts a goroutine")
		if c == nil {
			return
		}
	}
	if c.fn == nil && cancels(ev.p.prog.TypeOf(c.expr.Fun)) {
		return
	}
	if c.dynamic {
		ev.unknown(c)
	}
	if c.fn != nil {
		ev.callFunc(c.fn, c)
		if ev.op.Spawned == nil && OnGroup(c.fn) == WaitsForGroup {
			ev.joined(c)
		}
		return
	}
	if c.dynamic || len(c.targets) > 1 {
		ev.join(c)
		return
	}
	for _, t := range c.targets {
		ev.target(t, c, Use{Certainty: Always})
	}
}

// target applies what a function value does. u says how it is called.
func (ev *evaluator) target(t Target, c *call, u Use) {
	switch {
	case t.Use != nil:
		use := *t.Use
		use.Method, use.Certainty, use.Each, use.Goes, use.Limited = "", min(u.Certainty, ev.op.Certainty), u.Each || ev.inLoop(), u.Goes || ev.op.Spawned != nil, u.Limited
		use.Awaited, use.start, use.at = u.Awaited, u.start, u.at
		use.Again, use.tries = u.Again, u.tries.or(ev)
		if ev.op.Spawned != nil && !u.Goes {
			use.Over, use.start, use.at = ev.over(use.owner), ev.op, ev.fn
			use.Each = use.Each || use.Over > 0
		}
		use.chain = []Frame{ev.p.frame(c.expr.Pos(), "calls "+types.ExprString(c.expr.Fun))}
		ev.addUse(use)
	case t.Func != nil:
		ev.summary(&t.Func.Summary, ev.name(t), c, t.Recv, u, t.Func)
	case t.Obj != nil:
		ev.named(t.Obj, &call{expr: c.expr, fn: t.Obj, recv: t.Recv, iface: isInterfaceMethod(t.Obj)}, u)
	}
}

func (ev *evaluator) inLoop() bool { return ev.op.Loop != nil && ev.op.Loop.Data() && !ev.op.Once }

func (ev *evaluator) name(t Target) string {
	if t.Obj != nil {
		return DisplayName(t.Obj, ev.p.types)
	}
	return "the function literal at " + ev.p.where(t.Func.Lit.Pos())
}

func (ev *evaluator) callFunc(fn *types.Func, c *call) {
	ev.named(fn, c, Use{Certainty: Always})
}

// named applies what a declared function or method does.
func (ev *evaluator) named(fn *types.Func, c *call, u Use) {
	if what := callsC(fn.Name()); what != "" {
		ev.add(Effect{Kind: Cgo, Certainty: u.Certainty, Root: RootNone}, c.expr.Pos(), what)
		return
	}
	if f := ev.p.decls[fn]; f != nil {
		if f.Summary.silent() {
			return
		}
		if k := ev.p.known(fn); k != nil && k.quiet {
			return
		}
		ev.summary(&f.Summary, DisplayName(fn, ev.p.types), c, c.recv, u, f)
		return
	}
	k := ev.p.known(fn)
	if c.recv != nil {
		k = ev.p.knownOn(ev.p.prog.TypeOf(c.recv), fn)
	}
	if k == nil && !c.iface && (fn.Pkg() == nil || fn.Pkg().Path() != "reflect") {
		return // as most calls
	}
	name := DisplayName(fn, ev.p.types)
	switch {
	case k != nil && k.quiet:
	case k != nil && k.effect != nil:
		ev.knowledge(k, name, c, u)
	case k != nil && k.summary != nil && c.iface && c.recv != nil && ev.throughValue(fn, c, u):
	case k != nil && k.summary != nil:
		ev.summary(k.summary, name, c, c.recv, u, nil)
	case c.iface:
		ev.ifaceMethod(fn, name, c, u)
	case Reflects(fn):
		ev.add(Effect{Kind: Dynamic, Certainty: min(Always, u.Certainty), Root: RootNone}, c.expr.Pos(), name+", a function that is not known here")
	}
}

// Reflects reports whether fn calls a function by reflection.
func Reflects(fn *types.Func) bool {
	return fn != nil && (fn.FullName() == "(reflect.Value).Call" || fn.FullName() == "(reflect.Value).CallSlice")
}

// summary applies the summary of a callee; f is nil for one of another package.
func (ev *evaluator) summary(s *Summary, name string, c *call, recv ast.Expr, u Use, f *Func) {
	goes := u.Goes || ev.op.Spawned != nil
	if s.Mark&MarkNonBlocking != 0 && len(s.Uses) == 0 {
		return
	}
	if !goes {
		for i := range s.Effects {
			e := &s.Effects[i]
			if e.Kind == CPU && e.Weight < Costly && f != nil && f.group == ev.fn.group {
				continue // recursion is weighed as a whole
			}
			ev.inherit(e, name, c, recv, u)
		}
	}
	for i := range s.Uses {
		use := &s.Uses[i]
		if use.owner != nil && use.owner != f {
			if use.owner.encloses(ev.fn) {
				ev.passOn(use, u, goes)
			}
			continue
		}
		if s.Mark&MarkOffload == 0 && !s.Offload.Has(use.Arg) {
			ev.argument(use, name, c, recv, u, goes)
		}
	}
}

// inherit adds the effect e of a callee.
func (ev *evaluator) inherit(e *Effect, name string, c *call, recv ast.Expr, u Use) {
	if e.Kind == Dynamic && e.Is(Hint) || e.Kind == CPU && !ev.p.weighs(e.Weight) {
		return
	}
	out := *e
	out.Certainty = min(e.Certainty, u.Certainty, ev.op.certainty(e.Kind))
	if out.Certainty == Never {
		return
	}
	if !ev.passes(&out, c) || ev.needless(e, c) {
		return
	}
	out.Root = ev.mapRoot(e.Root, c, recv)
	if ev.op.Deferred {
		out.Flags |= Deferred
	}
	if out.Bound < Deadline && e.Kind.Blocks() && ev.p.timeLimited(c.expr) {
		out.Bound = Deadline
	}
	part := e.Kind == CPU && ev.inLoop() && (ev.p.part(ev.op) || ev.p.pieceOf(ev.fn, ev.op.Loop, argument(e.Root, c, recv))) && !ev.p.prog.MethodExpression(c.expr)
	if e.Kind == CPU && !e.carries() {
		return
	}
	if e.Kind == CPU && u.Each && !e.Is(Linear) {
		out.Weight = e.Weight.within(1)
	}
	if e.Kind == File && ev.inLoop() {
		out.Weight = Costly
	}
	if out.Flags &^= Looped | Lent; e.Kind == CPU && ev.inLoop() && !part {
		out.Flags |= Looped
	}
	if old := ev.same(&out); old != nil && !betterBy(&out, min(len(e.Chain)+1, maxChain), old) {
		return
	}
	out.Chain = lead(ev.p.frame(c.expr.Pos(), name), e.Chain)
	merge(&ev.effects, out)
}

// lead puts a frame before a chain. Of one that is full, what is next to the primitive
// goes, the primitive stays.
func lead(first Frame, rest []Frame) []Frame {
	if len(rest) >= maxChain {
		rest = append(rest[:maxChain-2:maxChain-2], rest[len(rest)-1])
	}
	return append(append(make([]Frame, 0, len(rest)+1), first), rest...)
}

// same returns what has been found so far at the place of e, or nil.
func (ev *evaluator) same(e *Effect) *Effect {
	for i := range ev.effects {
		if o := &ev.effects[i]; together(o, e) && placeOf(o) == placeOf(e) {
			return o
		}
	}
	return nil
}

// maxHeavy is how many calls up nested loops over data still make a function
// one that computes.
const maxHeavy = 6

// carries reports whether computing is near enough to mean something to a caller of the
// function. A loop somewhere far below says little: it counts one call up. What is known
// to be costly counts at any distance.
func (e *Effect) carries() bool {
	switch e.Weight {
	case Costly:
		return true
	case Heavy, Steep:
		return len(e.Chain) <= maxHeavy
	}
	return len(e.Chain) <= 1
}

func (ev *evaluator) mapRoot(r Root, c *call, recv ast.Expr) Root {
	if x := argument(r, c, recv); x != nil {
		return ev.p.root(ev.fn, x)
	}
	return RootNone
}

// argument returns what a call gives for a root of its callee, nil for none.
func argument(r Root, c *call, recv ast.Expr) ast.Expr {
	switch {
	case r == RootRecv:
		return recv
	case r >= 0 && int(r) < len(c.expr.Args):
		return c.expr.Args[r]
	}
	return nil
}

// perElement reports whether a loop goes over a collection, rather than up to
// a number such as that of workers.
func (p *pkg) perElement(l *Loop) bool {
	switch s := l.Node.(type) {
	case *ast.RangeStmt:
		b, ok := p.prog.TypeOf(s.X).Underlying().(*types.Basic)
		return l.Data() && (!ok || b.Info()&types.IsInteger == 0)
	case *ast.ForStmt:
		n, ok := p.prog.Iterations(s, program.Declaration)
		return ok && n.By == program.Data
	}
	return false
}
