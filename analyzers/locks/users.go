package locks

import (
	"go/ast"
	"go/types"
	"slices"

	"github.com/concurlint/concurlint/analyzers/effects"
	"github.com/concurlint/concurlint/analyzers/internal/lexicon"
	"github.com/concurlint/concurlint/analyzers/placement"
)

// This file finds who suffers from a lock under which something of others is called.

// users are those of one lock.
type users struct {
	hosted map[*types.Var]bool // places whose functions are called under the lock
	short  []*placement.Region // that neither wait nor call what others have given
}

// readUsers looks at all regions. What makes or sets up a thing, or ends it, comes once.
func (t *teller) readUsers() {
	for _, r := range t.regions {
		if r.Lock == nil {
			continue
		}
		u := t.users[r.Lock]
		if u == nil {
			u = &users{hosted: make(map[*types.Var]bool)}
			t.users[r.Lock] = u
		}
		slow := false
		for _, h := range r.Held {
			calls := t.solver.at(r.Func, h.Op)
			for p := range calls {
				u.hosted[p.v] = true
			}
			slow = slow || len(calls) > 0 || waits(h.Op)
		}
		if !slow && !r.Kept && r.Lent == nil && !once(r.Func.Outer()) {
			u.short = append(u.short, r)
		}
	}
}

func once(f *effects.Func) bool {
	if f.Decl == nil {
		return false
	}
	name := f.Decl.Name.Name
	return lexicon.Is(lexicon.Ends, name) || lexicon.Is(lexicon.Sets, name) || lexicon.Is(lexicon.Constructor, name)
}

func waits(op *effects.Op) bool {
	return slices.ContainsFunc(op.Effects, func(e effects.Effect) bool {
		return e.Kind == effects.Dynamic || e.Kind.Blocks() && e.Kind != effects.File
	})
}

// wanted reports whether short work of another function wants the lock while r holds it.
// Who leaves there what is called, or takes it away, comes once for each of those: a
// registry has hardly another user.
func (t *teller) wanted(r *placement.Region) bool {
	u := t.users[r.Lock]
	return slices.ContainsFunc(u.short, func(o *placement.Region) bool {
		return o.Func.Outer() != r.Func.Outer() && !(o.Read && r.Read) && !t.changes(o.Func, u.hosted) && !t.fx.Pays(o.Func, r.Func)
	})
}

// changes reports whether a function puts something into one of the places, or takes it
// out.
func (t *teller) changes(f *effects.Func, places map[*types.Var]bool) bool {
	found := false
	is := func(e ast.Expr) bool {
		if x, ok := ast.Unparen(e).(*ast.IndexExpr); ok {
			e = x.X
		}
		w := t.prog.Variable(e)
		return w != nil && places[w.Origin()]
	}
	ast.Inspect(f.Outer().Body(), func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			found = found || slices.ContainsFunc(n.Lhs, is)
		case *ast.CallExpr:
			switch t.prog.Builtin(n) {
			case "delete", "clear":
				found = found || is(n.Args[0])
			}
		}
		return !found
	})
	return found
}
