package effects

import (
	"go/ast"
	"go/token"
	"go/types"

	"github.com/concurlint/concurlint/analyzers/program"
)

func (ev *evaluator) send(s *ast.SendStmt) {
	if ev.fills(s) || ev.p.taken(s.Chan) {
		return
	}
	e := Effect{Kind: Chan, Certainty: Always, Root: ev.p.root(ev.fn, s.Chan)}
	switch n, known := ev.p.Capacity(s.Chan); {
	case known && n != 0, !known && ev.op.Ready:
		e.Flags |= Buffered
	case !known && ev.p.foreign(s.Chan):
		e.Flags |= Foreign
	}
	if ev.p.semaphore(s.Chan) {
		e.Flags |= Token
	}
	ev.add(e, s.Pos(), "sends to "+types.ExprString(s.Chan))
}

// fills reports whether a send is one for each place of a channel that the same function
// has made: nobody has to take what is sent before.
//
//	idle := make(chan *conn, n)
//	for range n { idle <- dial() }
func (ev *evaluator) fills(s *ast.SendStmt) bool {
	l := ev.op.Loop
	return ev.p.own && l != nil && l.Parent == nil && ev.p.prog.Fits(ev.fn.Body(), l.Node, s.Chan)
}

// semaphore reports whether the channel holds places, and more than the one of a lock
// or a signal. Who has a place works and gives it back, and waits for nobody who wants
// one.
func (p *pkg) semaphore(ch ast.Expr) bool {
	n, known := p.Capacity(ch)
	return known && n != 0 && n != 1 && p.prog.Semaphore(ch)
}

// Capacity returns the capacity of the channel expression where every make of
// it is known: n > 0 for a buffer, 0 for none; -1 for a buffer whose size is
// not constant.
func (p *pkg) Capacity(ch ast.Expr) (n int64, known bool) { return p.capacity(ch, 0) }

func (p *pkg) capacity(ch ast.Expr, depth int) (n int64, known bool) {
	v := p.prog.Variable(ch)
	if v == nil || depth > maxDepth {
		return 0, false
	}
	d := p.defs[v]
	if d == nil || d.unknown || len(d.values) == 0 {
		return 0, false
	}
	n = 1 << 40
	for _, value := range d.values {
		if isNil(value) {
			continue
		}
		size, ok := p.made(value, depth)
		if !ok {
			return 0, false
		}
		n = min(n, size)
	}
	return n, true
}

// foreign reports whether the channel is a field that other packages may set, or
// comes from a call, such as that of a queue without a bound.
func (p *pkg) foreign(ch ast.Expr) bool {
	if _, ok := ast.Unparen(ch).(*ast.CallExpr); ok {
		return true
	}
	v := p.prog.Variable(ch)
	return v != nil && v.IsField() && (v.Exported() || p.defs[v] != nil)
}

// made returns the capacity of a value assigned to a channel variable: a make,
// or another variable such as the field that it was copied from.
func (p *pkg) made(value ast.Expr, depth int) (n int64, known bool) {
	c, ok := ast.Unparen(value).(*ast.CallExpr)
	if !ok {
		return p.capacity(value, depth+1)
	}
	if calledName(c) != "make" {
		return 0, false
	}
	if len(c.Args) < 2 {
		return 0, true
	}
	if n := p.prog.Number(c.Args[1], program.Declaration); n.Least == n.Most {
		if size, ok := n.Const(); ok {
			return size, true
		}
	}
	return -1, true
}

func (ev *evaluator) receive(u *ast.UnaryExpr) {
	if c, ok := ast.Unparen(u.X).(*ast.CallExpr); ok {
		if fn := ev.p.calleeOf(c); fn != nil && fn.FullName() == "time.After" {
			d, known := ev.p.duration(c.Args[0])
			e := Effect{Kind: Sleep, Certainty: Always}
			if known {
				ev.lasts(&e, d)
			}
			ev.add(e, u.Pos(), "waits for time.After")
			return
		}
	}
	sel, _ := ast.Unparen(u.X).(*ast.SelectorExpr)
	if sel != nil && program.IsTimer(ev.p.prog.TypeOf(sel.X)) && ev.p.emptiesTimer(ev.fn.Body(), u, sel.X) {
		return
	}
	e := Effect{Kind: Chan, Certainty: Always, Flags: Receive, Root: ev.p.root(ev.fn, u.X)}
	if ev.op.Ready {
		e.Flags |= Buffered
	}
	if ev.p.semaphore(u.X) {
		e.Flags |= Token
	}
	if sel != nil && ticks(ev.p.prog.TypeOf(sel.X)) {
		e.Kind = Sleep
	}
	what := "receives from " + types.ExprString(u.X)
	ev.add(e, u.Pos(), what)
	ev.outcome(u.X, what)
}

