package effects

import (
	"slices"
	"strconv"
)

// This file weighs how much a function computes.

// weighs reports whether anybody asks who computes w: of a dependency no more is told
// than what is Costly, and the sizes of its loops take time to work out.
func (p *pkg) weighs(w Weight) bool { return w == Costly || p.own }

// computing adds what fn computes to its summary: in loops of its own, and in what it
// calls there. Who calls for each of its data loops as well, and so a nest of loops weighs
// the same however it is cut into functions. Loops that wait are paced by that, and whether
// they do is not known before all that fn does is.
func (p *pkg) computing(fn *Func) {
	for _, l := range fn.Loops {
		l.paced = p.waits(fn, l)
		l.depth = p.depth(fn, l)
		l.trips = p.trips(l)
	}
	for _, op := range fn.Ops {
		for i := range op.Effects {
			if e := &op.Effects[i]; e.Kind == CPU && e.Weight < Costly {
				e.Weight = e.Weight.within(op.rounds(e))
				merge(&fn.Summary.Effects, *e)
			}
		}
	}
	for _, l := range fn.Loops {
		own := 0 // a search counts for itself: what it does in each turn may be to wait
		if !l.Data() && p.searches(l) {
			own = 1
		}
		if l.paced || delegates(fn, l) || p.takesOptions(fn, l) || !l.Data() && own == 0 {
			continue
		}
		e := Effect{Kind: CPU, Certainty: l.Sure, Root: RootNone}
		what := "loops over data"
		switch l.Weight = Light.within(l.depth + own); {
		case p.long(fn, l):
			l.Weight, what = Costly, "loops "+strconv.FormatFloat(l.trips, 'f', 0, 64)+" times"
		case l.Weight > LoopOnce:
			what += " within a loop"
		default:
			if x := p.records(l); x != nil {
				e.Root = p.root(fn, x)
			}
		}
		e.Weight = l.Weight
		e.Chain = []Frame{p.frame(l.Node.Pos(), what)}
		merge(&fn.Summary.Effects, e)
	}
}

// rounds returns how many loops over data run what op computes, one within the other. Of
// a part of the data the innermost of them and what is called are one pass.
func (op *Op) rounds(e *Effect) int {
	switch {
	case op.Once || op.Loop == nil || op.Loop.paced || !op.Loop.Data() || e.Is(Linear):
		return 0
	case e.Is(Looped):
		return op.Loop.depth
	}
	return op.Loop.depth - 1
}

// depth returns how many loops over data run one within the other down to l. Those around
// it come first.
func (p *pkg) depth(fn *Func, l *Loop) int {
	own := 0
	if l.Data() {
		own = 1
	}
	if own > 0 && p.multiplied(l) {
		own = 2
	}
	switch outer := l.Parent; {
	case l.Once || outer == nil || outer.paced || p.advances(outer, l) || starts(fn, l):
		return own
	case p.pieceOf(fn, outer, p.records(l)):
		return outer.depth // both together are one pass over what the elements hold
	default:
		return own + outer.depth
	}
}

// starts reports whether each turn of a loop hands something to a goroutine: as many can run
// beside each other, and the computing is theirs.
func starts(fn *Func, l *Loop) bool {
	return slices.ContainsFunc(fn.Ops[l.Ops:l.OpsEnd], func(op *Op) bool {
		e := op.Effect(Spawn)
		return op.Loop == l && e != nil && len(e.Chain) <= 1 && op.Certainty >= Usually
	})
}
