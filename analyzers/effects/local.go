package effects

import (
	"go/ast"
	"go/token"
	"go/types"
)

// local follows a variable of a function that is set where it is defined, and never again,
// to what it is set to: of a call or look-up that gives several values, the first stands for
// that. Other expressions are themselves.
func (p *pkg) local(fn *Func, e ast.Expr) ast.Expr {
	e = ast.Unparen(e)
	id, ok := e.(*ast.Ident)
	if !ok {
		return e
	}
	if from := p.locals(fn.Outer())[p.prog.Variable(id)]; from != nil {
		return ast.Unparen(from)
	}
	return e
}

// locals returns what such variables are set to, nil for those that are set again. It is
// worked out when it is first asked for. What a variable is defined as names none that is
// defined later, so that following one ends.
func (p *pkg) locals(fn *Func) map[*types.Var]ast.Expr {
	if fn.locals != nil {
		return fn.locals
	}
	fn.locals = make(map[*types.Var]ast.Expr)
	set := func(x, to ast.Expr) {
		if v := p.prog.Variable(x); v != nil && !v.IsField() {
			if _, again := fn.locals[v]; again {
				to = nil
			}
			fn.locals[v] = to
		}
	}
	ast.Inspect(fn.Body(), func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			for i, x := range n.Lhs {
				switch {
				case n.Tok != token.DEFINE, len(n.Lhs) != len(n.Rhs) && i > 0:
					set(x, nil)
				default:
					set(x, n.Rhs[i])
				}
			}
		case *ast.ValueSpec:
			for i, x := range n.Names {
				if i < len(n.Values) {
					set(x, n.Values[i])
				} else {
					set(x, nil)
				}
			}
		case *ast.UnaryExpr:
			if n.Op == token.AND {
				set(n.X, nil)
			}
		}
		return true
	})
	return fn.locals
}
