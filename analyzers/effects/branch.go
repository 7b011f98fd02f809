package effects

import (
	"go/ast"
	"go/token"
	"go/types"

	"github.com/concurlint/concurlint/analyzers/program"
)

// This file decides how certain the branches of an if statement are, and which
// loops grow with data. Types and what the statements do decide, never a name.

// A test is an if statement in the form that the rest of the package knows: without
// a negation around its condition, and if one of its branches leaves, that one first.
//
//	if !(err != nil) { work() } else { return err }
//	if err == nil { work() } else { return err }
//	if err != nil { return err }; work()
type test struct {
	*ast.IfStmt
	turned bool // the branches stand the other way round in the source
}

func testOf(s *ast.IfStmt) test {
	t := test{IfStmt: s}
	if u, ok := ast.Unparen(s.Cond).(*ast.UnaryExpr); ok && u.Op == token.NOT {
		if plain := negated(u.X); plain != nil {
			t.IfStmt = &ast.IfStmt{If: s.If, Init: s.Init, Cond: plain, Body: s.Body, Else: s.Else}
		}
	}
	other, ok := s.Else.(*ast.BlockStmt)
	if !ok || program.Leaves(s.Body.List) || !program.Leaves(other.List) {
		return t
	}
	cond := negated(t.Cond)
	if cond == nil {
		cond = &ast.UnaryExpr{OpPos: s.Cond.Pos(), Op: token.NOT, X: s.Cond}
	}
	return test{&ast.IfStmt{If: s.If, Init: s.Init, Cond: cond, Body: other, Else: s.Body}, true}
}

// otherWay is the same test with the branches the other way round where both leave, so that
// each is all that follows the other, or nil.
func (t test) otherWay() *ast.IfStmt {
	other, ok := t.Else.(*ast.BlockStmt)
	cond := negated(t.Cond)
	if !ok || cond == nil || !program.Leaves(t.Body.List) || !program.Leaves(other.List) {
		return nil
	}
	return &ast.IfStmt{If: t.If, Init: t.Init, Cond: cond, Body: other, Else: t.Body}
}

var contraries = map[token.Token]token.Token{
	token.EQL: token.NEQ, token.NEQ: token.EQL, token.LSS: token.GEQ, token.GEQ: token.LSS, token.GTR: token.LEQ, token.LEQ: token.GTR,
}

// negated is the condition that holds where another one does not, nil if that has
// no form without a negation around the whole.
func negated(cond ast.Expr) ast.Expr {
	switch c := ast.Unparen(cond).(type) {
	case *ast.UnaryExpr:
		if c.Op == token.NOT {
			return c.X
		}
	case *ast.BinaryExpr:
		op, compares := contraries[c.Op]
		switch {
		case compares:
			return &ast.BinaryExpr{X: c.X, OpPos: c.OpPos, Op: op, Y: c.Y}
		case c.Op == token.LAND:
			return &ast.BinaryExpr{X: not(c.X), OpPos: c.OpPos, Op: token.LOR, Y: not(c.Y)}
		case c.Op == token.LOR:
			return &ast.BinaryExpr{X: not(c.X), OpPos: c.OpPos, Op: token.LAND, Y: not(c.Y)}
		}
	}
	return nil
}

func not(e ast.Expr) ast.Expr {
	if n := negated(e); n != nil {
		return n
	}
	return &ast.UnaryExpr{OpPos: e.Pos(), Op: token.NOT, X: e}
}

// branches returns the certainty of the two branches.
func (p *pkg) branches(s *ast.IfStmt) (then, other Certainty) {
	switch {
	case p.nilError(s.Cond, token.NEQ):
		return p.failed(s), Usually
	case p.nilError(s.Cond, token.EQL):
		return Usually, Rarely
	case p.holds(s.Cond) < Usually:
		return p.holds(s.Cond), Usually
	case p.errorExit(s):
		return Rarely, Usually
	case p.cacheMiss(s):
		return p.gap(s.Cond), Usually
	}
	return Usually, p.holdsNot(s.Cond)
}

