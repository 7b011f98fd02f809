package placement

import (
	"go/ast"
	"go/types"
	"slices"

	"golang.org/x/tools/go/types/typeutil"

	"github.com/concurlint/concurlint/analyzers/effects"
)

// replaced returns the calls in a loop that take back what the site has started in
// an earlier turn, with the tests for nil around them: then there is one at a time.
//
//	if timer != nil { timer.Stop() }
//	timer = time.AfterFunc(pause, reload)
//
// The call may stand in a function of the package that the loop calls.
func (p *placer) replaced(s *Site, f *effects.Func, l *effects.Loop) (cuts []ast.Node) {
	v := p.keptIn(l.Node, s.Op.Node)
	if v == nil {
		return nil
	}
	ast.Inspect(l.Node, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.CallExpr:
			helpers := p.callees(n)
			if p.takesBack(n, v) || slices.ContainsFunc(helpers, func(g *effects.Func) bool { return p.takesBackIn(g, v) }) {
				cuts = append(cuts, n)
			}
		}
		return true
	})
	for _, t := range p.nilTests(f) {
		if w, _ := p.nilTest(t.Cond); w == v && slices.ContainsFunc(cuts, func(n ast.Node) bool { return contains(t.Body, n) }) {
			cuts = append(cuts, t.Cond)
		}
	}
	return cuts
}

// keptIn returns the variable from outside of the loop that a call's result is
// assigned to, or nil. One element of many is none: the others go on.
func (p *placer) keptIn(loop ast.Stmt, call ast.Node) (v *types.Var) {
	ast.Inspect(loop, func(n ast.Node) bool {
		a, ok := n.(*ast.AssignStmt)
		if ok && len(a.Rhs) == 1 && len(a.Lhs) == 1 && ast.Unparen(a.Rhs[0]) == call {
			v = p.prog.Variable(a.Lhs[0])
		}
		return v == nil
	})
	if v == nil || loop.Pos() <= v.Pos() && v.Pos() < loop.End() {
		return nil
	}
	return v
}

func (p *placer) takesBackIn(g *effects.Func, v *types.Var) bool {
	found := false
	if g.Body() != nil {
		ast.Inspect(g.Body(), func(n ast.Node) bool {
			c, ok := n.(*ast.CallExpr)
			found = found || ok && p.takesBack(c, v)
			return !found
		})
	}
	return found
}

// takesBack reports whether a call keeps what the timer v would run from being run.
func (p *placer) takesBack(c *ast.CallExpr, v *types.Var) bool {
	fn := typeutil.StaticCallee(p.info, c)
	return fn != nil && fn.FullName() == "(*time.Timer).Stop" && p.shared(receiver(c)) == v
}
