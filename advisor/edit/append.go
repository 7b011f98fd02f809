package edit

import (
	"go/ast"
	"go/format"
	"go/token"
	"go/types"
)

// indexable checks that an append of each iteration can become an element of
// its own: the result begins empty, and the length is known before the loop.
func (r *rewrite) indexable() error {
	name := r.append_.out.Name()
	if r.length() == "" {
		return refuse("the loop appends to %s, and how many iterations it has is not known before", name)
	}
	v, ok := r.append_.out.(*types.Var)
	if !ok || r.elem(v) == "" {
		return refuse("the loop appends to %s, which this function does not declare as an empty slice", name)
	}
	for _, id := range r.uses(v) {
		if id.Pos() < r.loop.Pos() {
			return refuse("the loop appends to %s, which is used before it", name)
		}
	}
	if r.nested(v) {
		return refuse("the loop appends to %s, and is itself in a loop", name)
	}
	return nil
}

// nested reports whether a loop lies between a variable's declaration and r's.
func (r *rewrite) nested(v *types.Var) bool {
	for n := r.loopAround(r.loop); n != nil; n = r.loopAround(n) {
		if n.Pos() > v.Pos() {
			return true
		}
	}
	return v.Parent() == r.pkg.Scope()
}

// length is the number of iterations as an expression that has no effects.
func (r *rewrite) length() string {
	switch x := r.loop.(type) {
	case *ast.RangeStmt:
		if !r.indexed() {
			return ""
		}
		if isLen(x.X) {
			return r.textOf(x.X)
		}
		t, ok := r.info.TypeOf(x.X).Underlying().(*types.Basic)
		if ok && t.Info()&types.IsInteger != 0 || root(x.X) == nil {
			return ""
		}
		return "len(" + r.textOf(x.X) + ")"
	case *ast.ForStmt:
		if n := boundOf(x); isLen(n) && x.Cond.(*ast.BinaryExpr).Op == token.LSS {
			return r.textOf(n)
		}
	}
	return ""
}

// isLen reports whether e is len of a variable or field.
func isLen(e ast.Expr) bool {
	call, ok := e.(*ast.CallExpr)
	if !ok || len(call.Args) != 1 || root(call.Args[0]) == nil {
		return false
	}
	id, ok := call.Fun.(*ast.Ident)
	return ok && id.Name == "len"
}

// elem is the type of an empty slice's elements as its declaration writes it.
func (r *rewrite) elem(v *types.Var) string {
	for id, o := range r.info.Defs {
		if o != v {
			continue
		}
		var t ast.Expr
		switch p := r.parent(id).(type) {
		case *ast.ValueSpec:
			if len(p.Values) == 0 {
				t = p.Type
			} else if len(p.Values) == 1 {
				t = emptySlice(p.Values[0])
			}
		case *ast.AssignStmt:
			if len(p.Lhs) == 1 && len(p.Rhs) == 1 {
				t = emptySlice(p.Rhs[0])
			}
		case *ast.Field:
			if ft, ok := r.parent(r.parent(p)).(*ast.FuncType); ok && ft.Results != nil && p.Pos() >= ft.Results.Pos() {
				t = p.Type
			}
		}
		if slice, ok := t.(*ast.ArrayType); ok && slice.Len == nil {
			return r.textOf(slice.Elt)
		}
	}
	return ""
}

// emptySlice is the type of "[]T{}", "make([]T, 0)" and "make([]T, 0, n)".
func emptySlice(e ast.Expr) ast.Expr {
	switch x := e.(type) {
	case *ast.CompositeLit:
		if len(x.Elts) == 0 {
			return x.Type
		}
	case *ast.CallExpr:
		if calleeName(x) != "make" || len(x.Args) < 2 {
			return nil
		}
		if n, ok := x.Args[1].(*ast.BasicLit); ok && n.Value == "0" {
			return x.Args[0]
		}
	}
	return nil
}

// indexName is the name of the loop's index, a new one where it has none.
func (r *rewrite) indexName() string {
	if r.index != nil {
		return r.index.Name()
	}
	return r.fresh(r.fn, "i", "k", "n")
}

// extend turns the append into an element of its own. The slice gets its length
// by an append of as many zero values: so a nil slice stays nil when the loop has
// no iterations, which make would not keep.
func (r *rewrite) extend() error {
	a := r.append_
	if a == nil {
		return nil
	}
	i := r.indexName()
	if loop, ok := r.loop.(*ast.RangeStmt); ok && r.index == nil {
		if loop.Key != nil {
			r.replace(loop.Key.Pos(), loop.Key.End(), i)
		} else {
			r.replace(loop.Range, loop.Range, i+" := ")
		}
	}
	out := a.out.Name()
	r.before(r.loop, out+" = append("+out+", make([]"+r.elem(a.out.(*types.Var))+", "+r.length()+")...)")
	if r.line(a.stmt.Pos()) == r.line(a.stmt.End()) {
		// Outside of a call gofmt puts other spaces around operators.
		stmt := out + "[" + i + "] = " + r.textOf(a.value)
		if text, err := format.Source([]byte(stmt)); err == nil {
			stmt = string(text)
		}
		r.replace(a.stmt.Pos(), a.stmt.End(), stmt)
		return nil
	}
	r.replace(a.stmt.Pos(), a.value.Pos(), out+"["+i+"] = ")
	r.replace(a.value.End(), a.stmt.End(), "")
	return nil
}