// emptiesTimer reports whether a receive empties a timer that it was too late to stop: that has sent.
//
//	if !t.Stop() {
//		<-t.C
//	}
func (p *pkg) emptiesTimer(body *ast.BlockStmt, receive *ast.UnaryExpr, timer ast.Expr) bool {
	found := false
	ast.Inspect(body, func(n ast.Node) bool {
		s, ok := n.(*ast.IfStmt)
		if !ok || len(s.Body.List) == 0 || !contains(s.Body.List[0], receive) {
			return !found
		}
		not, ok := ast.Unparen(s.Cond).(*ast.UnaryExpr)
		if !ok || not.Op != token.NOT {
			return true
		}
		call, ok := ast.Unparen(not.X).(*ast.CallExpr)
		if !ok {
			return true
		}
		stop, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
		fn := p.calleeOf(call)
		found = found || ok && fn != nil && fn.FullName() == "(*time.Timer).Stop" && types.ExprString(stop.X) == types.ExprString(timer)
		return !found
	})
	return found
}

// ticks reports whether t is a time.Ticker. A time.Timer is received from to
// empty it, too.
func ticks(t types.Type) bool {
	n := named(t)
	return n != nil && n.Obj().Pkg() != nil && n.Obj().Pkg().Path() == "time" && n.Obj().Name() == "Ticker"
}

func (ev *evaluator) selects(s *ast.SelectStmt) {
	e := Effect{Kind: Chan, Certainty: Always, Flags: Receive}
	places, others := 0, 0
	for _, cl := range s.Body.List {
		comm := cl.(*ast.CommClause)
		if comm.Comm == nil {
			return // a default: never blocks
		}
		switch {
		case ev.p.cancels(comm.Comm):
			e.Bound = max(e.Bound, ev.p.bound(program.ReceivedFrom(comm.Comm)))
		case ev.p.semaphore(channel(comm.Comm)):
			places++
		default:
			others++
		}
		if send, ok := comm.Comm.(*ast.SendStmt); ok {
			if ev.p.taken(send.Chan) {
				return
			}
			e.Flags &^= Receive
			if n, known := ev.p.Capacity(send.Chan); known && n != 0 {
				e.Flags |= Buffered
			}
		}
	}
	if places > 0 && others == 0 {
		e.Flags |= Token
	}
	ev.add(e, s.Pos(), "waits in select")
	ev.outcomes(s, "waits in select")
}

// channel is what a select case sends to or receives from.
func channel(s ast.Stmt) ast.Expr {
	if send, ok := s.(*ast.SendStmt); ok {
		return send.Chan
	}
	return program.ReceivedFrom(s)
}

// cancels reports whether a select case is a timeout or a cancellation.
func (p *pkg) cancels(s ast.Stmt) bool {
	ch := program.ReceivedFrom(s)
	return ch != nil && p.signal(ch)
}

// bound is what receiving from a signal does for who waits in the same select. A channel
// that this package closes, and that nobody sends to, tells that something has come to
// its end: until then the wait takes as long as it would without.
func (p *pkg) bound(ch ast.Expr) Bound {
	if v := p.prog.Variable(ch); v != nil && p.onlyClosed(v, 0) {
		return Ended
	}
	return Deadline
}

// onlyClosed reports whether a channel is closed and never sent to, under the name of v or
// of what v was copied from: quit := s.quit.
func (p *pkg) onlyClosed(v *types.Var, depth int) bool {
	if e := p.endings[v]; e != nil {
		return len(e.closes) > 0 && len(e.sends) == 0
	}
	d := p.defs[v]
	if d == nil || d.unknown || len(d.values) == 0 || depth > maxDepth {
		return false
	}
	for _, value := range d.values {
		from := p.prog.Variable(value)
		if from == nil || !p.onlyClosed(from, depth+1) {
			return false
		}
	}
	return true
}
