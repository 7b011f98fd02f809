package placement

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"

	"github.com/concurlint/concurlint/analyzers/effects"
)

// A Region is what runs between the acquisition of a lock and its release.
type Region struct {
	Func    *effects.Func
	Acquire *effects.Op
	Lock    *types.Var // the mutex, nil where it has no name
	Owner   string     // expression that holds the mutex: c of c.mu
	Key     string     // expression of the mutex
	Read    bool       // RLock
	Local   bool       // the mutex is a local variable
	Kept    bool       // the function may return with the lock held, for another to release
	Held    []Held
	Outer   []*Region // held when it is taken
	Until   token.Pos // end of the last release, of the function where that is deferred; NoPos if there is none
	// Sometimes says that it is taken on one of several ways that come together again.
	Sometimes bool
	// Lends says that a parameter is called: what that does is in a region of the caller.
	Lends bool
	Lent  ast.Expr // given to a call, which takes the lock and calls it; nil for a literal

	released bool   // by a deferred call
	surely   bool   // on every way on which that runs
	last     []Held // deferred behind that
}

// A Held is an op that runs under the lock. One that is deferred does if the lock is held as
// the function is left: that is known of literals that others take it for, and of a release
// that is deferred before it.
type Held struct {
	Op *effects.Op
}

// Borrowed reports whether another function takes the lock and calls Func, a literal.
func (r *Region) Borrowed() bool {
	lit := r.Func.Lit
	return lit != nil && (r.Acquire.Node.Pos() < lit.Pos() || lit.End() <= r.Acquire.Node.Pos())
}

// From is where the region begins in Func.
func (r *Region) From() token.Pos {
	if r.Borrowed() {
		return r.Func.Lit.Pos()
	}
	return r.Acquire.Node.Pos()
}

// regions finds the lock regions of one function by walking its control flow.
// At joins only locks held on all incoming paths stay held.
func (p *placer) regions(f *effects.Func) {
	if !p.locks(f) {
		return
	}
	l := &locker{p: p, f: f}
	from := len(p.res.Regions)
	if st, gone := l.list(f.Body().List, state{}); !gone {
		keep(st)
	}
	for _, r := range p.res.Regions[from:] {
		r.Held = append(r.Held, r.last...)
	}
}

// keep notes that control leaves the function under the locks.
func keep(st state) {
	for _, r := range st {
		r.Kept = !r.released
	}
}

// locks is a cheap test that spares most functions the walk.
func (p *placer) locks(f *effects.Func) bool {
	for _, op := range f.Ops {
		if v, _ := p.lockVerb(op); v == "lock" || v == "rlock" {
			return true
		}
	}
	return false
}

// until applies the ops before pos.
func (l *locker) until(pos token.Pos, st state) {
	for l.cursor < len(l.f.Ops) && l.f.Ops[l.cursor].Node.Pos() < pos {
		l.op(l.f.Ops[l.cursor], st)
		l.cursor++
	}
}

func (l *locker) op(op *effects.Op, st state) {
	if op.Spawned != nil {
		return
	}
	verb, recv := l.p.lockVerb(op)
	switch verb {
	case "lock", "rlock":
		if !op.Deferred {
			l.acquire(op, recv, verb == "rlock", st)
		}
		return
	case "unlock", "runlock":
		if op.Deferred {
			l.releaseLater(recv, st, true)
			return
		}
		if len(op.Effects) > 0 { // no plain Unlock
			l.hold(op, recv, st)
		}
		release(recv, st, op.Node.End())
		return
	}
	if op.Deferred {
		l.last(op, st)
		l.deferred(op, st)
		return
	}
	l.hold(op, nil, st)
}

// last notes that a deferred op runs under the locks that are given back by calls deferred
// before it: the last one deferred runs first. The others may be gone by then, and so is one
// that is given back in place behind it.
//
//	c.mu.Lock()
//	defer c.mu.Unlock()
//	defer c.notify()
func (l *locker) last(op *effects.Op, st state) {
	for _, r := range st {
		if r.surely && !r.Sometimes {
			r.last = append(r.last, Held{op})
		}
	}
}

// hold notes that the op runs under the locks held. A function that gives one of them
// back may wait before, and under the others; of a lock of an argument it is known that
// it waits only after.
func (l *locker) hold(op *effects.Op, given ast.Expr, st state) {
	arg := given != nil && given != receiver(op.Node.(*ast.CallExpr))
	for _, r := range st {
		if arg && r.of(types.ExprString(given)) {
			continue
		}
		if !r.Sometimes || !l.p.prog.Excludes(r.Acquire.Node.Pos(), op.Node.Pos()) {
			r.Held = append(r.Held, Held{op})
		}
	}
}

// of reports whether the lock is the one with a key, or is one of its owner.
func (r *Region) of(key string) bool { return r.Key == key || r.Owner == key }

