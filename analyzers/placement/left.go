package placement

import (
	"go/ast"
	"go/types"
	"slices"
	"strings"

	"github.com/concurlint/concurlint/analyzers/effects"
)

// This file tells a lock that a function forgets to give back from one that it takes for
// somebody else to give back:
//
//	c.mu.Lock()
//	if c.find(key) != nil {
//		c.mu.Unlock()
//		return nil
//	}
//	if c.closed {
//		return errClosed // nobody ever gets the lock again
//	}

// stray notes that an op gives back a lock that its function does not surely hold: somebody
// else takes it for that.
func (p *placer) stray(op *effects.Op) {
	if _, recv := p.lockVerb(op); recv != nil {
		if v, _ := p.mutexVar(op, recv); v != nil {
			p.strays[v] = true
		}
	}
}

// left keeps the returns under a lock for those regions alone where nobody but the function
// can give it back, and the function does on other ways.
func (p *placer) left() {
	for _, f := range p.fx.Funcs() {
		for _, op := range f.Ops {
			if verb, recv := p.lockVerb(op); strings.HasSuffix(verb, "unlock") {
				if v, _ := p.mutexVar(op, recv); v != nil && !p.releasesOwn(f, v) {
					p.strays[v] = true
				}
			}
		}
	}
	for _, r := range p.res.Regions {
		if r.Lock == nil || p.givenElsewhere(r) || r.Local || r.Sometimes || r.Among != nil || !r.Until.IsValid() || p.strays[r.Lock] {
			r.Left = nil
		}
	}
}

// givenElsewhere reports whether another package can give the lock back: it is an exported field of
// a type that others see, or an exported variable.
func (p *placer) givenElsewhere(r *Region) bool {
	c, ok := r.Acquire.Node.(*ast.CallExpr)
	if !ok || !r.Lock.Exported() {
		return !ok
	}
	x := receiver(c)
	if sel, ok := ast.Unparen(x).(*ast.SelectorExpr); ok && p.info.Uses[sel.Sel] == r.Lock {
		x = sel.X
	}
	t := types.Unalias(p.info.TypeOf(x))
	if ptr, ok := t.(*types.Pointer); ok {
		t = types.Unalias(ptr.Elem())
	}
	n, ok := t.(*types.Named)
	return !ok || n.Obj().Exported()
}

// releasesOwn reports whether f takes the lock itself, or is a literal in a function that
// does and gives it back when it is left.
func (p *placer) releasesOwn(f *effects.Func, v *types.Var) bool {
	return slices.ContainsFunc(p.res.Regions, func(r *Region) bool {
		return r.Lock == v && (r.Func == f || r.Func == f.Parent && r.released)
	})
}
