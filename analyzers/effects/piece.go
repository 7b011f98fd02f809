package effects

import (
	"go/ast"
	"go/token"
	"go/types"

	"github.com/concurlint/concurlint/analyzers/program"
)

// This file tells a loop over the records that each element of a collection holds, which
// with the loop around it is one pass over all of them, from a loop over everything for each
// element.
//
//	for _, t := range types { for _, f := range t.Fields { … } }
//	for name := range rules { check(rules[name]) }

// records returns what a loop goes over if that is a list or map of structs, or of pointers
// to them: of those a program has as many as somebody has written down or asked for. Numbers,
// bytes and words come by the million, and two loops over them are computing, unless they are
// kept in a field and one of them is looked for, as a tag of a user.
func (p *pkg) records(l *Loop) ast.Expr {
	r, ok := l.Node.(*ast.RangeStmt)
	if !ok {
		return nil
	}
	of := program.Element(p.prog.TypeOf(r.X))
	if of == nil {
		return nil
	}
	if s, ok := of.Underlying().(*types.Struct); ok && s.NumFields() > 0 { // not of a set, the words
		return r.X
	}
	if sel, ok := ast.Unparen(r.X).(*ast.SelectorExpr); ok && p.info.Selections[sel] != nil && p.leavesLoop(l) {
		return r.X
	}
	return nil
}

// pieceOf reports whether an expression is the element of a loop over a collection, or what
// that holds itself: a field, what a method of it returns of a field, or what is kept
// elsewhere under its key. What it points to further on may be the same for all.
func (p *pkg) pieceOf(fn *Func, l *Loop, e ast.Expr) bool {
	if e == nil || l == nil || !l.Data() {
		return false
	}
	key, value := loopVariables(l.Node)
	w := piece{p: p, fn: fn, loop: l, key: p.prog.Variable(key), value: p.prog.Variable(value)}
	return w.field(e)
}

// A piece is what is asked of one loop.
type piece struct {
	p          *pkg
	fn         *Func
	loop       *Loop
	key, value *types.Var
}

// field reports whether an expression is the element, or a field of it.
func (w piece) field(e ast.Expr) bool {
	e = w.defined(e)
	switch x := e.(type) {
	case *ast.SelectorExpr:
		return w.p.info.Selections[x] != nil && w.element(x.X)
	case *ast.CallExpr:
		return w.getter(x)
	}
	return w.element(e)
}

// element reports whether an expression is the element, or what is kept elsewhere under its
// key.
func (w piece) element(e ast.Expr) bool {
	switch x := w.defined(e).(type) {
	case *ast.StarExpr:
		return w.element(x.X)
	case *ast.UnaryExpr:
		return x.Op == token.AND && w.element(x.X)
	case *ast.IndexExpr:
		// In a loop within another one the same keys come again.
		return (w.over(x.X) || w.loop.Parent == nil) && (w.is(w.key, x.Index) || w.field(x.Index))
	case *ast.Ident:
		return w.is(w.value, x)
	}
	return false
}

// over reports whether the loop goes over a collection.
func (w piece) over(e ast.Expr) bool {
	r, ok := w.loop.Node.(*ast.RangeStmt)
	v := w.p.prog.Variable(e)
	return ok && v != nil && v == w.p.prog.Variable(r.X)
}

func (w piece) is(v *types.Var, e ast.Expr) bool { return v != nil && w.p.prog.Variable(e) == v }

// getter reports whether a call is of a method of the element that returns a field.
func (w piece) getter(c *ast.CallExpr) bool {
	sel, ok := ast.Unparen(c.Fun).(*ast.SelectorExpr)
	if !ok || len(c.Args) > 0 || !w.element(sel.X) {
		return false
	}
	f := w.p.decls[w.p.calleeOf(c)]
	if f == nil || f.Decl == nil || f.Body() == nil || len(f.Body().List) != 1 {
		return false
	}
	r, ok := f.Body().List[0].(*ast.ReturnStmt)
	if !ok || len(r.Results) != 1 {
		return false
	}
	of, ok := ast.Unparen(r.Results[0]).(*ast.SelectorExpr)
	if !ok {
		return false
	}
	recv := w.p.prog.Variable(of.X)
	return recv != nil && recv == f.Obj.Signature().Recv()
}

// defined follows a variable that is set once, in the loop, to what it is set to.
func (w piece) defined(e ast.Expr) ast.Expr {
	e = ast.Unparen(e)
	if v := w.p.prog.Variable(e); v == nil || v.Pos() < w.loop.Body().Pos() || v.Pos() >= w.loop.Body().End() {
		return e
	}
	return w.p.local(w.fn, e)
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