func (l *locker) acquire(op *effects.Op, recv ast.Expr, read bool, st state) {
	if l.handsOut(types.ExprString(recv)) {
		return // who has the mutex, or its Unlock, gives it back who knows where
	}
	r := &Region{Func: l.f, Acquire: op, Key: types.ExprString(recv), Read: read, Lock: l.p.mutexVar(op, recv)}
	if sel, ok := ast.Unparen(recv).(*ast.SelectorExpr); ok {
		r.Owner = types.ExprString(sel.X)
	} else {
		r.Owner = r.Key
	}
	if v := r.Lock; v != nil && !v.IsField() && v.Parent() != v.Pkg().Scope() && !l.f.HasParam(v) {
		r.Local = true
	}
	for _, o := range st {
		if !o.Sometimes || !l.p.prog.Excludes(o.Acquire.Node.Pos(), op.Node.Pos()) {
			r.Outer = append(r.Outer, o)
		}
	}
	st[r.Key] = r
	l.p.res.Regions = append(l.p.res.Regions, r)
}

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
			if u, ok := ast.Unparen(arg).(*ast.UnaryExpr); ok && u.Op == token.AND && calledName(n) != "NewCond" {
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

// release drops the lock; a wrapper such as s.unlock() drops every lock of s.
func release(recv ast.Expr, st state, at token.Pos) {
	key := types.ExprString(recv)
	for k, r := range st {
		if r.of(key) {
			r.Until, r.last = max(r.Until, at), nil
			delete(st, k)
		}
	}
}

// releaseLater is release for a deferred call, which surely gives the lock back or may.
func (l *locker) releaseLater(recv ast.Expr, st state, surely bool) {
	key := types.ExprString(recv)
	for _, r := range st {
		if r.of(key) {
			r.released, r.surely, r.Until = true, r.surely || surely, l.f.Body().End()
		}
	}
}

// deferred looks for the releases in a deferred literal.
func (l *locker) deferred(op *effects.Op, st state) {
	for _, f := range l.p.fx.TaskFuncs(l.f, op, effects.GoCall) {
		for _, o := range f.Ops {
			if verb, recv := l.p.lockVerb(o); f.Lit != nil && strings.HasSuffix(verb, "unlock") {
				l.releaseLater(recv, st, o.Certainty >= effects.Always)
			}
		}
	}
}

// lockVerb returns lock, rlock, unlock, runlock or "" for an op, and the
// expression of the mutex.
func (p *placer) lockVerb(op *effects.Op) (string, ast.Expr) {
	fn := op.Callee()
	c, ok := op.Node.(*ast.CallExpr)
	if fn == nil || !ok || fn.Pkg() == nil {
		return "", nil
	}
	recv := receiver(c)
	if fn.Pkg().Path() == "sync" {
		switch fn.Name() {
		case "Lock", "Unlock", "RLock", "RUnlock":
			return strings.ToLower(fn.Name()), recv
		}
		return "", nil
	}
	if verb := p.fx.Knowledge().Mutex(effects.SymbolOf(fn)); verb != "" {
		return verb, recv
	}
	s := p.fx.Summary(fn)
	if s == nil {
		return "", nil
	}
	if i, ok := s.Lock.Arg(); ok && i < len(c.Args) {
		return "unlock", c.Args[i]
	}
	switch s.Lock {
	case effects.LockAcquires:
		return "lock", recv
	case effects.LockRLocks:
		return "rlock", recv
	case effects.LockReleases:
		return "unlock", recv
	}
	return "", nil
}

// mutexVar returns the variable or field that is the mutex, also an embedded
// one; nil where it has no name, as an element of a map.
func (p *placer) mutexVar(op *effects.Op, recv ast.Expr) *types.Var {
	c := op.Node.(*ast.CallExpr)
	sel, ok := ast.Unparen(c.Fun).(*ast.SelectorExpr)
	if !ok {
		return nil
	}
	if s := p.info.Selections[sel]; s == nil || len(s.Index()) < 2 {
		if v := p.wrapped(op); v != nil {
			return v
		}
		return p.fx.Variable(recv)
	}
	return p.fx.Program().Receiver(c)
}

// wrapped returns the mutex that a wrapper of this package takes, such as
// (*T).lock.
func (p *placer) wrapped(op *effects.Op) *types.Var {
	f := p.fx.Func(op.Callee())
	if f == nil {
		return nil
	}
	for _, o := range f.Ops {
		c, ok := o.Node.(*ast.CallExpr)
		if !ok || o.Callee() == nil || o.Callee().Pkg() == nil || o.Callee().Pkg().Path() != "sync" {
			continue
		}
		switch o.Callee().Name() {
		case "Lock", "RLock":
			if recv := receiver(c); recv != nil {
				return p.mutexVar(o, recv)
			}
		}
	}
	return nil
}
