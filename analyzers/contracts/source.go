package contracts

import (
	"go/ast"
	"go/token"
	"go/types"

	"github.com/concurlint/concurlint/analyzers/effects"
	"github.com/concurlint/concurlint/analyzers/program"
)

// This file tells what a loop receives from, which makes a server of it.

// receives fills in what the loop receives from, and reports whether it does.
func (f *finder) receives(s *Server) bool {
	if r, ok := s.Loop.Node.(*ast.RangeStmt); ok {
		s.Source, s.Count, s.from = types.ExprString(r.X), 1, r.X
		return s.Loop.Endless(f.info) && !f.passes(r.X)
	}
	loop := s.Loop.Node.(*ast.ForStmt)
	if loop.Post != nil {
		return false
	}
	for _, op := range s.Func.Ops[s.Loop.Ops:s.Loop.OpsEnd] {
		if op.Loop != s.Loop || op.Spawned != nil || op.Deferred {
			continue
		}
		switch n := op.Node.(type) {
		case *ast.SelectStmt:
			if !polls(n) && op.InSelect == nil {
				f.selects(s, n)
			}
		case *ast.UnaryExpr:
			if n.Op == token.ARROW && !f.passes(n.X) {
				s.Source, s.Count, s.from = types.ExprString(n.X), 1, n.X
			}
		case *ast.CallExpr:
			f.reads(s, op, n, loop)
		}
		if s.Count > 0 {
			return true
		}
	}
	return false
}

func (f *finder) selects(s *Server, sel *ast.SelectStmt) {
	for _, c := range sel.Body.List {
		if k := f.caseOf(c.(*ast.CommClause)); k.Source != nil {
			s.Count++
			s.cases = append(s.cases, k)
			s.Source, s.from = types.ExprString(k.Source), k.Source
		}
	}
}

// reads takes a call for the loop's source: one that reads from a connection or
// receives from a channel, or an unknown one of which an error ends the loop.
func (f *finder) reads(s *Server, op *effects.Op, c *ast.CallExpr, loop *ast.ForStmt) {
	net, ch := op.Effect(effects.Net), op.Effect(effects.Chan)
	switch {
	case net != nil && net.Is(effects.Stream) && net.Label == "" && net.Certainty >= effects.Usually && !accepts(op):
		s.Stream = true
	case ch != nil && ch.Is(effects.Receive) && ch.Certainty >= effects.Usually && len(ch.Chain) <= 2 && f.yields(s, op, c):
	case loop.Cond == nil && (op.Effect(effects.Dynamic) != nil || f.asksFor(s, op)) && f.endsOn(s, c):
		s.Stream = true
	case loop.Cond == nil && f.fx.OnStream(op.Callee()) && f.decodes(s, c):
		s.Stream = true
	default:
		return
	}
	s.Count = 1
	s.Source, s.from = types.ExprString(c.Fun), c.Fun
}

// asksFor reports whether a loop on a goroutine of its own asks a part of the program for
// the next message: what is not known to wait there decodes what a reader brings.
func (f *finder) asksFor(s *Server, op *effects.Op) bool {
	fn := op.Callee()
	return fn != nil && fn.Signature().Recv() != nil && types.IsInterface(fn.Signature().Recv().Type()) && f.onlyStarted(s.Func)
}

// yields reports whether a call that receives from a channel gives the loop what it
// received, or is a piece of the loop itself.
func (f *finder) yields(s *Server, op *effects.Op, c *ast.CallExpr) bool {
	if sameReceiver(s.Func, f.fx.Func(op.Callee())) {
		return true
	}
	t := f.info.TypeOf(c)
	if tuple, ok := t.(*types.Tuple); ok {
		if tuple.Len() == 0 {
			return false
		}
		t = tuple.At(0).Type()
	}
	return t != nil && !isError(t)
}

// accepts reports whether op accepts a connection.
func accepts(op *effects.Op) bool {
	fn := op.Callee()
	if fn == nil || fn.Signature().Results().Len() == 0 {
		return false
	}
	n, ok := types.Unalias(fn.Signature().Results().At(0).Type()).(*types.Named)
	return ok && n.Obj().Pkg() != nil && n.Obj().Pkg().Path() == "net" && n.Obj().Name() == "Conn"
}

// endsOn reports whether c gives a message and an error, and the loop is left on
// the error.
func (f *finder) endsOn(s *Server, c *ast.CallExpr) bool {
	t, ok := f.info.TypeOf(c).(*types.Tuple)
	if !ok || t.Len() < 2 || !isError(t.At(t.Len()-1).Type()) || types.Identical(t.At(0).Type(), types.Typ[types.Bool]) {
		return false // yes or no is an answer, and no message
	}
	body := s.Loop.Body().List
	for i, stmt := range body {
		a, ok := stmt.(*ast.AssignStmt)
		if !ok || len(a.Rhs) != 1 || ast.Unparen(a.Rhs[0]) != c || i+1 == len(body) {
			continue
		}
		test, ok := body[i+1].(*ast.IfStmt)
		return ok && !f.succeeded(test.Cond) && leaves(test.Body) && !f.concludes(s, f.prog.Variable(a.Lhs[0]))
	}
	return false
}

