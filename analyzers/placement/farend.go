package placement

import (
	"go/ast"
	"go/types"

	"github.com/concurlint/concurlint/analyzers/effects"
	"github.com/concurlint/concurlint/analyzers/module"
	"github.com/concurlint/concurlint/analyzers/program"
)

// oneFarEnd reports whether all tasks of a site wait for the same client of some
// service, made outside of the loop. A configuration lists few servers, each to be
// asked for itself, but as many names as there are to ask one service about; and that
// service has to bear all of them at once.
func (p *placer) oneFarEnd(s *Site) bool {
	tasks, call := p.task(s)
	if len(tasks) == 0 && call != nil { // the task is a call of another package
		v := p.client(call)
		return v != nil && outside(p, s, v)
	}
	asks := false
	for _, f := range tasks {
		for _, op := range f.Ops {
			e := op.Effect(effects.Net)
			if op.Spawned != nil || e == nil || e.Certainty < effects.Missed {
				continue
			}
			c, ok := op.Node.(*ast.CallExpr)
			if !ok {
				return false
			}
			v := p.client(c)
			if v == nil || !p.one(s, f, call, v) {
				return false
			}
			asks = true
		}
	}
	return asks
}

// client returns the variable that holds the client whose method a call is of, or
// nil. What the package itself does with its receiver may reach any far end, and so
// may the clients of the standard library, which are told where to go by each call.
func (p *placer) client(c *ast.CallExpr) *types.Var {
	fn := p.prog.Callee(c)
	if fn == nil || fn.Pkg() == nil || p.fx.Func(fn) != nil || module.Standard(fn.Pkg().Path()) {
		return nil
	}
	return p.prog.Root(receiver(c))
}

// told makes data of a count of n that nobody in the program chose: an answer of the far
// end that the function has asked before the loop, such as the number of pages. What is
// kept under the name of settings is one all the same, and so is a number of workers.
func (p *placer) told(t Trip, n program.Number) Trip {
	if t.Class != Config || n.By != program.Setting || t.Workers || p.ofSettings(t.Expr) {
		return t
	}
	for _, op := range t.Func.Ops[:t.Loop.Ops] {
		e := op.Effect(effects.Net)
		if e != nil && !e.Is(effects.Hint) && e.Certainty >= effects.Missed && p.mentions(t.Expr, p.derived(t.Func, op.Node)) {
			t.Class = None
			return t
		}
	}
	return t
}
