package effects

import (
	"go/ast"
	"go/token"
	"go/types"
)

// This file tells a loop over the records that each element of a collection holds, which
// with the loop around it is one pass over all of them, from a loop over everything for each
// element.
//
//	for _, t := range types { for _, f := range t.Fields { … } }
//	for name := range rules { check(rules[name]) }

// records returns what a loop goes over if that holds values of several parts: of those a
// program has as many as somebody has written down or asked for. Numbers, bytes and words
// come by the million, and two loops over them are computing.
func (p *pkg) records(l *Loop) ast.Expr {
	r, ok := l.Node.(*ast.RangeStmt)
	if !ok {
		return nil
	}
	var of types.Type
	switch t := p.prog.TypeOf(r.X).Underlying().(type) {
	case *types.Slice:
		of = t.Elem()
	case *types.Map:
		of = t.Elem()
	default:
		return nil
	}
	switch of.Underlying().(type) {
	case *types.Basic, *types.Slice, *types.Array:
		return nil
	}
	return r.X
}

// pieceOf reports whether an expression is the element of a loop over a collection, or a part
// of it: a field, what a method or function makes of it, or what is kept elsewhere under its
// key.
func (p *pkg) pieceOf(l *Loop, e ast.Expr) bool {
	if e == nil || l == nil || !l.Data() {
		return false
	}
	key, value := loopVariables(l.Node)
	return p.isPiece(l, p.prog.Variable(key), p.prog.Variable(value), e, 0)
}

// mostLocals is how many local variables a part may pass through.
const mostLocals = 3

func (p *pkg) isPiece(l *Loop, key, value *types.Var, e ast.Expr, depth int) bool {
	for {
		switch x := ast.Unparen(e).(type) {
		case *ast.SelectorExpr:
			e = x.X
		case *ast.StarExpr:
			e = x.X
		case *ast.UnaryExpr:
			e = x.X
		case *ast.TypeAssertExpr:
			e = x.X
		case *ast.SliceExpr:
			e = x.X
		case *ast.IndexExpr:
			if v := p.prog.Variable(x.Index); v != nil && v == key || p.isPiece(l, key, value, x.Index, depth) {
				return true
			}
			e = x.X
		case *ast.CallExpr:
			sel, ok := ast.Unparen(x.Fun).(*ast.SelectorExpr)
			switch {
			case len(x.Args) == 1 && p.info.Selections[sel] == nil: // strings.Fields(line)
				e = x.Args[0]
			case len(x.Args) == 0 && ok:
				e = sel.X
			default:
				return false
			}
		case *ast.Ident:
			v := p.prog.Variable(x)
			if v == nil || v == value {
				return v != nil
			}
			from := definedIn(p, l, v)
			return from != nil && depth < mostLocals && p.isPiece(l, key, value, from, depth+1)
		default:
			return false
		}
	}
}

// loopVariables returns the variables of a loop that stand for a place in a collection and
// for what is there.
func loopVariables(loop ast.Stmt) (key, value ast.Expr) {
	switch s := loop.(type) {
	case *ast.RangeStmt:
		return s.Key, s.Value
	case *ast.ForStmt:
		if init, ok := s.Init.(*ast.AssignStmt); ok && init.Tok == token.DEFINE && len(init.Lhs) == 1 {
			return init.Lhs[0], nil
		}
	}
	return nil, nil
}

// definedIn returns what a variable is defined as in the body of a loop.
func definedIn(p *pkg, l *Loop, v *types.Var) (from ast.Expr) {
	if v.Pos() < l.Body().Pos() || v.Pos() >= l.Body().End() {
		return nil
	}
	ast.Inspect(l.Body(), func(n ast.Node) bool {
		if a, ok := n.(*ast.AssignStmt); ok && a.Tok == token.DEFINE {
			for i, x := range a.Lhs {
				if id, ok := x.(*ast.Ident); ok && p.info.Defs[id] == v {
					from = a.Rhs[min(i, len(a.Rhs)-1)]
				}
			}
		}
		return from == nil
	})
	return from
}
