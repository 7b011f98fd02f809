package carried

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"
)

// A place is a variable, or what a path of fields leads to from one.
type place struct {
	root  types.Object
	path  string // ".field", "^" what a pointer in it leads to, ".*" what is there if no struct, ".&" a pointer to it
	flat  bool   // its value holds those of the places below it
	vague bool   // it is not known which of the places behind this one
}

// somewhere is what a pointer leads to of which it is not known whose it is.
var somewhere = place{path: "?"}

// text is the place as people write it.
func (p place) text() string {
	if p.root == nil {
		return "something shared"
	}
	name := p.root.Name()
	name = name[strings.LastIndexByte(name, '/')+1:]
	return name + strings.NewReplacer(".*", "", ".&", "", "^", "").Replace(p.path)
}

// below is the place that a path leads to from here.
func (p place) below(path string, flat bool) place {
	if p.root == nil || p.vague {
		return p
	}
	p.path, p.flat = strings.ReplaceAll(p.path+path, ".&.*", ""), flat
	return p
}

// isFar reports whether pointers lead to a path from what its root holds or points
// at.
func isFar(path string) bool { return strings.Contains(path, "^") }

// overlap reports whether a value of one place is part of the other.
func overlap(a, b place) bool {
	if a.root != b.root || a.root == nil {
		return false
	}
	if len(a.path) > len(b.path) {
		a, b = b, a
	}
	below, ok := strings.CutPrefix(b.path, a.path)
	return below == "" && ok || ok && a.flat && below[0] == '.' && !isFar(below)
}

func (w *walker) object(id *ast.Ident) types.Object { return w.p.Info().ObjectOf(id) }

func (w *walker) typeOf(e ast.Expr) types.Type {
	t := w.p.Info().TypeOf(e)
	if t == nil {
		return types.Typ[types.Invalid]
	}
	if _, call := ast.Unparen(e).(*ast.CallExpr); call {
		return t
	}
	if both, ok := t.(*types.Tuple); ok { // an element, say, and whether there is one
		return both.At(0).Type()
	}
	return t
}

// isOwn reports whether a variable is made anew for each iteration.
func (w *walker) isOwn(o types.Object) bool {
	return o.Pkg() != nil && slices.ContainsFunc(w.own, func(n ast.Node) bool { return contains(n, o.Pos()) })
}

// isNear reports whether a variable is declared by the function around the loop. A
// literal may have others from where it was made.
func (w *walker) isNear(o types.Object) bool {
	return slices.ContainsFunc(w.homes, func(n ast.Node) bool { return contains(n, o.Pos()) })
}

func contains(n ast.Node, pos token.Pos) bool { return n.Pos() <= pos && pos < n.End() }

// resolve is the place that an expression names, with the index of the first
// element on the way there. It fails for values that are made where they stand.
func (w *walker) resolve(e ast.Expr) (at place, index ast.Expr, ok bool) {
	switch x := ast.Unparen(e).(type) {
	case *ast.Ident:
		if v, isVar := w.object(x).(*types.Var); isVar {
			return w.variable(v), nil, true
		}
	case *ast.UnaryExpr:
		if x.Op == token.AND {
			if at, index, ok = w.resolve(x.X); ok && !isFlat(w.typeOf(x.X)) && index == nil {
				at = at.below(".&", false)
			}
			return at, index, ok
		}
	case *ast.SliceExpr:
		return w.resolve(x.X)
	case *ast.StarExpr:
		if at, index, ok = w.behind(x.X); ok && index == nil && !isFlat(w.typeOf(e)) {
			return at.below(".*", false), index, ok
		}
		at.flat = isFlat(w.typeOf(e))
		return at, index, ok
	case *ast.IndexExpr:
		if at, index, ok = w.behind(x.X); ok && index == nil {
			index = x.Index
			if _, isMap := w.typeOf(x.X).Underlying().(*types.Map); isMap || w.isCut(x.X) {
				index = anyIndex // of a map no two may be set at once
			}
		}
		return at, index, ok
	case *ast.SelectorExpr:
		return w.resolveField(x)
	case *ast.CallExpr:
		return w.getter(x)
	case *ast.TypeAssertExpr:
		return w.resolve(x.X)
	}
	return place{}, nil, false
}

