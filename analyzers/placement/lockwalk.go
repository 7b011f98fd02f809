package placement

import (
	"go/ast"
	"go/token"
	"maps"

	"github.com/concurlint/concurlint/analyzers/effects"
)

// state is the set of locks that are surely held, by key.
type state map[string]*Region

// locker walks one function, in source order.
type locker struct {
	p      *placer
	f      *effects.Func
	cursor int // next op
	label  string
	exits  []*exit
	handed map[string]bool // mutexes that the function hands out; nil until wanted
}

// exit collects the states in which break statements leave a statement.
type exit struct {
	label  string
	states []state
}

// list walks statements and reports whether control leaves it.
func (l *locker) list(stmts []ast.Stmt, st state) (state, bool) {
	for i, s := range stmts {
		var gone bool
		st, gone = l.stmt(s, st)
		if gone {
			for _, rest := range stmts[i+1:] {
				l.skip(rest)
			}
			return st, true
		}
	}
	return st, false
}

// skip moves the cursor past the ops of code that cannot be reached, unless a
// label lets control in again.
func (l *locker) skip(s ast.Stmt) {
	for l.cursor < len(l.f.Ops) && l.f.Ops[l.cursor].Node.Pos() < s.End() {
		l.cursor++
	}
}

func (l *locker) stmt(s ast.Stmt, st state) (state, bool) {
	switch s := s.(type) {
	case *ast.BlockStmt:
		return l.list(s.List, st)
	case *ast.LabeledStmt:
		l.label = s.Label.Name
		return l.stmt(s.Stmt, st)
	case *ast.IfStmt:
		return l.ifStmt(s, st)
	case *ast.ForStmt:
		return l.loop(s, s.Body, st, s.Cond == nil)
	case *ast.RangeStmt:
		return l.loop(s, s.Body, st, false)
	case *ast.SwitchStmt:
		return l.clauses(s.Body, st, hasDefault(s.Body))
	case *ast.TypeSwitchStmt:
		return l.clauses(s.Body, st, hasDefault(s.Body))
	case *ast.SelectStmt:
		return l.clauses(s.Body, st, true)
	case *ast.ReturnStmt:
		l.until(s.End(), st)
		keep(st, s.Pos())
		return st, true
	case *ast.BranchStmt:
		if s.Tok == token.BREAK {
			l.leave(s, st)
		}
		return st, s.Tok != token.FALLTHROUGH
	}
	l.until(s.End(), st)
	return st, l.aborts(s)
}

// aborts reports whether the statement ends the goroutine or the program.
func (l *locker) aborts(s ast.Stmt) bool {
	x, ok := s.(*ast.ExprStmt)
	if !ok {
		return false
	}
	c, ok := x.X.(*ast.CallExpr)
	return ok && l.p.prog.NeverReturns(c)
}

func (l *locker) enter() *exit {
	e := &exit{label: l.label}
	l.label = ""
	l.exits = append(l.exits, e)
	return e
}

func (l *locker) leave(s *ast.BranchStmt, st state) {
	for i := len(l.exits) - 1; i >= 0; i-- {
		if e := l.exits[i]; s.Label == nil || e.label == s.Label.Name {
			e.states = append(e.states, maps.Clone(st))
			return
		}
	}
}

// joined returns the locks held on all of the ways from before, which must not be
// none, and those taken on one of them for the rest of the function: a deferred
// release is none before the end.
func joined(before state, ways ...state) state {
	out := ways[0]
	for _, st := range ways[1:] {
		out = join(before, out, st)
	}
	return out
}

func join(before, a, b state) state {
	out := make(state, min(len(a), len(b)))
	for k, r := range a {
		if _, ok := b[k]; ok {
			out[k] = r
		}
	}
	for _, way := range []state{a, b} {
		for k, r := range way {
			if out[k] == nil && r.released && before[k] != r {
				r.Sometimes = true
				out[k] = r
			}
		}
	}
	return out
}

func (l *locker) ifStmt(s *ast.IfStmt, st state) (state, bool) {
	l.until(s.Body.Pos(), st)
	then, thenGone := l.list(s.Body.List, maps.Clone(st))
	other, otherGone := st, false
	if s.Else != nil {
		other, otherGone = l.stmt(s.Else, maps.Clone(st))
	}
	switch {
	case thenGone && otherGone:
		return st, true
	case thenGone:
		return other, false
	case otherGone:
		return then, false
	}
	return joined(st, then, other), false
}

// loop walks a loop once. An endless one is left by break alone.
func (l *locker) loop(s ast.Stmt, body *ast.BlockStmt, st state, endless bool) (state, bool) {
	e := l.enter()
	l.until(body.Pos(), st)
	after, gone := l.list(body.List, maps.Clone(st))
	l.until(s.End(), after)
	l.exits = l.exits[:len(l.exits)-1]
	ways := e.states
	if !endless {
		ways = append(ways, st)
		if !gone {
			ways = append(ways, after)
		}
	}
	if len(ways) == 0 {
		return st, true
	}
	return joined(st, ways...), false
}

// clauses walks the clauses of a switch or select statement; one of them surely
// runs if the statement is exhaustive.
func (l *locker) clauses(body *ast.BlockStmt, st state, exhaustive bool) (state, bool) {
	e := l.enter()
	l.until(body.Pos(), st)
	var ways []state
	for _, c := range body.List {
		var list []ast.Stmt
		switch c := c.(type) {
		case *ast.CaseClause:
			list = c.Body
		case *ast.CommClause:
			list = c.Body
		}
		if len(list) > 0 {
			l.until(list[0].Pos(), st)
		}
		if after, gone := l.list(list, maps.Clone(st)); !gone {
			ways = append(ways, after)
		}
	}
	l.exits = l.exits[:len(l.exits)-1]
	ways = append(ways, e.states...)
	if !exhaustive {
		ways = append(ways, st)
	}
	if len(ways) == 0 {
		return st, len(body.List) > 0
	}
	return joined(st, ways...), false
}

func hasDefault(body *ast.BlockStmt) bool {
	for _, c := range body.List {
		if cc, ok := c.(*ast.CaseClause); ok && cc.List == nil {
			return true
		}
	}
	return false
}
