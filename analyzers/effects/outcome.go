package effects

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"github.com/concurlint/concurlint/analyzers/program"
)

// This file carries what a goroutine does to the function that has started it and waits
// for it by a channel of its own: the function takes as long.
//
//	done := make(chan error, 1)
//	go func() { done <- cmd.Wait() }()
//	select {
//	case err := <-done:
//	case <-ctx.Done():
//	}

// A teller is a goroutine that the function starts, and where it sends to the channels that
// are received from, or closes them.
type teller struct {
	f     *Func
	start *Op
	ends  []ending
}

// outcome adds what those do who send to ch, before they do so.
func (ev *evaluator) outcome(ch ast.Expr, what string) {
	if list, ok := ev.tellers(nil, ch); ok {
		ev.carry(list, Unbounded, what)
	}
}

// outcomes adds likewise what the cases of a select wait for, if all of them are such
// channels or put an end to the wait.
func (ev *evaluator) outcomes(s *ast.SelectStmt, what string) {
	bound := Unbounded
	var list []teller
	for _, cl := range s.Body.List {
		ch := program.ReceivedFrom(cl.(*ast.CommClause).Comm)
		if ch == nil {
			return
		}
		if more, ok := ev.tellers(list, ch); ok {
			list = more
		} else if ev.p.signal(ch) {
			bound = max(bound, ev.p.bound(ch))
		} else {
			return
		}
	}
	ev.carry(list, bound, what)
}

// carry adds what tellers do. In a loop the function comes back to hear all of them,
// otherwise the first one.
func (ev *evaluator) carry(list []teller, bound Bound, what string) {
	var done []*evaluator
	for i := range list {
		one := ev.before(&list[i])
		if len(list) > 1 && onlySleeps(one.effects) {
			bound = Deadline // for the others
			continue
		}
		done = append(done, one)
	}
	for _, one := range done {
		for i := range one.effects {
			e := &one.effects[i]
			e.Chain = lead(ev.p.frame(ev.op.Node.Pos(), what), e.Chain)
			if e.Bound < bound {
				e.Bound = bound
			}
		}
	}
	if ev.hearsAll() {
		for _, one := range done {
			for _, e := range one.effects {
				merge(&ev.effects, e)
			}
		}
	} else {
		ev.oneOf(done)
	}
	ev.witnessed(Chan)
}

// witnessed marks the waits of a kind if there is beside them what they are for.
func (ev *evaluator) witnessed(k Kind) {
	if !slices.ContainsFunc(ev.effects, witnesses) {
		return
	}
	for i := range ev.effects {
		if e := &ev.effects[i]; e.Kind == k {
			e.Flags |= Witnessed
		}
	}
}

// witnesses reports whether an effect says more of a wait than that it is one for a channel.
// What is in a file is there soon, or seldom worth a word.
func witnesses(e Effect) bool {
	return e.Kind.IO() && e.Kind != File && e.Kind != Cgo && !e.Is(Hint) && e.Certainty >= Missed
}

// hearsAll reports whether the op receives again and again.
func (ev *evaluator) hearsAll() bool {
	_, ok := ev.op.Node.(*ast.RangeStmt)
	return ok || ev.op.Loop != nil
}

func onlySleeps(list []Effect) bool {
	return len(list) > 0 && !slices.ContainsFunc(list, func(e Effect) bool { return e.Kind != Sleep })
}

// before works out what a goroutine waits for outside the program until it tells.
func (ev *evaluator) before(t *teller) *evaluator {
	op := *ev.op
	op.Certainty = min(op.Certainty, t.start.Certainty)
	one := &evaluator{p: ev.p, fn: ev.fn, op: &op}
	c, name := t.start.call, ""
	if t.f.Obj != nil {
		name = DisplayName(t.f.Obj, ev.p.types)
	}
	for _, o := range t.f.Ops {
		if o.Spawned != nil || !ev.precedes(o, t) {
			continue
		}
		for i := range o.Effects {
			if e := o.Effects[i]; e.Kind.IO() {
				e.Flags &^= Deferred | Released // the locks are those of the goroutine
				one.inherit(&e, name, c, c.recv, Use{Certainty: Always})
			}
		}
	}
	if t.f.Lit != nil { // it stands there to be read
		for i := range one.effects {
			one.effects[i].Chain = one.effects[i].Chain[1:]
		}
	}
	return one
}

// precedes reports whether an op of a goroutine may run before what it tells there.
func (ev *evaluator) precedes(o *Op, t *teller) bool {
	var cuts []ast.Node
	last := token.NoPos
	for _, e := range t.ends {
		if e.deferred || e.by != t.f {
			return true
		}
		if last = max(last, e.node.End()); !contains(e.node, o.Node) {
			cuts = append(cuts, e.node)
		}
	}
	if ev.hearsAll() {
		return o.Node.Pos() < last || o.Loop != nil && t.tellsIn(o.Loop)
	}
	return o.Node.Pos() < last && ev.p.prog.Flow(t.f.Body()).Enters(o.Node, cuts)
}

