package placement

import (
	"go/ast"
	"go/token"
	"go/types"

	"github.com/concurlint/concurlint/analyzers/effects"
)

// A Region is what runs between the acquisition of a lock and its release.
type Region struct {
	Func    *effects.Func
	Acquire *effects.Op
	Lock    *types.Var // the mutex, nil where it has no name
	Among   *types.Var // the collection or owner of which the mutex is one of many, as for a key; nil for none
	Owner   string     // expression that holds the mutex: c of c.mu
	Key     string     // expression of the mutex
	Read    bool       // RLock
	Local   bool       // the mutex is a local variable
	Kept    bool       // the function may return with the lock held, for another to release
	Held    []Held
	Outer   []*Region   // held when it is taken
	Until   token.Pos   // end of the last release, of the function where that is deferred; NoPos if there is none
	Left    []token.Pos // where the function returns with the lock held, though it gives it back on other ways and nobody else does
	// Sometimes says that it is taken on one of several ways that come together again.
	Sometimes bool
	// Lends says that a parameter is called: what that does is in a region of the caller.
	Lends bool
	Lent  ast.Expr // given to a call, which takes the lock and calls it; nil for a literal

	unlock   *types.Var // holds the function that releases it; nil if no variable does
	released bool       // by a deferred call
	surely   bool       // on every way on which that runs
	last     []Held     // deferred behind that
}

// A Held is an op that runs under the lock. One that is deferred does if the lock is held as
// the function is left: that is known of literals that others take it for, and of a release
// that is deferred before it.
type Held struct {
	Op *effects.Op
}

// Name names the lock for people.
func (r *Region) Name() string {
	if r.Among != nil {
		return "one lock of " + r.Among.Name()
	}
	return r.Key
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
		keep(st, f.Body().Rbrace)
	}
	for _, r := range p.res.Regions[from:] {
		r.Held = append(r.Held, r.last...)
	}
}

// keep notes that control leaves the function at pos under the locks.
func keep(st state, pos token.Pos) {
	for _, r := range st {
		if r.Kept = !r.released; r.Kept {
			r.Left = append(r.Left, pos)
		}
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
		l.carries(op, st)
		return
	}
	verb, recv := l.p.lockVerb(op)
	switch verb {
	case "lock", "rlock":
		if op.Deferred {
			return
		}
		if lockOp(l.p.fx, op, 0) == nil { // a wrapper may do more than to lock
			l.hold(op, nil, st)
		}
		l.acquire(op, recv, verb == "rlock", st)
		return
	case "unlock", "runlock":
		l.release(op, ofKey(types.ExprString(recv)), st)
		return
	case "lend":
		l.hold(op, recv, st)
		return
	}
	if l.handsBack(op, st) {
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

// hold notes that the op runs under the locks held, but for what it waits for only when it
// has given that back.
func (l *locker) hold(op *effects.Op, given ast.Expr, st state) {
	for _, r := range st {
		if given != nil && r.givenBack(l.p.fx, given, op.Callee()) {
			continue
		}
		if !r.Sometimes || !l.p.prog.Excludes(r.Acquire.Node.Pos(), op.Node.Pos()) {
			r.Held = append(r.Held, Held{op})
		}
	}
}

// is reports whether the mutex may be that of the region; nil is one that is not known.
func (r *Region) is(mutex *types.Var) bool { return mutex == nil || r.Lock == nil || r.Lock == mutex }

// GivenBackBy reports whether the lock is that which a call gives back while it waits, as the
// owner of several has others.
func (r *Region) GivenBackBy(fx *effects.Result, c *ast.CallExpr, fn *types.Func) bool {
	of := fx.Summary(fn).Lock.Of(c)
	return of == nil || r.givenBack(fx, of, fn)
}

// givenBack reports whether the lock is the one that fn gives back of a value. Where the value
// has no such mutex itself, fn knows the lock by another way, as s.client.mu of a stream that
// the client calls while it holds mu, and means the one that is held.
func (r *Region) givenBack(fx *effects.Result, of ast.Expr, fn *types.Func) bool {
	mutex := LockOf(fx, fn)
	if !r.is(mutex) {
		return false
	}
	if r.Of(types.ExprString(of)) {
		return true
	}
	if mutex == nil || !mutex.IsField() {
		return false
	}
	own, _, _ := types.LookupFieldOrMethod(fx.Program().TypeOf(of), true, mutex.Pkg(), mutex.Name())
	return own != mutex && fx.Program().TypeOf(of) != mutex.Type()
}

// Of reports whether the lock is the one with a key, or is one of its owner.
func (r *Region) Of(key string) bool { return r.Key == key || r.Owner == key }

func (l *locker) acquire(op *effects.Op, recv ast.Expr, read bool, st state) {
	if l.handsOut(types.ExprString(recv)) {
		return // who has the mutex, or its Unlock, gives it back who knows where
	}
	unlock, known := l.p.unlockOf(l.f, op)
	if !known {
		return
	}
	r := &Region{Func: l.f, Acquire: op, Key: types.ExprString(recv), Read: read, unlock: unlock}
	r.Lock, r.Among = l.p.mutexVar(op, recv)
	if sel, ok := ast.Unparen(recv).(*ast.SelectorExpr); ok {
		r.Owner = types.ExprString(sel.X)
	} else {
		r.Owner = r.Key
	}
	r.Local = r.Lock != nil && l.p.ofOneCall(l.f, r.Lock)
	for _, o := range st {
		if !o.Sometimes || !l.p.prog.Excludes(o.Acquire.Node.Pos(), op.Node.Pos()) {
			r.Outer = append(r.Outer, o)
		}
	}
	st[r.Key] = r
	l.p.res.Regions = append(l.p.res.Regions, r)
}

// ofOneCall reports whether a mutex is a variable of a call of the function around f, whose own
// tasks alone share it. The handlers that a function sets up share what it declares for as
// long as they are asked.
func (p *placer) ofOneCall(f *effects.Func, v *types.Var) bool {
	if v.IsField() || v.Parent() == v.Pkg().Scope() {
		return false
	}
	for ; f != nil; f = f.Parent {
		switch {
		case f.HasParam(v):
			return false
		case f.Node().Pos() <= v.Pos() && v.Pos() < f.Node().End():
			return true
		case p.fx.Serves(f):
			return false
		}
	}
	return true
}
