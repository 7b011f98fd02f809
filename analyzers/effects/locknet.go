package effects

import (
	"go/ast"
	"go/types"
	"slices"

	"github.com/concurlint/concurlint/analyzers/program"
)

// This file follows what a function does to a lock of its receiver or of an argument
// that its caller sees: wrappers such as (*T).lock, functions that give a lock back
// while they wait, and those that give it back for good.

// Arg returns of which argument a lock is given back, and whether it is one.
func (n LockNet) Arg() (int, bool) { return int(n) - int(lockOfArgs), n >= lockOfArgs }

// lockCall returns the lock method that the op calls, Lock, RLock, Unlock, RUnlock or
// "", and the root of the mutex.
func (p *pkg) lockCall(f *Func, op *Op) (string, Root) {
	if op.call == nil || op.call.fn == nil || op.call.recv == nil || op.Spawned != nil {
		return "", RootNone
	}
	fn := op.call.fn
	if fn.Pkg() == nil || fn.Pkg().Path() != "sync" {
		return "", RootNone
	}
	switch name := fn.Name(); name {
	case "Lock", "RLock", "Unlock", "RUnlock":
		return name, p.root(f, op.call.recv)
	}
	return "", RootNone
}

// lockNet returns the net effect on a lock of the caller. A function that takes a lock
// and gives it back, on any path, has none.
func (p *pkg) lockNet(f *Func) LockNet {
	if f.Decl == nil || returnsFunc(f.Obj) {
		return LockNone
	}
	net, seen, on := LockNone, 0, RootNone
	for _, op := range f.Ops {
		verb, root := p.lockCall(f, op)
		if root == RootNone {
			continue
		}
		if seen++; seen > 1 && root != on {
			return LockNone
		}
		on = root
		switch {
		case root != RootRecv:
			net = lockOfArgs + LockNet(root)
		case verb == "Lock":
			net = LockAcquires
		case verb == "RLock":
			net = LockRLocks
		default:
			net = LockReleases
		}
	}
	switch {
	case seen == 0 || p.unlocksLater(f):
		return LockNone
	case on == RootRecv && (seen == 1 || net == LockReleases && p.givesBack(f)):
		return net
	case on == RootRecv:
		return p.keeps(f)
	case on != RootRecv && p.givesBack(f) && p.waitsUnlocked(f):
		return net
	}
	return LockNone
}

// keeps returns what f takes for its caller, who gives it back, if it takes one lock and
// gives that back on the ways that end with an error alone:
//
//	func (p *pool) get() (*conn, error) {
//		p.mu.Lock()
//		c, err := p.dial()
//		if err != nil { p.mu.Unlock(); return nil, err }
//		return c, nil
//	}
func (p *pkg) keeps(f *Func) LockNet {
	results := f.Obj.Signature().Results()
	if results.Len() == 0 || !isError(results.At(results.Len()-1).Type()) {
		return LockNone
	}
	net := LockNone
	var lock ast.Node
	var unlocks []ast.Node
	for _, op := range f.Ops {
		verb, root := p.lockCall(f, op)
		switch {
		case root == RootNone:
		case op.Deferred || lock != nil && (verb == "Lock" || verb == "RLock"):
			return LockNone
		case verb == "Lock":
			net, lock = LockAcquires, op.Node
		case verb == "RLock":
			net, lock = LockRLocks, op.Node
		default:
			unlocks = append(unlocks, op.Node)
		}
	}
	if lock == nil {
		return LockNone
	}
	flow, succeeds := p.prog.Flow(f.Body()), false
	for _, r := range program.Returns(f.Body()) {
		if len(r.Results) == 0 || !isNil(r.Results[len(r.Results)-1]) {
			continue
		}
		succeeds = true
		given := slices.ContainsFunc(unlocks, func(u ast.Node) bool { return !flow.Excludes(u, r, nil) })
		if given || flow.Enters(r, []ast.Node{lock}) {
			return LockNone
		}
	}
	if !succeeds {
		return LockNone
	}
	return net
}

// givesBack reports whether f ends with one lock of the caller given back, on each way
// out:
//
//	func (b *batcher) sendAndUnlock() {
//		if b.empty() { b.mu.Unlock(); return }
//		full := b.take()
//		b.mu.Unlock()
//		b.full <- full
//	}
func (p *pkg) givesBack(f *Func) bool {
	l := callersLocks{p: p, f: f, args: true}
	var ends [][]balance
	for i, op := range f.Ops {
		ends = append(ends, l.leave(i)...)
		l.follow(op)
	}
	ends = append(ends, l.leave(len(f.Ops))...)
	return !slices.ContainsFunc(append(ends, l.held), func(held []balance) bool { return len(held) != 1 || held[0].n != -1 })
}

// waitsUnlocked reports whether f waits for nothing before it gives the lock back.
func (p *pkg) waitsUnlocked(f *Func) bool {
	l := callersLocks{p: p, f: f, args: true}
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
	args  bool      // those of arguments count as well as the receiver's
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
	switch verb, root := l.p.lockCall(l.f, op); {
	case root == RootNone || root != RootRecv && !l.args:
	case verb == "Lock" || verb == "RLock":
		l.add(op, 1)
	default:
		l.add(op, -1)
	}
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
