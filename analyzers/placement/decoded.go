package placement

import (
	"go/ast"
	"slices"

	"github.com/concurlint/concurlint/analyzers/effects"
)

// decoded reports whether what a loop goes over, or how far it counts, is what the function
// has had decoded before, into a variable whose address it gave for a value of any type: who
// has sent that decides how many there are.
//
//	var order struct{ Lines []line }
//	if err := json.NewDecoder(r.Body).Decode(&order); err != nil { … }
//	for _, l := range order.Lines { go check(l) }
//
// A file is of who runs the program, and in a database lies what the program has put there: such
// elements are found, not sent. That the loop goes over data, origin has asked.
func (p *placer) decoded(t Trip) bool {
	if t.Loop == nil || t.Expr == nil {
		return false
	}
	ops := t.Func.Ops[:t.Loop.Ops]
	comes := func(op *effects.Op) bool { return p.mentions(t.Expr, p.derived(t.Func, op.Node)) }
	return slices.ContainsFunc(ops, func(op *effects.Op) bool {
		c, ok := op.Node.(*ast.CallExpr)
		return ok && p.hasAddress(c) && comes(op)
	}) && !slices.ContainsFunc(ops, func(op *effects.Op) bool { return stored(op) && comes(op) })
}

// stored reports whether an op reads a file or asks a database.
func stored(op *effects.Op) bool {
	return slices.ContainsFunc(op.Effects, func(e effects.Effect) bool {
		return e.Certainty >= effects.Missed && (e.Kind == effects.File || e.Kind == effects.Net && e.Label == "db")
	})
}
