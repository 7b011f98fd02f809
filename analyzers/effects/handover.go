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
		return r.Token(u.at, u.start, GoCall) != nil
	}
	if u.start.call == nil {
		return false
	}
	for i, a := range u.start.call.expr.Args {
		if _, ok := ast.Unparen(a).(*ast.FuncLit); ok && r.Token(u.at, u.start, i) != nil {
			return true
		}
	}
	return false
}

// handsOver returns the uses of functions that f is given and sends to a channel from
// which others of the package take them in a loop.
func (p *pkg) handsOver(f *Func) []Use {
	var list []Use
	seen := make(map[int]bool) // by argument
	for _, op := range f.Ops {
		for _, s := range Sends(op.Node) {
			v := p.prog.Variable(s.Value)
			if v == nil || !isFunc(v.Type()) {
				continue
			}
			if i, ok := f.Param(v); ok && i >= 0 && !seen[i] && p.drained(p.prog.Variable(s.Chan)) {
				seen[i] = true
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

// Sends returns what a statement sends, or one of the cases of a select.
func Sends(n ast.Node) (list []*ast.SendStmt) {
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

// receives returns the channels from which a statement receives, or one of the cases of a
// select.
func receives(n ast.Node) (list []ast.Expr) {
	switch n := n.(type) {
	case *ast.UnaryExpr:
		list = append(list, n.X)
	case *ast.SelectStmt:
		for _, c := range n.Body.List {
			if ch := program.ReceivedFrom(c.(*ast.CommClause).Comm); ch != nil {
				list = append(list, ch)
			}
		}
	}
	return list
}

// drained reports whether a function of the package takes what comes from a channel in
// a loop. All such channels are noted at once: every send of a function asks.
func (p *pkg) drained(ch *types.Var) bool {
	if p.drains == nil {
		p.drains = make(map[*types.Var]bool)
		for _, f := range p.funcs {
			for _, op := range f.Ops {
				p.drainsBy(op)
			}
		}
	}
	return ch != nil && p.drains[ch]
}

func (p *pkg) drainsBy(op *Op) {
	var list []ast.Expr
	if r, ok := op.Node.(*ast.RangeStmt); ok {
		list = append(list, r.X)
	} else if op.Loop != nil {
		list = receives(op.Node)
	}
	for _, ch := range list {
		if v := p.prog.Variable(ch); v != nil {
			p.drains[v] = true
		}
	}
}