// nilError reports whether cond compares an error with nil by op, be it one of a type
// of its own, or asks what kind of error it has, which is to know that there is one.
func (p *pkg) nilError(cond ast.Expr, op token.Token) bool {
	switch c := program.Condition(p.info, cond).(type) {
	case *ast.BinaryExpr:
		if c.Op == token.LAND || c.Op == token.LOR {
			return p.nilError(c.X, op) || p.nilError(c.Y, op)
		}
		return c.Op == op && isNil(c.Y) && fails(p.prog.TypeOf(c.X))
	case *ast.CallExpr:
		return op == token.NEQ && len(c.Args) > 0 && isError(p.prog.TypeOf(c.Args[0]))
	}
	return false
}

func isNil(e ast.Expr) bool {
	id, ok := ast.Unparen(e).(*ast.Ident)
	return ok && id.Name == "nil"
}

var errorType = types.Universe.Lookup("error").Type()

func isError(t types.Type) bool { return t != nil && types.Identical(t, errorType) }

func calledName(c *ast.CallExpr) string {
	switch f := ast.Unparen(c.Fun).(type) {
	case *ast.Ident:
		return f.Name
	case *ast.SelectorExpr:
		return f.Sel.Name
	}
	return ""
}

// verbosity reports whether the condition asks a logger whether it would log.
func (p *pkg) verbosity(cond ast.Expr) bool {
	switch c := program.Condition(p.info, cond).(type) {
	case *ast.CallExpr:
		fn := p.calleeOf(c)
		if fn == nil || fn.Pkg() == nil {
			return false
		}
		k := p.known(fn)
		return k != nil && k.quiet
	}
	return false
}

// cacheMiss reports whether the body of s runs when something is not there yet,
// and stores it:
//
//	if v, ok := m[k]; !ok { … }
//	if c.conn == nil { c.conn = … }
//
// or is due again.
func (p *pkg) cacheMiss(s *ast.IfStmt) bool {
	switch c := program.Condition(p.info, s.Cond).(type) {
	case *ast.UnaryExpr:
		id, isIdent := ast.Unparen(c.X).(*ast.Ident)
		if c.Op != token.NOT || !isIdent {
			return false
		}
		found, ok := p.commaOK[p.prog.Variable(id)]
		return ok && (p.element(found.in) || found.value != nil && p.assignsVar(s.Body, found.value))
	case *ast.BinaryExpr:
		return c.Op == token.EQL && isNil(c.Y) && !fails(p.prog.TypeOf(c.X)) && assigns(s.Body, c.X)
	case *ast.CallExpr:
		return p.due(c, s.Body)
	}
	return false
}

// due reports whether the body runs each time that a moment has come, and sets
// the next one:
//
//	if now.After(c.next) { c.next = now.Add(c.every); … }
func (p *pkg) due(c *ast.CallExpr, body *ast.BlockStmt) bool {
	sel, ok := ast.Unparen(c.Fun).(*ast.SelectorExpr)
	if !ok || len(c.Args) != 1 || !isTime(p.prog.TypeOf(c.Args[0])) {
		return false
	}
	switch sel.Sel.Name {
	case "After":
		return assigns(body, c.Args[0])
	case "Before":
		return assigns(body, sel.X)
	}
	return false
}

func isTime(t types.Type) bool {
	n, ok := types.Unalias(t).(*types.Named)
	return ok && n.Obj().Name() == "Time" && n.Obj().Pkg() != nil && n.Obj().Pkg().Path() == "time"
}

// assigns reports whether the block assigns to x.
func assigns(b *ast.BlockStmt, x ast.Expr) bool {
	want := types.ExprString(x)
	return assignsTo(b, func(e ast.Expr) bool { return types.ExprString(e) == want })
}

func (p *pkg) assignsVar(b *ast.BlockStmt, v *types.Var) bool {
	return assignsTo(b, func(e ast.Expr) bool { return p.prog.Variable(e) == v })
}

func assignsTo(b *ast.BlockStmt, is func(ast.Expr) bool) bool {
	found := false
	ast.Inspect(b, func(n ast.Node) bool {
		if a, ok := n.(*ast.AssignStmt); ok {
			for _, l := range a.Lhs {
				found = found || is(l)
			}
		}
		return !found
	})
	return found
}

// smallTrip is the largest constant trip count that does not count as data.
const smallTrip = 64

// data reports whether the number of iterations of a loop is no small constant.
// The declaration alone is looked at: this is asked of every loop that does something.
func (p *pkg) data(loop ast.Stmt) bool {
	n, counts := p.prog.Iterations(loop, program.Declaration)
	most, ok := n.Const()
	return !counts || !ok || most > smallTrip
}
