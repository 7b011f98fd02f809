package blockloop

import (
	"slices"

	"github.com/concurlint/concurlint/analyzers/effects"
	"github.com/concurlint/concurlint/analyzers/knowledge"
)

// posts reports whether an op hands a function to the very loop that runs it, and waits
// until the loop has run that: the loop never comes to it.
//
//	list.SetSelectedFunc(func(…) { app.QueueUpdateDraw(show) })
func (c *checker) posts(op *effects.Op, e *effects.Effect) bool {
	fn := op.Callee()
	if fn == nil || fn.Pkg() == nil || e.Kind.IO() || !e.Kind.Blocks() {
		return false
	}
	symbol := effects.SymbolOf(fn)
	return slices.ContainsFunc(c.res.Effects.Knowledge().Loops(fn.Pkg().Path()), func(l knowledge.LoopEntry) bool {
		return l.Param >= 0 && l.Symbol.Type == symbol.Type && l.Symbol.Name == symbol.Name && l.Loop.Text == c.ctx.Loop.Text
	})
}
