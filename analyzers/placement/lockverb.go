package placement

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"

	"github.com/concurlint/concurlint/analyzers/effects"
	"github.com/concurlint/concurlint/analyzers/program"
)

// This file tells which calls take a lock or give it back, and of which mutex.

// lockVerb returns lock, rlock, unlock, runlock, lend or "" for an op, and the
// expression of the mutex or of its owner.
func (p *placer) lockVerb(op *effects.Op) (string, ast.Expr) {
	fn := op.Callee()
	c, ok := op.Node.(*ast.CallExpr)
	if fn == nil || !ok || fn.Pkg() == nil {
		return "", nil
	}
	if verb := p.fx.LockMethod(fn); verb != "" || program.From(fn, "sync") {
		return strings.ToLower(verb), receiver(c)
	}
	if verb := p.fx.Knowledge().Mutex(effects.SymbolOf(fn)); verb != "" {
		return verb, receiver(c)
	}
	s := p.fx.Summary(fn)
	if s == nil || s.Lock == effects.LockNone || p.lentWith(fn, s.Lock.Verb()) {
		return "", nil
	}
	of := s.Lock.Of(c)
	if of == nil {
		of = p.ownLock(fn)
	}
	if of == nil {
		return "", nil
	}
	return verbs[s.Lock.Verb()], of
}

// lentWith reports whether a function of another package takes a lock for what it returns, whose
// methods give it back: where they do, its package knows.
//
//	q := store.Query(db) // until q has been read to its end
func (p *placer) lentWith(fn *types.Func, verb effects.LockVerb) bool {
	if fn.Pkg() == p.pass.Pkg || verb != effects.LockAcquires && verb != effects.LockRLocks {
		return false
	}
	results := fn.Signature().Results()
	return results.Len() > 0 && !types.Identical(results.At(0).Type(), types.Universe.Lookup("error").Type())
}

var verbs = map[effects.LockVerb]string{
	effects.LockAcquires: "lock", effects.LockHandsBack: "lock",
	effects.LockRLocks: "rlock", effects.LockHandsRBack: "rlock",
	effects.LockReleases: "unlock",
	effects.LockLends:    "lend",
}

// LockOf returns the mutex that a function of the package takes or gives back, nil where that
// is not known.
func LockOf(fx *effects.Result, fn *types.Func) *types.Var {
	f := fx.Func(fn)
	if f == nil {
		return nil
	}
	for _, op := range f.Ops {
		c := lockMethod(fx, op)
		if c == nil {
			continue
		}
		if v := fx.Program().Receiver(c); v != nil && (v.IsField() || v.Parent() == v.Pkg().Scope()) {
			return v
		}
		return nil // the caller has it by another name
	}
	return nil
}

// mostWrappers is how many functions of the package a lock method is looked for below.
const mostWrappers = 3

// lockMethod returns the call of a method of a mutex that an op is, or that the wrapper makes
// which it calls; nil for none.
func lockMethod(fx *effects.Result, op *effects.Op) *ast.CallExpr {
	if op = lockOp(fx, op, mostWrappers); op == nil {
		return nil
	}
	return op.Node.(*ast.CallExpr)
}

func lockOp(fx *effects.Result, op *effects.Op, depth int) *effects.Op {
	fn := op.Callee()
	if _, ok := op.Node.(*ast.CallExpr); !ok || fn == nil || fn.Pkg() == nil {
		return nil
	}
	switch {
	case fx.LockMethod(fn) != "":
		return op
	case program.From(fn, "sync"):
		return nil
	}
	f := fx.Func(fn)
	if f == nil || depth == 0 {
		return nil
	}
	switch f.Summary.Lock.Verb() {
	case effects.LockAcquires, effects.LockRLocks, effects.LockReleases:
		for _, o := range f.Ops {
			if o = lockOp(fx, o, depth-1); o != nil {
				return o
			}
		}
	}
	return nil
}

// ownLock returns the mutex of the package that a function of it takes or gives back. The
// lock of another package is that one's affair.
func (p *placer) ownLock(fn *types.Func) ast.Expr {
	f := p.fx.Func(fn)
	if f == nil {
		return nil
	}
	for _, op := range f.Ops {
		if c := lockMethod(p.fx, op); c != nil {
			return receiver(c)
		}
	}
	return nil
}

// mutexVar returns the variable or field that is the mutex, also an embedded one, or else
// the collection of which it is an element; both are nil where it has no name.
func (p *placer) mutexVar(op *effects.Op, recv ast.Expr) (mutex, among *types.Var) {
	c := op.Node.(*ast.CallExpr)
	s := p.fx.Summary(op.Callee())
	element := s != nil && s.Lock.Element()
	sel, ok := ast.Unparen(c.Fun).(*ast.SelectorExpr)
	ok = ok && sel.X == recv
	if via := p.info.Selections[sel]; ok && via != nil && len(via.Index()) > 1 {
		mutex = p.fx.Program().Receiver(c)
	} else {
		if ok {
			mutex, among = p.wrapped(op, element)
		}
		if mutex == nil && among == nil {
			mutex, among = p.behind(recv)
		}
	}
	if element && among == nil { // the owner of all, where it is not seen which it has
		return nil, mutex
	}
	return mutex, among
}

// wrapped returns the mutex that a wrapper of this package takes, such as
// (*T).lock; of one that takes an element, what it takes before is another.
func (p *placer) wrapped(op *effects.Op, element bool) (mutex, among *types.Var) {
	f := p.fx.Func(op.Callee())
	if f == nil {
		return nil, nil
	}
	for _, o := range f.Ops {
		o = lockOp(p.fx, o, mostWrappers)
		if o == nil || o.Callee().Name() != "Lock" && o.Callee().Name() != "RLock" {
			continue
		}
		if recv := receiver(o.Node.(*ast.CallExpr)); recv != nil {
			if mutex, among = p.mutexVar(o, recv); !element || among != nil {
				return mutex, among
			}
		}
	}
	return nil, nil
}

// behind returns the mutex that an expression stands for, or the collection of which that is
// an element. A local variable may be another name of what a field has; one that stands for
// several has its own name.
//
//	mu := &s.mu
//	mu := s.locks[key]
func (p *placer) behind(e ast.Expr) (mutex, among *types.Var) {
	v := p.fx.Variable(e)
	if v != nil {
		if _, pointer := v.Type().Underlying().(*types.Pointer); !pointer || v.IsField() || v.Parent() == v.Pkg().Scope() {
			return v, nil
		}
	}
	for _, h := range p.fx.Program().Holders(e) {
		from := h.From
		if u, ok := h.Expr.(*ast.UnaryExpr); ok && u.Op == token.AND {
			from = p.fx.Variable(u.X)
		}
		switch {
		case from == nil:
		case h.Element:
			return nil, from
		case program.Collects(from.Type()):
		case mutex != nil && mutex != from:
			return v, nil
		default:
			mutex = from
		}
	}
	if mutex == nil {
		mutex = v
	}
	return mutex, nil
}
