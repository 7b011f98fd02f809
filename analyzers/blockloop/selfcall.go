package blockloop

import (
	"go/ast"
	"go/types"
	"slices"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/types/typeutil"

	"github.com/concurlint/concurlint/analyzers/contracts"
	"github.com/concurlint/concurlint/analyzers/effects"
	"github.com/concurlint/concurlint/analyzers/evidence"
	"github.com/concurlint/concurlint/analyzers/program"
	"github.com/concurlint/concurlint/analyzers/report"
)

// selfCall reports a call, in the loop, of a method of the same value that sends to a
// channel that the loop alone receives from, itself or in other methods of the value:
//
//	func (s *session) run() {
//		for { select { case c := <-s.changes: s.apply(c) … } }
//	}
//	func (s *session) apply(c change) { …; s.signal(p) }
//	func (s *session) signal(p peer)  { s.changes <- change{p} }
//
// Each such channel is told once for a call.
func (c *checker) selfCall(d *contracts.Dispatcher, op *effects.Op) bool {
	g, recv := c.method(op)
	if g == nil || op.Deferred {
		return false
	}
	w := &ownSends{checker: c, loop: d, recv: recv, seen: make(map[*effects.Func]bool)}
	w.follow(g, step{repeats: op.Loop != d.Loop, sometimes: op.Certainty < effects.Usually, sure: true})
	told := false
	for _, s := range w.found {
		most, long := evidence.Warning, "can block for ever"
		if n, known := c.res.Effects.Capacity(s.ch); known && n == 0 && s.sure {
			most, long = evidence.Error, "blocks for ever"
		}
		told = c.ownSend(d, op, s, report.Finding{
			Most:    most,
			Message: effects.DisplayName(g.Obj, c.pass.Pkg) + " sends to " + types.ExprString(s.source) + ", which this loop alone receives from, and " + long,
			Chain:   s.chain(op, c.pass),
			Related: []report.Step{{Pos: s.node.Pos(), Message: "the send"}},
		}) || told
	}
	return told
}

// An ownSend is a send to one of the loop's channels to which a call leads.
type ownSend struct {
	step
	source, ch ast.Expr // the channel as the loop names it, and as the send does
	node       ast.Node
}

// A step is what is known of the way to an op.
type step struct {
	repeats   bool // it may come there more than once in a turn
	sometimes bool // it may not come there at all
	sure      bool // every call comes there, and has no other way to go
	through   []*ast.CallExpr
}

// ownSends follows the methods of one value to what they send to the loop that serves it.
type ownSends struct {
	*checker
	loop  *contracts.Dispatcher
	recv  ast.Expr // the value, as the loop names it
	seen  map[*effects.Func]bool
	found []ownSend
}

// mostThrough is how many methods may be called in between: a
// session that drops its peers needs three. In seven programs of 16,000 to 240,000 lines
// twice as many find the same.
const mostThrough = 3

// follow collects the sends of a method of the value, and of those that it calls.
func (w *ownSends) follow(g *effects.Func, at step) {
	if w.seen[g] || len(at.through) > mostThrough || w.moves(g) {
		return
	}
	w.seen[g] = true
	for _, op := range g.Ops {
		if op.Spawned != nil || op.Ready || op.Certainty < effects.Missed {
			continue
		}
		next := step{
			repeats:   at.repeats || op.Loop != nil && !op.Once,
			sometimes: at.sometimes || op.Certainty < effects.Usually,
			sure:      at.sure && op.Certainty >= effects.Always,
			through:   at.through,
		}
		switch n := op.Node.(type) {
		case *ast.SendStmt:
			w.send(g, next, n.Chan, n)
		case *ast.SelectStmt:
			next.sure = false
			w.send(g, next, w.res.Effects.Program().OnlySend(n), n)
		case *ast.CallExpr:
			inner, recv := w.method(op)
			switch lit, ok := ast.Unparen(n.Fun).(*ast.FuncLit); {
			case ok: // run in place, or as g returns
				for _, f := range w.res.Effects.TaskFuncs(g, op, effects.GoCall) {
					if f.Lit == lit {
						w.follow(f, next)
					}
				}
			case inner != nil && w.isReceiver(g, recv):
				next.through = append(slices.Clip(at.through), n)
				w.follow(inner, next)
			}
		}
	}
}