// isCut reports whether a slice begins elsewhere than the one that it is a part of,
// so that its indexes are others.
func (w *walker) isCut(e ast.Expr) bool {
	switch x := ast.Unparen(e).(type) {
	case *ast.SliceExpr:
		return x.Low != nil || w.isCut(x.X)
	case *ast.Ident:
		return w.cut[w.object(x)]
	}
	return false
}

// variable is the place of a variable.
func (w *walker) variable(v *types.Var) place {
	switch to, bound := w.alias[v]; {
	case bound:
		return to
	case isGlobal(v):
		return place{root: w.r.global(v), flat: isFlat(v.Type())}
	case w.isOwn(v) || w.isNear(v):
		return place{root: v, flat: isFlat(v.Type())}
	}
	return somewhere
}

// behind is what an expression leads to: of a pointer, a slice or a map that is
// part of something, what lies beyond that. An address leads to what it is of, and a
// part of a slice, another type of a value and what a call returns to what these do.
func (w *walker) behind(e ast.Expr) (at place, index ast.Expr, ok bool) {
	switch x := ast.Unparen(e).(type) {
	case *ast.UnaryExpr, *ast.Ident:
		return w.resolve(x)
	case *ast.SliceExpr:
		return w.behind(x.X)
	case *ast.TypeAssertExpr:
		return w.behind(x.X)
	case *ast.CallExpr:
		if w.isConversion(x) {
			return w.behind(x.Args[0])
		}
		return w.getter(x)
	}
	if at, index, ok = w.resolve(e); !ok || !pointsOut(w.typeOf(e)) {
		return at, index, ok
	}
	if _, array := w.typeOf(e).Underlying().(*types.Array); array {
		return at, index, ok
	}
	_, element := ast.Unparen(e).(*ast.IndexExpr)
	if at, ok = w.beyond(at, index != nil, element), true; at == somewhere {
		index = nil
	}
	return at, index, ok
}

// beyond follows a pointer at a place. Elements are taken to differ, but not what
// they lead to.
func (w *walker) beyond(at place, isElement, itself bool) place {
	if at.root == nil {
		return somewhere
	}
	if !w.isOwn(at.root) {
		switch {
		case !isElement:
			return at.below("^", false)
		case !itself:
			return somewhere
		}
		return at
	}
	in, ok := w.inner[at.root]
	switch {
	case !ok && isElement:
		return at
	case !ok:
		return at.below("^", false)
	case isElement:
		return somewhere
	}
	return in.below(at.path+"^", false)
}

func (w *walker) resolveField(x *ast.SelectorExpr) (at place, index ast.Expr, ok bool) {
	sel := w.p.Info().Selections[x]
	if sel == nil { // a variable of another package
		v, isVar := w.object(x.Sel).(*types.Var)
		if !isVar {
			return place{}, nil, false
		}
		return w.variable(v), nil, true
	}
	if sel.Kind() != types.FieldVal {
		return place{}, nil, false
	}
	return w.fields(x.X, sel.Recv(), sel.Index())
}

// fields follows a path of fields, which embedding may have made longer than it is
// written.
func (w *walker) fields(e ast.Expr, t types.Type, path []int) (at place, index ast.Expr, ok bool) {
	if at, index, ok = w.behind(e); !ok {
		return at, index, ok
	}
	for n, i := range path {
		if ptr, isPtr := t.Underlying().(*types.Pointer); isPtr {
			if t = ptr.Elem(); n > 0 {
				at = w.beyond(at, index != nil, false)
			}
		}
		st, isStruct := t.Underlying().(*types.Struct)
		if !isStruct || at.root == nil {
			return somewhere, nil, true
		}
		t = st.Field(i).Type()
		if index == nil {
			at = at.below("."+st.Field(i).Name(), isFlat(t))
		}
	}
	return at, index, true
}

func (w *walker) isConversion(c *ast.CallExpr) bool {
	return w.p.Info().Types[c.Fun].IsType() && len(c.Args) == 1
}

// getter is the place that a function of the package does nothing but return.
func (w *walker) getter(c *ast.CallExpr) (at place, index ast.Expr, ok bool) {
	if w.isConversion(c) {
		return w.resolve(c.Args[0])
	}
	if list := w.made[c]; len(list) > 0 && list[0].shared {
		return list[0].at, list[0].index, true
	}
	return place{}, nil, false
}
