package lockio

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"github.com/concurlint/concurlint/analyzers/effects"
)

// This file finds who holds the places of a semaphore that is a channel, and from where on:
// what a holder does before it has a place keeps nobody waiting for that one.

// holders narrows the far sides of who wants a place, those that give one back, to what they
// do while they have it. Who wants one sends, or else receives.
func (c *checker) holders(ch ast.Expr, v *types.Var, sides []far, sends bool) []far {
	if v == nil || !c.prog().Semaphore(ch) {
		return sides
	}
	list := slices.Clone(sides)
	for i := range list {
		list[i].place, list[i].sends = v, sends
		c.hold(&list[i])
	}
	return list
}

// hold notes where the function of a side takes the place. One that does not has been started
// with it, or called.
func (c *checker) hold(s *far) {
	if s.place == nil {
		return
	}
	until := s.limit
	if s.last.IsValid() {
		until = s.last
	}
	if at := c.tookAt(s.f, s.place, s.sends, until); at.IsValid() {
		s.from, s.loop = at, nil
	}
}

// tookAt is the end of the last op before a position by which f takes a place, itself or in a
// function of the package that takes one for it; NoPos if there is none.
func (c *checker) tookAt(f *effects.Func, place *types.Var, sends bool, before token.Pos) (at token.Pos) {
	for _, op := range f.Ops {
		if op.Spawned != nil || op.Deferred || before.IsValid() && op.Node.Pos() >= before {
			continue
		}
		g := c.res.Effects.Func(op.Callee())
		if c.uses(op, place, sends) || g != nil && c.usesIn(g, place, sends) && !c.usesIn(g, place, !sends) {
			at = op.Node.End()
		}
	}
	return at
}

// usesIn reports whether f sends to a channel, or else receives from it, in an op of its own
// or of a literal in it.
func (c *checker) usesIn(f *effects.Func, ch *types.Var, sends bool) bool {
	return slices.ContainsFunc(c.users(ch, sends), func(s far) bool { return s.f == f || s.f.Parent == f })
}

// uses reports whether an op sends to a channel, or else receives from it.
func (c *checker) uses(op *effects.Op, ch *types.Var, sends bool) bool {
	if sends {
		return slices.ContainsFunc(effects.Sends(op.Node), func(s *ast.SendStmt) bool { return c.prog().MustAlias(s.Chan) == ch })
	}
	for x := range receives(op.Node) {
		if c.prog().MustAlias(x) == ch {
			return true
		}
	}
	return false
}

// givesOwn reports whether an op of f gives back, itself or in a function of the package, the
// place that f has taken before: there is one in the channel, or room for it.
func (c *checker) givesOwn(f *effects.Func, op *effects.Op) bool {
	ops := []*effects.Op{op}
	if g := c.res.Effects.Func(op.Callee()); g != nil {
		ops = g.Ops
	}
	return slices.ContainsFunc(ops, func(o *effects.Op) bool {
		u, ok := c.use(o.Node)
		return ok && c.prog().Semaphore(u.Ch) && c.tookAt(f, c.prog().MustAlias(u.Ch), !u.Send, op.Node.Pos()).IsValid()
	})
}
