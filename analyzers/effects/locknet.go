package effects

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"github.com/concurlint/concurlint/analyzers/program"
)

// This file follows what a function does to a lock that its caller sees, of its receiver,
// of an argument or of the package: wrappers such as (*T).lock, functions that give a lock
// back while they wait, and those that give it back for good.

// What a LockNet is of: the receiver, one of the first arguments, or a variable of the
// package, which rootOwn stands for; of that it may be one element of many.
const (
	lockOfs = 3 // bits
	mostOfs = 1<<lockOfs - 3
	rootOwn = Root(mostOfs + 1)

	lockElement LockNet = 1 << 7
)

func lockNetOf(verb LockVerb, of Root) LockNet {
	if verb == 0 || of != rootOwn && of > mostOfs {
		return LockNone
	}
	return LockNet(verb)<<lockOfs | LockNet(of-RootRecv)
}

// Verb returns what is done, 0 for nothing.
func (n LockNet) Verb() LockVerb { return LockVerb(n &^ lockElement >> lockOfs) }

// Element reports whether the lock is one of several that a collection holds, as for a key.
func (n LockNet) Element() bool { return n&lockElement != 0 }

// Of returns the expression of the lock, or of its owner, at a call of a function with
// this net effect. It is nil for a variable of the function's package.
func (n LockNet) Of(c *ast.CallExpr) ast.Expr {
	switch i := int(n&(1<<lockOfs-1)) + int(RootRecv); {
	case i == int(RootRecv):
		if sel, ok := ast.Unparen(c.Fun).(*ast.SelectorExpr); ok {
			return sel.X
		}
	case i < len(c.Args):
		if u, ok := ast.Unparen(c.Args[i]).(*ast.UnaryExpr); ok && u.Op == token.AND {
			return u.X
		}
		return c.Args[i]
	}
	return nil
}

// lockNet returns the net effect on a lock of the caller. A function that takes a lock
// and gives it back, on any path, has none.
func (p *pkg) lockNet(f *Func) LockNet {
	switch {
	case f.Decl == nil:
		return LockNone
	case returnsFunc(f.Obj):
		return p.handsBack(f)
	}
	last, seen, on, own, surely, mutex := "", 0, RootNone, true, true, ast.Expr(nil)
	for _, op := range f.Ops {
		l := p.lockCall(f, op)
		if l.root == RootNone {
			continue
		}
		if seen++; seen > 1 && l.root != on {
			return LockNone
		}
		last, on, own, mutex = l.verb, l.root, own && (l.of == nil || p.ownMutex(l.of)), nil
		surely = surely && op.Certainty == Always
		if p.lockMethod(op) != "" {
			mutex = l.of
		}
	}
	switch {
	case seen == 0:
		return p.onElement(f)
	case p.unlocksLater(f):
		return LockNone
	case p.endsWith(f, 0) && p.unlocksFirst(f):
		switch {
		case !own:
			return LockNone // whose lock that is, the caller cannot tell
		case p.waitsUnlocked(f):
			return lockNetOf(LockLends, on)
		}
		return lockNetOf(LockParts, on)
	case on >= 0 && p.callsLocked(f):
		return lockNetOf(around[p.firstVerb(f)], on)
	}
	taken, takes := verbs[last]
	switch {
	case takes && seen == 1 && !surely:
		return LockNone // an argument may say so: func (db *DB) Txn(write bool) { if write { db.mu.Lock() } … }
	case takes && seen == 1:
		return p.markElement(lockNetOf(taken, on), mutex)
	case takes || on == RootRecv && seen > 1 && !p.givesBack(f):
		return lockNetOf(p.keeps(f), on)
	case on == RootRecv || p.givesBack(f) && p.waitsUnlocked(f):
		return lockNetOf(LockReleases, on)
	case own && p.unlocksFirst(f):
		return lockNetOf(LockParts, on)
	}
	return LockNone
}

// ownMutex reports whether a mutex is a variable, or a field of one, rather than one that a
// chain of pointers leads to, or that stands behind an interface.
func (p *pkg) ownMutex(e ast.Expr) bool {
	if sel, ok := ast.Unparen(e).(*ast.SelectorExpr); ok {
		switch p.prog.TypeOf(sel).Underlying().(type) {
		case *types.Interface, *types.Pointer:
			return false
		}
		e = sel.X
	}
	_, ok := ast.Unparen(e).(*ast.Ident)
	return ok
}

