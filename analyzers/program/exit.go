package program

import (
	"go/ast"
	"go/token"
	"go/types"
)

// Leaves reports whether a list of statements ends by returning or jumping.
func Leaves(list []ast.Stmt) bool {
	if len(list) == 0 {
		return false
	}
	switch s := list[len(list)-1].(type) {
	case *ast.ReturnStmt:
		return true
	case *ast.BranchStmt:
		return s.Tok != token.FALLTHROUGH
	}
	return false
}

// NeverReturns reports whether a call ends the goroutine or the program.
func (p *Program) NeverReturns(c *ast.CallExpr) bool {
	if p.Builtin(c) == "panic" {
		return true
	}
	fn := p.Callee(c)
	switch {
	case fn == nil || fn.Pkg() == nil:
		return false
	case fn.Pkg() == p.pkg:
		return p.Ends(fn.Origin())
	}
	return p.Exits != nil && p.Exits(fn)
}

// Ends reports whether a function of this package always ends in a call that does
// not come back.
func (p *Program) Ends(fn *types.Func) bool {
	if answer, asked := p.ends[fn]; asked {
		return answer
	}
	p.ends[fn] = false // for recursion
	d := p.Declaration(fn)
	if d == nil || d.Body == nil || len(d.Body.List) == 0 {
		return false
	}
	// The last statement first: this is asked of every exported function, and a walk
	// through the body costs more than all the rest.
	last, ok := d.Body.List[len(d.Body.List)-1].(*ast.ExprStmt)
	if !ok {
		return false
	}
	c, ok := last.X.(*ast.CallExpr)
	p.ends[fn] = ok && p.NeverReturns(c) && len(Returns(d.Body)) == 0
	return p.ends[fn]
}
