package carried

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
)

// A merge is a way to add a part to a place of which the order does not count, as
// long as nothing else is done to the place: sums of sums are sums, but what is added
// to and then multiplied is another value in another order.
type merge byte

const (
	unmerged merge = iota
	summed
	multiplied
	ored
	anded
	xored
	appended
	prepended
	least
	most
	joined // errors
)

// byToken are the merges of assignments such as v += d.
var byToken = map[token.Token]merge{
	token.ADD_ASSIGN: summed, token.SUB_ASSIGN: summed, token.MUL_ASSIGN: multiplied,
	token.OR_ASSIGN: ored, token.AND_ASSIGN: anded, token.XOR_ASSIGN: xored,
}

// byOperator are the merges of v = v + d, and of v = d + v.
var byOperator = map[token.Token]merge{
	token.ADD: summed, token.MUL: multiplied, token.OR: ored, token.LOR: ored, token.AND: anded, token.LAND: anded, token.XOR: xored,
}

var byBuiltin = map[string]merge{"append": appended, "min": least, "max": most}

// assign reads the right side, then writes the left one.
func (w *walker) assign(s *ast.AssignStmt, st *state) {
	one := len(s.Lhs) == len(s.Rhs)
	by := make([]merge, len(s.Lhs))
	for i, rhs := range s.Rhs {
		if one {
			by[i] = w.merges(s, s.Lhs[i], rhs, st)
		}
		if by[i] != unmerged {
			continue
		}
		w.reads(rhs, st, taken)
		if s.Tok != token.ASSIGN && s.Tok != token.DEFINE {
			w.reads(s.Lhs[i], st, taken)
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
			w.counted(id)
			w.hold(id, value, st)
			if one {
				w.cuts(id, s.Rhs[i])
			}
			continue
		}
		switch by[i] {
		case unmerged:
			w.write(lhs, st, writing{needs: asked, last: true})
		default:
			w.write(lhs, st, writing{needs: w.least(lhs), by: by[i]})
		}
		w.keep(lhs, value)
	}
}

// isHeld reports whether a name is that of a variable of the iteration.
func (w *walker) isHeld(id *ast.Ident) bool {
	v, ok := w.object(id).(*types.Var)
	return ok && !isGlobal(v) && w.isOwn(v)
}

// counted notes that the body sets a variable: what counts the turns and is set
// besides is no number of an iteration's own.
func (w *walker) counted(id *ast.Ident) {
	if w.index != nil && w.object(id) == w.index {
		w.index = nil
	}
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
func (w *walker) merges(s *ast.AssignStmt, lhs, rhs ast.Expr, st *state) merge {
	by, parts := w.merged(s, lhs, rhs)
	if by == unmerged {
		return unmerged
	}
	for _, e := range parts {
		w.reads(e, st, taken)
	}
	if id, ok := ast.Unparen(lhs).(*ast.Ident); ok && by == appended && w.isHeld(id) {
		w.fill(lhs) // of what it is an alias of, the room behind
	}
	return by
}

// merged is how an assignment adds to its own left side, and the parts that it adds.
func (w *walker) merged(s *ast.AssignStmt, lhs, rhs ast.Expr) (by merge, parts []ast.Expr) {
	same := func(e ast.Expr) bool {
		if _, part := ast.Unparen(e).(*ast.SliceExpr); part {
			return false // what is cut off is not put together
		}
		a, i, ok := w.resolve(e)
		b, j, also := w.resolve(lhs)
		return ok && also && a == b && i == nil && j == nil
	}
	x := ast.Unparen(rhs)
	if s.Tok != token.ASSIGN && s.Tok != token.DEFINE {
		by, parts = byToken[s.Tok], []ast.Expr{x}
	} else {
		by, parts = w.mergedBy(x, w.typeOf(lhs), same)
	}
	if slices.ContainsFunc(parts, func(e ast.Expr) bool { return w.mentions(e, same) }) {
		return unmerged, nil // x ^= x << 13
	}
	return by, parts
}

// mergedBy is the merge of an expression of which one part is the same place.
func (w *walker) mergedBy(x ast.Expr, t types.Type, same func(ast.Expr) bool) (merge, []ast.Expr) {
	switch x := x.(type) {
	case *ast.BinaryExpr:
		by := byOperator[x.Op]
		switch {
		case same(x.X):
			return by, []ast.Expr{x.Y}
		case x.Op == token.LOR || x.Op == token.LAND || !same(x.Y): // of these the other part may not be asked
			return unmerged, nil
		case by == summed && isText(t):
			return prepended, []ast.Expr{x.X}
		}
		return by, []ast.Expr{x.X}
	case *ast.CallExpr:
		by := byBuiltin[w.p.Builtin(x)]
		if by == appended {
			if same(x.Args[0]) {
				return by, x.Args[1:]
			}
			return unmerged, nil
		}
		if !slices.ContainsFunc(x.Args, same) {
			return unmerged, nil
		}
		parts := slices.DeleteFunc(slices.Clone(x.Args), same)
		if isError(t) && slices.ContainsFunc(parts, func(e ast.Expr) bool { return isError(w.typeOf(e)) }) {
			by = joined
		}
		return by, parts
	}
	return unmerged, nil
}

func isText(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&types.IsString != 0
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
