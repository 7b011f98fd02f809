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
	name = strings.ToLower(name)
	for _, s := range []string{"write", "send", "dial", "serial", "reload", "refresh", "reconnect", "exec", "iomu", "single"} {
		if strings.HasPrefix(name, s) {
			return true
		}
	}
	return false
}

// ending reports whether a function's name says that it ends things.
func ending(name string) bool {
	name = strings.ToLower(name)
	for _, s := range []string{"close", "stop", "shutdown", "disconnect", "teardown", "cleanup", "destroy", "terminate", "kill", "unsubscribe", "deregister"} {
		if strings.HasPrefix(name, s) || strings.HasSuffix(name, s) {
			return true
		}
	}
	return false
}

// quiet reports whether f runs while nobody else needs what the lock guards:
// it ends it, or makes it.
func quiet(f *effects.Func) bool {
	d := f.Outer().Decl
	return d != nil && (ending(d.Name.Name) || d.Recv == nil && strings.HasPrefix(strings.ToLower(d.Name.Name), "new"))
}

// configures reports whether f sets up or replaces what the lock guards as a
// whole, which happens once in a while and has to be seen all at once.
func configures(f *effects.Func) bool {
	d := f.Outer().Decl
	if d == nil {
		return false
	}
	name := strings.ToLower(d.Name.Name)
	if strings.Contains(name, "config") {
		return true
	}
	for _, verb := range []string{"reload", "setup", "start", "init", "swap", "replace", "reset", "restart", "reopen", "enable", "disable"} {
		if strings.HasPrefix(name, verb) {
			return true
		}
	}
	return false
}

// reconfigures reports whether a function's name says that it puts a new
// configuration into effect.
func reconfigures(name string) bool {
	verb, ok := strings.CutSuffix(strings.ToLower(name), "config")
	return ok && slices.Contains([]string{"apply", "set", "update", "change", "reload"}, verb)
}

// prepares reports whether a function's name says that it makes things ready,
// once or again after a failure.
func prepares(name string) bool {
	name = strings.ToLower(name)
	return strings.HasPrefix(name, "init") || strings.HasPrefix(name, "setup") || strings.HasPrefix(name, "bootstrap")
}

// sets reports whether f is called before the work starts or once in a while.
func sets(f *effects.Func) bool {
	d := f.Outer().Decl
	if d == nil {
		return false
	}
	for _, verb := range []string{"set", "register", "subscribe"} {
		if strings.HasPrefix(strings.ToLower(d.Name.Name), verb) {
			return true
		}
	}
	return false
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
