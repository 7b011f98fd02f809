package lockio

import (
	"go/ast"
	"slices"

	"github.com/concurlint/concurlint/analyzers/effects"
	"github.com/concurlint/concurlint/analyzers/placement"
)

// This file finds what many run at once: the handlers of requests. Under a lock that they
// share, each of them makes the others wait.

// serves reports whether f is in the handler of a request, which others run beside.
func (c *checker) serves(f *effects.Func) bool {
	return c.res.Effects.Serves(f) || c.res.Effects.Serves(f.Outer())
}

// meetsItself reports whether the function of a region runs for many requests at once, each
// of which waits for the one that has the lock. Those that want the lock of another key do
// not, nor do readers.
func (c *checker) meetsItself(r *placement.Region) bool {
	return r.Among == nil && !r.Read && (c.serves(r.Func) || c.servedBy(r))
}

// servedBy reports whether the function of a region is called by the handlers of requests
// alone, and its lock is one that they share: that of the package, or of the object whose
// methods they are. What a handler makes for itself has a lock that no other one wants.
func (c *checker) servedBy(r *placement.Region) bool {
	f := r.Func.Outer()
	if f.Obj == nil || r.Lock == nil {
		return false
	}
	calls, all := c.callsOf(f.Obj)
	return all && len(calls) > 0 && !slices.ContainsFunc(calls, func(at effects.CallSite) bool {
		return !c.serves(at.Func) || !atPackage(r.Lock) && !c.onReceiver(at)
	})
}

// onReceiver reports whether a method calls another one of its own receiver.
func (c *checker) onReceiver(at effects.CallSite) bool {
	f := at.Func.Outer()
	call, ok := at.Op.Node.(*ast.CallExpr)
	if !ok || f.Obj == nil || f.Obj.Signature().Recv() == nil {
		return false
	}
	sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	if !ok {
		return false
	}
	id, ok := ast.Unparen(sel.X).(*ast.Ident)
	return ok && c.pass.TypesInfo.Uses[id] == f.Obj.Signature().Recv()
}

// punishes reports whether a handler itself sleeps where something is amiss: what that is,
// its clients choose, and one that wants it has it happen each time.
func (c *checker) punishes(h held) bool {
	return h.e.Kind == effects.Sleep && len(h.e.Chain) == 1 && c.serves(h.r.Func)
}
