package placement

import (
	"go/ast"
	"go/types"

	"github.com/concurlint/concurlint/analyzers/effects"
	"github.com/concurlint/concurlint/analyzers/module"
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
	return root(p, receiver(c))
}
