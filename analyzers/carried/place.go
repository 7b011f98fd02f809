package carried

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"
)

// A place is a variable, or what a path of fields leads to from one.
type place struct {
	root types.Object
	path string // ".field", ".*" behind a pointer that is not to a struct
	flat bool   // its value holds those of the places below it
}

// somewhere is what a pointer leads to of which it is not known whose it is.
var somewhere = place{path: "?"}

// text is the place as people write it.
func (p place) text() string {
	if p.root == nil {
		return "something shared"
	}
	return p.root.Name() + strings.ReplaceAll(p.path, ".*", "")
}

// overlap reports whether a value of one place is part of the other.
func overlap(a, b place) bool {
	if a.root != b.root || a.root == nil {
		return false
	}
	if len(a.path) > len(b.path) {
		a, b = b, a
	}
	return a.path == b.path || a.flat && strings.HasPrefix(b.path, a.path+".")
}

func isFlat(t types.Type) bool {
	if t == nil {
		return false
	}
	switch t.Underlying().(type) {
	case *types.Struct, *types.Array:
		return true
	}
	return false
}

// pointsOut reports whether a write through a value of the type is seen by others
// who have the value.
func pointsOut(t types.Type) bool {
	if t == nil {
		return false
	}
	switch u := t.Underlying().(type) {
	case *types.Pointer, *types.Slice, *types.Map, *types.Interface, *types.Signature, *types.Chan:
		return true
	case *types.Array:
		return pointsOut(u.Elem())
	}
	return false // what a struct points at is reached by its fields
}

func (w *walker) object(id *ast.Ident) types.Object { return w.p.Info().ObjectOf(id) }

func (w *walker) typeOf(e ast.Expr) types.Type {
	if t := w.p.Info().TypeOf(e); t != nil {
		return t
	}
	return types.Typ[types.Invalid]
}

// isOwn reports whether a variable is made anew for each iteration, or is one of a
// function that has nothing to do with the loop but that a literal stands in it.
func (w *walker) isOwn(o types.Object) bool {
	v, ok := o.(*types.Var)
	if !ok || v.Pkg() == nil || v.Parent() == v.Pkg().Scope() {
		return false
	}
	if w.home != nil && !contains(w.home, v.Pos()) {
		return true
	}
	for _, n := range w.own {
		if n.Pos() <= v.Pos() && v.Pos() < n.End() {
			return true
		}
	}
	return false
}

// resolve is the place that an expression names, with the index of the first
// element on the way there. It fails for values that are made where they stand.
func (w *walker) resolve(e ast.Expr) (at place, index ast.Expr, ok bool) {
	switch x := ast.Unparen(e).(type) {
	case *ast.Ident:
		v, isVar := w.object(x).(*types.Var)
		if !isVar {
			return place{}, nil, false
		}
		if to, bound := w.alias[v]; bound {
			return to, nil, true
		}
		return place{v, "", isFlat(v.Type())}, nil, true
	case *ast.UnaryExpr:
		if x.Op == token.AND {
			return w.resolve(x.X)
		}
	case *ast.SliceExpr:
		return w.resolve(x.X)
	case *ast.StarExpr:
		if at, index, ok = w.resolve(x.X); ok && index == nil && at.root != nil && !isFlat(w.typeOf(e)) {
			at.path += ".*"
		}
		at.flat = isFlat(w.typeOf(e))
		return at, index, ok
	case *ast.IndexExpr:
		if at, index, ok = w.resolve(x.X); ok && index == nil {
			index = x.Index
		}
		return at, index, ok
	case *ast.SelectorExpr:
		return w.resolveField(x)
	case *ast.CallExpr:
		return w.getter(x)
	}
	return place{}, nil, false
}

func (w *walker) resolveField(x *ast.SelectorExpr) (at place, index ast.Expr, ok bool) {
	sel := w.p.Info().Selections[x]
	if sel == nil { // a variable of another package
		v, isVar := w.object(x.Sel).(*types.Var)
		return place{v, "", isFlat(w.typeOf(x))}, nil, isVar
	}
	if sel.Kind() != types.FieldVal {
		return place{}, nil, false
	}
	if at, index, ok = w.resolve(x.X); !ok || index != nil || at.root == nil {
		return at, index, ok
	}
	t := sel.Recv()
	for _, i := range sel.Index() {
		if ptr, isPtr := t.Underlying().(*types.Pointer); isPtr {
			t = ptr.Elem()
		}
		st, isStruct := t.Underlying().(*types.Struct)
		if !isStruct {
			return somewhere, nil, true
		}
		at.path += "." + st.Field(i).Name()
		t = st.Field(i).Type()
	}
	at.flat = isFlat(t)
	return at, nil, true
}

// getter is the place that a function of the package does nothing but return.
func (w *walker) getter(c *ast.CallExpr) (at place, index ast.Expr, ok bool) {
	if w.p.Info().Types[c.Fun].IsType() && len(c.Args) == 1 {
		return w.resolve(c.Args[0])
	}
	d := w.p.Declaration(w.p.Callee(c))
	if d == nil || d.Body == nil || len(d.Body.List) != 1 || w.depth > mostDepth {
		return place{}, nil, false
	}
	ret, isReturn := d.Body.List[0].(*ast.ReturnStmt)
	if !isReturn || len(ret.Results) != 1 {
		return place{}, nil, false
	}
	w.depth++
	defer func() { w.depth-- }()
	undo := w.bind(d.Recv, d.Type, c)
	defer undo()
	at, index, ok = w.resolve(ret.Results[0])
	return at, index, ok && (at.root == nil || !contains(d, at.root.Pos()))
}

func contains(n ast.Node, pos token.Pos) bool { return n.Pos() <= pos && pos < n.End() }
