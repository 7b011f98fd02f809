package placement

import (
	"go/ast"
	"go/types"
	"slices"

	"github.com/concurlint/concurlint/analyzers/effects"
	"github.com/concurlint/concurlint/analyzers/program"
)

// This file tells channels that hold a spawner back: of tokens, of answers.

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
	return ok && program.Bare(c.Elem())
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
			ch := program.ReceivedFrom(comm)
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

// place returns the node at which a place is taken that the task of the site gives
// back, or nil. Whoever else a loop waits for, as the signals of the process or the
// wake-ups of a queue: of those the buffer holds some, but no task is one of them.
func (p *placer) place(s *Site, f *effects.Func, n ast.Node) ast.Node {
	switch n := n.(type) {
	case nil: // the default of a select
	case *ast.SendStmt:
		if !p.exchange(s).received[p.shared(n.Chan)] && !program.Bare(elemOf(p.info.TypeOf(n.Chan))) {
			return nil
		}
	case *ast.UnaryExpr:
		if !p.givesBack(s, f, n, n.X) || !p.laidOut(s, n.X) {
			return nil
		}
	case *ast.SelectStmt:
		for _, c := range n.Body.List {
			var at ast.Node = c.(*ast.CommClause).Comm
			if u := program.Receive(c.(*ast.CommClause).Comm); u != nil {
				at = u
			}
			if at = p.place(s, f, at); at != nil {
				return at
			}
		}
		return nil
	}
	return n
}

// laidOut reports whether anybody but the task sends to a channel: without that there is
// nothing to take before the first task is done, and what comes says no more than that.
func (p *placer) laidOut(s *Site, ch ast.Expr) bool {
	x, v := p.exchange(s), p.prog.MustAlias(ch)
	return v == nil || slices.ContainsFunc(p.fx.Funcs(), func(f *effects.Func) bool {
		return !x.runs(f) && slices.ContainsFunc(f.Ops, func(op *effects.Op) bool {
			return slices.ContainsFunc(effects.Sends(op.Node), func(n *ast.SendStmt) bool { return p.prog.MustAlias(n.Chan) == v })
		})
	})
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
	return ok && program.Bare(t.Elem()) && !x.sent[v] && !x.closed[v]
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
		return values.has(x.variable(n.Value)) && types.Identical(elemOf(p.info.TypeOf(n.Chan)), elemOf(p.info.TypeOf(ch)))
	}
	for _, g := range p.fx.Funcs() {
		if !x.runs(g) {
			continue
		}
		var sends []ast.Node
		for _, o := range g.Ops {
			back := sendsAt(o.Node, returns)
			if sends = append(sends, back...); len(back) > 0 {
				sends = append(sends, p.optional(g, o, nil)...)
			}
		}
		if len(sends) > 0 && !p.prog.Flow(g.Body()).Crosses(sends) {
			return true
		}
	}
	return false
}

// sendsAt returns the sends of a node that are of some kind, for a select their clauses.
func sendsAt(n ast.Node, is func(*ast.SendStmt) bool) (list []ast.Node) {
	switch n := n.(type) {
	case *ast.SendStmt:
		if is(n) {
			list = append(list, n)
		}
	case *ast.SelectStmt:
		for _, c := range n.Body.List {
			if comm, ok := c.(*ast.CommClause).Comm.(*ast.SendStmt); ok && is(comm) {
				list = append(list, c)
			}
		}
	}
	return list
}

func elemOf(t types.Type) types.Type {
	if c, ok := t.Underlying().(*types.Chan); ok {
		return c.Elem()
	}
	return nil
}

// polls reports whether a select has a default: it never waits.
func polls(s *ast.SelectStmt) bool {
	return slices.ContainsFunc(s.Body.List, func(c ast.Stmt) bool { return c.(*ast.CommClause).Comm == nil })
}
