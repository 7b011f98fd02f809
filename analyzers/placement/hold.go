package placement

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"github.com/concurlint/concurlint/analyzers/effects"
	"github.com/concurlint/concurlint/analyzers/program"
)

// This file finds what holds a spawner back: something that it waits for on every
// way from one hand-over to the next, and that the tasks release.

// limiterBefore looks for what bounds how many tasks of a site are in flight: a
// token, a rate limiter, a lock that the task gives back, a counter that is
// compared with a limit.
func (p *placer) limiterBefore(s *Site) Limit {
	loop := s.Trip.Loop
	if loop == nil {
		loop = s.Op.Loop
	}
	f, op := s.Func, s.Op
	for range maxDepth {
		if l, held := p.heldBack(s, f, op, loop); held {
			return l
		}
		if f.Lit == nil {
			break
		}
		parent, call, _ := p.fx.Invocation(f)
		if call == nil {
			break
		}
		f, op = parent, call
	}
	return Limit{}
}

// heldBack looks for the bound in one function: around the loop if that is there,
// otherwise on the ways through the function to the op.
func (p *placer) heldBack(s *Site, f *effects.Func, op *effects.Op, loop *effects.Loop) (Limit, bool) {
	within := loop
	for l := op.Loop; l != loop; l = l.Parent {
		if l == nil {
			within = nil // it is further out
			break
		}
	}
	var cuts []ast.Node
	var first *effects.Op
	for _, o := range p.mayHold(f) {
		if o == op || within == nil && o.Node.Pos() > op.Node.Pos() {
			continue
		}
		if within != nil && (o.Node.Pos() < within.Node.Pos() || o.Node.End() > within.Node.End()) {
			continue
		}
		if nodes := p.holds(s, f, o); len(nodes) > 0 {
			cuts = append(append(cuts, nodes...), p.optional(f, o)...)
			if first == nil {
				first = o
			}
		}
	}
	tokens := len(cuts)
	if within != nil {
		cuts = append(cuts, p.counters(s, within)...)
	}
	if len(cuts) == 0 {
		return Limit{}, false
	}
	flow := p.prog.Flow(f.Body())
	if within != nil && flow.Repeats(op.Node, within.Node, cuts) || within == nil && flow.Enters(op.Node, cuts) {
		return Limit{}, false
	}
	l := Limit{Class: Semaphore}
	if tokens > 0 {
		l.Token = first
		l.Tokens, l.N = p.tokensOf(first)
	}
	return l, true
}

// mayHold returns the ops of a function that can hold somebody back. Each of its
// sites asks, and functions that are generated have thousands of both.
func (p *placer) mayHold(f *effects.Func) []*effects.Op {
	list, ok := p.waiting[f]
	if !ok {
		for _, op := range f.Ops {
			if op.Spawned == nil && !op.Deferred && p.canWait(op) {
				list = append(list, op)
			}
		}
		p.waiting[f] = list
	}
	return list
}

// canWait is the part of holds that is the same for all sites.
func (p *placer) canWait(op *effects.Op) bool {
	fn := op.Callee()
	if _, ok := op.Node.(*ast.CallExpr); !ok {
		return true
	}
	if fn == nil {
		return paces(op)
	}
	verb, _ := p.lockVerb(op)
	limits := func(o *effects.Op) bool { return p.fx.Limiter(o.Callee()) == "acquire" }
	g := p.fx.Func(fn)
	return p.fx.Limiter(fn) != "" || verb != "" || op.Effect(effects.Chan) != nil || op.Effect(effects.Wait) != nil ||
		isInterface(fn) && fails(fn.Signature()) || g != nil && slices.ContainsFunc(g.Ops, limits)
}

// optional returns the test for nil around an op that takes a place: without a
// limiter there is no limit, and somebody has chosen so.
func (p *placer) optional(f *effects.Func, op *effects.Op) (tests []ast.Node) {
	ast.Inspect(f.Body(), func(n ast.Node) bool {
		s, ok := n.(*ast.IfStmt)
		if !ok || !contains(s.Body, op.Node) {
			return n != nil && contains(n, op.Node)
		}
		b, ok := ast.Unparen(s.Cond).(*ast.BinaryExpr)
		if ok && b.Op == token.NEQ && p.info.Types[b.Y].IsNil() {
			if v := p.shared(b.X); p.anyVariable(op.Node, func(w *types.Var) bool { return v != nil && w.Origin() == v }) {
				tests = append(tests, s.Cond)
			}
		}
		return true
	})
	return tests
}

