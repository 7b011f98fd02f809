package effects

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
)

// This file counts how often a function has locked each mutex of its caller, less how often
// it has unlocked it, on its way from op to op.

// givesBack reports whether f ends with one lock of the caller given back, on each way
// out:
//
//	func (b *batcher) sendAndUnlock() {
//		if b.empty() { b.mu.Unlock(); return }
//		full := b.take()
//		b.mu.Unlock()
//		b.full <- full
//	}
func (p *pkg) givesBack(f *Func) bool { return p.endsWith(f, -1) }

// unlocksFirst reports whether f gives one lock of the caller back before it takes it, if
// it does:
//
//	func (c *conn) away(f func()) {
//		c.mu.Unlock()
//		f()
//		c.mu.Lock()
//	}
func (p *pkg) unlocksFirst(f *Func) bool {
	l := callersLocks{p: p, f: f}
	for i, op := range f.Ops {
		l.leave(i)
		if l.follow(op); len(l.held) == 1 && l.held[0].n < 0 {
			return true
		}
	}
	return false
}

// endsWith reports whether f has locked one mutex n times more often than unlocked it, on
// each way out. Deferred calls may lock it then.
func (p *pkg) endsWith(f *Func, n int) bool {
	l := callersLocks{p: p, f: f}
	var ends [][]balance
	for i, op := range f.Ops {
		ends = append(ends, l.leave(i)...)
		l.follow(op)
		if lc := p.lockCall(f, op); op.Deferred && lc.root != RootNone && verbs[lc.verb] != 0 {
			n--
		}
	}
	ends = append(append(ends, l.leave(len(f.Ops))...), l.held)
	return !slices.ContainsFunc(ends, func(held []balance) bool {
		return len(held) > 1 || len(held) == 0 && n != 0 || len(held) == 1 && held[0].n != n
	})
}

// waitsUnlocked reports whether f waits for nothing before it gives the lock back.
func (p *pkg) waitsUnlocked(f *Func) bool {
	l := callersLocks{p: p, f: f}
	for i, op := range f.Ops {
		l.leave(i)
		if l.follow(op); len(l.held) > 0 && l.held[0].n < 0 {
			continue
		}
		if slices.ContainsFunc(op.Effects, func(e Effect) bool { return e.Kind.Blocks() && e.Certainty >= Missed }) {
			return false
		}
	}
	return true
}

// callersLocks follows, op by op, whether f runs with a lock of its caller given
// back: it has unlocked what it did not lock.
type callersLocks struct {
	p     *pkg
	f     *Func
	held  []balance // of the locks touched so far
	open  []exitState
	begun int // of f.exits
}

// A balance is how often f has locked a mutex, less how often it has unlocked it.
type balance struct {
	mutex *types.Var // nil where a wrapper does it
	owner *types.Var // what the mutex is reached from
	n     int
	last  [2]token.Pos // where it was last unlocked and locked
}

// An exitState is what was held where a branch that leaves began: what follows
// the branch goes on from there.
type exitState struct {
	to   int
	held []balance
}

// leave goes on, at op i, from where the branches began that have left before it, and
// begins those that begin there. It returns what was held at the ends of branches.
func (l *callersLocks) leave(i int) (ends [][]balance) {
	for len(l.open) > 0 && l.open[len(l.open)-1].to <= i {
		ends = append(ends, l.held)
		l.held = l.open[len(l.open)-1].held
		l.open = l.open[:len(l.open)-1]
	}
	for l.begun < len(l.f.exits) && l.f.exits[l.begun].from <= i {
		e := l.f.exits[l.begun]
		l.begun++
		if e.to > i {
			l.open = append(l.open, exitState{e.to, slices.Clone(l.held)})
		} else {
			ends = append(ends, slices.Clone(l.held)) // a mere return
		}
	}
	return ends
}

// released reports whether the op runs, or begins to, with a caller's lock given
// back. Ops come in order.
func (l *callersLocks) released(i int, op *Op) bool {
	l.leave(i)
	l.follow(op)
	return slices.ContainsFunc(l.held, func(b balance) bool { return b.n < 0 })
}

// follow applies an op.
func (l *callersLocks) follow(op *Op) {
	if op.Deferred {
		return
	}
	switch lc := l.p.lockCall(l.f, op); {
	case lc.root == RootNone:
	case verbs[lc.verb] != 0:
		l.add(op, lc.of, 1)
	default:
		l.add(op, lc.of, -1)
	}
}

// add counts what is done to a mutex, once where each of several ways does it. That of a
// wrapper is taken to be the one that is reached from the same variable.
func (l *callersLocks) add(op *Op, of ast.Expr, n int) {
	b := balance{owner: l.p.prog.Root(of)}
	if l.p.lockMethod(op) != "" {
		b.mutex = l.p.prog.Variable(of)
	}
	i := slices.IndexFunc(l.held, func(h balance) bool {
		return h.mutex == b.mutex || (h.mutex == nil || b.mutex == nil) && h.owner == b.owner
	})
	if i < 0 {
		i, l.held = len(l.held), append(l.held, b)
	}
	// Of two in a row the second may be that of another way; to ask for each would be to go
	// through all the conditions before it for each.
	same, other := &l.held[i].last[(n+1)/2], l.held[i].last[(1-n)/2]
	if *same <= other || !l.p.prog.Excludes(*same, op.Node.Pos()) {
		l.held[i].n += n
	}
	*same = op.Node.Pos()
}
