package effects

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"github.com/concurlint/concurlint/analyzers/module"
	"github.com/concurlint/concurlint/analyzers/program"
)

// This file tells where a function has what it was asked for already.

// cacheHit reports whether s returns early with something it already has:
//
//	if v, ok := m[k]; ok { return v }
//	if c.conn != nil { return c.conn }
func (p *pkg) cacheHit(s *ast.IfStmt) bool {
	return p.findsElement(s.Cond) || p.givesFound(s.Cond, s.Body)
}

// findsElement reports whether the condition holds where a map has an element.
func (p *pkg) findsElement(cond ast.Expr) bool {
	switch c := program.Condition(p.info, cond).(type) {
	case *ast.Ident:
		found, ok := p.commaOK[p.prog.Variable(c)]
		return ok && p.element(found.in)
	case *ast.BinaryExpr:
		return c.Op == token.LAND && p.findsElement(c.X)
	}
	return false
}

// givesFound reports whether the block returns what the condition has found to be there.
func (p *pkg) givesFound(cond ast.Expr, b *ast.BlockStmt) bool {
	switch c := program.Condition(p.info, cond).(type) {
	case *ast.Ident:
		found, ok := p.commaOK[p.prog.Variable(c)]
		return ok && p.returnsVar(b, found.value)
	case *ast.BinaryExpr:
		switch c.Op {
		case token.LAND:
			return p.givesFound(c.X, b)
		case token.NEQ:
			return isNil(c.Y) && !fails(p.prog.TypeOf(c.X)) && returns(b, c.X)
		}
	}
	return false
}

// hitWithin reports whether s returns what it already has where a further test holds. What
// it does where that fails comes on to the code behind it:
//
//	if c.conn != nil {
//		if c.conn.alive() { return c.conn }
//		c.conn.Close()
//	}
func (p *pkg) hitWithin(s *ast.IfStmt) bool {
	return s.Else == nil && slices.ContainsFunc(s.Body.List, func(stmt ast.Stmt) bool {
		inner, ok := stmt.(*ast.IfStmt)
		if !ok {
			return false
		}
		t := testOf(inner)
		return program.Leaves(t.Body.List) && !p.errorExit(t.IfStmt) && p.givesFound(s.Cond, t.Body)
	})
}

// recalls reports whether s returns what a function of the module has found, an empty
// answer standing for nothing found, and what is behind it brings the same by a longer way:
//
//	if v := recorded(); v != "" { return v }
//	return ask()
//
// Where the function ends with a constant instead, what was found may well be a complaint,
// and in a loop that waits for an answer, most turns find none.
func (w *walker) recalls(s *ast.IfStmt) bool {
	v := w.p.prog.Variable(w.p.nonEmpty(s.Cond))
	early, late := lastReturn(s.Body), lastReturn(w.fn.Body())
	if other, ok := s.Else.(*ast.BlockStmt); ok {
		late = lastReturn(other)
	}
	if v == nil || !w.p.recalled[v] || w.loop != nil || early == nil || late == nil || len(early.Results) != len(late.Results) {
		return false
	}
	i := slices.IndexFunc(early.Results, func(e ast.Expr) bool { return w.p.prog.Variable(e) == v })
	return i >= 0 && w.p.info.Types[late.Results[i]].Value == nil && !isNil(late.Results[i])
}

// nonEmpty is the text or collection that a condition finds to have something in it, or nil.
func (p *pkg) nonEmpty(cond ast.Expr) ast.Expr {
	c, ok := program.Condition(p.info, cond).(*ast.BinaryExpr)
	if !ok {
		return nil
	}
	if c.Op == token.LAND {
		return p.nonEmpty(c.X)
	}
	nothing := p.info.Types[c.Y].Value
	if nothing == nil || c.Op != token.NEQ && c.Op != token.GTR {
		return nil
	}
	call, isCall := ast.Unparen(c.X).(*ast.CallExpr)
	switch {
	case nothing.ExactString() == `""` && c.Op == token.NEQ:
		return c.X
	case nothing.ExactString() == "0" && isCall && len(call.Args) == 1 && calledName(call) == "len":
		return call.Args[0]
	}
	return nil
}

// noteRecalled records whether all that a text or collection has been given so far are
// answers of functions of the module. Libraries cut and convert what the caller has.
func (p *pkg) noteRecalled(v *types.Var, value ast.Expr) {
	switch t := v.Type().Underlying().(type) {
	case *types.Basic:
		if t.Info()&types.IsString == 0 {
			return
		}
	case *types.Slice, *types.Map:
	default:
		return
	}
	known, seen := p.recalled[v]
	c, ok := ast.Unparen(value).(*ast.CallExpr)
	if ok = ok && (known || !seen); ok {
		fn := p.calleeOf(c)
		ok = fn != nil && module.Home(p.pass, fn.Pkg())
	}
	p.recalled[v] = ok
}

// lookup is v, ok := in.
type lookup struct {
	value *types.Var
	in    ast.Expr
}

// noteLookup records a statement of that form.
func (p *pkg) noteLookup(left []ast.Expr, right ast.Expr) {
	if len(left) != 2 {
		return
	}
	if ok := p.prog.Variable(left[1]); ok != nil && types.Identical(ok.Type(), types.Typ[types.Bool]) {
		p.commaOK[ok] = lookup{p.prog.Variable(left[0]), right}
	}
}

// element reports whether e is an element of a map.
func (p *pkg) element(e ast.Expr) bool {
	x, ok := ast.Unparen(e).(*ast.IndexExpr)
	if !ok {
		return false
	}
	t := p.prog.TypeOf(x.X)
	if t == nil {
		return false
	}
	_, ok = t.Underlying().(*types.Map)
	return ok
}

// returnsVar reports whether the block ends by returning v, or part of it.
func (p *pkg) returnsVar(b *ast.BlockStmt, v *types.Var) bool {
	r := lastReturn(b)
	if r == nil || v == nil {
		return false
	}
	for _, e := range r.Results {
		if p.variablesIn(e)[v] {
			return true
		}
	}
	return false
}

func lastReturn(b *ast.BlockStmt) *ast.ReturnStmt {
	if len(b.List) == 0 {
		return nil
	}
	r, _ := b.List[len(b.List)-1].(*ast.ReturnStmt)
	return r
}

// returns reports whether the block ends by returning x itself.
func returns(b *ast.BlockStmt, x ast.Expr) bool {
	r := lastReturn(b)
	if r == nil {
		return false
	}
	for _, e := range r.Results {
		if types.ExprString(e) == types.ExprString(x) {
			return true
		}
	}
	return false
}
