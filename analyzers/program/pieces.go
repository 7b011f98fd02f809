package program

import (
	"go/ast"
	"go/types"
)

// Pieces is the part of a Sizing that says how many elements the slice has that a function
// returns, where one of its arguments says so.
type Pieces struct {
	Arg  int
	Size bool // the argument says how many items make an element, rather than how many elements
}

// Pieces returns which argument of a function of the package says how many elements its
// first result has, or nil. It is found by trial: what the argument is, the result has.
func (p *Program) Pieces(fn *types.Func) *Pieces {
	d := p.Declaration(fn)
	sig := fn.Signature()
	if d == nil || d.Body == nil || sig.Results().Len() == 0 {
		return nil
	}
	if _, ok := sig.Results().At(0).Type().Underlying().(*types.Slice); !ok {
		return nil
	}
	for i := range sig.Params().Len() {
		if !isInteger(sig.Params().At(i).Type()) {
			continue
		}
		tried := func(n Number) Number { return p.sizeWith(fn, d, i, n) }
		if says(tried, 7) && says(tried, 13) {
			return &Pieces{Arg: i}
		}
		share := data()
		share.Set = true
		if tried(share).By <= Setting && tried(Constant(7)).By >= Data {
			return &Pieces{Arg: i, Size: true}
		}
	}
	return nil
}

// says reports whether a result has no more than n elements where an argument is n.
func says(tried func(Number) Number, n float64) bool {
	have := tried(Constant(n))
	return have.By == Fixed && have.Most == flat(n)
}

// mostCut is how many numbers a trial may ask for: with 10, 100 and 5,000 the same functions
// of three large programs and their libraries are found. Functions that each call two others
// with all that they have would ask for maxNumbers, for each parameter.
const mostCut = 100

// sizeWith is the size of the first result of a function whose argument i is n, and of whose
// other arguments nothing is known.
func (p *Program) sizeWith(fn *types.Func, d *ast.FuncDecl, i int, n Number) Number {
	ev := newEvaluator(p, Package)
	ev.args = make(map[*types.Var]Number)
	for j := range fn.Signature().Params().Len() {
		switch v := fn.Signature().Params().At(j); {
		case j == i:
			ev.args[v] = n
		case Collects(v.Type()):
			ev.args[v] = data()
		case counts(v.Type()):
			ev.args[v] = unknown()
		}
	}
	ev.trail.enter(fn)
	ev.trail.steps = maxNumbers - mostCut
	size := nothing
	for _, r := range Returns(d.Body) {
		switch {
		case p.failed(r, 0):
		case len(r.Results) != fn.Signature().Results().Len():
			return data() // a bare return, or what another call gives
		default:
			size = size.Join(ev.size(r.Results[0]))
		}
	}
	return size
}

// cutBy is how many elements the result of a call of another package's function has.
func (ev *evaluator) cutBy(fn *types.Func, c *ast.CallExpr) Number {
	s := ev.p.fact(fn.Origin())
	if s == nil || s.Pieces == nil || s.Pieces.Arg >= len(c.Args) {
		return data()
	}
	n := ev.number(c.Args[s.Pieces.Arg])
	switch {
	case !s.Pieces.Size:
		n.Least = flat(0)
		return n
	case n.share():
		return setting()
	}
	return data()
}
