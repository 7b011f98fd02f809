package effects

import (
	"go/ast"
	"go/types"
	"slices"

	"github.com/concurlint/concurlint/analyzers/knowledge"
	"github.com/concurlint/concurlint/analyzers/program"
)

// tries is a loop that calls the function of a caller.
type tries struct {
	in   *Func
	loop *Loop
}

// or is the loop of the op where there is none yet: the innermost one counts.
func (t tries) or(ev *evaluator) tries {
	if t.loop == nil && ev.op.Loop != nil {
		return tries{ev.fn, ev.op.Loop}
	}
	return t
}

// again reports whether the function that a use tells of is called once more, after a
// pause, where it has failed: the loop that calls it pauses on the way of an error only.
//
//	for {
//		if err := try(); err == nil {
//			return nil
//		}
//		time.Sleep(pause)
//	}
func (p *pkg) again(u Use) bool {
	if u.Again || u.Goes || u.tries.loop == nil {
		return u.Again
	}
	l := u.tries.loop
	return slices.ContainsFunc(u.tries.in.Ops[l.Ops:l.OpsEnd], func(op *Op) bool {
		return op.Spawned == nil && slices.ContainsFunc(op.Effects, func(e Effect) bool {
			return e.Certainty == Rarely && (e.Kind == Sleep || e.Kind == Chan && p.timed(op.Node))
		})
	})
}

// awaitsFile reports whether an endless loop is left as soon as a file is there. To look for one
// is no attempt that has failed: that there is none yet is why the loop goes round, and what
// follows is its main path.
//
//	for {
//		if _, err := os.Stat(path); err == nil {
//			return
//		}
//		time.Sleep(pause)
//	}
func (w *walker) awaitsFile(s *ast.IfStmt) bool {
	err := w.p.tested(s.Cond)
	if w.loop == nil || err == nil || !w.loop.Endless(w.p.info) {
		return false
	}
	return slices.ContainsFunc(append([]ast.Stmt{s.Init}, w.loop.Body().List...), func(st ast.Stmt) bool {
		a, ok := st.(*ast.AssignStmt)
		if !ok || w.p.prog.Variable(a.Lhs[len(a.Lhs)-1]) != err {
			return false
		}
		c := w.p.callIn(a)
		if c == nil {
			return false
		}
		given, ok := w.p.prog.TypeOf(c).(*types.Tuple)
		return ok && types.Unalias(given.At(0).Type()).String() == "io/fs.FileInfo"
	})
}

// timed reports whether a node is a select that goes on after a time.
func (p *pkg) timed(n ast.Node) bool {
	s, ok := n.(*ast.SelectStmt)
	return ok && slices.ContainsFunc(s.Body.List, func(c ast.Stmt) bool {
		ch := program.ReceivedFrom(c.(*ast.CommClause).Comm)
		return ch != nil && isChanOfTime(p.prog.TypeOf(ch))
	})
}

// retries reports whether a known function pauses where what it has been given has failed.
func retries(e *knowledge.Effect) bool {
	return e.Rarely && slices.Contains(e.Kinds, "sleep")
}

func isChanOfTime(t types.Type) bool {
	ch, ok := t.Underlying().(*types.Chan)
	return ok && isTime(ch.Elem())
}
