package placement

import (
	"go/ast"
	"go/types"

	"github.com/concurlint/concurlint/analyzers/bounds"
	"github.com/concurlint/concurlint/analyzers/effects"
	"github.com/concurlint/concurlint/analyzers/program"
)

// A Size is an expression that sizes a pool, and what is wrong with it.
type Size struct {
	Expr   ast.Expr
	Of     string // what is sized, for people
	Kind   program.Kind
	Zero   Zero
	NumCPU []*ast.CallExpr // where it asks NumCPU; nil where another package does
	CPUs   bool            // it is worked out from what NumCPU says
	Stuck  bool            // 0 is known to let nothing run, rather than to mean no limit
	Sizes  []ast.Expr      // what sites have as the Expr of their limit, by which it sizes them
}

// A Zero says how a size comes to be 0.
type Zero uint8

// The ways to 0.
const (
	Never    Zero = iota
	FewCores      // on a machine with few cores
	Negative      // there it is even below
	Default       // unless somebody chooses a value
	NoNumber      // where a text is none, as the error is dropped
	Refused       // on few cores, and the error with which it is refused is dropped
)

// sizes judges every bound of the package: what it is where it stands, and the
// values that it comes from.
func (p *placer) sizes() {
	for _, b := range p.fx.Bounds() {
		p.size(b)
	}
}

func (p *placer) size(b bounds.Bound) {
	of := p.sizeOf(b)
	num := p.prog.Number(b.Expr, program.Package)
	harmless := b.Asked && !(b.Fails && b.Dropped)
	zero := onOne(num)
	for _, o := range p.prog.Origins(b.Expr) {
		z := p.zero(o, b)
		switch calls := p.prog.CPUsIn(o.Expr, b.Expr.Pos()); {
		case z != Never && !harmless && num.Least[0] < 1: // first of all that
			if zero == Never {
				zero = z
			}
		case len(calls) > 0:
			p.addNumCPU(calls[0], of, calls, b.Expr)
		case o.CPUs:
			p.addNumCPU(b.Expr, of, nil, b.Expr)
		}
	}
	switch {
	case harmless, zero == Never:
		return
	case b.Asked:
		zero = Refused
	}
	p.res.Sizes = append(p.res.Sizes, &Size{Expr: b.Expr, Of: of, Kind: b.Of, Stuck: b.Stuck, Zero: zero, Sizes: []ast.Expr{b.Expr}})
}

// sizeOf names what is sized, for people: what a function of the program makes of a number
// is its own affair.
func (p *placer) sizeOf(b bounds.Bound) string {
	if b.By == nil || p.fx.Knowledge().Knows(b.By.Pkg().Path()) {
		return b.Of.String()
	}
	return "the number given to " + effects.DisplayName(b.By, p.pass.Pkg)
}

// zero says how a value that a size comes from is 0.
func (p *placer) zero(o program.Origin, b bounds.Bound) Zero {
	switch z := onOne(o.Number); {
	case o.Asked:
		return Never
	case z != Never:
		return z
	case (o.Default || b.Flag) && b.Stuck && o.Number == program.Constant(0):
		return Default
	case o.Unset && b.Stuck:
		return NoNumber
	}
	return Never
}

// onOne says whether a number that follows the cores is 0 on one core. A constant
// 0 is somebody's intention.
func onOne(n program.Number) Zero {
	switch {
	case !n.Cores() || n.Least[0] > n.Most[0] || n.Most[0] >= 1 || n.Most[2] < 1:
		return Never
	case n.Most[0] < 0:
		return Negative
	}
	return FewCores
}

func isInteger(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&types.IsInteger != 0
}
