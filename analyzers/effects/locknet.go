package effects

import (
	"go/ast"
	"go/types"
	"slices"
)

// This file follows what a function does to a lock of its receiver that its
// caller sees: wrappers such as (*T).lock, and functions that give a lock back
// while they wait.

// lockCall returns the lock method that the op calls on the receiver or a
// field of it: Lock, RLock, Unlock, RUnlock or "".
func (p *pkg) lockCall(f *Func, op *Op) string {
	if op.call == nil || op.call.fn == nil || op.call.recv == nil || op.Spawned != nil {
		return ""
	}
	fn := op.call.fn
	if fn.Pkg() == nil || fn.Pkg().Path() != "sync" || p.root(f, op.call.recv) != RootRecv {
		return ""
	}
	switch name := fn.Name(); name {
	case "Lock", "RLock", "Unlock", "RUnlock":
		return name
	}
	return ""
}

// lockNet returns the net effect on the receiver's lock. A function that takes
// a lock and gives it back, on any path, has none.
func (p *pkg) lockNet(f *Func) LockNet {
	if f.Decl == nil || f.Decl.Recv == nil || returnsFunc(f.Obj) {
		return LockNone
	}
	net, seen := LockNone, 0
	for _, op := range f.Ops {
		verb := p.lockCall(f, op)
		switch verb {
		case "":
			continue
		case "Lock":
			net = LockAcquires
		case "RLock":
			net = LockRLocks
		default:
			net = LockReleases
		}
		seen++
	}
	if seen != 1 || p.unlocksLater(f) {
		return LockNone
	}
	return net
}

// returnsFunc reports whether fn hands its caller the way to unlock.
func returnsFunc(fn *types.Func) bool {
	if fn == nil {
		return false
	}
	for v := range fn.Signature().Results().Variables() {
		if _, ok := v.Type().Underlying().(*types.Signature); ok {
			return true
		}
	}
	return false
}

// unlocksLater reports whether a literal in f unlocks, as a deferred one does.
func (p *pkg) unlocksLater(f *Func) bool {
	found := false
	ast.Inspect(f.Body(), func(n ast.Node) bool {
		if lit, ok := n.(*ast.FuncLit); ok {
			for _, op := range p.lits[lit].Ops {
				if op.call != nil && op.call.fn != nil && (op.call.fn.Name() == "Unlock" || op.call.fn.Name() == "RUnlock") {
					found = true
				}
			}
		}
		return !found
	})
	return found
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
	mutex *types.Var
	n     int
}

// An exitState is what was held where a branch that leaves began: what follows
// the branch goes on from there.
type exitState struct {
	to   int
	held []balance
}

// released reports whether the op runs, or begins to, with a caller's lock given
// back. Ops come in order.
func (l *callersLocks) released(i int, op *Op) bool {
	for len(l.open) > 0 && l.open[len(l.open)-1].to <= i {
		l.held = l.open[len(l.open)-1].held
		l.open = l.open[:len(l.open)-1]
	}
	for l.begun < len(l.f.exits) && l.f.exits[l.begun].from <= i {
		e := l.f.exits[l.begun]
		l.begun++
		if e.to > i {
			l.open = append(l.open, exitState{e.to, slices.Clone(l.held)})
		}
	}
	if !op.Deferred {
		switch l.p.lockCall(l.f, op) {
		case "Lock", "RLock":
			l.add(op, 1)
		case "Unlock", "RUnlock":
			l.add(op, -1)
		}
	}
	for _, b := range l.held {
		if b.n < 0 {
			return true
		}
	}
	return false
}

func (l *callersLocks) add(op *Op, n int) {
	v := l.p.prog.Variable(op.call.recv)
	for i := range l.held {
		if l.held[i].mutex == v {
			l.held[i].n += n
			return
		}
	}
	l.held = append(l.held, balance{v, n})
}
