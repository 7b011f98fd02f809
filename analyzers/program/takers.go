package program

import (
	"go/ast"
	"go/token"
	"go/types"
)

// mayTake reports whether a function of the package, or one that it calls, has a
// statement that takes a place. Most have none, and to follow all ways through
// their calls would take time exponential in their depth.
func (p *Program) mayTake(fn *types.Func) bool {
	if p.takers == nil {
		p.findTakers()
	}
	return p.takers[fn.Origin()]
}

// findTakers looks at each body once, and goes from those that take a place up
// through their callers.
func (p *Program) findTakers() {
	p.takers = make(map[*types.Func]bool)
	callers := make(map[*types.Func][]*types.Func)
	var found []*types.Func
	for fn, d := range p.funcs {
		if d.Body == nil {
			continue
		}
		if p.takesItself(d.Body, func(callee *types.Func) { callers[callee] = append(callers[callee], fn) }) {
			found = append(found, fn)
		}
	}
	for len(found) > 0 {
		fn := found[len(found)-1]
		found = found[:len(found)-1]
		if !p.takers[fn] {
			p.takers[fn] = true
			found = append(found, callers[fn]...)
		}
	}
}

// takesItself reports whether a body has a statement that firstIn may answer with,
// and calls visit for each function of the package that it calls.
func (p *Program) takesItself(body *ast.BlockStmt, visit func(*types.Func)) bool {
	takes := false
	ast.Inspect(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case nil, *ast.FuncLit, *ast.GoStmt, *ast.DeferStmt:
			return false
		case *ast.CallExpr:
			switch fn := p.Callee(n); {
			case fn == nil:
			case p.Declaration(fn) != nil:
				visit(fn.Origin())
			case fn.Pkg() == p.pkg || fn.Name() == "Acquire" || p.setter(fn) != "":
				takes = true // a semaphore's, a group's, or a method of an interface
			}
		case *ast.ForStmt:
			takes = takes || p.comparesCount(n)
		default:
			takes = takes || p.takesToken(n)
		}
		return true
	})
	return takes
}

// comparesCount reports whether a loop has the shape of one that waits until a
// count is low enough, see waitsBelow.
func (p *Program) comparesCount(loop *ast.ForStmt) bool {
	b, ok := loop.Cond.(*ast.BinaryExpr)
	if !ok || loop.Post != nil {
		return false
	}
	return (b.Op == token.GEQ || b.Op == token.EQL || b.Op == token.LEQ) && p.waits(loop.Body)
}
