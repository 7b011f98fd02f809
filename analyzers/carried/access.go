package carried

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"
)

// assign reads the right side, then writes the left one.
func (w *walker) assign(s *ast.AssignStmt, st *state) {
	one := len(s.Lhs) == len(s.Rhs)
	for i, rhs := range s.Rhs {
		if !one || !w.merges(s, s.Lhs[i], rhs, st) {
			w.reads(rhs, st, taken)
		}
	}
	var values []origin
	if !one {
		values = w.several(s.Rhs[0], len(s.Lhs))
	}
	for i, lhs := range s.Lhs {
		var value origin
		if one {
			value = w.from(s.Rhs[i])
		} else {
			value = values[i]
		}
		if id, ok := lhs.(*ast.Ident); ok && w.isHeld(id) {
			w.hold(id, value, st)
			continue
		}
		switch {
		case one && w.merged(s, lhs, s.Rhs[i]) != nil:
			w.write(lhs, st, writing{needs: w.least(lhs)})
		default:
			w.write(lhs, st, writing{needs: asked, last: true})
		}
		w.keep(lhs, value)
	}
}

// isHeld reports whether a name is that of a variable of the iteration.
func (w *walker) isHeld(id *ast.Ident) bool {
	v, ok := w.object(id).(*types.Var)
	return ok && !isGlobal(v) && w.isOwn(v)
}

// several are the values of a call, or of an element or an assertion and whether
// there is one.
func (w *walker) several(e ast.Expr, n int) []origin {
	list := make([]origin, n)
	c, call := ast.Unparen(e).(*ast.CallExpr)
	switch {
	case !call:
		list[0] = w.from(e)
	case len(w.made[c]) == n:
		return w.made[c]
	default:
		for i := range list {
			list[i] = anyone
		}
	}
	return list
}

// least is the use from which on a sum or a list that is read elsewhere makes the
// iterations need one another. How many were counted is often asked for a message;
// a list of what was made already is as often a cache, and one that says how often
// the loop turns is a queue.
func (w *walker) least(lhs ast.Expr) use {
	if _, list := w.typeOf(lhs).Underlying().(*types.Slice); list {
		return heads
	}
	return taken
}

// merges reads what a statement adds to a place, and not the place: sums and lists
// of parts can be put together later.
func (w *walker) merges(s *ast.AssignStmt, lhs, rhs ast.Expr, st *state) bool {
	if len(s.Lhs) != len(s.Rhs) {
		return false
	}
	parts := w.merged(s, lhs, rhs)
	for _, e := range parts {
		w.reads(e, st, taken)
	}
	return parts != nil
}

// merged are the parts that an assignment adds to its own left side, nil if it
// does something else.
func (w *walker) merged(s *ast.AssignStmt, lhs, rhs ast.Expr) []ast.Expr {
	same := func(e ast.Expr) bool {
		if _, part := ast.Unparen(e).(*ast.SliceExpr); part {
			return false // what is cut off is not put together
		}
		a, i, ok := w.resolve(e)
		b, j, also := w.resolve(lhs)
		return ok && also && a == b && i == nil && j == nil
	}
	var parts []ast.Expr
	switch x := ast.Unparen(rhs).(type) {
	default:
		if !slices.Contains([]token.Token{token.ADD_ASSIGN, token.SUB_ASSIGN, token.MUL_ASSIGN, token.OR_ASSIGN, token.AND_ASSIGN, token.XOR_ASSIGN}, s.Tok) {
			return nil
		}
		parts = []ast.Expr{x}
	case *ast.BinaryExpr:
		switch {
		case s.Tok != token.ASSIGN && s.Tok != token.DEFINE:
			parts = []ast.Expr{x}
		case (x.Op == token.ADD || x.Op == token.MUL || x.Op == token.OR || x.Op == token.LOR || x.Op == token.LAND) && same(x.X):
			parts = []ast.Expr{x.Y}
		case (x.Op == token.ADD || x.Op == token.MUL || x.Op == token.OR) && same(x.Y):
			parts = []ast.Expr{x.X}
		default:
			return nil
		}
	case *ast.CallExpr:
		name := w.p.Builtin(x)
		switch {
		case s.Tok != token.ASSIGN && s.Tok != token.DEFINE:
			parts = []ast.Expr{x}
		case name == "append" && same(x.Args[0]):
			parts = x.Args[1:]
		case (name == "min" || name == "max" || isError(w.typeOf(lhs))) && slices.ContainsFunc(x.Args, same):
			parts = slices.DeleteFunc(slices.Clone(x.Args), same)
		default:
			return nil
		}
	}
	if s.Tok == token.SHL_ASSIGN || s.Tok == token.SHR_ASSIGN || slices.ContainsFunc(parts, func(e ast.Expr) bool { return w.mentions(e, same) }) {
		return nil // x ^= x << 13
	}
	return parts
}

// isError reports whether a type is error: a call that makes one of two errors
// joins them or keeps the first.
func isError(t types.Type) bool { return types.Identical(t, types.Universe.Lookup("error").Type()) }

func (w *walker) mentions(e ast.Expr, same func(ast.Expr) bool) (found bool) {
	ast.Inspect(e, func(n ast.Node) bool {
		x, ok := n.(ast.Expr)
		found = found || ok && same(x)
		return !found
	})
	return found
}

// write notes that a place gets a value.
func (w *walker) write(lhs ast.Expr, st *state, wr writing) {
	lhs = ast.Unparen(lhs)
	if id, ok := lhs.(*ast.Ident); ok && id.Name == "_" {
		return
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
