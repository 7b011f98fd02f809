package placement

import (
	"go/ast"
	"go/token"
	"go/types"

	"github.com/concurlint/concurlint/analyzers/effects"
	"github.com/concurlint/concurlint/analyzers/program"
)

// gates are the places of one function where the spawner of some site of it may be
// held back. Where control comes to a site past all of them, no choice among them
// holds that site back; this is worked out for all sites at once. Functions that
// are generated have thousands of sites and of waits, and asking each wait for each
// site takes time for every pair.
type gates struct {
	always []ast.Node                // hold whoever comes, as far as is known without the task
	sends  map[*types.Var][]ast.Node // hold whose task receives from the channel
	locks  map[*types.Var][]ast.Node // hold whose task unlocks
	// free reports whether control comes to a node past always and what the tasks of
	// the sites so far have added to it.
	free func(ast.Node) bool
}

// unheld reports whether control surely comes from the start of the function to an
// op without having been held back by a task of the site.
func (p *placer) unheld(s *Site, f *effects.Func, op *effects.Op) bool {
	g := p.gates[f]
	if g == nil {
		g = p.readGates(f)
		p.gates[f] = g
	}
	x := p.exchange(s)
	for v := range x.received {
		g.shut(g.sends, v)
	}
	for v, methods := range x.called {
		if methods["Unlock"] {
			g.shut(g.locks, v)
		}
	}
	if g.free == nil {
		g.free = p.prog.Flow(f.Body()).Past(g.always)
	}
	return g.free(op.Node)
}

// shut makes the gates of a variable hold everybody from now on. What a site was
// told before stays true: its task did not touch them.
func (g *gates) shut(of map[*types.Var][]ast.Node, v *types.Var) {
	if nodes := of[v]; nodes != nil {
		g.always, g.free = append(g.always, nodes...), nil
		delete(of, v)
	}
}

// readGates finds all that holds reports for any site, and more where telling
// takes the site: it is what follows from too many gates that is certain.
func (p *placer) readGates(f *effects.Func) *gates {
	g := &gates{sends: make(map[*types.Var][]ast.Node), locks: make(map[*types.Var][]ast.Node)}
	for _, op := range p.mayHold(f) {
		switch n := op.Node.(type) {
		case *ast.SendStmt:
			p.addSend(g, n.Chan, n)
		case *ast.UnaryExpr:
			if n.Op == token.ARROW && !p.ticks(n.X) {
				g.always = append(g.always, n)
			}
		case *ast.SelectStmt:
			for _, c := range n.Body.List {
				clause := c.(*ast.CommClause)
				if send, ok := clause.Comm.(*ast.SendStmt); ok {
					p.addSend(g, send.Chan, clause)
				} else if program.ReceivedFrom(clause.Comm) != nil {
					g.always = append(g.always, clause) // of time too: it may be the limit of a place
				}
			}
		default:
			verb, recv := p.lockVerb(op)
			switch {
			case p.fx.Limiter(op.Callee()) == "release":
			case verb == "" || p.acquires(op.Callee()):
				g.always = append(g.always, n)
			case verb == "lock":
				v := p.shared(recv)
				g.locks[v] = append(g.locks[v], n)
			}
		}
		g.always = append(g.always, p.optional(f, op, nil)...)
	}
	return g
}

func (p *placer) addSend(g *gates, ch ast.Expr, n ast.Node) {
	v := p.shared(ch)
	if v == nil || p.tokens(ch) {
		g.always = append(g.always, n)
		return
	}
	g.sends[v] = append(g.sends[v], n)
}
