package placement

import (
	"go/types"

	"github.com/concurlint/concurlint/analyzers/program"
)

// This file tells the parts of an object, which are few, from what somebody asks for.

// kept reports whether the site's loop goes over what the package itself keeps: the parts of
// an object, the peers that it knows. Nobody else puts anything there, as a decoder does with
// the exported fields of a request, and the function does not empty it, as it does with what
// has been gathered. Names to ask one service about may be many, whoever keeps them.
func (p *placer) kept(s *Site) bool {
	if s.Trip.Expr == nil || s.Trip.Event != NoEvent || p.oneFarEnd(s) {
		return false
	}
	path, ok := p.prog.Path(&program.Frame{In: s.Func.Node()}, p.fx.Local(s.Func, s.Trip.Expr))
	if !ok {
		return false
	}
	v := path.Last()
	if v.Exported() || v.Pkg() != p.pass.Pkg || !program.Collects(v.Type()) || p.prog.Sets(s.Func.Outer().Node(), v) {
		return false
	}
	if path.Root.Parent() == p.pass.Pkg.Scope() {
		return true
	}
	if k := path.Root.Kind(); k != types.RecvVar && k != types.ParamVar {
		return false // what the function makes, or has been answered, is what it works on
	}
	owner := path.Keeper()
	return owner != nil && !program.IsNode(owner.Type())
}