// decodes reports whether c puts a message into a variable of the loop, and the loop is left
// where it cannot: one on a goroutine of its own, or that does nothing else, reads what somebody
// sends, wherever the bytes come from.
//
//	for {
//		var m message
//		if err := dec.Decode(&m); err != nil { return err }
//		…
//	}
func (f *finder) decodes(s *Server, c *ast.CallExpr) bool {
	if len(c.Args) != 1 {
		return false
	}
	to, ok := ast.Unparen(c.Args[0]).(*ast.UnaryExpr)
	if !ok || to.Op != token.AND {
		return false
	}
	message := f.prog.Variable(to.X)
	body := s.Loop.Body().List
	for i, stmt := range body {
		test, ok := stmt.(*ast.IfStmt)
		if !ok {
			continue
		}
		from := test.Init
		if from == nil && i > 0 {
			from = body[i-1]
		}
		a, ok := from.(*ast.AssignStmt)
		if ok && len(a.Rhs) == 1 && ast.Unparen(a.Rhs[0]) == c {
			return message != nil && !f.succeeded(test.Cond) && leaves(test.Body) && !f.concludes(s, message)
		}
	}
	return false
}

// concludes reports whether a loop is there to get something, v or what it makes of it:
// when it has that, it is done. One on a goroutine of its own has nobody to give it to.
func (f *finder) concludes(s *Server, v *types.Var) bool {
	return f.outlives(s, v) || f.finishes(s) && !f.onlyStarted(s.Func)
}

// outlives reports whether what the loop gets is read after the loop, or returned from
// it: then the loop goes on until it has that, as one that tries a request again.
func (f *finder) outlives(s *Server, v *types.Var) bool {
	if v == nil {
		return false
	}
	kept := false
	uses := func(n ast.Node) {
		set := make(map[ast.Expr]bool)
		ast.Inspect(n, func(n ast.Node) bool {
			if a, ok := n.(*ast.AssignStmt); ok && a.Tok == token.ASSIGN {
				for _, x := range a.Lhs {
					set[x] = true
				}
			}
			id, ok := n.(*ast.Ident)
			kept = kept || ok && f.info.Uses[id] == v && !set[id]
			return !kept
		})
	}
	ast.Inspect(s.Func.Body(), func(n ast.Node) bool {
		switch n := n.(type) {
		case nil, *ast.FuncLit:
			return false
		case ast.Stmt:
			r, ok := n.(*ast.ReturnStmt)
			done := ok && len(r.Results) > 1 && f.info.Types[r.Results[len(r.Results)-1]].IsNil()
			if n.Pos() >= s.Loop.Node.End() || done && n.Pos() > s.Loop.Node.Pos() {
				uses(n)
			}
		}
		return !kept
	})
	return kept
}

// finishes reports whether the loop is left where no error has been asked for: by a break,
// behind which the function goes on, as it has got all pages then, say, and its caller waits
// for them; or with an answer for the caller.
func (f *finder) finishes(s *Server) bool {
	found := false
	var look func(list []ast.Stmt)
	look = func(list []ast.Stmt) {
		for _, stmt := range list {
			switch n := stmt.(type) {
			case *ast.BranchStmt:
				found = found || n.Tok == token.BREAK
			case *ast.ReturnStmt:
				found = found || len(n.Results) > 1 && f.info.Types[n.Results[len(n.Results)-1]].IsNil()
			case *ast.BlockStmt:
				look(n.List)
			case *ast.IfStmt:
				if !f.asksError(n.Cond) || f.succeeded(n.Cond) {
					look(n.Body.List)
				}
				if n.Else != nil {
					look([]ast.Stmt{n.Else})
				}
			}
		}
	}
	look(s.Loop.Body().List)
	return found
}

// asksError reports whether a condition looks at an error.
func (f *finder) asksError(cond ast.Expr) bool {
	found := false
	ast.Inspect(cond, func(n ast.Node) bool {
		e, ok := n.(ast.Expr)
		t := f.info.TypeOf(e)
		found = found || ok && t != nil && isError(t)
		return !found
	})
	return found
}

// succeeded reports whether a condition asks that there is no error, as a loop does that
// tries again until it has one result.
func (f *finder) succeeded(cond ast.Expr) bool {
	b, ok := program.Condition(f.info, cond).(*ast.BinaryExpr)
	return ok && b.Op == token.EQL && f.info.Types[b.Y].IsNil() && isError(f.info.TypeOf(b.X))
}

func isError(t types.Type) bool { return types.Identical(t, types.Universe.Lookup("error").Type()) }

// leaves reports whether a block returns or breaks.
func leaves(b *ast.BlockStmt) bool {
	found := false
	ast.Inspect(b, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.ReturnStmt:
			found = true
		case *ast.BranchStmt:
			found = found || n.Tok == token.BREAK
		}
		return !found
	})
	return found
}
