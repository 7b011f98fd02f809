package program

import (
	"cmp"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
)

// Keyed is where a function asks for what belongs to a key, and where it puts something
// under one; each list is in the order of the source.
type Keyed struct {
	Looks, Puts []KeyUse
	until       []token.Pos // the last end of each put and of all that start later
}

// A KeyUse is an element of a collection in use, or an assignment to one. In is nil if the
// collection is no variable.
type KeyUse struct {
	Pos, End token.Pos
	In       *types.Var
}

// PutsBehind reports whether something is put under a key by what starts at from or later and
// ends at behind or later.
func (k *Keyed) PutsBehind(from, behind token.Pos) bool {
	i, _ := slices.BinarySearchFunc(k.Puts, from, func(u KeyUse, pos token.Pos) int { return cmp.Compare(u.Pos, pos) })
	return i < len(k.until) && behind <= k.until[i]
}

// Keyed returns the uses of keys in a function. It is read once: each region of a
// generated function asks, and there may be thousands.
func (p *Program) Keyed(body *ast.BlockStmt) *Keyed {
	if k := p.keyed[body]; k != nil {
		return k
	}
	k := new(Keyed)
	p.keyed[body] = k
	asked := make(map[[2]*types.Var]bool) // collections that have been asked by a method, with the key
	ast.Inspect(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			for _, l := range n.Lhs {
				if x, ok := ast.Unparen(l).(*ast.IndexExpr); ok && isMap(p.info.TypeOf(x.X)) {
					k.Puts = append(k.Puts, KeyUse{n.Pos(), n.End(), p.Variable(x.X)})
				}
			}
		case *ast.IndexExpr:
			if v := p.Variable(n.X); v != nil {
				k.Looks = append(k.Looks, KeyUse{n.Pos(), n.End(), v})
			}
		case *ast.CallExpr:
			k.method(p, n, asked)
		}
		return true
	})
	k.until = make([]token.Pos, len(k.Puts))
	last := token.NoPos
	for i, u := range slices.Backward(k.Puts) {
		last = max(last, u.End)
		k.until[i] = last
	}
	return k
}

// method notes a method that stands for m[key], or for m[key] = value: it says whether it
// has what belongs to a key, or is given more than a key that it has been asked for.
//
//	if v, ok := cache.Get(key); ok { return v }
//	cache.Add(key, load(key))
func (k *Keyed) method(p *Program, call *ast.CallExpr, asked map[[2]*types.Var]bool) {
	sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	if !ok || len(call.Args) == 0 {
		return
	}
	in, key := p.Variable(sel.X), p.Variable(call.Args[0])
	sig, ok := p.info.TypeOf(call.Fun).(*types.Signature)
	if in == nil || key == nil || !ok {
		return
	}
	u, both := KeyUse{call.Pos(), call.End(), in}, [2]*types.Var{in, key}
	switch r := sig.Results(); {
	case len(call.Args) == 1 && r.Len() == 2 && types.Identical(r.At(1).Type(), types.Typ[types.Bool]):
		k.Looks, asked[both] = append(k.Looks, u), true
	case len(call.Args) > 1 && asked[both]:
		k.Puts = append(k.Puts, u)
	}
}
