package edit

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"
)

// writes checks that a statement writes only to what belongs to its iteration.
func (r *rewrite) writes(n ast.Node) error {
	switch x := n.(type) {
	case *ast.AssignStmt:
		for i, lhs := range x.Lhs {
			if err := r.target(x, i, lhs); err != nil {
				return err
			}
		}
	case *ast.IncDecStmt:
		return r.target(nil, 0, x.X)
	case *ast.RangeStmt:
		if x.Tok == token.ASSIGN {
			return refuse("the loop sets the variables of a range at line %d", r.line(x.Pos()))
		}
	case *ast.UnaryExpr:
		if x.Op != token.AND {
			return nil
		}
		if id := root(x.X); id != nil && r.outer(id) && r.isVar(id) {
			if index, ok := x.X.(*ast.IndexExpr); ok && r.ownElement(index) {
				return nil
			}
			return refuse("the loop takes the address of %s, which all iterations share", id.Name)
		}
	case *ast.CallExpr:
		for _, p := range prints {
			if strings.HasPrefix(r.textOf(x.Fun), p) {
				return refuse("the loop prints in an order that matters")
			}
		}
		if f, ok := x.Fun.(*ast.Ident); ok && len(x.Args) > 0 && slices.Contains(changers, f.Name) {
			if id := root(x.Args[0]); id == nil || r.outer(id) {
				return refuse("the loop changes %s, which all iterations share", r.textOf(x.Args[0]))
			}
		}
	}
	return nil
}

// target checks one left side.
func (r *rewrite) target(x *ast.AssignStmt, i int, lhs ast.Expr) error {
	lhs = ast.Unparen(lhs)
	id := root(lhs)
	if id == nil {
		return refuse("the loop writes to %s, which other iterations may share", r.textOf(lhs))
	}
	if id.Name == "_" {
		return nil
	}
	if r.vars[r.object(id)] && r.object(id) == r.index {
		return refuse("the loop changes its own counter %s", id.Name)
	}
	if !r.outer(id) {
		if lhs == ast.Expr(id) || r.own(lhs) {
			return nil
		}
		return refuse("the loop writes to %s, which other iterations may share", r.textOf(lhs))
	}
	if index := elementOf(lhs); index != nil && r.ownElement(index) {
		r.written[r.object(id)] = true
		return nil
	}
	if a := r.appendIn(x, i, id); a != nil && a.out != nil { // nil: not declared
		if r.append_ != nil || r.parent(x) != ast.Node(r.body) || len(r.skips) > 0 {
			return refuse("the loop appends to %s in an order that matters", id.Name)
		}
		r.append_ = a
		return nil
	}
	if r.advances(x, lhs) {
		return &Refusal{Why: "each iteration sets " + r.textOf(lhs) + " to what a call answers, so that they are steps of one computation", Steps: true}
	}
	return refuse("the loop writes to %s, which all iterations share", r.textOf(lhs))
}

// advances reports whether each iteration sets a field anew to what a call
// answers: the state of something that outlives the loop goes one step further.
// Variables may be declared before the loop for no reason, conditions look for the
// best or the last, and sums can be split.
func (r *rewrite) advances(x *ast.AssignStmt, lhs ast.Expr) bool {
	if _, field := lhs.(*ast.SelectorExpr); !field || x == nil || x.Tok != token.ASSIGN || r.parent(x) != ast.Node(r.body) {
		return false
	}
	return slices.ContainsFunc(x.Rhs, func(e ast.Expr) bool {
		_, ok := ast.Unparen(e).(*ast.CallExpr)
		return ok
	})
}

// root is the variable that an expression reaches into; nil if it is a call or
// the like.
func root(e ast.Expr) *ast.Ident {
	for {
		switch x := e.(type) {
		case *ast.Ident:
			return x
		case *ast.ParenExpr:
			e = x.X
		case *ast.SelectorExpr:
			e = x.X
		case *ast.IndexExpr:
			e = x.X
		case *ast.SliceExpr:
			e = x.X
		case *ast.StarExpr:
			e = x.X
		default:
			return nil
		}
	}
}

