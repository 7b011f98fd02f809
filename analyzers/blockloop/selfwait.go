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
		group := c.onGroup(g, inner, effects.WaitsForGroup)
		if group == nil || inner.Spawned != nil || inner.Deferred || inner.Certainty != effects.Always && !c.first(g, inner) || !c.belongs(d.Func, group) {
			continue
		}
		most, long, signals := evidence.Error, ", and so for ever", []string{"blockloop.itself"}
		if inner.Certainty != effects.Always {
			most, long, signals = evidence.Warning, "", nil
		}
		c.reporter.Report(report.Finding{
			Pos:     op.Node.Pos(),
			End:     op.Node.End(),
			Most:    most,
			Signals: signals,
			Kind:    "wait",
			Message: effects.DisplayName(g.Obj, c.pass.Pkg) + " waits for " + group.Name() + ", to which this loop belongs" + long,
			Chain:   report.Chain(op.Node.Pos(), e.Chain),
			Related: []report.Step{{Pos: inner.Node.Pos(), Message: "the wait"}, {Pos: d.Select.Pos(), Message: "the loop's select"}},
		})
		return true
	}
	return false
}

// first reports whether the wait of g is for whoever comes first: a compare-and-swap lets
// nobody else through. Another guard may well know that the loop calls.
func (c *checker) first(g *effects.Func, wait *effects.Op) bool {
	guards, others := 0, 0
	ast.Inspect(g.Body(), func(n ast.Node) bool {
		if s, ok := n.(*ast.IfStmt); ok && s.Pos() < wait.Node.Pos() {
			if c.res.Effects.Program().Swaps(s.Cond) {
				guards++
			} else {
				others++
			}
		}
		return true
	})
	return wait.Certainty == effects.Usually && guards > 0 && others == 0
}

// isReceiver reports whether x names the receiver of the method f, or that of the method around
// the literal f.
func (c *checker) isReceiver(f *effects.Func, x ast.Expr) bool {
	id, ok := ast.Unparen(x).(*ast.Ident)
	m := f.Outer().Obj
	return ok && m != nil && m.Signature().Recv() != nil && c.pass.TypesInfo.Uses[id] == m.Signature().Recv()
}

// onGroup returns the field of f's own receiver on which an op of f calls a method of a
// group, or nil. A pointer to a group may be another one by then.
func (c *checker) onGroup(f *effects.Func, op *effects.Op, verb effects.GroupVerb) *types.Var {
	call, ok := op.Node.(*ast.CallExpr)
	if !ok || effects.OnGroup(op.Callee()) != verb {
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
	if _, pointer := c.pass.TypesInfo.TypeOf(group).Underlying().(*types.Pointer); v == nil || pointer {
		return nil
	}
	return v
}

// belongs reports whether a group waits for a function: that says so itself, or the group
// starts it, and nobody else calls it.
func (c *checker) belongs(f *effects.Func, group *types.Var) bool {
	for _, op := range f.Ops {
		if op.Deferred && c.onGroup(f, op, effects.LeavesGroup) == group {
			return true
		}
	}
	if f.Obj != nil && len(c.res.Effects.Program().Calls(f.Obj)) > 0 {
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
