package blockloop

import (
	"go/ast"
	"go/types"

	"github.com/concurlint/concurlint/analyzers/contracts"
	"github.com/concurlint/concurlint/analyzers/effects"
	"github.com/concurlint/concurlint/analyzers/evidence"
	"github.com/concurlint/concurlint/analyzers/report"
)

// selfWait reports a call, in the loop, of a method of the same value that waits for a
// group to which the loop's own goroutine belongs, and reports whether it is one.
//
//	func (w *watcher) loop() {
//		defer w.group.Done()
//		for { select { case <-w.lost: w.Stop() … } }
//	}
//	func (w *watcher) Stop() { close(w.stop); w.group.Wait() }
func (c *checker) selfWait(d *contracts.Dispatcher, op *effects.Op) bool {
	call, ok := op.Node.(*ast.CallExpr)
	g := c.res.Effects.Func(op.Callee())
	e := op.Effect(effects.Wait)
	if !ok || g == nil || g.Decl == nil || g.Decl.Recv == nil || op.Deferred || e == nil || e.Certainty < effects.Usually {
		return false
	}
	sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	if !ok || !c.isReceiver(d.Func, sel.X) {
		return false
	}
	for _, inner := range g.Ops {
		group := c.onGroup(g, inner, "Wait")
		if group == nil || inner.Spawned != nil || inner.Deferred || inner.Certainty != effects.Always || !c.belongs(d.Func, group) {
			continue
		}
		c.reporter.Report(report.Finding{
			Pos:     op.Node.Pos(),
			End:     op.Node.End(),
			Most:    evidence.Error,
			Kind:    "wait",
			Message: effects.DisplayName(g.Obj, c.pass.Pkg) + " waits for " + group.Name() + ", to which this loop belongs, and so for ever",
			Chain:   report.Chain(op.Node.Pos(), e.Chain),
			Related: []report.Step{{Pos: inner.Node.Pos(), Message: "the wait"}, {Pos: d.Select.Pos(), Message: "the loop's select"}},
		})
		return true
	}
	return false
}

// isReceiver reports whether x names the receiver of the method f.
func (c *checker) isReceiver(f *effects.Func, x ast.Expr) bool {
	id, ok := ast.Unparen(x).(*ast.Ident)
	return ok && f.Obj != nil && f.Obj.Signature().Recv() != nil && c.pass.TypesInfo.Uses[id] == f.Obj.Signature().Recv()
}

// onGroup returns the field of f's own receiver on which an op of f calls the method of a
// group of goroutines, or nil. A pointer to a group may be another one by then.
func (c *checker) onGroup(f *effects.Func, op *effects.Op, method string) *types.Var {
	fn := op.Callee()
	if fn == nil || fn.Name() != method || fn.Pkg() == nil || fn.Pkg().Path() != "sync" && fn.Pkg().Path() != "golang.org/x/sync/errgroup" {
		return nil
	}
	call, ok := op.Node.(*ast.CallExpr)
	if !ok {
		return nil
	}
	sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	if !ok {
		return nil
	}
	group, ok := ast.Unparen(sel.X).(*ast.SelectorExpr)
	if !ok || !c.isReceiver(f, group.X) {
		return nil
	}
	v := c.res.Effects.Variable(group)
	if v == nil || !v.IsField() {
		return nil
	}
	switch n, ok := types.Unalias(v.Type()).(*types.Named); {
	case !ok || n.Obj().Name() != "WaitGroup" && n.Obj().Name() != "Group":
		return nil
	}
	return v
}

// belongs reports whether a group waits for a function: that says so itself, or the group
// starts it, and nobody else calls it.
func (c *checker) belongs(f *effects.Func, group *types.Var) bool {
	for _, op := range f.Ops {
		if op.Deferred && c.onGroup(f, op, "Done") == group {
			return true
		}
	}
	if len(c.res.Effects.Program().Calls(f.Obj)) > 0 {
		return false
	}
	started := false
	for _, s := range c.sites {
		for _, g := range c.res.Effects.TaskFuncs(s.Func, s.Op, s.Arg) {
			if g != f {
				continue
			}
			if s.Group != group {
				return false
			}
			started = true
		}
	}
	return started
}
