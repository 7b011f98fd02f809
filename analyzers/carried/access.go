package carried

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"
)

// write notes that a place gets a value.
func (w *walker) write(lhs ast.Expr, st *state, wr writing) {
	lhs = ast.Unparen(lhs)
	if id, ok := lhs.(*ast.Ident); ok {
		if id.Name == "_" {
			return
		}
		w.counted(id)
	}
	ast.Inspect(lhs, func(n ast.Node) bool {
		c, ok := n.(*ast.CallExpr)
		if ok {
			w.reads(c, st, asked)
		}
		return !ok
	})
	if x, isIndex := lhs.(*ast.IndexExpr); isIndex {
		w.reads(x.Index, st, asked)
	}
	if at, index, ok := w.resolve(lhs); ok {
		w.sets(at, index, wr)
		if wr.last && index == nil && !w.excused(at, true) && at.root != nil && !w.isOwn(at.root) {
			st.must[at] = true
		}
	}
}

// sets notes that a place gets a value, or one of its elements does.
func (w *walker) sets(at place, index ast.Expr, wr writing) {
	switch {
	case w.excused(at, true):
	case at.root == nil:
		w.doubtful("writes through a pointer that others may have")
	case w.isOwn(at.root):
	case at.vague:
		w.change(at, "writes what "+at.text()+" leads to")
	case index != nil:
		key := w.elements(at)
		w.elementsWritten[key] = append(w.elementsWritten[key], index)
	default:
		if old, known := w.written[at]; known {
			if wr.by != old.by && !wr.last && !old.last {
				wr.needs, wr.last = asked, true
			}
			wr.needs, wr.last = min(wr.needs, old.needs), wr.last || old.last
		} else {
			w.order = append(w.order, at)
		}
		w.written[at] = wr
	}
}

// elements is the place of a collection, as a key.
func (w *walker) elements(at place) place {
	at.flat = false
	if w.elementsRead[at] == nil && w.elementsWritten[at] == nil {
		w.elementsOrder = append(w.elementsOrder, at)
	}
	return at
}

// sees notes that a place is read, or one of its elements is.
func (w *walker) sees(at place, index ast.Expr, st *state, u use) {
	if at.root == nil || at.vague || w.isOwn(at.root) || w.excused(at, false) {
		return
	}
	if index != nil {
		key := w.elements(at)
		w.elementsRead[key] = append(w.elementsRead[key], index)
		return
	}
	if st.must[at] || !at.flat && strings.HasSuffix(at.path, "^") { // a pointer that has been read where it lay
		return
	}
	if wr := w.written[at]; wr.last {
		u = told // set before on some ways: that the others are taken is not shown
	}
	old, known := w.exposed[at]
	if !known {
		w.exposedOrder = append(w.exposedOrder, at)
	}
	w.exposed[at] = max(old, u)
}

// unsee takes a read back.
func (w *walker) unsee(at place) {
	delete(w.exposed, at)
	w.exposedOrder = slices.DeleteFunc(w.exposedOrder, func(p place) bool { return p == at })
}

// look notes that an expression that names a place is read.
func (w *walker) look(e ast.Expr, st *state, u use) {
	if at, index, ok := w.resolve(e); ok {
		w.sees(at, index, st, u)
	}
}

// reads walks an expression.
func (w *walker) reads(e ast.Expr, st *state, u use) {
	if w.left--; w.left < 0 {
		return
	}
	switch x := ast.Unparen(e).(type) {
	case *ast.Ident:
		if _, isVar := w.object(x).(*types.Var); isVar {
			w.look(x, st, u)
			w.handed(x, st)
		}
	case *ast.SelectorExpr:
		w.look(x, st, u)
		w.way(x.X, st, u)
	case *ast.IndexExpr:
		w.look(x, st, u)
		w.way(x.X, st, u)
		w.reads(x.Index, st, asked)
	case *ast.StarExpr:
		w.look(x, st, u)
		w.way(x.X, st, u)
	case *ast.SliceExpr:
		w.reads(x.X, st, u)
		for _, i := range []ast.Expr{x.Low, x.High, x.Max} {
			if i != nil {
				w.reads(i, st, asked)
			}
		}
	case *ast.BinaryExpr:
		w.reads(x.X, st, u)
		w.reads(x.Y, st, u)
	case *ast.UnaryExpr:
		if x.Op == token.ARROW {
			w.talks(x.X, st)
			return
		}
		if _, made := ast.Unparen(x.X).(*ast.CompositeLit); x.Op == token.AND && !made {
			w.address(x.X, st, u)
			return
		}
		w.reads(x.X, st, u)
	case *ast.KeyValueExpr:
		w.reads(x.Value, st, u)
	case *ast.CompositeLit:
		for _, el := range x.Elts {
			w.reads(el, st, u)
		}
	case *ast.TypeAssertExpr:
		w.reads(x.X, st, u)
	case *ast.FuncLit:
		w.literal(x, st)
	case *ast.CallExpr:
		w.call(x, st, u)
	}
}

// address is taken of what need not be read for that.
func (w *walker) address(e ast.Expr, st *state, u use) {
	switch x := ast.Unparen(e).(type) {
	case *ast.Ident:
	case *ast.SelectorExpr:
		w.way(x.X, st, u)
	case *ast.IndexExpr:
		w.way(x.X, st, u)
		w.reads(x.Index, st, asked)
	default:
		w.way(e, st, u)
	}
}

// way is the way to a field or an element: the pointers and slices on it are
// read, of structs nothing but the field.
func (w *walker) way(e ast.Expr, st *state, u use) {
	if isFlat(w.typeOf(e)) {
		switch x := ast.Unparen(e).(type) {
		case *ast.SelectorExpr:
			w.way(x.X, st, u)
		case *ast.IndexExpr:
			w.way(x.X, st, u)
			w.reads(x.Index, st, asked)
		case *ast.StarExpr:
			w.way(x.X, st, u)
		case *ast.CallExpr:
			w.call(x, st, u)
		}
		return
	}
	w.reads(e, st, u)
}