// holds returns the nodes of an op that wait for what the task of the site
// releases, or for a place of which nobody else is known to give it back.
func (p *placer) holds(s *Site, f *effects.Func, op *effects.Op) []ast.Node {
	switch n := op.Node.(type) {
	case *ast.SendStmt:
		if p.sendHolds(s, n.Chan) {
			return []ast.Node{n}
		}
	case *ast.UnaryExpr:
		if n.Op == token.ARROW && p.receiveHolds(s, f, n, n.X) {
			return []ast.Node{n}
		}
	case *ast.RangeStmt:
		if p.givesBack(s, f, n, n.X) {
			return []ast.Node{n}
		}
	case *ast.SelectStmt:
		return p.selectHolds(s, f, n)
	case *ast.CallExpr:
		if p.callHolds(s, f, op, n) {
			return []ast.Node{n}
		}
	}
	return nil
}

// sendHolds reports whether sending to the channel takes a place: the task
// receives from it, its elements carry nothing, or it has a buffer. One for all of
// the data bounds nothing.
func (p *placer) sendHolds(s *Site, ch ast.Expr) bool {
	if p.ofData(ch) {
		if n, known := p.fx.Capacity(ch); known && n != 0 {
			return false
		}
	}
	return p.exchange(s).received[p.shared(ch)] || p.tokens(ch)
}

// ofData reports whether a channel is made for all of the data. What callers give
// is theirs to choose.
func (p *placer) ofData(ch ast.Expr) bool {
	return p.prog.Size(ch, program.Declaration).By == program.Data && p.prog.Size(ch, program.Package).By == program.Data
}

// tokens reports whether sending to the channel takes a place, as far as the
// channel tells: its elements carry nothing, or it has a buffer.
func (p *placer) tokens(ch ast.Expr) bool {
	if n, known := p.fx.Capacity(ch); known && n != 0 {
		return true
	}
	t := p.info.TypeOf(ch)
	if t == nil {
		return false
	}
	c, ok := t.Underlying().(*types.Chan)
	return ok && empty(c.Elem())
}

// receiveHolds reports whether a receive waits for a place. What the task is
// about is no place unless the task gives it back.
func (p *placer) receiveHolds(s *Site, f *effects.Func, at ast.Node, ch ast.Expr) bool {
	if p.ticks(ch) {
		return false
	}
	if p.takes(s, f, at) {
		return p.givesBack(s, f, at, ch)
	}
	return true
}

// selectHolds returns the clauses of a select that wait for a place. Giving up
// after a while, or when told to, is no way round the wait.
func (p *placer) selectHolds(s *Site, f *effects.Func, n *ast.SelectStmt) []ast.Node {
	var places, limits []ast.Node
	for _, c := range n.Body.List {
		clause := c.(*ast.CommClause)
		switch comm := clause.Comm.(type) {
		case nil: // a default waits for nothing
		case *ast.SendStmt:
			if p.sendHolds(s, comm.Chan) {
				places = append(places, clause)
			}
		default:
			ch := received(comm)
			switch {
			case ch == nil:
			case p.ticks(ch), p.tells(s, ch):
				limits = append(limits, clause)
			case p.receiveHolds(s, f, comm, ch):
				places = append(places, clause)
			}
		}
	}
	if len(places) == 0 {
		return nil
	}
	return append(places, limits...)
}

// ticks reports whether what comes from a channel is the time.
func (p *placer) ticks(ch ast.Expr) bool {
	t, ok := p.info.TypeOf(ch).Underlying().(*types.Chan)
	return ok && isNamed(t.Elem(), "time", "Time")
}

// tells reports whether a channel carries nothing and the task has no part in it:
// a context's Done, a sign to stop.
func (p *placer) tells(s *Site, ch ast.Expr) bool {
	t, ok := p.info.TypeOf(ch).Underlying().(*types.Chan)
	x, v := p.exchange(s), p.shared(ch)
	return ok && empty(t.Elem()) && !x.sent[v] && !x.closed[v]
}

