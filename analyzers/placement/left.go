package placement

import (
	"go/ast"
	"go/token"
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

// A lockUse is a mutex in a declaration, with the literals in that.
type lockUse struct {
	mutex *types.Var
	in    *effects.Func
}

// left keeps the returns under a lock for those regions alone where nobody but the function
// can give it back, and the function does on other ways, by statements of its own.
func (p *placer) left() {
	taken, kept := make(map[lockUse]bool), make(map[*types.Var]bool)
	for _, r := range p.res.Regions {
		taken[lockUse{r.Lock, r.Func.Outer()}] = true
		switch {
		case r.Lock == nil || r.Among != nil:
			r.Left = nil // which one of many it is, who gives it back knows
		case len(r.Left) > 0:
			kept[r.Lock] = true
		}
	}
	if len(kept) == 0 {
		return
	}
	from := make(map[lockUse]token.Pos) // from here on something deferred, or a literal, may give it back
	for _, f := range p.fx.Funcs() {
		for _, op := range f.Ops {
			verb, recv := p.lockVerb(op)
			if !strings.HasSuffix(verb, "unlock") {
				continue
			}
			v, _ := p.mutexVar(op, recv)
			use := lockUse{v, f.Outer()}
			switch {
			case v == nil:
			case !taken[use]:
				p.strays[v] = true
			case op.Spawned != nil || f.Lit != nil:
				from[use] = f.Outer().Node().Pos()
			case op.Deferred && from[use] == token.NoPos:
				from[use] = op.Node.Pos()
			}
		}
	}
	p.handedOut(kept)
	for _, r := range p.res.Regions {
		if len(r.Left) == 0 {
			continue
		}
		if p.givenElsewhere(r) || r.Local || r.Sometimes || !r.Until.IsValid() || p.strays[r.Lock] {
			r.Left = nil
		}
		if at := from[lockUse{r.Lock, r.Func.Outer()}]; at.IsValid() {
			r.Left = slices.DeleteFunc(r.Left, func(pos token.Pos) bool { return pos > at })
		}
	}
}

// handedOut notes those of some mutexes that are used other than to call a method of theirs:
// who has the address of one, or a method of it for a value, may give it back.
func (p *placer) handedOut(mutexes map[*types.Var]bool) {
	for _, f := range p.pass.Files {
		plain := make(map[*ast.Ident]bool)
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.CallExpr:
				if sel, ok := ast.Unparen(n.Fun).(*ast.SelectorExpr); ok {
					plain[nameOf(sel.X)] = true
				}
			case *ast.KeyValueExpr: // the field of a new struct
				if p.prog.Variable(n.Value) == nil {
					plain[nameOf(n.Key)] = true
				}
			case *ast.Ident:
				if v, ok := p.info.Uses[n].(*types.Var); ok && mutexes[v.Origin()] && !plain[n] {
					p.strays[v.Origin()] = true
				}
			}
			return true
		})
	}
}

// nameOf returns the identifier that names what an expression stands for, or nil.
func nameOf(x ast.Expr) *ast.Ident {
	switch x := ast.Unparen(x).(type) {
	case *ast.Ident:
		return x
	case *ast.SelectorExpr:
		return x.Sel
	}
	return nil
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
