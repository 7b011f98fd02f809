package effects

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"

	"github.com/concurlint/concurlint/analyzers/program"
)

// This file decides how certain the branches of an if statement are, and which
// loops grow with data.

// branches returns the certainty of the two branches.
func (p *pkg) branches(fn *Func, s *ast.IfStmt) (then, other Certainty) {
	switch {
	case p.nilError(s.Cond, token.NEQ):
		return Rarely, Usually
	case p.nilError(s.Cond, token.EQL):
		return Usually, Rarely
	case verbosity(s.Cond):
		return Rarely, Usually
	case p.errorExit(fn, s):
		return Rarely, Usually
	case p.cacheMiss(s):
		return Missed, Usually
	}
	return Usually, Usually
}

// nilError reports whether cond compares an error with nil by op.
func (p *pkg) nilError(cond ast.Expr, op token.Token) bool {
	switch c := ast.Unparen(cond).(type) {
	case *ast.BinaryExpr:
		if c.Op == token.LAND || c.Op == token.LOR {
			return p.nilError(c.X, op) || p.nilError(c.Y, op)
		}
		return c.Op == op && isNil(c.Y) && isError(p.info.TypeOf(c.X))
	case *ast.CallExpr:
		name := calledName(c)
		return op == token.NEQ && (name == "Is" || name == "As" || strings.HasPrefix(name, "IsNot")) && len(c.Args) > 0 && isError(p.info.TypeOf(c.Args[0]))
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

// verbosity reports whether the condition asks whether to log or trace.
func verbosity(cond ast.Expr) bool {
	found := false
	ast.Inspect(cond, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			switch strings.ToLower(id.Name) {
			case "debug", "verbose", "trace", "isdebug", "debugenabled", "tracing", "debugmode", "islevelenabled", "isdebugenabled":
				found = true
			case "enabled", "v":
				found = found || id.Name != "v" && id.Name != "enabled" && calls(cond, id)
			}
		}
		return !found
	})
	return found
}

func calls(cond ast.Expr, id *ast.Ident) bool {
	c, ok := ast.Unparen(cond).(*ast.CallExpr)
	if !ok {
		return false
	}
	sel, ok := ast.Unparen(c.Fun).(*ast.SelectorExpr)
	return ok && sel.Sel == id && len(c.Args) > 0
}

// errorExit reports whether the body of s leaves the function with an error,
// a panic or the end of the process: not a path to a normal return.
func (p *pkg) errorExit(fn *Func, s *ast.IfStmt) bool {
	if len(s.Body.List) == 0 {
		return false
	}
	switch last := s.Body.List[len(s.Body.List)-1].(type) {
	case *ast.ReturnStmt:
		return p.returnsError(last)
	case *ast.ExprStmt:
		c, ok := last.X.(*ast.CallExpr)
		return ok && exits(calledName(c))
	}
	return false
}

func exits(name string) bool {
	switch name {
	case "panic", "Exit", "Fatal", "Fatalf", "Fatalln", "FatalIf", "Panic", "Panicf", "Goexit":
		return true
	}
	return false
}

func (p *pkg) returnsError(r *ast.ReturnStmt) bool {
	if len(r.Results) == 0 {
		return false
	}
	last := ast.Unparen(r.Results[len(r.Results)-1])
	switch e := last.(type) { // names first: they are cheaper than types
	case *ast.BasicLit:
		return false
	case *ast.CallExpr:
		name := calledName(e)
		if !strings.Contains(name, "rr") && !strings.HasPrefix(name, "New") && !strings.HasPrefix(name, "Wrap") && name != "Trace" {
			return false
		}
	case *ast.Ident, *ast.SelectorExpr:
		if isNil(last) || !strings.Contains(strings.ToLower(types.ExprString(e)), "err") {
			return false
		}
	}
	t := p.info.TypeOf(last)
	return t != nil && (t == errorType || types.AssignableTo(t, errorType))
}