// What a function does that takes a lock by a method, if it leaves it to its caller to give
// that back, returns what does, or gives it back itself when it has called what it was given.
var (
	verbs   = map[string]LockVerb{"Lock": LockAcquires, "RLock": LockRLocks}
	nets    = map[string]LockVerb{"Lock": LockAcquires, "RLock": LockRLocks, "Unlock": LockReleases, "RUnlock": LockReleases}
	methods = map[LockVerb]string{LockAcquires: "Lock", LockRLocks: "RLock", LockReleases: "Unlock"}
	hands   = map[string]LockVerb{"Lock": LockHandsBack, "RLock": LockHandsRBack}
	around  = map[string]LockVerb{"Lock": LockAround, "RLock": LockRAround}
)

// firstVerb returns the method that f calls first of a lock that its caller sees.
func (p *pkg) firstVerb(f *Func) string {
	for _, op := range f.Ops {
		if l := p.lockCall(f, op); l.root != RootNone {
			return l.verb
		}
	}
	return ""
}

// callsLocked reports whether f calls its parameters under the one lock alone that it is
// given as well, which package locks has no name for.
//
//	func with(mu *sync.Mutex, f func()) { mu.Lock(); defer mu.Unlock(); f() }
func (p *pkg) callsLocked(f *Func) bool {
	l, calls := callersLocks{p: p, f: f}, false
	for i, op := range f.Ops {
		l.leave(i)
		l.follow(op)
		c, ok := op.Node.(*ast.CallExpr)
		if !ok || op.Callee() != nil {
			continue
		}
		if v := p.prog.Variable(c.Fun); v == nil || !f.HasParam(v) {
			continue
		}
		if calls = len(l.held) == 1 && l.held[0].n > 0; !calls {
			return false
		}
	}
	return calls
}

// handsBack returns what f does if it takes a lock, and returns what gives that back: its
// Unlock, as it is or handed to a call, or a literal that calls it. What else it takes on the
// way there it gives back itself.
//
//	func (c *cache) lock() (unlock func()) {
//		c.mu.Lock()
//		return c.mu.Unlock
//	}
func (p *pkg) handsBack(f *Func) LockNet {
	var at *Op
	for _, op := range f.Ops {
		switch verb := p.lockMethod(op); {
		case verb == "" || !p.returnsUnlock(f, op.call.recv):
		case at != nil || hands[verb] == 0 || op.Deferred || op.Certainty < Usually:
			return LockNone
		default:
			at = op
		}
	}
	if at == nil {
		return LockNone
	}
	return p.lockNetAt(f, at, hands)
}

// returnsUnlock reports whether f returns what gives a mutex back.
func (p *pkg) returnsUnlock(f *Func, mutex ast.Expr) bool {
	v, gives := p.prog.Variable(mutex), false
	for _, r := range program.Returns(f.Body()) {
		ast.Inspect(r, func(n ast.Node) bool {
			sel, ok := n.(*ast.SelectorExpr)
			if ok && p.isUnlock(sel) {
				gives = gives || v != nil && p.prog.Variable(sel.X) == v || v == nil && types.ExprString(sel.X) == types.ExprString(mutex)
			}
			return !gives
		})
	}
	return gives
}

// isUnlock reports whether a selector is the method that gives a lock back.
func (p *pkg) isUnlock(sel *ast.SelectorExpr) bool {
	fn, _ := p.info.Uses[sel.Sel].(*types.Func)
	return nets[p.lockVerbOf(fn)] == LockReleases
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
func (p *pkg) keeps(f *Func) LockVerb {
	results := f.Obj.Signature().Results()
	if results.Len() == 0 || !isError(results.At(results.Len()-1).Type()) {
		return 0
	}
	var net LockVerb
	var lock ast.Node
	var unlocks []ast.Node
	for _, op := range f.Ops {
		l := p.lockCall(f, op)
		switch {
		case l.root == RootNone:
		case op.Deferred || lock != nil && verbs[l.verb] != 0:
			return 0
		case verbs[l.verb] != 0:
			net, lock = verbs[l.verb], op.Node
		default:
			unlocks = append(unlocks, op.Node)
		}
	}
	if lock == nil {
		return 0
	}
	flow, succeeds := p.prog.Flow(f.Body()), false
	for _, r := range program.Returns(f.Body()) {
		if len(r.Results) == 0 || !isNil(r.Results[len(r.Results)-1]) {
			continue
		}
		succeeds = true
		given := slices.ContainsFunc(unlocks, func(u ast.Node) bool { return !flow.Excludes(u, r, nil) })
		if given || flow.Enters(r, []ast.Node{lock}) {
			return 0
		}
	}
	if !succeeds {
		return 0
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
				found = found || nets[p.lockVerb(op)] == LockReleases
			}
		}
		return !found
	})
	return found
}
