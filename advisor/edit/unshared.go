package edit

import (
	"go/ast"
	"go/types"
	"slices"
	"strings"
)

// shares checks the values that iterations use together: none may be of a type
// that one goroutine at a time has to use, and no function of this package that
// is called may write to its receiver or to a variable of the package.
func (r *rewrite) shares() error {
	for n := range ast.Preorder(r.body) {
		switch x := n.(type) {
		case *ast.Ident:
			if v, ok := r.object(x).(*types.Var); ok && r.outer(x) && r.isUnshared(v) {
				return refuse("the loop uses %s, which only one goroutine at a time may use", x.Name)
			}
		case *ast.CallExpr:
			if to := r.mutated(x); to != nil && r.outer(root(to)) {
				return refuse("the loop calls %s, which may change what all iterations share or have an order", r.textOf(x.Fun))
			}
			if err := r.callee(x, nil, 0); err != nil {
				return err
			}
		}
	}
	return nil
}

func (r *rewrite) isUnshared(v *types.Var) bool {
	if call := r.madeBy(v); call != nil {
		name := r.textOf(call.Fun)
		if slices.ContainsFunc(makers, func(m string) bool { return strings.Contains(name, m) }) {
			return true
		}
	}
	written := r.typeText(v)
	return slices.ContainsFunc(unshared, func(t string) bool {
		return written == t || strings.HasSuffix(t, ".") && strings.HasPrefix(written, t)
	})
}

// madeBy is the call whose result, or one of whose results, a variable is
// declared with.
func (r *rewrite) madeBy(v *types.Var) *ast.CallExpr {
	for id, o := range r.info.Defs {
		if o != v || r.fset.Position(id.Pos()).Filename != r.name {
			continue
		}
		if p, ok := r.parent(id).(*ast.AssignStmt); ok && len(p.Rhs) == 1 {
			call, _ := p.Rhs[0].(*ast.CallExpr)
			return call
		}
	}
	return nil
}

// typeText is the type of a variable as its declaration writes it, or its value.
func (r *rewrite) typeText(v *types.Var) string {
	for id, o := range r.info.Defs {
		if o != v || r.fset.Position(id.Pos()).Filename != r.name {
			continue
		}
		var t ast.Expr
		switch p := r.parent(id).(type) {
		case *ast.Field:
			t = p.Type
		case *ast.ValueSpec:
			t = p.Type
		}
		switch made := r.onlyValue(v).(type) {
		case *ast.CompositeLit:
			t = made.Type
		case *ast.UnaryExpr:
			if c, ok := made.X.(*ast.CompositeLit); ok {
				t = c.Type
			}
		case *ast.CallExpr:
			if r.textOf(made.Fun) == "new" && len(made.Args) == 1 {
				t = made.Args[0]
			}
		}
		if t != nil {
			return strings.TrimPrefix(r.textOf(t), "*")
		}
	}
	return ""
}

// mutated is the receiver of a call whose method, of an unknown type, has the
// name of one that changes it; nil if there is none.
func (r *rewrite) mutated(call *ast.CallExpr) ast.Expr {
	sel, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return nil
	}
	switch fn := r.object(sel.Sel).(type) {
	case nil:
	case *types.Func:
		if r.declOf(fn) != nil {
			return nil // its body says more than its name
		}
	default:
		return nil
	}
	if !slices.ContainsFunc(mutators, func(m string) bool { return strings.HasPrefix(sel.Sel.Name, m) }) {
		return nil
	}
	id := root(sel.X)
	if id == nil {
		return nil
	}
	v, ok := r.object(id).(*types.Var)
	if !ok {
		return nil
	}
	if sel.X == ast.Expr(id) {
		if t := r.typeText(v); strings.HasPrefix(t, "sync.") || strings.HasPrefix(t, "atomic.") {
			return nil
		}
	}
	return sel.X
}