// cacheHit reports whether s returns early with something it already has:
//
//	if v, ok := m[k]; ok { return v }
//	if c.conn != nil { return c.conn }
func (p *pkg) cacheHit(s *ast.IfStmt) bool {
	cond := ast.Unparen(s.Cond)
	if id, ok := cond.(*ast.Ident); ok {
		return id.Name == "ok" || id.Name == "found" || id.Name == "exists" || id.Name == "hit" || id.Name == "cached"
	}
	b, ok := cond.(*ast.BinaryExpr)
	if !ok {
		return false
	}
	switch b.Op {
	case token.LAND:
		return p.cacheHit(&ast.IfStmt{Cond: b.X, Body: s.Body})
	case token.NEQ:
		return isNil(b.Y) && !isError(p.info.TypeOf(b.X)) && returns(s.Body, b.X)
	}
	return false
}

// returns reports whether the block ends by returning x itself.
func returns(b *ast.BlockStmt, x ast.Expr) bool {
	if len(b.List) == 0 {
		return false
	}
	r, ok := b.List[len(b.List)-1].(*ast.ReturnStmt)
	if !ok {
		return false
	}
	for _, e := range r.Results {
		if types.ExprString(e) == types.ExprString(x) {
			return true
		}
	}
	return false
}

// cacheMiss reports whether the body of s runs when something is not there yet:
//
//	if v, ok := m[k]; !ok { … }
//	if c.conn == nil { c.conn = … }
//
// or is due again.
func (p *pkg) cacheMiss(s *ast.IfStmt) bool {
	switch c := ast.Unparen(s.Cond).(type) {
	case *ast.UnaryExpr:
		id, ok := ast.Unparen(c.X).(*ast.Ident)
		return ok && c.Op == token.NOT && (id.Name == "ok" || id.Name == "found" || id.Name == "exists" || id.Name == "hit" || id.Name == "cached")
	case *ast.BinaryExpr:
		return c.Op == token.EQL && isNil(c.Y) && !isError(p.info.TypeOf(c.X)) && assigns(s.Body, c.X)
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
	if !ok || len(c.Args) != 1 || !isTime(p.info.TypeOf(c.Args[0])) {
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
	n, ok := t.(*types.Named)
	return ok && n.Obj().Name() == "Time" && n.Obj().Pkg() != nil && n.Obj().Pkg().Path() == "time"
}

// assigns reports whether the block assigns to x.
func assigns(b *ast.BlockStmt, x ast.Expr) bool {
	want, found := types.ExprString(x), false
	ast.Inspect(b, func(n ast.Node) bool {
		if a, ok := n.(*ast.AssignStmt); ok {
			for _, l := range a.Lhs {
				found = found || types.ExprString(l) == want
			}
		}
		return !found
	})
	return found
}

// smallTrip is the largest constant trip count that does not count as data.
const smallTrip = 64

// data reports whether the number of iterations of a loop is no small constant.
// The declaration alone is looked at: this is asked of every loop.
func (p *pkg) data(loop ast.Stmt) bool {
	if s, ok := loop.(*ast.ForStmt); ok && s.Cond == nil {
		return false
	}
	n, counts := p.prog.Iterations(loop, program.Declaration)
	most, ok := n.Const()
	return !counts || !ok || most > smallTrip
}

// searches reports whether s goes on until it has found what it looks for. A
// loop that swaps a word until nobody else does at the same time is no search.
func searches(l *Loop) bool {
	s, ok := l.Node.(*ast.ForStmt)
	if !ok || s.Cond != nil || !leavesLoop(l) {
		return false
	}
	swaps := false
	ast.Inspect(l.Body(), func(n ast.Node) bool {
		if sel, ok := n.(*ast.SelectorExpr); ok && strings.HasPrefix(sel.Sel.Name, "CompareAndSwap") {
			swaps = true
		}
		return !swaps
	})
	return !swaps
}
