package carried

import (
	"go/ast"
	"go/token"
	"go/types"
	"maps"
	"slices"
)

// ifStmt leaves out that the condition reads what its own body sets: the best so
// far, the first time, what is not made yet.
func (w *walker) ifStmt(s *ast.IfStmt, st *state) (ends bool) {
	w.maybe(s.Init, st)
	before := maps.Clone(w.exposed)
	w.reads(s.Cond, st, asked)
	then, other := st.branch(), st.branch()
	then.some, other.some = true, true
	for at := range w.exposed {
		if _, known := before[at]; !known && w.fulfils(s.Body, at) {
			w.unsee(at)
			w.change(at, "asks for "+at.text()+" in a condition that sets it")
		}
	}
	ways := w.fork()
	thenEnds := ways.walk(func() bool { return w.block(s.Body.List, then) })
	otherEnds := ways.walk(func() bool { return s.Else != nil && w.stmt(s.Else, other) })
	ways.join()
	return st.merge([]*state{then, other}, []bool{thenEnds, otherEnds})
}

// A fork is a place where ways part. Behind it a lock is held that all have taken
// which go on.
type fork struct {
	w      *walker
	before []lock
	after  []lock
	some   bool // a way goes on
}

func (w *walker) fork() *fork { return &fork{w: w, before: slices.Clone(w.locks)} }

// walk goes one of the ways and reports whether it ends.
func (f *fork) walk(way func() bool) (ends bool) {
	f.w.locks = slices.Clone(f.before)
	if ends = way(); ends {
		return true
	}
	held := f.w.locks
	if f.some {
		held = slices.DeleteFunc(f.after, func(l lock) bool { return !slices.Contains(held, l) })
	}
	f.after, f.some = held, true
	return false
}

func (f *fork) join() { f.w.locks = f.after }

// fulfils reports whether a body sets a place, right in it or where what it made
// for that is well: if the version is not known, ask, and keep what was answered.
// A condition on anything else, such as the item at hand, is a step of its own.
func (w *walker) fulfils(b *ast.BlockStmt, at place) bool { return w.setsWithin(b, b.List, at) }

func (w *walker) setsWithin(b *ast.BlockStmt, list []ast.Stmt, at place) bool {
	return slices.ContainsFunc(list, func(s ast.Stmt) bool {
		switch s := s.(type) {
		case *ast.IfStmt:
			return w.asksOnly(s.Cond, b) && w.setsWithin(b, s.Body.List, at)
		case *ast.AssignStmt:
			return slices.ContainsFunc(s.Lhs, func(e ast.Expr) bool {
				to, index, ok := w.resolve(e)
				return ok && index == nil && to == at
			})
		}
		return false
	})
}

// asksOnly reports whether an expression names no variable but those declared in
// a block.
func (w *walker) asksOnly(e ast.Expr, b *ast.BlockStmt) bool {
	only := true
	ast.Inspect(e, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			v, isVar := w.object(id).(*types.Var)
			only = only && (!isVar || v.IsField() || contains(b, v.Pos()))
		}
		return only
	})
	return only
}

// mostTurns is how often a loop within is walked until it is known where its pointers
// lead: one more for each that is handed on to the next. Loops that hand on more are
// not seen: from 1 to 16 no answer changes in the servers that budget names.
const mostTurns = 4

// turns is a loop within, which may not turn at all. What a pointer led to after one
// turn, the next one writes through.
func (w *walker) turns(s ast.Stmt, st *state) {
	way := st.branch()
	locks := w.fork()
	locks.walk(func() bool { return false }) // none
	for n := 0; ; n++ {
		alias, inner := maps.Clone(w.alias), maps.Clone(w.inner)
		locks.walk(func() bool { w.turn(s, st, way); return false })
		if maps.Equal(alias, w.alias) && maps.Equal(inner, w.inner) {
			break
		}
		if n == mostTurns || w.left < 0 {
			w.doubtful(tooMuch)
			break
		}
	}
	locks.join()
	st.exits = append(st.exits, way.exits...)
}

func (w *walker) turn(s ast.Stmt, st, way *state) {
	switch s := s.(type) {
	case *ast.ForStmt:
		w.maybe(s.Init, st)
		if s.Cond != nil {
			w.reads(s.Cond, st, asked)
		}
		w.block(s.Body.List, way)
		w.maybe(s.Post, way)
	case *ast.RangeStmt:
		w.innerRange(s, st, way)
	}
}

func (w *walker) innerRange(s *ast.RangeStmt, st, way *state) {
	w.reads(s.X, st, taken)
	switch w.typeOf(s.X).Underlying().(type) {
	case *types.Chan:
		w.talks(s.X, st)
	case *types.Signature:
		if _, made := ast.Unparen(s.X).(*ast.CallExpr); !made {
			w.invoke(s.X, place{}, nil, st)
		}
	}
	values := w.from(s.X)
	if values.shared || values.inner != nil {
		values = anyone
	}
	for _, e := range []ast.Expr{s.Key, s.Value} {
		if e == nil {
			continue
		}
		if id, ok := e.(*ast.Ident); ok && s.Tok == token.DEFINE {
			w.hold(id, values, way)
			continue
		}
		w.write(e, way, writing{needs: asked, last: true})
	}
	w.block(s.Body.List, way)
}

func (w *walker) cases(body *ast.BlockStmt, st *state) (ends bool) {
	var ways []*state
	var ended []bool
	complete := false
	locks := w.fork()
	for _, c := range body.List {
		way := st.branch()
		var list []ast.Stmt
		switch c := c.(type) {
		case *ast.CaseClause:
			complete = complete || c.List == nil
			for _, e := range c.List {
				w.reads(e, st, asked)
			}
			list = c.Body
		case *ast.CommClause:
			complete = true
			w.maybe(c.Comm, way)
			list = c.Body
		}
		end := locks.walk(func() bool { return w.block(list, way) && !breaks(list) })
		ways, ended = append(ways, way), append(ended, end)
	}
	if !complete {
		locks.walk(func() bool { return false })
		ways, ended = append(ways, st.branch()), append(ended, false)
	}
	locks.join()
	return st.merge(ways, ended)
}

// breaks reports whether a case ends the switch alone, so that its way goes on.
func breaks(list []ast.Stmt) bool {
	if len(list) == 0 {
		return false
	}
	b, ok := list[len(list)-1].(*ast.BranchStmt)
	return ok && b.Tok == token.BREAK && b.Label == nil
}

// typed lets the variable of each case lead where the value does whose type is asked
// for.
func (w *walker) typed(s *ast.TypeSwitchStmt) {
	a, ok := s.Assign.(*ast.AssignStmt)
	if !ok {
		return
	}
	o := w.from(a.Rhs[0].(*ast.TypeAssertExpr).X)
	for _, c := range s.Body.List {
		w.bind(w.p.Info().Implicits[c], o, newState())
	}
}
