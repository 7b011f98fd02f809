package carried

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
)

// assign reads the right side, then writes the left one.
func (w *walker) assign(s *ast.AssignStmt, st *state) {
	for i, lhs := range s.Lhs {
		rhs := s.Rhs[min(i, len(s.Rhs)-1)]
		if i < len(s.Rhs) && !w.merges(s, lhs, rhs, st) {
			w.reads(rhs, st, taken)
		}
	}
	for i, lhs := range s.Lhs {
		one := len(s.Lhs) == len(s.Rhs)
		if id, ok := lhs.(*ast.Ident); ok && one && w.isOwn(w.object(id)) {
			w.hold(id, s.Rhs[i])
			continue
		}
		switch {
		case !one:
			w.write(lhs, st, writing{needs: asked, last: true})
		case w.merged(s, lhs, s.Rhs[i]) != nil:
			w.write(lhs, st, writing{needs: w.least(lhs)})
		default:
			w.write(lhs, st, writing{needs: asked, last: true})
		}
	}
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

// hold binds a variable of the iteration to the place that its value leads to.
func (w *walker) hold(id *ast.Ident, value ast.Expr) {
	o := w.object(id)
	if o == nil || !pointsOut(w.typeOf(id)) {
		return
	}
	at, index, ok := w.resolve(value)
	switch {
	case ok && index != nil && !w.isOwn(at.root):
		w.alias[o] = somewhere
	case ok && index == nil && (at.root == nil || !w.isOwn(at.root)):
		w.alias[o] = at
	default:
		delete(w.alias, o)
	}
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
	at, index, ok := w.resolve(lhs)
	if x, isIndex := lhs.(*ast.IndexExpr); isIndex {
		w.reads(x.Index, st, asked)
	}
	switch {
	case w.locked > 0 || !ok:
		return
	case at.root == nil:
		w.doubtful("the loop writes through a pointer that others may have")
	case w.isOwn(at.root):
	case index != nil:
		w.elementsWritten[place{at.root, at.path, false}] = append(w.elementsWritten[place{at.root, at.path, false}], index)
	default:
		if old, known := w.written[at]; known {
			wr.needs, wr.last = min(wr.needs, old.needs), wr.last || old.last
		} else {
			w.order = append(w.order, at)
		}
		w.written[at] = wr
		if wr.last {
			st.must[at] = true
		}
	}
}

// read notes that a place is read.
func (w *walker) read(e ast.Expr, st *state, u use) {
	at, index, ok := w.resolve(e)
	if !ok || w.locked > 0 || at.root == nil || w.isOwn(at.root) {
		return
	}
	if index != nil {
		key := place{at.root, at.path, false}
		w.elementsRead[key] = append(w.elementsRead[key], index)
		return
	}
	if st.must[at] {
		return
	}
	if wr := w.written[at]; wr.last {
		u = told // set before on some ways: that the others are taken is not shown
	}
	w.exposed[at] = max(w.exposed[at], u)
}

// reads walks an expression.
func (w *walker) reads(e ast.Expr, st *state, u use) {
	if w.left--; w.left < 0 {
		return
	}
	switch x := ast.Unparen(e).(type) {
	case *ast.Ident:
		if _, isVar := w.object(x).(*types.Var); isVar {
			w.read(x, st, u)
		}
	case *ast.SelectorExpr:
		w.read(x, st, u)
		w.through(x.X, st, u)
	case *ast.IndexExpr:
		w.read(x, st, u)
		w.through(x.X, st, u)
		w.reads(x.Index, st, asked)
	case *ast.StarExpr:
		w.read(x, st, u)
		w.through(x.X, st, u)
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
			w.doubtful("the loop talks to other goroutines")
		}
		if _, made := ast.Unparen(x.X).(*ast.CompositeLit); x.Op == token.AND && !made {
			w.through(x.X, st, u)
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

// through is the way to a field or an element: the pointers and slices on it are
// read, of structs nothing but the field.
func (w *walker) through(e ast.Expr, st *state, u use) {
	if isFlat(w.typeOf(e)) {
		switch x := ast.Unparen(e).(type) {
		case *ast.SelectorExpr:
			w.through(x.X, st, u)
		case *ast.IndexExpr:
			w.through(x.X, st, u)
			w.reads(x.Index, st, asked)
		case *ast.StarExpr:
			w.through(x.X, st, u)
		case *ast.CallExpr:
			w.call(x, st, u)
		}
		return
	}
	w.reads(e, st, u)
}
