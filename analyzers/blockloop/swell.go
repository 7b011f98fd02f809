package blockloop

import (
	"go/ast"
	"slices"

	"github.com/concurlint/concurlint/analyzers/effects"
)

// maxDepth is how many calls down loops are looked for.
const maxDepth = 3

// swells reports whether an operation runs three loops over data one within the
// other, or compares with nested loops while it sorts. Two are what drawing rows
// and columns takes; with three, ten times the data takes a thousand times as long.
func (c *checker) swells(op *effects.Op) bool {
	return c.repeats(op) || c.deep(c.res.Effects.Func(op.Callee()), 0)
}

// repeats reports whether op runs nested loops over data for each of many things.
func (c *checker) repeats(op *effects.Op) bool {
	call, ok := op.Node.(*ast.CallExpr)
	if !ok || op.Spawned != nil {
		return false
	}
	if op.Loop != nil && op.Loop.Data() && nests(c.res.Effects.Func(op.Callee())) {
		return true
	}
	return slices.ContainsFunc(c.res.Effects.Each(op), func(i int) bool {
		return slices.ContainsFunc(c.res.Effects.Targets(nil, call.Args[i]), func(t effects.Target) bool { return nests(t.Func) })
	})
}

// nests reports whether a function of the package runs nested loops over data.
func nests(f *effects.Func) bool {
	if f == nil {
		return false
	}
	e := f.Summary.Effect(effects.CPU)
	return e != nil && e.Weight == effects.Heavy && e.Certainty >= effects.Usually
}

func (c *checker) deep(f *effects.Func, depth int) bool {
	if f == nil || depth > maxDepth {
		return false
	}
	return slices.ContainsFunc(f.Ops, func(op *effects.Op) bool {
		return op.Certainty >= effects.Usually && op.Spawned == nil && (c.repeats(op) || c.deep(c.res.Effects.Func(op.Callee()), depth+1))
	})
}
