package fanout

import (
	"go/ast"
	"go/token"
	"go/types"

	"github.com/concurlint/concurlint/analyzers/effects"
	"github.com/concurlint/concurlint/analyzers/placement"
)

// A candidate is a site that has been reported, and what its task is about.
type candidate struct {
	*placement.Site
	about *types.Func
}

// mostTwins is how many sites before one are looked at. Ways that exclude each other stand
// close together, and generated functions have hundreds.
const mostTwins = 16

// twin returns where a site before s starts the same task on a way that excludes that of
// s, NoPos if none does: there is one task for each of the data, whichever way is gone.
//
//	if urgent {
//		go send(first)
//	} else {
//		go send(second)
//	}
func twin(fx *effects.Result, before []candidate, s candidate) token.Pos {
	for _, t := range before[max(0, len(before)-mostTwins):] {
		if t.Func != s.Func || t.Trip.Loop != s.Trip.Loop || s.about == nil || t.about != s.about {
			continue
		}
		var loop ast.Stmt
		if s.Trip.Loop != nil {
			loop = s.Trip.Loop.Node
		}
		if fx.Program().Flow(s.Func.Body()).Excludes(t.Op.Node, s.Op.Node, loop) {
			return t.Op.Node.Pos()
		}
	}
	return token.NoPos
}

// task returns the function that the task of a site is about: that which it is, or the
// one in a literal that does what makes it harmful.
func task(fx *effects.Result, s *placement.Site) *types.Func {
	if fn := s.Op.Callee(); fn != nil && s.Arg == effects.GoCall {
		return fn
	}
	e := worst(s.Effects)
	for _, f := range fx.TaskFuncs(s.Func, s.Op, s.Arg) {
		if f.Obj != nil {
			return f.Obj
		}
		for _, op := range f.Ops {
			if e != nil && op.Effect(e.Kind) != nil && op.Spawned == nil {
				return op.Callee()
			}
		}
	}
	return nil
}
