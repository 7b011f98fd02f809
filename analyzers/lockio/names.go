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