func contains(n, in ast.Node) bool { return n.Pos() <= in.Pos() && in.End() <= n.End() }

func (t *teller) tellsIn(l *Loop) bool {
	return slices.ContainsFunc(t.ends, func(e ending) bool { return contains(l.Node, e.node) })
}

// tellers adds to list who ends the wait for a channel, and reports whether these are
// goroutines that the function has started for it, all of them.
func (ev *evaluator) tellers(list []teller, ch ast.Expr) ([]teller, bool) {
	v := ev.p.prog.Variable(ch)
	if v == nil || v.IsField() || !ev.fn.owns(v) || !ev.p.confined(ev.fn, v) {
		return list, false
	}
	found := slices.Clone(list)
	var funcs []*Func
	for _, o := range ev.fn.Ops {
		if o.Spawned == nil || o.call == nil || o.Node.Pos() > ev.op.Node.Pos() {
			continue
		}
		tasks := (&Result{p: ev.p}).TaskFuncs(ev.fn, o, GoCall)
		given := ev.p.given(o.call.expr, v)
		if given >= 0 && len(tasks) != 1 {
			return list, false
		}
		for _, f := range tasks {
			ends := ev.p.endsIn(f, v)
			if given >= 0 {
				w := f.parameter(given)
				if w == nil || !ev.p.confined(f, w) {
					return list, false
				}
				ends = append(ends, ev.p.endsIn(f, w)...)
			}
			t := teller{f, o, ends}
			if len(ends) == 0 {
				continue
			}
			if f.Summary.Endless && !slices.ContainsFunc(f.Loops, t.tellsIn) {
				return list, false // a server: it tells when it is told to stop
			}
			funcs, found = append(funcs, f), t.addTo(found)
		}
	}
	others := slices.ContainsFunc(ev.p.endsIn(ev.fn, v), func(e ending) bool {
		own := func(f *Func) bool { return f.encloses(e.by) }
		late := e.by == ev.fn && e.closes && (e.deferred || e.node.Pos() > ev.op.Node.Pos())
		return !late && !slices.ContainsFunc(funcs, own)
	})
	return found, len(funcs) > 0 && !others
}

// addTo adds t to a list, or what it tells to what the same goroutine tells by another channel.
func (t teller) addTo(list []teller) []teller {
	for i := range list {
		if list[i].f == t.f && list[i].start == t.start {
			list[i].ends = append(slices.Clip(list[i].ends), t.ends...)
			return list
		}
	}
	return append(list, t)
}

// endsIn returns where f, or a literal in it, sends to a channel or closes it.
func (p *pkg) endsIn(f *Func, v *types.Var) (list []ending) {
	if e := p.endings[v]; e != nil {
		for _, e := range append(slices.Clip(e.sends), e.closes...) {
			if f.encloses(e.by) {
				list = append(list, e)
			}
		}
	}
	return list
}

// parameter returns the parameter of f at a position, nil if it has no name.
func (f *Func) parameter(n int) *types.Var {
	for _, p := range f.params {
		if p.n == n {
			return p.obj
		}
	}
	return nil
}

// given returns which argument of a call is a channel that the callee may send to, -1 for
// none.
func (p *pkg) given(c *ast.CallExpr, v *types.Var) int {
	sig, ok := p.prog.TypeOf(c.Fun).Underlying().(*types.Signature)
	return slices.IndexFunc(c.Args, func(a ast.Expr) bool {
		if p.prog.Variable(a) != v {
			return false
		}
		i := slices.Index(c.Args, a)
		if !ok || i >= sig.Params().Len() {
			return true
		}
		ch, ok := sig.Params().At(i).Type().Underlying().(*types.Chan)
		return !ok || ch.Dir() != types.RecvOnly
	})
}

// confined reports whether a channel of f, or that it is given, is used only by f and what is
// in it, and by the goroutines to which f hands it.
func (p *pkg) confined(f *Func, v *types.Var) bool {
	if f.Body() == nil {
		return false
	}
	plain := make(map[*ast.Ident]bool)
	use := func(list ...ast.Expr) {
		for _, e := range list {
			if id, ok := ast.Unparen(e).(*ast.Ident); ok {
				plain[id] = true
			}
		}
	}
	started := make(map[*ast.CallExpr]bool) // by go
	for _, o := range f.Ops {
		if o.Spawned != nil {
			started[o.Spawned.Call] = true
		}
	}
	escapes := false
	ast.Inspect(f.Body(), func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.SendStmt:
			use(n.Chan)
		case *ast.UnaryExpr:
			if n.Op == token.ARROW {
				use(n.X)
			}
		case *ast.RangeStmt:
			use(n.X)
		case *ast.AssignStmt:
			use(n.Lhs...)
		case *ast.CallExpr:
			if started[n] || p.prog.Builtin(n) != "" || p.given(n, v) < 0 {
				use(n.Args...)
			}
		case *ast.Ident:
			escapes = escapes || p.info.Uses[n] == v && !plain[n]
		}
		return !escapes
	})
	return !escapes
}
