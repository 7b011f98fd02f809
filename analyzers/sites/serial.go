package sites

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"github.com/concurlint/concurlint/analyzers/carried"
	"github.com/concurlint/concurlint/analyzers/effects"
	"github.com/concurlint/concurlint/analyzers/placement"
	"github.com/concurlint/concurlint/analyzers/program"
)

// serial describes a loop over data whose iterations wait or compute and that
// hands nothing over, or returns nil for any other loop. An inner loop counts
// for what is called in it; nested loops without calls count as the outer one.
func (l *lister) serial(f *effects.Func, loop *effects.Loop) *Site {
	via, trip, ok := l.overData(loop)
	if !ok || l.handsOver(f, loop) {
		return nil
	}
	list := iteration(f, loop)
	if !works(list) && !joins(f, loop) {
		if !l.callsWork(f, loop) && (loop.Parent != nil || !nested(f, loop)) {
			return nil
		}
		// One loop over data within another.
		list = slices.DeleteFunc(list, func(e effects.Effect) bool { return e.Kind == effects.CPU })
		list = append(list, effects.Effect{Kind: effects.CPU, Weight: effects.Heavy, Certainty: effects.Usually})
	}
	if r, isRange := loop.Node.(*ast.RangeStmt); isRange && isChan(l.pass.TypesInfo.TypeOf(r.X)) {
		if l.idleChannel(r.X) != "" || l.severalWorkers(f) {
			return nil // events, or the loop of a worker, whose hand-over is a site
		}
	}
	out := l.at(f, loop.Node)
	out.Via, out.Executor, out.Trip = via, "serial", trip
	out.Limit = Limit{Class: "const", Text: "1", Place: out.Place, N: 1}
	out.Task = l.task(list)
	if b := loop.Body(); b != nil {
		out.Task.Bodies = []Body{l.stretch(Body{Package: l.path(), Function: functionName(f), Part: true}, b.Pos(), b.End())}
	}
	out.answer(l.carried.Loop(loop.Node))
	return out
}

// answer says whether the iterations need one another.
func (s *Site) answer(v carried.Verdict) {
	s.Because = v.Why
	switch v.Answer {
	case carried.Independent:
		s.Iterations = "independent"
	case carried.Dependent:
		s.Iterations = "dependent"
	}
}

// overData reports whether a loop goes over something rather than waits for
// events, and over what.
func (l *lister) overData(loop *effects.Loop) (via, trip string, ok bool) {
	switch n := loop.Node.(type) {
	case *ast.RangeStmt:
		return "range", l.source(n.X), true
	case *ast.ForStmt:
		switch cond := program.Condition(l.pass.TypesInfo, n.Cond).(type) {
		case *ast.BinaryExpr: // for i := 0; i < n; i++
			if n.Post == nil || cond.Op == token.LAND || cond.Op == token.LOR {
				return "", "", false
			}
			return "for", l.source(cond.Y), true
		case *ast.CallExpr: // for rows.Next(), for lines.Scan()
			sel, isSel := ast.Unparen(cond.Fun).(*ast.SelectorExpr)
			if !isSel || sel.Sel.Name != "Next" && sel.Sel.Name != "Scan" {
				return "", "", false
			}
			return "for", l.source(sel.X), true
		}
	}
	return "", "", false
}

// handsOver reports whether something in the loop starts a task.
func (l *lister) handsOver(f *effects.Func, loop *effects.Loop) bool {
	inside := func(n ast.Node) bool { return loop.Node.Pos() <= n.Pos() && n.End() <= loop.Node.End() }
	for _, s := range l.res.Sites {
		if s.Func.Outer() == f.Outer() && inside(s.Op.Node) {
			return true
		}
	}
	return false
}

// iteration merges what the ops of one iteration wait for and compute.
func iteration(f *effects.Func, loop *effects.Loop) []effects.Effect {
	best := make(map[effects.Kind]effects.Effect)
	for _, op := range f.Ops[loop.Ops:loop.OpsEnd] {
		if op.Spawned != nil || op.Deferred || op.Node == loop.Node {
			continue
		}
		for _, e := range op.Effects {
			old, ok := best[e.Kind]
			if !ok || e.Certainty > old.Certainty || e.Certainty == old.Certainty && e.Weight > old.Weight {
				best[e.Kind] = e
			}
		}
	}
	var list []effects.Effect
	for _, e := range best {
		list = append(list, e)
	}
	return list
}

// works reports whether the effects are worth a hand-over: waiting for something
// outside, or computing for long, on the main path.
func works(list []effects.Effect) bool {
	for i := range list {
		e := &list[i]
		if e.Certainty < effects.Usually || e.Is(effects.Hint) {
			continue
		}
		if e.Kind.IO() || e.Kind == effects.CPU && e.Weight >= effects.Heavy {
			return true
		}
	}
	return false
}

// joins reports whether something called in the loop waits for goroutines that
// it has started: what those wait for or compute is what the loop waits for,
// although no effect of a goroutine is one of its starter.
func joins(f *effects.Func, loop *effects.Loop) bool {
	for _, op := range f.Ops[loop.Ops:loop.OpsEnd] {
		if op.Spawned != nil || op.Deferred {
			continue
		}
		// A Cond waits for a word, not for an end.
		e := op.Effect(effects.Wait)
		if e != nil && e.Certainty >= effects.Usually && len(e.Chain) > 1 && !strings.Contains(e.Chain[len(e.Chain)-1].Call, "Cond)") {
			return true
		}
	}
	return false
}

// callsWork reports whether the loop calls a function that works.
func (l *lister) callsWork(f *effects.Func, loop *effects.Loop) bool {
	for _, op := range f.Ops[loop.Ops:loop.OpsEnd] {
		if op.Spawned != nil || op.Deferred || op.Certainty < effects.Usually {
			continue
		}
		for _, fn := range l.called(f, op) {
			if fn.Works() {
				return true
			}
		}
	}
	return false
}

// called returns the summaries of what an op calls.
func (l *lister) called(f *effects.Func, op *effects.Op) []*effects.Summary {
	var list []*effects.Summary
	var fn *types.Func
	if fn = op.Callee(); fn != nil {
		if s := l.fx.Summary(fn); s != nil {
			list = append(list, s)
		}
	}
	for _, g := range l.fx.TaskFuncs(f, op, effects.GoCall) {
		list = append(list, &g.Summary)
	}
	return list
}

// nested reports whether the loop holds another one that grows with data.
func nested(f *effects.Func, loop *effects.Loop) bool {
	for _, inner := range f.Loops {
		for p := inner.Parent; inner.Data() && p != nil; p = p.Parent {
			if p == loop {
				return true
			}
		}
	}
	return false
}

// severalWorkers reports whether f runs on several goroutines at a time.
func (l *lister) severalWorkers(f *effects.Func) bool {
	for _, s := range l.res.Sites {
		if !s.Endless || s.Trip.Once || s.Trip.Class == placement.Endless {
			continue
		}
		for _, g := range l.taskFuncs(s) {
			if g == f {
				return true
			}
		}
	}
	return false
}