// moves reports whether a method sets its receiver: it goes on with another value then.
//
//	for ; n != nil; n = n.parent { n.dirty <- struct{}{} }
func (w *ownSends) moves(g *effects.Func) bool {
	found := false
	ast.Inspect(g.Body(), func(n ast.Node) bool {
		if a, ok := n.(*ast.AssignStmt); ok {
			found = found || slices.ContainsFunc(a.Lhs, func(x ast.Expr) bool { return w.isReceiver(g, x) })
		}
		return !found
	})
	return found
}

func (w *ownSends) send(g *effects.Func, at step, ch ast.Expr, n ast.Node) {
	if ch == nil {
		return
	}
	source := w.ownField(w.loop, w.recv, g, ch)
	if source == nil || slices.ContainsFunc(w.found, func(s ownSend) bool { return s.source == source }) ||
		!w.onlyReceiver(w.res.Effects.Variable(source), w.loop) {
		return
	}
	w.found = append(w.found, ownSend{at, source, ch, n})
}

// chain tells the way from op to the send.
func (s ownSend) chain(op *effects.Op, pass *analysis.Pass) []report.Step {
	calls := append([]*ast.CallExpr{op.Node.(*ast.CallExpr)}, s.through...)
	var steps []report.Step
	for _, call := range calls {
		steps = append(steps, report.Step{Pos: call.Pos(), Message: effects.DisplayName(typeutil.StaticCallee(pass.TypesInfo, call), pass.Pkg)})
	}
	return append(steps, report.Step{Pos: s.node.Pos(), Message: "sends to " + types.ExprString(s.ch)})
}

// method returns the method of the package that op calls, and on what.
func (c *checker) method(op *effects.Op) (*effects.Func, ast.Expr) {
	call, ok := op.Node.(*ast.CallExpr)
	g := c.res.Effects.Func(op.Callee())
	if !ok || g == nil || g.Decl == nil || g.Decl.Recv == nil {
		return nil, nil
	}
	sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	if !ok {
		return nil, nil
	}
	return g, sel.X
}

// inLoop reports whether a function of the package runs within the loop alone: nothing
// else calls it.
func (c *checker) inLoop(d *contracts.Dispatcher, fn *types.Func, depth int) bool {
	if depth > maxDepth || fn == d.Func.Obj || !c.res.Effects.Program().OnlyCalled(fn) {
		return false
	}
	calls := c.res.Effects.CallSites(fn)
	return len(calls) > 0 && !slices.ContainsFunc(calls, func(at effects.CallSite) bool {
		within := at.Func == d.Func && d.Loop.Node.Pos() < at.Op.Node.Pos() && at.Op.Node.Pos() < d.Loop.Node.End()
		return at.Op.Spawned != nil || !within && (at.Func.Obj == nil || !c.inLoop(d, at.Func.Obj, depth+1))
	})
}

// receivesInLoop reports whether a function receives at n on the loop's own goroutine: it runs
// within the loop alone, and neither a goroutine nor a literal of it receives.
func (c *checker) receivesInLoop(d *contracts.Dispatcher, fn *types.Func, n ast.Node) bool {
	f := c.res.Effects.Func(fn)
	return f != nil && c.inLoop(d, fn, 0) && slices.ContainsFunc(f.Ops, func(op *effects.Op) bool {
		if s, ok := op.Node.(*ast.SelectStmt); ok && op.Spawned == nil {
			return slices.ContainsFunc(s.Body.List, func(cl ast.Stmt) bool { return program.Receive(cl.(*ast.CommClause).Comm) == n })
		}
		return op.Node == n && op.Spawned == nil
	})
}
