package lockio

import (
	"slices"

	"github.com/concurlint/concurlint/analyzers/effects"
	"github.com/concurlint/concurlint/analyzers/program"
)

// This file looks for code that nobody here knows in what is called under a lock.

// mostBelow is how many calls below the lock code is looked for.
const mostBelow = 2

// below finds code that a function of this package runs which op calls.
func (c *checker) below(op *effects.Op, depth int) *stranger {
	f := c.res.Effects.Func(op.Callee())
	if f == nil || depth == 0 || f.Decl == nil {
		return nil
	}
	key := search{f, depth}
	if s, ok := c.found[key]; ok {
		return s
	}
	for _, o := range f.Ops {
		if o.Certainty < effects.Missed || o.Deferred || o.Spawned != nil || lent(o) {
			continue
		}
		s := c.foreign(f, o)
		if s != nil && !c.others(s) {
			s = nil
		}
		if s != nil {
			s.through, s.at = f, o
		} else if s = c.below(o, depth-1); s != nil {
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

// others reports whether people who use the package choose the code, and it may wait
// as far as its type tells: it can fail, or be told to stop. From farther away, what
// the package itself puts into a variable, as a hook for its tests, says little.
func (c *checker) others(s *stranger) bool {
	if s.method != nil {
		sig := s.method.Signature()
		return sig.Results().Len() > 0 || sig.Params().Len() > 0 && effects.IsContext(sig.Params().At(0).Type())
	}
	if s.holder.Exported() {
		return true
	}
	return slices.ContainsFunc(c.res.Effects.Program().Held(s.holder), func(v program.Value) bool { return v.From != nil })
}

// A search is for code below a function, so many calls deep.
type search struct {
	in    *effects.Func
	depth int
}

// lent reports whether the op runs with its caller's lock given back.
func lent(op *effects.Op) bool {
	return slices.ContainsFunc(op.Effects, func(e effects.Effect) bool { return e.Is(effects.Released) })
}
