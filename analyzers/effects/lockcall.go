package effects

import "go/ast"

// This file tells what one op does to a lock that the caller of its function sees.

// A lockCall is what an op does to a lock that the caller of its function sees: the method
// Lock, RLock, Unlock or RUnlock that it calls, or what a wrapper does that stands for one.
type lockCall struct {
	verb string
	root Root     // of the mutex, RootNone for a lock that the caller does not see
	of   ast.Expr // the mutex, what has it where it is called by a wrapper, or nil
}

func (p *pkg) lockCall(f *Func, op *Op) lockCall {
	l := lockCall{verb: p.lockMethod(op), root: RootNone}
	if l.verb != "" {
		l.of = op.call.recv
	} else if l.verb, l.of = p.wrapped(op); l.verb == "" {
		return l
	}
	if l.of == nil {
		l.root = rootOwn
		return l
	}
	l.root = p.root(f, l.of)
	if v := p.prog.Root(l.of); l.root == RootNone && v != nil && v.Pkg() != nil && v.Parent() == v.Pkg().Scope() {
		l.root = rootOwn
	}
	return l
}

// lockVerb returns the lock method that the op calls, or that a wrapper stands for which it
// calls, or "".
func (p *pkg) lockVerb(op *Op) string {
	if verb := p.lockMethod(op); verb != "" {
		return verb
	}
	verb, _ := p.wrapped(op)
	return verb
}

// wrapped returns the lock method that the function stands for which the op calls, and what
// has the mutex. A variable of another package is that one's affair.
func (p *pkg) wrapped(op *Op) (verb string, of ast.Expr) {
	if op.call == nil || op.call.fn == nil || op.Spawned != nil {
		return "", nil
	}
	net := LockNone
	if g := p.decls[op.call.fn.Origin()]; g != nil {
		net = g.Summary.Lock
	} else if k := p.known(op.call.fn.Origin()); k != nil && k.summary != nil {
		net = k.summary.Lock
		if net.Of(op.call.expr) == nil {
			return "", nil
		}
	}
	if net.Element() {
		return "", nil
	}
	return methods[net.Verb()], net.Of(op.call.expr)
}

// lockMethod returns the lock method that the op calls, or "".
func (p *pkg) lockMethod(op *Op) string {
	if op.call == nil || op.call.recv == nil || op.Spawned != nil {
		return ""
	}
	return p.lockVerbOf(op.call.fn)
}
