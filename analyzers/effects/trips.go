package effects

import (
	"go/ast"
	"go/token"

	"github.com/concurlint/concurlint/analyzers/program"
)

// This file weighs loops by the numbers that are written down. How much data there is the
// program does not say, but two hundred thousand rounds are two hundred thousand.

// How many turns of a loop take some milliseconds by themselves: where each has a loop or
// calls what computes, and where it is no more than a few instructions.
const (
	longTrip      = 100_000
	longLightTrip = 10_000_000
)

// trips returns how often the body of a loop runs for each run of its function, as far as
// that is written down. Data counts as one, and so does a loop that may end sooner: its
// number is where somebody gives up. The loops around it come first.
func (p *pkg) trips(l *Loop) float64 {
	around := 1.0
	if l.Parent != nil && !l.Once {
		around = l.Parent.trips
	}
	c, counts := p.prog.Iterations(l.Node, program.Declaration)
	if n, exact := c.Exact(); counts && exact && n > 0 && !p.leavesLoop(l) {
		return around * float64(n)
	}
	return around
}

// long reports whether a loop takes long whatever data there is.
func (p *pkg) long(fn *Func, l *Loop) bool {
	return l.trips >= longLightTrip || l.trips >= longTrip && computesIn(fn, l)
}

// computesIn reports whether each turn of a loop runs another one, here or in what it calls.
func computesIn(fn *Func, l *Loop) bool {
	for _, inner := range fn.Loops {
		if inner.Parent == l && !inner.Once && inner.Sure >= Usually {
			return true
		}
	}
	for _, op := range fn.Ops[l.Ops:l.OpsEnd] {
		if e := op.Effect(CPU); e != nil && op.Loop == l && !op.Once && e.Certainty >= Usually {
			return true
		}
	}
	return false
}

// multiplied reports whether a loop goes as often as the data times a number: that is no
// pass over the data, but as many.
//
//	for i := 0; i < len(secret)*1000; i++ { sum = hash(sum) }
func (p *pkg) multiplied(l *Loop) bool {
	c, counts := p.prog.Iterations(l.Node, program.Declaration)
	b, ok := ast.Unparen(c.Bound).(*ast.BinaryExpr)
	if !counts || !ok || b.Op != token.MUL {
		return false
	}
	x, y := p.prog.Number(b.X, program.Declaration), p.prog.Number(b.Y, program.Declaration)
	return times(x, y) || times(y, x)
}

func times(data, by program.Number) bool {
	_, fixed := data.Const()
	n, exact := by.Exact()
	return !fixed && exact && n > smallTrip
}