func isNamed(t types.Type, path, name string) bool {
	n, ok := types.Unalias(t).(*types.Named)
	return ok && n.Obj().Name() == name && n.Obj().Pkg() != nil && n.Obj().Pkg().Path() == path
}

// givesBack reports whether the task, whatever comes, sends to the channel in one
// of its functions, or sends the very value that came to one of the same kind. Who
// puts a piece of work back that failed does not.
func (p *placer) givesBack(s *Site, f *effects.Func, at ast.Node, ch ast.Expr) bool {
	x, v, values := p.exchange(s), p.shared(ch), p.derived(f, at)
	if len(x.sent) == 0 {
		return false
	}
	returns := func(n *ast.SendStmt) bool {
		if to := x.variable(n.Chan); to != nil && to == v {
			return true
		}
		return values[x.variable(n.Value)] && types.Identical(elemOf(p.info.TypeOf(n.Chan)), elemOf(p.info.TypeOf(ch)))
	}
	for _, g := range p.fx.Funcs() {
		if !x.runs(g) {
			continue
		}
		var sends []ast.Node
		for _, o := range g.Ops {
			switch n := o.Node.(type) {
			case *ast.SendStmt:
				if returns(n) {
					sends = append(sends, n)
				}
			case *ast.SelectStmt:
				for _, c := range n.Body.List {
					if comm, ok := c.(*ast.CommClause).Comm.(*ast.SendStmt); ok && returns(comm) {
						sends = append(sends, c)
					}
				}
			}
		}
		if len(sends) > 0 && !p.prog.Flow(g.Body()).Crosses(sends) {
			return true
		}
	}
	return false
}

func elemOf(t types.Type) types.Type {
	if c, ok := t.Underlying().(*types.Chan); ok {
		return c.Elem()
	}
	return nil
}

// callHolds reports whether a call waits for a place: that of a known limiter, of
// a lock that the task gives back, of a function that waits for a channel or for
// others near to its own code, or of a method that the task ends with the
// counterpart of.
func (p *placer) callHolds(s *Site, f *effects.Func, op *effects.Op, c *ast.CallExpr) bool {
	fn := op.Callee()
	switch p.fx.Limiter(fn) {
	case "acquire", "try":
		return true
	case "release":
		return false
	}
	if g := p.fx.Func(fn); g != nil && slices.ContainsFunc(g.Ops, func(o *effects.Op) bool { return p.fx.Limiter(o.Callee()) == "acquire" }) {
		return true
	}
	if verb, recv := p.lockVerb(op); verb != "" {
		done := p.exchange(s).called[p.shared(recv)]
		return verb == "lock" && done["Unlock"] && !done["Lock"]
	}
	if !paces(op) {
		return p.brackets(s, op, c)
	}
	return !p.takes(s, f, c) || p.handsBack(s, f, op, c)
}

// paces reports whether a call sends or waits on its main path, close to its
// own code: then it is what the loop is held up by.
func paces(op *effects.Op) bool {
	for _, k := range []effects.Kind{effects.Chan, effects.Wait} {
		if e := op.Effect(k); e != nil && e.Certainty >= effects.Usually && len(e.Chain) <= 3 && !e.Is(effects.Hint) {
			return true
		}
	}
	return false
}

// brackets reports whether the call and one that the task makes are the two ends
// of a hold on one value:
//
//	if err := room.Enter(ctx); err != nil { return err }
//	go func() { defer room.Leave(); … }()
//
// The first waits, or it is not known what it does and it can fail; the last gives
// nothing.
func (p *placer) brackets(s *Site, op *effects.Op, c *ast.CallExpr) bool {
	sel, ok := ast.Unparen(c.Fun).(*ast.SelectorExpr)
	if !ok || op.Callee() == nil {
		return false
	}
	waits := op.Effect(effects.Chan) != nil || op.Effect(effects.Wait) != nil
	if !waits && !(isInterface(op.Callee()) && fails(op.Callee().Signature())) {
		return false
	}
	v, x := p.shared(sel.X), p.exchange(s)
	if v == nil {
		return false
	}
	if !waits && p.givenEnd(s, v, op.Callee().Name()) {
		return true
	}
	for _, f := range x.funcs {
		for _, o := range f.Ops {
			last, ok := o.Node.(*ast.CallExpr)
			if !ok || !o.Deferred && !waits || o.Callee() == nil || o.Callee() == op.Callee() || o.Callee().Signature().Results().Len() > 0 {
				continue
			}
			if inner, ok := ast.Unparen(last.Fun).(*ast.SelectorExpr); ok && x.variable(inner.X) == v {
				return true
			}
		}
	}
	return false
}

