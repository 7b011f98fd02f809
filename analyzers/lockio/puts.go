package lockio

import (
	"cmp"
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"github.com/concurlint/concurlint/analyzers/effects"
	"github.com/concurlint/concurlint/analyzers/placement"
)

// puts is what one function puts into maps, fields and atomic values, and what it looks
// up before. It is read once: each region of a generated function asks, and there may be
// thousands.
type puts struct {
	assigned []*ast.AssignStmt // in source order
	looked   []keyUse          // likewise
	keyed    []keyUse
	asked    map[[2]*types.Var]bool // collections that have been asked by a method, with the key
	// fields is where the last field of each owner is set.
	fields map[string]token.Pos
	// published is where the last atomic value is set.
	published token.Pos
}

// A keyUse is where a collection is asked for an element, or given one. until is the end
// of this use and of all of its kind that start later in the function.
type keyUse struct {
	from, end, until token.Pos
	in               *types.Var // nil if that is no variable
}

func use(n ast.Node, in *types.Var) keyUse { return keyUse{n.Pos(), n.End(), n.End(), in} }

func (c *checker) putsOf(f *effects.Func) *puts {
	s := c.puts[f]
	if s != nil {
		return s
	}
	s = &puts{fields: make(map[string]token.Pos)}
	ast.Inspect(f.Body(), func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			s.assigned = append(s.assigned, n)
			for _, l := range n.Lhs {
				switch x := ast.Unparen(l).(type) {
				case *ast.IndexExpr:
					if c.isMap(x.X) {
						s.keyed = append(s.keyed, use(n, c.res.Effects.Variable(x.X)))
					}
				case *ast.SelectorExpr:
					owner := types.ExprString(x.X)
					s.fields[owner] = max(s.fields[owner], n.End())
				}
			}
		case *ast.IndexExpr:
			if v := c.res.Effects.Variable(n.X); v != nil {
				s.looked = append(s.looked, use(n, v))
			}
		case *ast.CallExpr:
			if c.setsAtomic(n) {
				s.published = max(s.published, n.Pos())
			}
			c.methodUse(s, n)
		}
		return true
	})
	for i := len(s.keyed) - 2; i >= 0; i-- {
		s.keyed[i].until = max(s.keyed[i].until, s.keyed[i+1].until)
	}
	c.puts[f] = s
	return s
}

// methodUse notes a method that stands for m[key], or for m[key] = value: it says whether
// it has what belongs to a key, or is given more than a key that it has been asked for.
//
//	if v, ok := cache.Get(key); ok { return v }
//	cache.Add(key, load(key))
func (c *checker) methodUse(s *puts, call *ast.CallExpr) {
	sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	if !ok || len(call.Args) == 0 {
		return
	}
	in, key := c.res.Effects.Variable(sel.X), c.res.Effects.Variable(call.Args[0])
	sig, ok := c.pass.TypesInfo.TypeOf(call.Fun).(*types.Signature)
	if in == nil || key == nil || !ok {
		return
	}
	switch r := sig.Results(); {
	case len(call.Args) == 1 && r.Len() == 2 && types.Identical(r.At(1).Type(), types.Typ[types.Bool]):
		if s.asked == nil {
			s.asked = make(map[[2]*types.Var]bool)
		}
		s.looked, s.asked[[2]*types.Var{in, key}] = append(s.looked, use(call, in)), true
	case len(call.Args) > 1 && s.asked[[2]*types.Var{in, key}]:
		s.keyed = append(s.keyed, use(call, in))
	}
}

func (c *checker) isMap(x ast.Expr) bool {
	_, ok := c.pass.TypesInfo.TypeOf(x).Underlying().(*types.Map)
	return ok
}

func (c *checker) setsAtomic(call *ast.CallExpr) bool {
	if calledName(call) != "Store" {
		return false
	}
	t, ok := types.Unalias(deref(c.pass.TypesInfo.TypeOf(operand(call)))).(*types.Named)
	return ok && t.Obj().Pkg() != nil && t.Obj().Pkg().Path() == "sync/atomic" && (t.Obj().Name() == "Value" || t.Obj().Name() == "Pointer")
}

// keyed reports whether what the op makes is one of many, so that who wants
// another one waits for nothing:
//
//	if _, ok := m[key]; !ok { m[key] = dial(key) }
func (c *checker) keyed(r *placement.Region, op *effects.Op) bool {
	list := c.putsOf(r.Func).keyed
	i, _ := slices.BinarySearchFunc(list, r.From(), func(k keyUse, pos token.Pos) int { return cmp.Compare(k.from, pos) })
	return i < len(list) && op.Node.Pos() <= list[i].until
}

// kept reports whether the function puts something into a field of the lock's owner
// behind the op, as it does with what is made once for all.
func (c *checker) kept(r *placement.Region, op *effects.Op) bool {
	return c.putsOf(r.Func).fields[r.Owner] >= op.Node.End()
}

// stores reports whether what the op gives ends up in the lock's owner, at once or
// through locals behind it, while the lock is held: it is there for what the wait brings.
//
//	conn, err := dial()
//	if err == nil { c.conn = wrap(conn) }
func (c *checker) stores(r *placement.Region, op *effects.Op) bool {
	list := c.putsOf(r.Func).assigned
	after, _ := slices.BinarySearchFunc(list, op.Node.Pos()+1, func(a *ast.AssignStmt, pos token.Pos) int { return cmp.Compare(a.Pos(), pos) })
	if after == 0 || list[after-1].End() < op.Node.End() {
		return false // no assignment takes what it gives
	}
	given := make(map[types.Object]bool)
	for n, a := range list[after-1:] {
		if r.Until.IsValid() && a.Pos() > r.Until || n > 0 && len(given) == 0 {
			break
		}
		here := n == 0
		if !here && a.Pos() < op.Node.End() {
			continue
		}
		for i, l := range a.Lhs {
			if partOf(l, r.Owner) && (here || c.mentions(a.Rhs[min(i, len(a.Rhs)-1)], given)) {
				return true
			}
			_, local := ast.Unparen(l).(*ast.Ident)
			if v := c.res.Effects.Variable(l); local && here && v != nil && !isError(v.Type()) {
				given[v] = true
			}
		}
	}
	return false
}

// partOf reports whether x is a field of owner, or lies in one.
func partOf(x ast.Expr, owner string) bool {
	for {
		switch y := ast.Unparen(x).(type) {
		case *ast.SelectorExpr:
			x = y.X
		case *ast.IndexExpr:
			x = y.X
		default:
			return false
		}
		if types.ExprString(x) == owner {
			return true
		}
	}
}

func (c *checker) mentions(x ast.Expr, objects map[types.Object]bool) bool {
	found := false
	ast.Inspect(x, func(n ast.Node) bool {
		id, ok := n.(*ast.Ident)
		found = found || ok && objects[c.pass.TypesInfo.Uses[id]]
		return !found
	})
	return found
}

func isError(t types.Type) bool {
	return t != nil && types.Identical(t, types.Universe.Lookup("error").Type())
}

// publishesSnapshot reports whether the function stores what it has worked out in
// an atomic value: readers take no lock, it is for writers.
func (c *checker) publishesSnapshot(r *placement.Region) bool {
	return c.putsOf(r.Func).published >= r.From()
}
