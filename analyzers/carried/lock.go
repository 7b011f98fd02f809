package carried

import (
	"go/ast"
	"go/types"
	"slices"

	"github.com/concurlint/concurlint/analyzers/program"
)

// A lock is one that is held.
type lock struct {
	at     place
	read   bool
	common bool // the same one in all iterations
}

// synchronizes follows packages sync and sync/atomic: what is done under a lock,
// others may do at the same time, and so it is with atomic variables.
func (w *walker) synchronizes(c *ast.CallExpr, st *state) bool {
	fn := w.p.Callee(c)
	if !program.From(fn, "sync", "sync/atomic") {
		return false
	}
	w.holdLock(c, fn)
	for _, a := range c.Args {
		if _, address := ast.Unparen(a).(*ast.UnaryExpr); !address {
			w.reads(a, st, told)
		}
	}
	w.made[c] = unknownResults(fn)
	if fn.Name() == "Get" { // of a Pool: what it gives, it gives to one
		w.made[c] = make([]origin, 1)
	}
	return true
}

// holdLock takes or gives back a lock.
func (w *walker) holdLock(c *ast.CallExpr, fn *types.Func) {
	sel, ok := ast.Unparen(c.Fun).(*ast.SelectorExpr)
	if !ok || w.p.Info().Selections[sel] == nil {
		return
	}
	o := w.receiver(sel)
	l := lock{at: o.at, read: fn.Name() == "RLock" || fn.Name() == "RUnlock"}
	l.common = o.shared && o.at.root != nil && o.index == nil && !o.at.vague
	switch fn.Name() {
	case "Lock", "RLock":
		w.locks = append(w.locks, l)
	case "Unlock", "RUnlock":
		i := slices.Index(w.locks, l)
		if i < 0 {
			i = len(w.locks) - 1
		}
		if i >= 0 {
			w.locks = slices.Delete(slices.Clone(w.locks), i, i+1)
		}
	}
}

// excused reports whether a lock that is held lets iterations read or write a place
// at the same time. That of one of many things guards what belongs to that thing, of
// which no more is known; and no lock is for the variables of a function.
func (w *walker) excused(at place, write bool) bool {
	if at.root != nil && !isGlobal(at.root) && w.isNear(at.root) && !isFar(at.path) && !pointsOut(at.root.Type()) {
		return false
	}
	return slices.ContainsFunc(w.locks, func(l lock) bool {
		return (!l.read || !write) && (l.common || at.root == nil)
	})
}