// givenEnd reports whether a site gives its task a function to call when it is
// done, which calls another method of the variable.
func (p *placer) givenEnd(s *Site, v *types.Var, first string) bool {
	g, ok := s.Op.Node.(*ast.GoStmt)
	if !ok {
		return false
	}
	found := false
	for _, a := range g.Call.Args {
		lit, ok := ast.Unparen(a).(*ast.FuncLit)
		if !ok {
			continue
		}
		ast.Inspect(lit.Body, func(n ast.Node) bool {
			if x, ok := n.(*ast.ExprStmt); ok {
				if c, ok := x.X.(*ast.CallExpr); ok && calledName(c) != first && p.shared(receiver(c)) == v {
					found = true
				}
			}
			return !found
		})
	}
	return found
}

// fails reports whether all that a function says is if it worked.
func fails(sig *types.Signature) bool {
	if sig.Results().Len() != 1 {
		return false
	}
	t := sig.Results().At(0).Type()
	return types.Identical(t, types.Universe.Lookup("error").Type()) || types.Identical(t, types.Typ[types.Bool])
}

// handsBack reports whether the task gives what it gets from a call back to where
// the call gets it: it sends to the channel that the callee receives from, or
// gives the value to a method of the same variable.
func (p *placer) handsBack(s *Site, f *effects.Func, op *effects.Op, c *ast.CallExpr) bool {
	x := p.exchange(s)
	if g := p.fx.Func(op.Callee()); g != nil {
		from := p.newExchange()
		from.bind(g, c)
		from.follow(g, maxDepth-1)
		for v := range from.received {
			if x.sent[v] {
				return true
			}
		}
	}
	sel, ok := ast.Unparen(c.Fun).(*ast.SelectorExpr)
	if !ok {
		return false
	}
	v, values := p.shared(sel.X), p.derived(f, c)
	for _, g := range x.funcs {
		for _, o := range g.Ops {
			back, ok := o.Node.(*ast.CallExpr)
			if !ok || len(back.Args) != 1 || !p.mentions(back.Args[0], values) {
				continue
			}
			if inner, ok := ast.Unparen(back.Fun).(*ast.SelectorExpr); ok && v != nil && x.variable(inner.X) == v {
				return true
			}
		}
	}
	return false
}

// tokensOf says how many tokens there are where the op takes one: the capacity of
// the channel that it sends to.
func (p *placer) tokensOf(op *effects.Op) (Class, int64) {
	ch := ast.Expr(nil)
	switch n := op.Node.(type) {
	case *ast.SendStmt:
		ch = n.Chan
	case *ast.SelectStmt:
		for _, cl := range n.Body.List {
			if s, ok := cl.(*ast.CommClause).Comm.(*ast.SendStmt); ok {
				ch = s.Chan
			}
		}
	}
	if ch == nil {
		return None, 0
	}
	class, n := classOf(p.prog.Size(ch, program.Package))
	if s, ok := op.Node.(*ast.SelectStmt); ok && class == Const && n == 1 && polls(s) {
		return None, 0 // one of a kind at a time: who finds it running leaves it at that
	}
	return class, n
}

func empty(t types.Type) bool {
	st, ok := t.Underlying().(*types.Struct)
	if ok {
		return st.NumFields() == 0
	}
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Kind() == types.Bool
}

func isInterface(fn *types.Func) bool {
	recv := fn.Signature().Recv()
	return recv != nil && types.IsInterface(recv.Type())
}

// polls reports whether a select has a default: it never waits.
func polls(s *ast.SelectStmt) bool {
	return slices.ContainsFunc(s.Body.List, func(c ast.Stmt) bool { return c.(*ast.CommClause).Comm == nil })
}
