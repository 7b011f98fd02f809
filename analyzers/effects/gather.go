package effects

import (
	"go/ast"
	"go/token"
	"go/types"

	"github.com/concurlint/concurlint/analyzers/program"
)

// This file tells loops that gather the results of tasks from those that serve:
// both receive until they are told to stop, but the tasks of the one come to an
// end by themselves.

// endings are where a channel is closed, and where something is sent to it.
type endings struct {
	closes, sends []ending
}

type ending struct {
	by       *Func
	node     ast.Node
	closes   bool
	deferred bool
}

// ended returns what is noted of a channel variable, for more to be added.
func (p *pkg) ended(ch ast.Expr) *endings {
	v := p.prog.Variable(ch)
	if v == nil {
		return &endings{}
	}
	e := p.endings[v]
	if e == nil {
		e = new(endings)
		p.endings[v] = e
	}
	return e
}

// gathers reports whether the loop goes on only until the tasks are done that the
// function has started: it drains a channel that is closed then, or leaves as it
// is told so on one.
//
//	go func() { wg.Wait(); done <- true }()
//	for { select { case err := <-errs: return err; case <-done: return nil } }
func (p *pkg) gathers(f *Func, l *Loop) bool {
	if r, ok := l.Node.(*ast.RangeStmt); ok {
		return p.lasts(f, r.X, l.Node.Pos(), false) && p.finite(f)
	}
	found := false
	ast.Inspect(l.Body(), func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.CommClause:
			x := program.ReceivedFrom(n.Comm)
			found = found || x != nil && p.breaks(n, l) && p.lasts(f, x, l.Node.Pos(), true)
		}
		return !found
	})
	return found && p.finite(f)
}

// breaks reports whether a clause of a select in a loop leaves the loop.
func (p *pkg) breaks(c *ast.CommClause, l *Loop) bool {
	for _, s := range c.Body {
		if p.leavesFrom(s, l.Body(), true) {
			return true
		}
	}
	return false
}

// lasts reports whether a channel of the function itself is closed, or sent to
// where that counts as well, only when the function's tasks are done.
func (p *pkg) lasts(f *Func, ch ast.Expr, before token.Pos, sends bool) bool {
	v := p.prog.Variable(ch)
	if v == nil || p.endings[v] == nil || !f.Outer().owns(v) {
		return false
	}
	list := p.endings[v].closes
	if len(list) == 0 && sends {
		list = p.endings[v].sends
	}
	for _, e := range list {
		if e.by == f && e.node.Pos() < before && len(p.endings[v].closes) > 0 {
			continue // of what is in the buffer by now
		}
		w := e.by.Summary.Effect(Wait)
		if e.by == f || e.by.Decl != nil || e.by.Summary.Endless || w == nil || w.Certainty < Usually {
			return false
		}
	}
	return len(list) > 0
}

// owns reports whether v is a local variable of f or of a literal in it.
func (f *Func) owns(v *types.Var) bool {
	return f.Body() != nil && f.Body().Pos() <= v.Pos() && v.Pos() < f.Body().End()
}

// finite reports whether no task that f starts is a worker or a server.
func (p *pkg) finite(f *Func) bool {
	for _, op := range f.Ops {
		if op.call == nil {
			continue
		}
		tasks := op.call.targets
		for _, a := range op.call.expr.Args {
			if lit, ok := ast.Unparen(a).(*ast.FuncLit); ok {
				tasks = append(tasks[:len(tasks):len(tasks)], Target{Func: p.lits[lit]})
			}
		}
		if op.Spawned != nil && op.call.fn != nil && p.endlessFunc(op.call.fn, op.call) {
			return false
		}
		for _, t := range tasks {
			if t.Func != nil && (t.Func.Summary.Endless || t.Func.Lit != nil && f.encloses(t.Func) && t.Func != f && !p.finite(t.Func)) || t.Obj != nil && p.endlessFunc(t.Obj, op.call) {
				return false
			}
		}
	}
	return true
}
