package effects

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"github.com/concurlint/concurlint/analyzers/program"
)

// failed is the certainty of the branch of an error. To report one, or to leave because
// of it, is what rarely happens. A fallback does by other means what has failed, and comes
// back to the code behind it, which goes on as if nothing had happened: that is no more
// unusual than to miss a cache.
//
//	if v, err = near(key); err != nil {
//		v, err = far(key)
//	}
func (p *pkg) failed(s *ast.IfStmt) Certainty {
	if program.Leaves(s.Body.List) || p.errorExit(s) {
		return Rarely
	}
	err := p.tested(s.Cond)
	for _, stmt := range s.Body.List {
		if p.otherMeans(s, err, stmt) {
			return Missed
		}
	}
	return Rarely
}

// tested is the variable of the error that a condition asks for, or nil.
func (p *pkg) tested(cond ast.Expr) *types.Var {
	switch c := program.Condition(p.info, cond).(type) {
	case *ast.BinaryExpr:
		return p.tested(c.X)
	case *ast.CallExpr: // errors.Is
		if len(c.Args) > 0 {
			return p.prog.Variable(c.Args[0])
		}
		return nil
	}
	return p.prog.Variable(cond)
}

// otherMeans reports whether a statement in the branch of an error calls what stands for
// what has failed: a function whose answer takes the place of one that there was before,
// or that is asked for the same thing. What is given the error deals with that.
func (p *pkg) otherMeans(s *ast.IfStmt, err *types.Var, stmt ast.Stmt) bool {
	if ifs, ok := stmt.(*ast.IfStmt); ok && ifs.Init != nil {
		stmt = ifs.Init
	}
	switch stmt := stmt.(type) {
	case *ast.AssignStmt:
		c := p.callIn(stmt)
		if c == nil || p.names(c, err) {
			return false
		}
		return stmt.Tok == token.ASSIGN && keeps(stmt.Lhs) || p.sameThing(s, c)
	case *ast.ExprStmt:
		c, ok := stmt.X.(*ast.CallExpr)
		return ok && !p.names(c, err) && p.sameThing(s, c)
	}
	return false
}

// keeps reports whether one of what an assignment sets is no blank.
func keeps(left []ast.Expr) bool {
	return slices.ContainsFunc(left, func(l ast.Expr) bool { id, ok := l.(*ast.Ident); return !ok || id.Name != "_" })
}

// sameThing reports whether a call is given a variable that the call which has failed,
// at the beginning of s, was given.
func (p *pkg) sameThing(s *ast.IfStmt, c *ast.CallExpr) bool {
	assign, ok := s.Init.(*ast.AssignStmt)
	if !ok {
		return false
	}
	failed := p.callIn(assign)
	if failed == nil {
		return false
	}
	for _, a := range failed.Args {
		for v := range p.variablesIn(a) {
			if !IsContext(v.Type()) && p.names(c, v) {
				return true
			}
		}
	}
	return false
}

// callIn returns the one call whose results a statement assigns, nil for another value
// and for a conversion or a builtin.
func (p *pkg) callIn(s *ast.AssignStmt) *ast.CallExpr {
	if len(s.Rhs) != 1 {
		return nil
	}
	c, ok := ast.Unparen(s.Rhs[0]).(*ast.CallExpr)
	if !ok {
		return nil
	}
	if tv := p.info.Types[c.Fun]; tv.IsType() || tv.IsBuiltin() {
		return nil
	}
	return c
}

// names reports whether an argument of a call names the variable.
func (p *pkg) names(c *ast.CallExpr, v *types.Var) bool {
	for _, a := range c.Args {
		if v != nil && p.variablesIn(a)[v] {
			return true
		}
	}
	return false
}
