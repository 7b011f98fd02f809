package blockloop

import (
	"slices"
	"strings"

	"github.com/concurlint/concurlint/analyzers/effects"
	"github.com/concurlint/concurlint/analyzers/knowledge"
)

// posts reports whether an op hands a function to the very loop that runs it, itself or by a
// function that it calls, and waits until the loop has run that: the loop never comes to it.
//
//	list.SetSelectedFunc(func(…) { app.QueueUpdateDraw(show) })
//	list.SetSelectedFunc(func(…) { app.Draw() }) // which is app.QueueUpdate(app.draw)
func (c *checker) posts(op *effects.Op, e *effects.Effect) bool {
	if fn := op.Callee(); fn == nil || fn.Pkg() == nil || e.Kind.IO() || !e.Kind.Blocks() {
		return false
	}
	for _, imp := range append(slices.Clone(c.pass.Pkg.Imports()), op.Callee().Pkg()) {
		for _, l := range c.res.Effects.Knowledge().Loops(imp.Path()) {
			if l.Param >= 0 && l.Loop.Text == c.ctx.Loop.Text && calls(e, l.Symbol) {
				return true
			}
		}
	}
	return false
}

// calls reports whether a method is on the way to an effect.
func calls(e *effects.Effect, method knowledge.Symbol) bool {
	return slices.ContainsFunc(e.Chain, func(at effects.Frame) bool {
		return strings.HasSuffix(at.Call, "(*"+method.Type+")."+method.Name)
	})
}
