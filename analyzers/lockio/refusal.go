package lockio

import (
	"go/ast"
	"slices"

	"github.com/concurlint/concurlint/analyzers/placement"
	"github.com/concurlint/concurlint/analyzers/program"
)

// refuses reports whether the short work of a region could do no more than to fail while h
// waits: a field says on every way to the wait what makes it leave with an error.
//
//	if c.busy { return errBusy }; c.busy = true // the short work
//	if !c.busy { return }; wait(); c.busy = false
func (c *checker) refuses(s *placement.Region, h held) bool {
	if !c.mayFail(s.Func) {
		return false
	}
	during := slices.DeleteFunc(c.prog().Asked(h.op.Node), func(f program.Flag) bool { return c.setsBefore(h, f) })
	if len(during) == 0 {
		return false
	}
	refused := false
	for _, r := range program.Returns(s.Func.Body()) {
		asked := c.prog().Asked(r)
		switch {
		case slices.ContainsFunc(asked, func(f program.Flag) bool { return slices.Contains(during, program.Flag{Var: f.Var, On: !f.On}) }):
		case c.returnsError(r) && slices.ContainsFunc(asked, func(f program.Flag) bool { return slices.Contains(during, f) }):
			refused = true
		default:
			return false
		}
	}
	return refused
}

// setsBefore reports whether the function of h sets a flag before the wait.
func (c *checker) setsBefore(h held, f program.Flag) bool {
	return slices.ContainsFunc(c.putsOf(h.r.Func).assigned, func(a *ast.AssignStmt) bool {
		return a.Pos() < h.op.Node.Pos() && slices.ContainsFunc(a.Lhs, func(l ast.Expr) bool { return c.res.Effects.Variable(l) == f.Var })
	})
}

// returnsError reports whether a statement surely returns an error: a new one, or one that
// the package has for it.
func (c *checker) returnsError(r *ast.ReturnStmt) bool {
	if len(r.Results) == 0 {
		return false
	}
	last := ast.Unparen(r.Results[len(r.Results)-1])
	t := c.pass.TypesInfo.TypeOf(last)
	if t == nil || c.pass.TypesInfo.Types[last].IsNil() || !fails(t) {
		return false
	}
	v := c.res.Effects.Variable(last)
	return v == nil || !v.IsField() && v.Parent() == v.Pkg().Scope()
}
