package lockio

import (
	"go/types"
	"slices"
	"strings"

	"github.com/concurlint/concurlint/analyzers/effects"
	"github.com/concurlint/concurlint/analyzers/placement"
)

// This file reads what names say of how often things happen, and to whom.

// serial reports whether a mutex is named for the work that it lets only one do
// at a time.
func serial(name string) bool {
	return begins(name, "write", "send", "dial", "serial", "reload", "refresh", "reconnect", "exec", "iomu", "single")
}

// ending reports whether a function's name says that it ends things.
func ending(name string) bool {
	words := []string{"close", "stop", "shutdown", "disconnect", "teardown", "cleanup", "destroy", "terminate", "kill", "unsubscribe", "deregister"}
	return begins(name, words...) || slices.ContainsFunc(words, func(w string) bool { return strings.HasSuffix(strings.ToLower(name), w) })
}

// quiet reports whether f runs while nobody else needs what the lock guards:
// it ends it, or makes it.
func quiet(f *effects.Func) bool {
	return ending(declared(f)) || f.Outer().Decl != nil && f.Outer().Decl.Recv == nil && begins(declared(f), "new")
}

// configures reports whether f sets up or replaces what the lock guards as a
// whole, which happens once in a while and has to be seen all at once.
func configures(f *effects.Func) bool {
	name := declared(f)
	return strings.Contains(strings.ToLower(name), "config") ||
		begins(name, "reload", "setup", "start", "init", "swap", "replace", "reset", "restart", "reopen", "enable", "disable")
}

// reconfigures reports whether a function's name says that it puts a new
// configuration into effect.
func reconfigures(name string) bool {
	verb, ok := strings.CutSuffix(strings.ToLower(name), "config")
	return ok && slices.Contains([]string{"apply", "set", "update", "change", "reload"}, verb)
}

// prepares reports whether a function's name says that it makes things ready,
// once or again after a failure.
func prepares(name string) bool { return begins(name, "init", "setup", "bootstrap") }

// sets reports whether f is called before the work starts or once in a while.
func sets(f *effects.Func) bool { return begins(declared(f), "set", "register", "subscribe") }

// declared is the name of the declaration that holds f, or empty.
func declared(f *effects.Func) string {
	if d := f.Outer().Decl; d != nil {
		return d.Name.Name
	}
	return ""
}

// begins reports whether a name begins with one of the words, in any case.
func begins(name string, words ...string) bool {
	name = strings.ToLower(name)
	return slices.ContainsFunc(words, func(w string) bool { return strings.HasPrefix(name, w) })
}

// perUse reports whether the lock's owner is made for one piece of work by who
// wants it done.
func perUse(r *placement.Region) bool {
	if r.Func.Obj == nil || r.Func.Obj.Signature().Recv() == nil {
		return false
	}
	t, ok := types.Unalias(deref(r.Func.Obj.Signature().Recv().Type())).(*types.Named)
	return ok && (strings.HasSuffix(t.Obj().Name(), "Batch") || strings.HasSuffix(t.Obj().Name(), "Builder") || t.Obj().Name() == "batch")
}
