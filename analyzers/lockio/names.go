package lockio

import (
	"go/types"

	"github.com/concurlint/concurlint/analyzers/effects"
	"github.com/concurlint/concurlint/analyzers/internal/lexicon"
	"github.com/concurlint/concurlint/analyzers/placement"
)

// This file reads what names say of how often things happen, and to whom.

// quiet reports whether f runs while nobody else needs what the lock guards:
// it ends it, or makes it.
func quiet(f *effects.Func) bool {
	name := declared(f)
	return lexicon.Is(lexicon.Ends, name) || f.Outer().Decl != nil && f.Outer().Decl.Recv == nil && lexicon.Is(lexicon.Constructor, name)
}

// configures reports whether f sets up or replaces what the lock guards as a
// whole, which happens once in a while and has to be seen all at once.
func configures(f *effects.Func) bool {
	return lexicon.Is(lexicon.Configures, declared(f)) || lexicon.Is(lexicon.Setup, declared(f))
}

// prepares reports whether a function's name says that it makes things ready, once
// or again after a failure, or puts a new configuration into effect.
func prepares(name string) bool {
	return lexicon.Is(lexicon.Configures, name) || lexicon.Is(lexicon.Setup, name)
}

// declared is the name of the declaration that holds f, or empty.
func declared(f *effects.Func) string {
	if d := f.Outer().Decl; d != nil {
		return d.Name.Name
	}
	return ""
}

// perUse reports whether the lock's owner is made for one piece of work by who
// wants it done.
func perUse(r *placement.Region) bool {
	if r.Func.Obj == nil || r.Func.Obj.Signature().Recv() == nil {
		return false
	}
	t, ok := types.Unalias(deref(r.Func.Obj.Signature().Recv().Type())).(*types.Named)
	return ok && lexicon.Is(lexicon.Job, t.Obj().Name())
}
