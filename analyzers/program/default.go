package program

import (
	"go/ast"
	"go/token"
	"go/types"
)

// This file tells what a number usually is that others may choose: the value that
// the program gives it first, where that follows the cores.

// mostDefaults is how many defaults are followed one into the other, and how many places
// set a variable that has one. What has more is no setting, but the state of something. In
// two servers of 150,000 and 130,000 lines 1 and 2 find the same.
const mostDefaults = 3

// usually is a setting with a default.
func usually(n Number) Number {
	out := setting()
	if out.Usual = n.Usual; n.Least == n.Most && n.Most[0] >= 1 {
		out.Usual = n.Most
	}
	return out
}

// unused reports whether what a branch sets a number to that is too low is no
// default of it, as it has a good one already.
func (n Number) unused(absent bool) bool { return absent && n.Set && n.Usual[0] >= 1 }

// byDefault returns what is known of a field or package variable that others set as
// they like.
func (ev *evaluator) byDefault(v *types.Var) Number {
	n := setting()
	defs := ev.p.everywhere().defs[v]
	if len(defs) > mostDefaults {
		return n
	}
	if ev.defaults >= mostDefaults {
		ev.trail.met(-1) // asked from elsewhere, there may be more
		return n
	}
	ev.defaults++
	defer func() { ev.defaults-- }()
	for _, d := range defs { // the defaults of flags come before what code sets
		if d.how == elsewhere {
			n.Usual = n.Join(ev.apart().define(d, nothing, v, false)).Usual
		}
	}
	for _, d := range defs {
		if d.how == assigned && d.value != nil && d.op == token.ILLEGAL && !n.unused(len(d.cond) > 0) {
			n.Usual = n.Join(ev.apart().define(d, nothing, v, false)).Usual
		}
	}
	return n
}

// told returns what a fact says of a field or variable of another package, or else what
// this one gives it first: main fills in what others declare.
func (ev *evaluator) told(v *types.Var, size bool) Number {
	if size {
		return open(size)
	}
	if s := ev.p.fact(v); s != nil && s.Value != nil {
		return usually(*s.Value)
	}
	if ev.tooDeep() || !ev.trail.enter(v) {
		return setting()
	}
	ev.depth++
	defer func() { ev.trail.leave(v); ev.depth-- }()
	return ev.known(v, size, func() Number { return ev.byDefault(v) })
}

// pointed returns the number that a variable points to, as a flag's does.
func (ev *evaluator) pointed(e ast.Expr) Number {
	v := ev.p.Variable(e)
	if v == nil || ev.within != Package || ev.tooDeep() || !ev.trail.enter(v) {
		return setting()
	}
	ev.depth++
	defer func() { ev.trail.leave(v); ev.depth-- }()
	if v.Pkg() != ev.p.pkg {
		return ev.told(v, false)
	}
	n := setting()
	for _, d := range ev.p.everywhere().defs[v] {
		if c, ok := ast.Unparen(d.value).(*ast.CallExpr); ok && d.how == assigned {
			n = n.Join(ev.flag(c))
		}
	}
	return n
}

// flag returns what is known of a flag, by the call that defines it.
func (ev *evaluator) flag(c *ast.CallExpr) Number {
	if e := ev.p.FlagDefault(c); e != nil {
		return usually(ev.number(e))
	}
	return setting()
}
