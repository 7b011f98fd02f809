package placement

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"

	"github.com/concurlint/concurlint/analyzers/effects"
)

// This file finds where a function gives back the locks that it has taken.

// handsOut reports whether the function gives the address of the mutex to a call,
// or takes its Unlock as a value:
//
//	unlock := unlockOnce(&c.mu)
//	unlock := sync.OnceFunc(c.mu.Unlock)
func (l *locker) handsOut(key string) bool {
	if l.handed == nil {
		l.handed = make(map[string]bool)
		ast.Inspect(l.f.Body(), l.hands)
	}
	return l.handed[key]
}

// hands notes the mutexes that n hands out and reports whether to look further.
func (l *locker) hands(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.SelectorExpr:
		if n.Sel.Name == "Unlock" || n.Sel.Name == "RUnlock" {
			l.handed[types.ExprString(n.X)] = true
		}
	case *ast.CallExpr:
		for _, arg := range n.Args {
			if u, ok := ast.Unparen(arg).(*ast.UnaryExpr); ok && u.Op == token.AND && calledName(n) != "NewCond" && !l.p.dealsWith(n, u.X) {
				l.handed[types.ExprString(u.X)] = true
			}
			ast.Inspect(arg, l.hands)
		}
		fun := ast.Unparen(n.Fun)
		if sel, ok := fun.(*ast.SelectorExpr); ok {
			fun = sel.X // c.mu.Unlock() itself is no value
		}
		ast.Inspect(fun, l.hands)
		return false
	}
	return true
}

// ofKey returns what reports whether a region is that of a lock; a wrapper such as
// s.unlock() gives back every lock of s.
func ofKey(key string) func(*Region) bool { return func(r *Region) bool { return r.Of(key) } }

// dealsWith reports whether a call takes a lock that it is given, or gives it back, and it
// is known how.
func (p *placer) dealsWith(c *ast.CallExpr, lock ast.Expr) bool {
	s := p.fx.Summary(p.prog.Callee(c))
	return s != nil && s.Lock != effects.LockNone && s.Lock.Of(c) == lock
}

// release drops the locks that an op gives back. A function that does may wait before, and
// under the others; of a lock of an argument it is known that it waits only after.
func (l *locker) release(op *effects.Op, which func(*Region) bool, st state) {
	if op.Deferred {
		l.releaseLater(which, st, true)
		return
	}
	if _, recv := l.p.lockVerb(op); len(op.Effects) > 0 { // no plain Unlock
		if recv == receiver(op.Node.(*ast.CallExpr)) {
			recv = nil
		}
		l.hold(op, recv, st)
	}
	found := false
	for k, r := range st {
		if which(r) {
			r.Until, r.last = max(r.Until, op.Node.End()), nil
			delete(st, k)
			found = true
		}
	}
	if !found {
		l.p.stray(op)
	}
}

// releaseLater is release for a deferred call, which surely gives the lock back or may.
func (l *locker) releaseLater(which func(*Region) bool, st state, surely bool) {
	for _, r := range st {
		if which(r) {
			r.released, r.surely, r.Until = true, r.surely || surely, l.f.Body().End()
		}
	}
}

// handsBack reports whether an op calls what gives back a lock of the function, as the
// call that took it has returned it, and drops that lock.
func (l *locker) handsBack(op *effects.Op, st state) bool {
	which := l.p.givenBack(op)
	if which == nil {
		return false
	}
	for _, r := range st {
		if which(r) {
			l.release(op, which, st)
			return true
		}
	}
	return false
}

// givenBack returns what reports whether a region is the one that an op gives back by
// calling a function value, or nil where it calls none.
//
//	defer c.lock()()
//	unlock := c.lock(); …; unlock()
func (p *placer) givenBack(op *effects.Op) func(*Region) bool {
	c, ok := op.Node.(*ast.CallExpr)
	if !ok || op.Callee() != nil {
		return nil
	}
	switch fun := ast.Unparen(c.Fun).(type) {
	case *ast.CallExpr:
		return func(r *Region) bool { return r.Acquire.Node == fun }
	case *ast.Ident:
		v := p.prog.Variable(fun)
		return func(r *Region) bool { return v != nil && r.unlock == v }
	}
	return nil
}

// unlockOf returns the variable for what gives back a lock that an op takes, nil where that
// needs none, and whether it is known what becomes of it.
func (p *placer) unlockOf(f *effects.Func, op *effects.Op) (unlock *types.Var, known bool) {
	s := p.fx.Summary(op.Callee())
	if s == nil || s.Lock.Verb() != effects.LockHandsBack && s.Lock.Verb() != effects.LockHandsRBack {
		return nil, true
	}
	ast.Inspect(f.Body(), func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			known = known || ast.Unparen(n.Fun) == op.Node
		case *ast.AssignStmt:
			if len(n.Rhs) == 1 && ast.Unparen(n.Rhs[0]) == op.Node {
				unlock = p.functionAmong(n.Lhs)
				known = unlock != nil && p.onlyCalledIn(f, unlock)
			}
		}
		return !known
	})
	return unlock, known
}

// functionAmong returns the first variable of a list that holds a function.
func (p *placer) functionAmong(list []ast.Expr) *types.Var {
	for _, e := range list {
		if v := p.prog.Variable(e); v != nil && !v.IsField() {
			if _, ok := v.Type().Underlying().(*types.Signature); ok {
				return v
			}
		}
	}
	return nil
}

// onlyCalledIn reports whether all that a function does with a variable is to call it, in
// place or in what it defers. Who else has it gives the lock back who knows where.
func (p *placer) onlyCalledIn(f *effects.Func, v *types.Var) bool {
	uses, calls := 0, 0
	var look func(n ast.Node) bool
	look = func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.DeferStmt:
			if lit, ok := ast.Unparen(n.Call.Fun).(*ast.FuncLit); ok {
				ast.Inspect(lit.Body, look)
				return false
			}
		case *ast.FuncLit:
			ast.Inspect(n.Body, func(n ast.Node) bool {
				if id, ok := n.(*ast.Ident); ok && p.info.Uses[id] == v {
					uses++
				}
				return true
			})
			return false
		case *ast.CallExpr:
			if id, ok := ast.Unparen(n.Fun).(*ast.Ident); ok && p.info.Uses[id] == v {
				calls++
			}
		case *ast.Ident:
			if p.info.Uses[n] == v {
				uses++
			}
		}
		return true
	}
	ast.Inspect(f.Body(), look)
	return uses == calls
}

// deferred looks for the releases in a deferred literal.
func (l *locker) deferred(op *effects.Op, st state) {
	for _, f := range l.p.fx.TaskFuncs(l.f, op, effects.GoCall) {
		for _, o := range f.Ops {
			if f.Lit == nil {
				continue
			}
			if verb, recv := l.p.lockVerb(o); strings.HasSuffix(verb, "unlock") {
				l.releaseLater(ofKey(types.ExprString(recv)), st, o.Certainty >= effects.Always)
			} else if given := l.p.givenBack(o); given != nil {
				l.releaseLater(given, st, o.Certainty >= effects.Always)
			}
		}
	}
}