// elementOf is out[i] of out[i], out[i].f, out[i][k].
func elementOf(e ast.Expr) *ast.IndexExpr {
	for {
		switch x := e.(type) {
		case *ast.IndexExpr:
			if _, ok := x.X.(*ast.Ident); ok {
				return x
			}
			e = x.X
		case *ast.SelectorExpr:
			e = x.X
		default:
			return nil
		}
	}
}

// ownElement reports whether x is an element of a slice or array at the loop's
// index: a map would have to be locked, also for different keys.
func (r *rewrite) ownElement(x *ast.IndexExpr) bool {
	id, ok := x.Index.(*ast.Ident)
	if !ok || r.index == nil || r.object(id) != r.index {
		return false
	}
	t := r.info.TypeOf(x.X)
	if t == nil {
		return false
	}
	switch t.Underlying().(type) {
	case *types.Slice, *types.Array:
		return true
	}
	return false
}

// own reports whether all that is reached on the way to lhs is part of a
// variable of the iteration itself, or was made in it.
func (r *rewrite) own(lhs ast.Expr) bool {
	for e := lhs; ; {
		switch x := e.(type) {
		case *ast.Ident:
			return true
		case *ast.SelectorExpr:
			e = x.X
		case *ast.IndexExpr:
			e = x.X
		default:
			return false
		}
		t := r.info.TypeOf(e)
		if t == nil {
			return false
		}
		switch t.Underlying().(type) {
		case *types.Struct, *types.Array:
			continue
		}
		id, ok := e.(*ast.Ident)
		return ok && r.madeHere(id)
	}
}

// madeHere reports whether a variable holds what the iteration itself made.
func (r *rewrite) madeHere(id *ast.Ident) bool {
	v, ok := r.object(id).(*types.Var)
	if !ok || r.vars[v] {
		return false
	}
	switch x := r.onlyValue(v).(type) {
	case *ast.CompositeLit:
		return true
	case *ast.UnaryExpr:
		_, ok := x.X.(*ast.CompositeLit)
		return ok && x.Op == token.AND
	case *ast.CallExpr:
		name := r.textOf(x.Fun)
		return name == "make" || name == "new"
	}
	return false
}

// outer reports whether a variable is declared outside of the loop.
func (r *rewrite) outer(id *ast.Ident) bool {
	o := r.object(id)
	return o == nil || o.Pos() < r.loop.Pos() || o.Pos() >= r.loop.End()
}

func (r *rewrite) isVar(id *ast.Ident) bool {
	_, ok := r.object(id).(*types.Var)
	return ok
}

func (r *rewrite) appendIn(x *ast.AssignStmt, i int, id *ast.Ident) *appendTo {
	if x == nil || x.Tok != token.ASSIGN || len(x.Lhs) != 1 || len(x.Rhs) != 1 || x.Lhs[i] != ast.Expr(id) {
		return nil
	}
	call, ok := x.Rhs[0].(*ast.CallExpr)
	if !ok || r.textOf(call.Fun) != "append" || len(call.Args) != 2 || call.Ellipsis.IsValid() || r.textOf(call.Args[0]) != id.Name {
		return nil
	}
	return &appendTo{x, r.object(id), call.Args[1]}
}

// reads checks that nothing an iteration writes is read by another one.
func (r *rewrite) reads() error {
	for n := range ast.Preorder(r.body) {
		id, ok := n.(*ast.Ident)
		if !ok {
			continue
		}
		o := r.object(id)
		if a := r.append_; a != nil && o == a.out && (id.Pos() < a.stmt.Pos() || id.Pos() >= a.value.Pos()) {
			return refuse("the loop reads %s, which it appends to", id.Name)
		}
		if !r.written[o] {
			continue
		}
		if x, ok := r.parent(id).(*ast.IndexExpr); !ok || x.X != ast.Expr(id) || !r.ownElement(x) {
			return refuse("the loop reads other elements of %s, which it writes", id.Name)
		}
	}
	return nil
}
