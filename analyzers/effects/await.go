package effects

import (
	"go/ast"
	"go/token"
	"go/types"
)

// awaited reports whether the function that starts a caller's function on another
// goroutine waits, on every way, for that goroutine: a call with a time limit.
func (p *pkg) awaited(u Use) bool {
	if !u.Goes || u.start == nil {
		return false
	}
	answers := p.answers(u.at, u.start)
	var waits []ast.Node
	for _, o := range u.at.Ops {
		if o == u.start || o.Spawned != nil || o.Deferred {
			continue
		}
		if e := o.Effect(Wait); e != nil && e.Certainty >= Missed {
			waits = append(waits, o.Node)
		}
		waits = append(waits, p.receivesOne(o.Node, answers)...)
	}
	if len(waits) == 0 {
		return false
	}
	flow := p.prog.Flow(u.at.Body())
	if l := u.start.Loop; l != nil {
		return !flow.Continues(u.start.Node, l.Node, waits)
	}
	return !flow.Leaves(u.start.Node, waits)
}

// answers returns the channels that what is handed over sends to or closes, also by
// a literal that has a name.
func (p *pkg) answers(f *Func, start *Op) map[*types.Var]bool {
	m := make(map[*types.Var]bool)
	tell := func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.SendStmt:
			m[p.prog.Variable(n.Chan)] = true
		case *ast.CallExpr:
			if calledName(n) == "close" && len(n.Args) == 1 {
				m[p.prog.Variable(n.Args[0])] = true
			}
		}
		return true
	}
	ast.Inspect(start.Node, tell)
	for _, g := range p.calleesAt(nil, f, start, p.unsettled) {
		if g.Lit != nil {
			ast.Inspect(g.Lit.Body, tell)
		}
	}
	delete(m, nil)
	return m
}

// receivesOne returns the nodes of an op that receive from one of the channels; of
// a select all clauses, as it may give up after some time.
func (p *pkg) receivesOne(n ast.Node, channels map[*types.Var]bool) []ast.Node {
	switch n := n.(type) {
	case *ast.UnaryExpr:
		if n.Op == token.ARROW && channels[p.prog.Variable(n.X)] {
			return []ast.Node{n}
		}
	case *ast.SelectStmt:
		var all []ast.Node
		one := false
		for _, c := range n.Body.List {
			all = append(all, c)
			if comm := c.(*ast.CommClause).Comm; comm != nil {
				ast.Inspect(comm, func(n ast.Node) bool {
					u, ok := n.(*ast.UnaryExpr)
					one = one || ok && u.Op == token.ARROW && channels[p.prog.Variable(u.X)]
					return true
				})
			}
		}
		if one {
			return all
		}
	}
	return nil
}
