package effects

import "go/ast"

// takesLate reports whether what a function starts with a caller's function waits for a
// place there before it calls it.
func (p *pkg) takesLate(u Use) bool {
	if !u.Goes || u.start == nil || u.at == nil {
		return false
	}
	r := &Result{p: p}
	if _, ok := u.start.Node.(*ast.GoStmt); ok {
		return r.TakesToken(u.at, u.start, GoCall)
	}
	if u.start.call == nil {
		return false
	}
	for i, a := range u.start.call.expr.Args {
		if _, ok := ast.Unparen(a).(*ast.FuncLit); ok && r.TakesToken(u.at, u.start, i) {
			return true
		}
	}
	return false
}
