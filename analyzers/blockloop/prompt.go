package blockloop

import (
	"go/ast"
	"go/types"
	"slices"

	"github.com/concurlint/concurlint/analyzers/contracts"
	"github.com/concurlint/concurlint/analyzers/effects"
	"github.com/concurlint/concurlint/analyzers/program"
)

// This file tells how soon what is sent to a goroutine of the package is taken: who sends to
// one whose turns are all short waits no longer than such a turn.

// A pace is how soon a goroutine takes what is sent to it.
type pace int

const (
	slow  pace = iota // it may wait itself, or is not known
	fair              // as soon as what others have stored is done
	quick             // at once
)

// taken returns how soon what an op sends is taken, by itself and in functions of the package
// that it calls: slow if it sends nothing, or waits for anything else.
//
//	func stop(s *store) { s.sweeper.stop <- true } // whose loop sweeps, or stops
func (c *checker) taken(op *effects.Op, depth int) pace {
	if s, ok := op.Node.(*ast.SendStmt); ok {
		most := slow
		for _, d := range c.res.Dispatchers {
			most = max(most, c.takes(d, s))
		}
		return most
	}
	g := c.res.Effects.Func(op.Callee())
	if g == nil || depth > maxDepth {
		return slow
	}
	least, sends := quick, false
	for _, o := range g.Ops {
		if o.Spawned == nil && o.Effect(effects.Chan) != nil {
			least, sends = min(least, c.taken(o, depth+1)), true
		}
	}
	if !sends {
		return slow
	}
	return least
}

// takes returns how soon a loop takes what s sends. It has to be there until it has taken
// that; where it leaves then, nobody else may send.
func (c *checker) takes(d *contracts.Dispatcher, s *ast.SendStmt) pace {
	ch := c.res.Effects.Program().MustAlias(s.Chan)
	own := slices.IndexFunc(d.Cases, func(k *contracts.Case) bool {
		from := program.ReceivedFrom(k.Clause.Comm)
		return from != nil && ch != nil && c.res.Effects.Program().MustAlias(from) == ch
	})
	if own < 0 {
		return slow
	}
	flow := c.res.Effects.Program().Flow(d.Func.Body())
	for i, k := range d.Cases {
		if i != own && flow.Leaves(k.Clause, []ast.Node{d.Cases[own].Clause}) {
			return slow
		}
	}
	if flow.Leaves(d.Cases[own].Clause, nil) && (ch.Exported() || c.alsoSent(ch, s)) {
		return slow
	}
	return paceOf(d)
}

// paceOf is slow for a loop that waits in one of its cases for anything but a lock, or
// computes for long.
func paceOf(d *contracts.Dispatcher) pace {
	p := quick
	for _, op := range d.Ops() {
		if op.Spawned != nil || op.Node == d.Select {
			continue
		}
		for i := range op.Effects {
			switch e := &op.Effects[i]; {
			case e.Kind.Blocks(), e.Kind == effects.CPU && e.Weight >= effects.Costly:
				return slow
			case e.Kind == effects.Dynamic && e.Certainty >= effects.Usually:
				p = fair
			}
		}
	}
	return p
}

// alsoSent reports whether anything but s sends to the channel, by whatever name.
func (c *checker) alsoSent(ch *types.Var, s *ast.SendStmt) bool {
	for v, list := range c.sends() {
		for _, other := range list {
			if other.SendStmt != s && (v == ch || c.res.Effects.Program().MustAlias(other.Chan) == ch) {
				return true
			}
		}
	}
	return false
}
