package program

import (
	"go/ast"
	"go/token"
	"go/types"
)

// branch is what is known after a branch that sets v to n, where it was cur.
//
// Where the condition looks at v, as in if v > 8 { v = 8 }, the other way leaves
// only the values that pass it. A default for a setting that says nothing,
// if v == 0 { v = 8 }, leaves it a setting.
func (ev *evaluator) branch(cur, n Number, d def, v *types.Var) Number {
	rest, absent, taken := cur, false, len(d.cond) == 0
	for _, c := range disjuncts(d.cond) {
		op, e := ev.compares(c, term{v: v})
		if e == nil {
			taken = true
			continue
		}
		m := ev.number(e)
		taken = taken || !passing(cur, op, m).impossible()
		rest = passing(rest, negated(op), m)
		absent = absent || op == token.EQL || op == token.LSS || op == token.LEQ
		if (op == token.GTR || op == token.GEQ) && ev.atMost(n, d.value, e) {
			n = n.Min(cur) // it was more than what it is set to
		}
	}
	if absent && cur.By == Setting && n.By != Fixed {
		n.Most, n.By = rest.Most, Setting
	}
	if !taken {
		return cur
	}
	if cur.unused(absent) {
		n.Usual = Curve{}
	}
	return rest.Join(n)
}

// atMost reports whether value, of which n is known, is no more than e.
func (ev *evaluator) atMost(n Number, value, e ast.Expr) bool {
	if value == nil {
		return false
	}
	if sameText(value, e) {
		return true
	}
	m := ev.number(e)
	return n.By == Fixed && every(n.Most, m.Least, lessEqual)
}

func sameText(a, b ast.Expr) bool {
	return types.ExprString(ast.Unparen(a)) == types.ExprString(ast.Unparen(b))
}

// lowers reports whether d is of the form if v > e { v = e }. It asks for no number:
// e may depend on what v is asked for.
func (ev *evaluator) lowers(d def, v *types.Var) bool {
	if d.how != assigned || d.op != token.ILLEGAL || d.value == nil {
		return false
	}
	for _, c := range disjuncts(d.cond) {
		op, e := ev.compares(c, term{v: v})
		if e != nil && (op == token.GTR || op == token.GEQ) && sameText(d.value, e) {
			return true
		}
	}
	return false
}
