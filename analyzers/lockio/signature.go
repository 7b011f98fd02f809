package lockio

import (
	"go/types"

	"github.com/concurlint/concurlint/analyzers/effects"
	"github.com/concurlint/concurlint/analyzers/module"
	"github.com/concurlint/concurlint/analyzers/program"
)

// This file tells by its signature what a function that is not known may do.

// acts reports whether a function is called for what it does: it returns nothing,
// or only whether that went well.
func acts(sig *types.Signature) bool {
	n := sig.Results().Len()
	return n == 0 || n == 1 && fails(sig.Results().At(0).Type())
}

// fails reports whether a type says that something has failed: error, or a type of its own.
func fails(t types.Type) bool {
	return types.Implements(t, types.Universe.Lookup("error").Type().Underlying().(*types.Interface))
}

// opens reports whether a function makes something that lives on, or fails: it has
// a method that may fail too and is told nothing, as to start or to close it.
//
//	func(url string) (net.Conn, error)
func opens(sig *types.Signature) bool {
	r := sig.Results()
	if r.Len() < 2 || !fails(r.At(r.Len()-1).Type()) {
		return false
	}
	for v := range r.Variables() {
		if !fails(v.Type()) && !effects.IsContext(v.Type()) && alive(v.Type()) {
			return true
		}
	}
	return false
}

// alive reports whether a type has a method that is told nothing and may fail.
func alive(t types.Type) bool {
	for s := range types.NewMethodSet(t).Methods() {
		sig := s.Obj().(*types.Func).Signature()
		if s.Obj().Exported() && sig.Params().Len() == 0 && sig.Results().Len() == 1 && fails(sig.Results().At(0).Type()) {
			return true
		}
	}
	return false
}

// compares reports whether a function compares two things.
func compares(sig *types.Signature) bool {
	p, r := sig.Params(), sig.Results()
	if p.Len() != 2 || r.Len() != 1 || !types.Identical(p.At(0).Type(), p.At(1).Type()) {
		return false
	}
	b, ok := r.At(0).Type().Underlying().(*types.Basic)
	return ok && b.Info()&(types.IsBoolean|types.IsInteger) != 0
}

// elsewhereOnly reports whether an interface method acts, and no type of this
// package implements it. Those of the standard library are too general to say
// anything. A stand-in is no implementation, and shows that there are others, which
// act wherever they can fail; a function type, as http.HandlerFunc, is for functions of others.
func (c *checker) elsewhereOnly(fn *types.Func) bool {
	recv := fn.Signature().Recv()
	if recv == nil || fn.Pkg() == nil || module.Standard(fn.Pkg().Path()) || program.Prints(fn.Signature()) {
		return false
	}
	iface, ok := recv.Type().Underlying().(*types.Interface)
	if !ok {
		return false
	}
	stood := false
	for _, tn := range c.prog().Types() {
		if types.IsInterface(tn.Type()) {
			continue
		}
		n, ok := tn.Type().(*types.Named)
		if !ok || n.TypeParams() != nil || !types.Implements(types.NewPointer(n), iface) {
			continue
		}
		if _, adapts := n.Underlying().(*types.Signature); !adapts && !c.standsIn(n, fn) {
			return false
		}
		stood = true
	}
	return acts(fn.Signature()) || opens(fn.Signature()) || stood && canFail(fn.Signature())
}

// standsIn reports whether the method by which a type implements an interface's does nothing.
func (c *checker) standsIn(n *types.Named, fn *types.Func) bool {
	obj, _, _ := types.LookupFieldOrMethod(types.NewPointer(n), true, c.pass.Pkg, fn.Name())
	m, ok := obj.(*types.Func)
	if !ok {
		return false
	}
	f := c.res.Effects.Func(m)
	return f != nil && c.res.Effects.StandsIn(f)
}

// canFail reports whether a function returns an error, and be it beside a result.
func canFail(sig *types.Signature) bool {
	n := sig.Results().Len()
	return n > 0 && fails(sig.Results().At(n-1).Type())
}
