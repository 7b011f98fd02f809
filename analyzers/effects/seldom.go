package effects

import (
	"go/ast"
	"go/token"
	"go/types"

	"github.com/concurlint/concurlint/analyzers/program"
)

// This file tells the conditions that hardly ever hold, whatever leads to them.

// holds is how certain it is that a condition holds: Usually where nothing is known.
func (p *pkg) holds(cond ast.Expr) Certainty {
	c := program.Condition(p.info, cond)
	if b, ok := c.(*ast.BinaryExpr); ok {
		switch b.Op {
		case token.LAND:
			return min(p.holds(b.X), p.holds(b.Y))
		case token.LOR:
			return max(p.holds(b.X), p.holds(b.Y))
		}
	}
	switch {
	case p.unset(c):
		return Never
	case p.verbosity(c) || p.switchedOn(c) || p.full(c):
		return Rarely
	}
	return Usually
}

// holdsNot is holds for the contrary of a condition.
func (p *pkg) holdsNot(cond ast.Expr) Certainty {
	if c := negated(cond); c != nil {
		return p.holds(c)
	}
	return Usually
}

// unset reports whether a condition asks for a channel of the package that nothing in the
// program makes: only tests do. What else nothing sets is code that is not finished more
// often than a hook for tests.
//
//	if n.received != nil { n.received <- m }
func (p *pkg) unset(cond ast.Expr) bool {
	c, ok := cond.(*ast.BinaryExpr)
	if !ok || c.Op != token.NEQ || !isNil(c.Y) {
		return false
	}
	v := p.prog.Variable(c.X)
	if v == nil {
		return false
	}
	_, isChan := v.Type().Underlying().(*types.Chan)
	return isChan && p.prog.Unset(v)
}
