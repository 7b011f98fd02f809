package lockio

import (
	"go/ast"
	"go/types"
	"slices"

	"github.com/concurlint/concurlint/analyzers/effects"
	"github.com/concurlint/concurlint/analyzers/placement"
	"github.com/concurlint/concurlint/analyzers/program"
)

// refuses reports whether the short work of a region could do no more than to fail while h
// waits: a field says on every way to the wait what makes it leave with an error.
//
//	if c.busy { return errBusy }; c.busy = true // the short work
//	if !c.busy { return }; wait(); c.busy = false
func (c *checker) refuses(s *placement.Region, h held) bool {
	if !c.mayFail(s.Func) || !c.ofReceiver(s) {
		return false
	}
	during := c.standing(h)
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

// standing returns what is asked for before a wait and still so while that lasts, of the
// object to which the lock belongs: of those that share one, others say something else.
func (c *checker) standing(h held) []program.Flag {
	list, known := c.stands[h.op]
	if !known {
		if c.ofReceiver(h.r) {
			list = slices.DeleteFunc(c.prog().Asked(h.op.Node), func(f program.Flag) bool { return c.setsBefore(h, f.Var) })
		}
		c.stands[h.op] = list
	}
	return list
}

// setsBefore reports whether the function of h, or one around it, may set a flag before the
// wait, or what it calls for that.
func (c *checker) setsBefore(h held, flag *types.Var) bool {
	at := h.op.Node
	for f := h.r.Func; f != nil; f = f.Parent {
		if c.prog().SetBefore(f.Body(), flag, at) {
			return true
		}
		at = f.Node()
	}
	g := c.res.Effects.Func(h.op.Callee())
	return g != nil && g.Body() != nil && slices.ContainsFunc(g.Ops, func(op *effects.Op) bool {
		return op.Effect(h.e.Kind) != nil && c.prog().SetBefore(g.Body(), flag, op.Node)
	})
}

// ofReceiver reports whether a lock lies in the receiver of the method that takes it, rather
// than behind a pointer that others may have too.
func (c *checker) ofReceiver(r *placement.Region) bool {
	outer := r.Func.Outer()
	call, ok := r.Acquire.Node.(*ast.CallExpr)
	if r.Lock == nil || !r.Lock.IsField() || !ok || outer.Obj == nil {
		return false
	}
	path, ok := c.prog().Path(&program.Frame{In: outer.Node()}, call.Fun)
	return ok && path.Root == outer.Obj.Signature().Recv() && !slices.ContainsFunc(append(path.Fields, r.Lock), func(f *types.Var) bool {
		_, own := f.Type().Underlying().(*types.Struct)
		return !own
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
