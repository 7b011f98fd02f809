package effects

import (
	"go/types"

	"github.com/concurlint/concurlint/analyzers/program"
)

// This file tells what is a lock by the contract of sync.Locker: a type of another package with
// methods Lock and Unlock, as an interface over the mutexes of package sync, or one that takes
// its own only if it has been told to be safe.

// counterparts are the methods of sync.Locker and of its reading counterpart, with what undoes
// or is undone by them.
var counterparts = map[string]string{"Lock": "Unlock", "Unlock": "Lock", "RLock": "RUnlock", "RUnlock": "RLock"}

// more are the methods that a mutex may have besides.
var more = map[string]bool{"TryLock": true, "TryRLock": true, "RLocker": true}

// LockMethod returns Lock, RLock, Unlock or RUnlock for a method, which may be nil, that takes or
// gives back the lock that its receiver is, and "" for another function. What a type of this
// package does, its body says.
func (r *Result) LockMethod(fn *types.Func) string {
	if r.p == nil {
		return ""
	}
	return r.p.lockVerbOf(fn)
}

// Unlocks reports whether a function, which may be nil, is the method that gives a lock back.
func (r *Result) Unlocks(fn *types.Func) bool { return nets[r.LockMethod(fn)] == LockReleases }

func (p *pkg) lockVerbOf(fn *types.Func) string {
	if fn == nil || counterparts[fn.Name()] == "" || fn.Signature().Recv() == nil {
		return ""
	}
	if program.From(fn, "sync") {
		return fn.Name()
	}
	if !p.isLocker(fn) {
		return ""
	}
	return fn.Name()
}

// isLocker reports whether a method is one of sync.Locker's of a type whose methods tell no
// more: an interface, or one of another package of which it is not known.
func (p *pkg) isLocker(fn *types.Func) bool {
	recv := fn.Signature().Recv().Type()
	obj, _, _ := types.LookupFieldOrMethod(recv, true, fn.Pkg(), counterparts[fn.Name()])
	other, ok := obj.(*types.Func)
	if !ok || !bare(fn) || !bare(other) {
		return false
	}
	if iface, ok := recv.Underlying().(*types.Interface); ok {
		for m := range iface.Methods() {
			if counterparts[m.Name()] == "" && !more[m.Name()] {
				return false // a door, which can be opened, too
			}
		}
		return true
	}
	k := p.known(fn.Origin())
	return p.decls[fn.Origin()] == nil && k != nil && k.summary != nil && k.summary.Lock == LockNone && k.summary.Effect(Lock) != nil
}

// bare reports whether a function takes nothing and gives nothing.
func bare(fn *types.Func) bool {
	return fn.Signature().Params().Len() == 0 && fn.Signature().Results().Len() == 0
}
