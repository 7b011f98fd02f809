package lockio

import (
	"go/ast"
	"go/types"
	"slices"

	"github.com/concurlint/concurlint/analyzers/effects"
	"github.com/concurlint/concurlint/analyzers/evidence"
	"github.com/concurlint/concurlint/analyzers/placement"
	"github.com/concurlint/concurlint/analyzers/report"
)

// This file takes a sync.Once for a lock, which it is as long as its function runs: all
// who call Do wait until the first has come back from it, and so does the function itself
// if it calls Do again. That it waits for something else under this lock is what a Once
// is for, and nothing to be told.

// readOnces finds the calls of Do, each as a region of which nothing is known but where it
// begins.
func (c *checker) readOnces() {
	for _, f := range c.res.Effects.Funcs() {
		for _, op := range f.Ops {
			fn := op.Callee()
			if fn == nil || fn.FullName() != "(*sync.Once).Do" || op.Spawned != nil || op.Deferred {
				continue
			}
			call := op.Node.(*ast.CallExpr) // no go statement
			if v := c.prog().Receiver(call); v != nil {
				c.onces[op] = &placement.Region{Func: f, Acquire: op, Lock: v, Key: types.ExprString(ast.Unparen(call.Fun).(*ast.SelectorExpr).X)}
			}
		}
	}
}

// comeAgain looks at the calls of Do in source order.
func (c *checker) comeAgain() {
	for _, f := range c.res.Effects.Funcs() {
		for _, op := range f.Ops {
			if r := c.onces[op]; r != nil {
				c.comesAgain(r)
			}
		}
	}
}

// comesAgain reports a call of Do whose function calls Do of the same Once again.
func (c *checker) comesAgain(r *placement.Region) {
	home := newFrame(r.Func, nil, nil)
	once, ok := c.mutex(home, r.Acquire)
	if !ok || slices.ContainsFunc(once.Fields, c.replaced) {
		return
	}
	t := c.retakenByGiven(home, r.Acquire, r, once, maxCalls)
	if t == nil {
		return
	}
	c.reporter.Report(report.Finding{
		Pos:     r.Acquire.Node.Pos(),
		End:     r.Acquire.Node.End(),
		Most:    evidence.Warning,
		Signals: []string{"lockio.takes-again"},
		Kind:    effects.Lock.String(),
		Message: "what " + r.Key + ".Do runs calls it again and waits for itself: deadlock",
		Related: []report.Step{{Pos: t.Acquire.Node.Pos(), Message: "it is called again here, as " + t.Key + ".Do"}},
	})
}
