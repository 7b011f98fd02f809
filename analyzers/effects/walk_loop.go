package effects

import (
	"go/ast"
	"go/token"
	"go/types"

	"github.com/concurlint/concurlint/analyzers/program"
)

// endsLoop reports whether a list in a loop ends by leaving the loop: whatever
// stands in it then runs in one turn of the loop only.
func (w *walker) endsLoop(list []ast.Stmt) bool {
	if !program.Leaves(list) {
		return false
	}
	b, ok := list[len(list)-1].(*ast.BranchStmt)
	if !ok || b.Tok != token.BREAK {
		return !ok
	}
	if b.Label == nil {
		return !w.inSwitch
	}
	return b.Label.Name == w.loop.label
}

// turns is with for the body of a loop, which data that is empty skips.
func (w *walker) turns(f func()) {
	saved := w.cert
	w.cert = min(w.cert, Usually)
	f()
	w.cert = saved
}

func (w *walker) enter(n ast.Stmt, counts bool) func() {
	l := &Loop{Node: n, Parent: w.loop, Sure: w.sure, Once: w.once, Ops: len(w.fn.Ops), label: w.label}
	if counts {
		l.ask = w.p
	}
	w.label = ""
	w.fn.Loops = append(w.fn.Loops, l)
	inSwitch := w.inSwitch
	w.loop, w.once, w.inSwitch = l, false, false
	return func() {
		l.OpsEnd = len(w.fn.Ops)
		w.loop, w.once, w.inSwitch = l.Parent, l.Once, inSwitch
	}
}

func (w *walker) forStmt(s *ast.ForStmt) {
	w.simple(s.Init)
	untilItWorks := s.Cond != nil && w.p.nilError(s.Cond, token.NEQ)
	leave := w.enter(s, !untilItWorks && s.Cond != nil)
	turn := func() {
		w.expr(s.Cond)
		body := Always
		if untilItWorks {
			body = Rarely
		}
		w.testing(s.Cond, func() { w.with(body, func() { w.block(s.Body.List) }) })
		w.simple(s.Post)
	}
	if s.Cond == nil {
		turn()
	} else {
		w.turns(turn)
	}
	leave()
}

func (w *walker) rangeStmt(s *ast.RangeStmt) {
	w.expr(s.X)
	t := w.p.prog.TypeOf(s.X)
	if t == nil {
		return
	}
	_, isChan := t.Underlying().(*types.Chan)
	leave := w.enter(s, !isChan)
	w.loop.drains = isChan && w.drains(s.X)
	if isChan && !w.loop.drains {
		w.add(s, nil)
	}
	if _, ok := t.Underlying().(*types.Signature); ok {
		w.rangeFunc(s)
	}
	w.turns(func() { w.block(s.Body.List) })
	leave()
}

// rangeFunc adds the call of the iterator that a range statement makes.
func (w *walker) rangeFunc(s *ast.RangeStmt) {
	c := &ast.CallExpr{Fun: s.X, Lparen: s.X.Pos(), Rparen: s.X.End()}
	r := &call{expr: c}
	w.add(c, r)
	w.p.pending = append(w.p.pending, pending{w.fn, r, true})
}
