package lockio

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"github.com/concurlint/concurlint/analyzers/effects"
)

// This file finds who a WaitGroup or an errgroup.Group waits for.

// members returns the goroutines that the group waits for.
func (c *checker) members(v *types.Var) []far {
	var list []far
	joins := make(map[*effects.Func]token.Pos) // first Add on the group
	c.calls(v, func(f *effects.Func, op *effects.Op) {
		if op.Callee().Name() == "Add" && !joins[f].IsValid() {
			joins[f] = op.Node.Pos()
		}
	})
	c.calls(v, func(f *effects.Func, op *effects.Op) {
		switch op.Callee().Name() {
		case "Go":
			for _, g := range c.res.Effects.TaskFuncs(f, op, 0) {
				list = append(list, far{f: g})
			}
		case "Done":
			side := before(f, op)
			side.from = c.joined(f, op, joins)
			list = append(list, side)
		}
	})
	return list
}

// ofThisRound leaves of the members of a group those that are not of another round: one method
// of an object after another may use its group, if each waits for what it has started itself.
func (c *checker) ofThisRound(list []far, v *types.Var, wait *ast.CallExpr) []far {
	starts, waits := make(map[*effects.Func]bool), make(map[*effects.Func]bool)
	var own, others []*effects.Func
	c.calls(v, func(f *effects.Func, op *effects.Op) {
		switch verb := effects.OnGroup(op.Callee()); {
		case verb == effects.StartsInGroup, op.Callee().Name() == "Add":
			starts[f.Outer()] = true
			if f.Body().Pos() <= op.Node.Pos() && op.Node.End() <= wait.Pos() && wait.End() <= f.Body().End() {
				own = append(own, f)
			} else {
				others = append(others, f)
			}
		case verb == effects.WaitsForGroup:
			waits[f.Outer()] = true
		}
	})
	for f := range starts {
		if !waits[f] {
			return list // its goroutines are there whenever another one waits
		}
	}
	if len(own) == 0 || len(others) == 0 {
		return list
	}
	here, there := c.startedFrom(own), c.startedFrom(others)
	return slices.DeleteFunc(slices.Clone(list), func(s far) bool { return there[s.f] && !here[s.f] })
}

// startedFrom returns the functions that run for some, be it on goroutines that they start.
func (c *checker) startedFrom(list []*effects.Func) map[*effects.Func]bool {
	for _, f := range c.res.Effects.Funcs() {
		if slices.Contains(list, f.Parent) {
			list = append(list, f) // literals, outer ones first
		}
	}
	for _, s := range c.res.Sites {
		if slices.Contains(list, s.Func) {
			list = append(list, c.res.Effects.TaskFuncs(s.Func, s.Op, s.Arg)...)
		}
	}
	reached := make(map[*effects.Func]bool)
	c.res.Effects.Reached(list, func(f *effects.Func) bool {
		reached[f] = true
		return true
	})
	return reached
}

// joined is where the function itself joins the group that it leaves at done, also
// through a function of the package that adds to it: nobody waits for it before.
func (c *checker) joined(f *effects.Func, done *effects.Op, joins map[*effects.Func]token.Pos) token.Pos {
	from := token.NoPos
	for _, op := range f.Ops {
		if at := op.Node.Pos(); at >= done.Node.Pos() {
			break
		} else if g := c.res.Effects.Func(op.Callee()); op.Spawned == nil && (at == joins[f] || g != nil && joins[g].IsValid()) {
			from = op.Node.End()
		}
	}
	return from
}
