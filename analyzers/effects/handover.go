package effects

import (
	"go/ast"
	"go/types"

	"github.com/concurlint/concurlint/analyzers/program"
)

// This file tells of functions that are given others how these get to work: on a
// goroutine that waits for a place first, or on workers that take them from a channel.

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

// handsOver returns the uses of functions that f is given and sends to a channel from
// which others of the package take them in a loop.
func (p *pkg) handsOver(f *Func) []Use {
	var list []Use
	for _, op := range f.Ops {
		for _, s := range sends(op.Node) {
			v := p.prog.Variable(s.Value)
			if v == nil || !isFunc(v.Type()) {
				continue
			}
			if i, ok := f.Param(v); ok && i >= 0 && p.drained(p.prog.Variable(s.Chan)) {
				list = append(list, Use{Arg: i, Certainty: Usually, Goes: true, Limited: true})
			}
		}
	}
	return list
}

func isFunc(t types.Type) bool {
	_, ok := t.Underlying().(*types.Signature)
	return ok
}

// sends returns what a statement sends.
func sends(n ast.Node) (list []*ast.SendStmt) {
	switch n := n.(type) {
	case *ast.SendStmt:
		list = append(list, n)
	case *ast.SelectStmt:
		for _, c := range n.Body.List {
			if s, ok := c.(*ast.CommClause).Comm.(*ast.SendStmt); ok {
				list = append(list, s)
			}
		}
	}
	return list
}

// drained reports whether a function of the package takes what comes from a channel in
// a loop.
func (p *pkg) drained(ch *types.Var) bool {
	if ch == nil {
		return false
	}
	for _, f := range p.funcs {
		for _, op := range f.Ops {
			switch n := op.Node.(type) {
			case *ast.RangeStmt:
				if p.prog.Variable(n.X) == ch {
					return true
				}
			case *ast.UnaryExpr:
				if op.Loop != nil && p.prog.Variable(n.X) == ch {
					return true
				}
			case *ast.SelectStmt:
				if op.Loop != nil && receivesFrom(p, n, ch) {
					return true
				}
			}
		}
	}
	return false
}

func receivesFrom(p *pkg, s *ast.SelectStmt, ch *types.Var) bool {
	for _, c := range s.Body.List {
		if from := program.ReceivedFrom(c.(*ast.CommClause).Comm); from != nil && p.prog.Variable(from) == ch {
			return true
		}
	}
	return false
}
