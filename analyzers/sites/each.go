package sites

import (
	"go/ast"
	"slices"

	"github.com/concurlint/concurlint/analyzers/effects"
	"github.com/concurlint/concurlint/analyzers/placement"
)

// each describes the functions that a call runs once for each of many things,
// as filepath.WalkDir does: to the advisor such a call is the loop that its
// callee has. The place is that of the call.
func (l *lister) each(f *effects.Func, op *effects.Op) *Site {
	c, isCall := op.Node.(*ast.CallExpr)
	fn := op.Callee()
	if !isCall || fn == nil || fn.Pkg() == nil || l.fx.Knowledge().Executor(effects.SymbolOf(fn)) != nil {
		return nil
	}
	for _, i := range l.fx.Each(op) {
		bodies := l.fx.TaskFuncs(f, op, i)
		if len(bodies) == 0 || slices.ContainsFunc(bodies, l.startsTasks) {
			continue // its loop hands over already
		}
		if !slices.ContainsFunc(bodies, func(g *effects.Func) bool { return l.worksFor(g) }) {
			continue
		}
		out := l.at(f, c)
		out.Via, out.Executor = effects.DisplayName(fn, nil), "serial"
		if i > 0 {
			out.Trip = l.source(c.Args[0])
		} else if recv, ok := ast.Unparen(c.Fun).(*ast.SelectorExpr); ok {
			out.Trip = l.source(recv.X)
		}
		out.Limit = Limit{Class: "const", Text: "1", Place: out.Place, N: 1}
		list, _ := l.fx.Task(f, op, i)
		out.Task = l.task(list)
		var nodes []ast.Node
		for _, g := range bodies {
			if g.Body() == nil {
				continue
			}
			out.Task.Bodies = append(out.Task.Bodies, l.body(g))
			if nodes = append(nodes, g.Lit); g.Decl != nil {
				nodes[len(nodes)-1] = g.Decl
			}
		}
		out.answer(l.carried.Each(nodes))
		return out
	}
	return nil
}

// worksFor reports whether a callback does what is worth a hand-over.
func (l *lister) worksFor(g *effects.Func) bool {
	return g.Summary.Works() || works(g.Summary.Effects)
}

// startsTasks reports whether f, or a literal in it, hands something over.
func (l *lister) startsTasks(f *effects.Func) bool {
	return slices.ContainsFunc(l.res.Sites, func(s *placement.Site) bool {
		for g := s.Func; g != nil; g = g.Parent {
			if g == f {
				return true
			}
		}
		return false
	})
}
