package program

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"slices"
)

// A Flag is a boolean field of the receiver, or one of sync/atomic, that all of the package
// sets to one value alone: once it says that, it goes on to do so.
type Flag struct {
	Var *types.Var
	On  bool
}

// Asked returns what the flags say that conditions on every way to a node of a method ask
// for. What a field holds, or that it is not nil, is On as well.
func (p *Program) Asked(n ast.Node) (list []Flag) {
	recv := p.receiverAround(n.Pos())
	if recv == nil {
		return nil
	}
	p.Conditions(n, func(cond ast.Expr, holds bool) {
		switch c := cond.(type) {
		case *ast.CallExpr:
			if word, does := p.atomic(c); does == "Load" {
				cond = word
			}
		case *ast.BinaryExpr:
			if c.Op == token.EQL && p.info.Types[c.Y].IsNil() {
				cond, holds = c.X, !holds
			}
		}
		if v := p.fieldOf(recv, cond); v != nil {
			list = append(list, Flag{v, holds})
		}
	})
	return list
}

// Raised returns the flags that are set on every way from the start of a body, which stands
// in a method, to a node of it.
func (p *Program) Raised(body *ast.BlockStmt, at ast.Node) (list []Flag) {
	recv := p.receiverAround(body.Pos())
	if recv == nil {
		return nil
	}
	ast.Inspect(body, func(n ast.Node) bool {
		switch n.(type) {
		case nil, *ast.FuncLit, *ast.DeferStmt, *ast.GoStmt:
			return false
		}
		if n.Pos() >= at.Pos() {
			return false
		}
		to, value := p.SetTo(n)
		v := p.fieldOf(recv, to)
		if v == nil || slices.ContainsFunc(list, func(f Flag) bool { return f.Var == v }) {
			return true
		}
		if on, ok := p.truth(value); ok && p.always(v, on) && !p.Flow(body).Enters(at, []ast.Node{n}) {
			list = append(list, Flag{v, on})
		}
		return true
	})
	return list
}

// SetBefore reports whether something in a body may set a field on a way to a node of it: a
// statement, or what a function of the package does that is called. What is deferred comes last.
func (p *Program) SetBefore(body *ast.BlockStmt, v *types.Var, at ast.Node) bool {
	found := false
	ast.Inspect(body, func(n ast.Node) bool {
		if _, last := n.(*ast.DeferStmt); last || found {
			return false
		}
		if c, ok := n.(*ast.CallExpr); ok && n != at {
			d := p.Declaration(p.Callee(c))
			found = d != nil && d.Body != nil && p.setsIn(d.Body, v)
		}
		if found = found || p.Changes(n, v); found {
			found = p.Flow(body).Reaches(n, at, nil)
		}
		return !found
	})
	return found
}

// setsIn reports whether something in a body sets a field.
func (p *Program) setsIn(body *ast.BlockStmt, v *types.Var) bool {
	found := false
	ast.Inspect(body, func(n ast.Node) bool {
		found = found || p.Changes(n, v)
		return !found
	})
	return found
}

// always reports whether all that sets a flag in the package sets it to one value, and
// nobody takes its address.
func (p *Program) always(v *types.Var, on bool) bool {
	one, asked := p.oneWay[v]
	if !asked {
		one = p.onlySetTo(v)
		p.oneWay[v] = one
	}
	return one != nil && *one == on
}

// onlySetTo returns the value that all which sets a flag sets it to, nil if there are
// several, or some that is not seen.
func (p *Program) onlySetTo(v *types.Var) *bool {
	var only *bool
	ok := true
	for _, file := range p.files {
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.UnaryExpr:
				ok = ok && (n.Op != token.AND || p.Variable(n.X) != v)
			case *ast.KeyValueExpr:
				id, named := n.Key.(*ast.Ident)
				ok = ok && !(named && p.info.Uses[id] == v)
			case *ast.AssignStmt:
				for i, x := range n.Lhs {
					if p.Variable(x) != v {
						continue
					}
					on, constant := p.truth(n.Rhs[min(i, len(n.Rhs)-1)])
					ok = ok && constant && len(n.Lhs) == len(n.Rhs) && (only == nil || *only == on)
					only = &on
				}
			case *ast.CallExpr:
				if x, value := p.SetTo(n); x != nil && p.Variable(x) == v {
					on, constant := p.truth(value)
					ok = ok && constant && (only == nil || *only == on)
					only = &on
				}
			}
			return ok
		})
	}
	if !ok {
		return nil
	}
	return only
}

// receiverAround returns the receiver of the method around a place, or nil.
func (p *Program) receiverAround(pos token.Pos) *types.Var {
	d, ok := p.declaration(pos).(*ast.FuncDecl)
	if !ok || d.Recv == nil {
		return nil
	}
	fn, ok := p.info.Defs[d.Name].(*types.Func)
	if !ok {
		return nil
	}
	return fn.Signature().Recv()
}

// fieldOf returns the field of a variable that an expression names, or nil.
func (p *Program) fieldOf(of *types.Var, e ast.Expr) *types.Var {
	if e == nil {
		return nil
	}
	sel, ok := ast.Unparen(e).(*ast.SelectorExpr)
	if !ok || p.Variable(sel.X) != of {
		return nil
	}
	v := p.Variable(sel)
	if v == nil || !v.IsField() {
		return nil
	}
	return v
}

// truth returns the value of a constant condition.
func (p *Program) truth(e ast.Expr) (on, ok bool) {
	if e == nil {
		return false, false
	}
	if v := p.info.Types[e].Value; v != nil && v.Kind() == constant.Bool {
		return constant.BoolVal(v), true
	}
	return false, false
}
