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

// puts is what one function puts into fields and atomic values. It is read once: each
// region of a generated function asks, and there may be thousands.
type puts struct {
	assigned []*ast.AssignStmt // in source order
	// published is where the last atomic value is set.
	published token.Pos
}

func (c *checker) putsOf(f *effects.Func) *puts {
	s := c.puts[f]
	if s != nil {
		return s
	}
	s = &puts{}
	ast.Inspect(f.Body(), func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			s.assigned = append(s.assigned, n)
		case *ast.CallExpr:
			if c.setsAtomic(n) {
				s.published = max(s.published, n.Pos())
			}
		}
		return true
	})
	c.puts[f] = s
	return s
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
	return c.prog().Keyed(r.Func.Body()).PutsBehind(r.From(), op.Node.Pos())
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
			if v := c.res.Effects.Variable(l); local && here && v != nil && !fails(v.Type()) {
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

// publishesSnapshot reports whether the function stores what it has worked out in
// an atomic value: readers take no lock, it is for writers.
func (c *checker) publishesSnapshot(r *placement.Region) bool {
	return c.putsOf(r.Func).published >= r.From()
}
