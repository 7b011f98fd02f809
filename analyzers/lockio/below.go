package lockio

import (
	"go/ast"
	"slices"

	"github.com/concurlint/concurlint/analyzers/effects"
	"github.com/concurlint/concurlint/analyzers/program"
)

// This file looks for code that nobody here knows in what is called under a lock.

// mostBelow is how many calls below the lock code is looked for: a dial looks the scheme
// up, which calls what has been registered. In prometheus, nats-server, traefik, minio,
// gdu and pebble one call less or more finds the same.
const mostBelow = 3

// below finds code that a function of this package runs which op of from calls.
func (c *checker) below(from *effects.Func, op *effects.Op, depth int) *stranger {
	f := c.single(from, op)
	call, ok := op.Node.(*ast.CallExpr)
	if f == nil || depth == 0 || !ok {
		return nil
	}
	key := search{in: f, depth: depth}
	if slices.ContainsFunc(call.Args, c.constant) {
		key.of = call
	}
	if s, ok := c.found[key]; ok {
		return s
	}
	for _, o := range f.Ops {
		if o.Certainty < effects.Missed || o.Deferred || o.Spawned != nil || lent(o) || c.res.Effects.RulesOut(call, f, o) {
			continue
		}
		s := c.foreign(f, o)
		if s != nil && !c.others(s, o) {
			s = nil
		}
		if s != nil {
			s.through, s.at = f, o
		} else if s = c.below(f, o, depth-1); s != nil {
			up := *s
			up.through = f
			s = &up
		}
		if s != nil {
			c.found[key] = s
			return s
		}
	}
	c.found[key] = nil
	return nil
}

// single returns the one function of this package that op of f calls, which may be a
// literal that a variable holds; nil for another.
func (c *checker) single(f *effects.Func, op *effects.Op) *effects.Func {
	if g := c.res.Effects.Func(op.Callee()); g != nil && g.Decl != nil {
		return g
	}
	if op.Callee() != nil {
		return nil
	}
	// A literal whose call is not dynamic runs nothing that is unknown.
	list := c.res.Effects.Callees(f, op)
	if len(list) != 1 || list[0].Lit == nil || op.Effect(effects.Dynamic) == nil {
		return nil
	}
	return list[0]
}

// others reports whether people who use the package choose the code, and it may wait
// as far as its type tells: it can fail, or be told to stop. A value that each caller
// brings along counts whatever its type says. From farther away, what the package
// itself puts into a variable, as a hook for its tests, says little. What is called by
// reflection nobody can tell.
func (c *checker) others(s *stranger, op *effects.Op) bool {
	if s.method != nil {
		sig := s.method.Signature()
		return sig.Results().Len() > 0 || sig.Params().Len() > 0 && effects.IsContext(sig.Params().At(0).Type()) || c.brought(op)
	}
	return s.holder == nil || s.holder.Exported() || slices.ContainsFunc(c.prog().Held(s.holder), func(v program.Value) bool { return v.From != nil })
}

// brought reports whether a method is called of one of many that callers of a method have
// left here. What a constructor is given is a part of the thing, rather than a caller's.
func (c *checker) brought(op *effects.Op) bool {
	x := operand(op.Node)
	if c.member(x, op.Loop) == nil {
		return false
	}
	for _, h := range c.prog().Holders(x) {
		if h.From != nil && slices.ContainsFunc(c.prog().Held(h.From), c.ofMethod) {
			return true
		}
	}
	return false
}

// ofMethod reports whether a value is what callers give to a method of this package.
func (c *checker) ofMethod(v program.Value) bool {
	if v.From == nil {
		return false
	}
	fn, _, ok := c.prog().Parameter(v.From)
	return ok && fn.Signature().Recv() != nil
}

func (c *checker) prog() *program.Program { return c.res.Effects.Program() }

// A search is for code below a function, so many calls deep; of is the call that it is
// for, where that gives constants, by which some of the code may not run.
type search struct {
	in    *effects.Func
	depth int
	of    *ast.CallExpr
}

// constant reports whether the value of an expression is known as the program is compiled.
func (c *checker) constant(e ast.Expr) bool { return c.pass.TypesInfo.Types[e].Value != nil }

// lent reports whether the op runs with its caller's lock given back.
func lent(op *effects.Op) bool {
	return slices.ContainsFunc(op.Effects, func(e effects.Effect) bool { return e.Is(effects.Released) })
}
