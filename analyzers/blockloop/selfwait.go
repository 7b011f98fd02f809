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
	if !ok || g == nil || g.Decl == nil || g.Decl.Recv == nil || op.Deferred || op.Certainty < effects.Missed {
		return false
	}
	sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	if !ok || d.Func.Obj == nil || c.rootVar(sel.X) == nil || c.rootVar(sel.X) != d.Func.Obj.Signature().Recv() {
		return false
	}
	for _, inner := range g.Ops {
		group := c.onGroup(inner, "Wait")
		if group == nil || inner.Spawned != nil || inner.Certainty < effects.Usually || !c.belongs(d.Func, group) {
			continue
		}
		c.reporter.Report(report.Finding{
			Pos:     op.Node.Pos(),
			End:     op.Node.End(),
			Most:    evidence.Error,
			Kind:    "wait",
			Message: effects.DisplayName(g.Obj, c.pass.Pkg) + " waits for " + group.Name() + ", to which this loop belongs, and so for ever",
			Chain:   report.Chain(op.Node.Pos(), op.Effect(effects.Wait).Chain),
			Related: []report.Step{{Pos: inner.Node.Pos(), Message: "the wait"}, {Pos: d.Select.Pos(), Message: "the loop's select"}},
		})
		return true
	}
	return false
}

// onGroup returns the field on which an op calls the method of a group of goroutines, or nil.
func (c *checker) onGroup(op *effects.Op, method string) *types.Var {
	fn := op.Callee()
	if fn == nil || fn.Name() != method || fn.Pkg() == nil {
		return nil
	}
	if p := fn.Pkg().Path(); p != "sync" && p != "golang.org/x/sync/errgroup" {
		return nil
	}
	call, ok := op.Node.(*ast.CallExpr)
	if !ok || op.Effect(effects.Wait) == nil && method == "Wait" {
		return nil
	}
	v := c.res.Effects.Program().Receiver(call)
	if v == nil || !v.IsField() {
		return nil
	}
	return v
}

// belongs reports whether a group waits for a function: that says so itself, or the group
// starts it, and nothing else does.
func (c *checker) belongs(f *effects.Func, group *types.Var) bool {
	for _, op := range f.Ops {
		if op.Deferred && c.onGroup(op, "Done") == group {
			return true
		}
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
