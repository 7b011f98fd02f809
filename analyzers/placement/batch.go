package placement

import (
	"go/ast"
	"go/token"

	"github.com/concurlint/concurlint/analyzers/effects"
	"github.com/concurlint/concurlint/analyzers/program"
)

// This file tells where a loop waits for what it has started.

// batched reports whether the loop waits, on every way to its next iteration, for
// what it has started.
func (p *placer) batched(s *Site, f *effects.Func, l *effects.Loop, site *effects.Op) batch {
	var waits []ast.Node
	for _, op := range f.Ops[l.Ops:l.OpsEnd] {
		if op == site || op.Spawned != nil || op.Deferred {
			continue
		}
		if e := op.Effect(effects.Wait); e != nil && e.Certainty >= effects.Missed {
			waits = append(waits, op.Node)
		}
		waits = append(waits, p.awaits(s, op)...)
	}
	if len(waits) == 0 {
		return unbatched
	}
	flow := p.prog.Flow(f.Body())
	if flow.Repeats(site.Node, l.Node, waits) {
		waits = append(waits, p.outcomes(s, f, l)...)
	}
	switch {
	case flow.Repeats(site.Node, l.Node, waits):
		return unbatched
	case flow.Continues(site.Node, l.Node, waits):
		return waitsBefore
	}
	return waitsBehind
}

// A batch says where a loop waits for what it has started.
type batch int

const (
	unbatched   batch = iota
	waitsBefore       // before it starts more, as for a place
	waitsBehind       // in each iteration, for what that has started
)

// awaits returns the nodes of an op that receive what the task of the site sends
// when it is done, also in a select that gives up after some time.
func (p *placer) awaits(s *Site, op *effects.Op) []ast.Node {
	answered := func(ch ast.Expr) bool {
		v := p.shared(ch)
		x := p.exchange(s)
		return v != nil && (x.sent[v] || x.closed[v])
	}
	switch n := op.Node.(type) {
	case *ast.UnaryExpr:
		if n.Op == token.ARROW && answered(n.X) {
			return []ast.Node{n}
		}
	case *ast.RangeStmt: // over all that the task brings: the loop ends when that has closed
		if isChan(p.info.TypeOf(n.X)) && p.exchange(s).closed[p.shared(n.X)] && !program.Broken(n.Body) {
			return []ast.Node{n.X}
		}
	case *ast.SelectStmt:
		var all []ast.Node
		found := false
		for _, c := range n.Body.List {
			comm := c.(*ast.CommClause).Comm
			ch := program.ReceivedFrom(comm)
			if comm == nil || ch == nil {
				continue
			}
			found = found || answered(ch)
			if answered(ch) || p.ticks(ch) || p.tells(s, ch) {
				all = append(all, c)
			}
		}
		if found {
			return all
		}
	}
	return nil
}
