package effects

import (
	"go/ast"
	"go/types"
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

// releases reports whether, after the op, f runs with its caller's lock given
// back: it has unlocked what it did not lock.
func (p *pkg) releases(f *Func, op *Op, released bool) bool {
	if op.Deferred {
		return released
	}
	switch p.lockCall(f, op) {
	case "Unlock", "RUnlock":
		return released || !p.lockedBefore(f, op)
	case "Lock", "RLock":
		return false
	}
	return released
}

func (p *pkg) lockedBefore(f *Func, op *Op) bool {
	for _, o := range f.Ops {
		if o == op {
			return false
		}
		if v := p.lockCall(f, o); v == "Lock" || v == "RLock" {
			return true
		}
	}
	return false
}
