package contracts

import (
	"go/ast"
	"go/types"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/concurlint/concurlint/analyzers/directive"
	"github.com/concurlint/concurlint/analyzers/effects"
	"github.com/concurlint/concurlint/analyzers/knowledge"
	"github.com/concurlint/concurlint/analyzers/module"
)

// marks adds the functions that are marked, and the implementations of marked
// interface methods.
func (f *finder) marks(set *directive.Set) {
	for fn, m := range set.Marks {
		if own := f.fx.Func(fn); own != nil && m.NonBlocking {
			f.context(own, marked)
			f.under[own].Directive = true
		}
	}
	for fn, m := range set.Marks {
		if m.NonBlocking && f.fx.Func(fn) == nil && fn.Signature().Recv() != nil {
			f.implementersOf(fn.Signature().Recv().Type(), fn.Name(), marked)
		}
	}
	for _, d := range set.Params {
		if d.NonBlocking {
			f.param(argument{d.Func, d.N, ""}, marked)
		}
	}
}

// promised adds the implementations of interface methods that imported
// packages mark.
func (f *finder) promised() {
	for _, imp := range f.pass.Pkg.Imports() {
		for _, name := range f.fx.Promises(imp) {
			typ, method, _ := strings.Cut(name, ".")
			if tn, ok := imp.Scope().Lookup(typ).(*types.TypeName); ok {
				f.member(knowledge.Symbol{Type: typ, Name: method}, tn, marked)
			}
		}
	}
}

// visible returns this package, those that it imports, and those whose names it
// uses without an import, in the order of their paths. What lies further down is
// out of sight: how much of it a driver has loaded differs from one to another. So
// is what the tests import.
func (f *finder) visible() []*types.Package {
	seen := map[*types.Package]bool{f.pass.Pkg: true}
	for _, file := range f.prog.Files() {
		for _, spec := range file.Imports {
			if name := f.info.PkgNameOf(spec); name != nil {
				seen[name.Imported()] = true
			}
		}
	}
	for id, obj := range f.info.Uses {
		if pkg := obj.Pkg(); pkg != nil && !seen[pkg] && !f.prog.InTest(id.Pos()) {
			seen[pkg] = true
		}
	}
	return slices.SortedFunc(maps.Keys(seen), func(a, b *types.Package) int { return strings.Compare(a.Path(), b.Path()) })
}

// contract adds the functions of this package that fall under one loop line of
// package imp.
func (f *finder) contract(imp *types.Package, e knowledge.LoopEntry) {
	by := promise{who: imp.Name() + "'s loop", loop: e.Loop}
	if e.Symbol.Type != "" {
		tn, ok := imp.Scope().Lookup(e.Symbol.Type).(*types.TypeName)
		if !ok || f.lifted(imp, e.Loop) {
			return
		}
		if e.Param < 0 {
			f.member(e.Symbol, tn, by)
			return
		}
		obj, _, _ := types.LookupFieldOrMethod(tn.Type(), true, imp, e.Symbol.Name)
		if fn, ok := obj.(*types.Func); ok {
			f.param(argument{fn, e.Param, ""}, by)
		}
		return
	}
	switch obj := imp.Scope().Lookup(e.Symbol.Name).(type) {
	case *types.Func:
		if e.Param >= 0 {
			f.param(argument{obj, e.Param, ""}, by)
		}
	case *types.TypeName:
		if e.Param < 0 && !f.lifted(imp, e.Loop) {
			f.types[obj] = by
		}
	}
}

// lifted reports whether this package tells the library not to rely on the
// contract, as a call of SetOrderMatters(false) does.
func (f *finder) lifted(imp *types.Package, loop *knowledge.Loop) bool {
	if loop.Unless == "" {
		return false
	}
	for _, g := range f.fx.Funcs() {
		for _, op := range g.Ops {
			fn := op.Callee()
			c, ok := op.Node.(*ast.CallExpr)
			if !ok || fn == nil || fn.Pkg() != imp || fn.Name() != loop.Unless {
				continue
			}
			if len(c.Args) == 0 || types.ExprString(c.Args[0]) != "true" {
				return true
			}
		}
	}
	return false
}

// member adds what implements, or is assigned to, a method or field of type tn;
// the name * stands for all of them.
func (f *finder) member(s knowledge.Symbol, tn *types.TypeName, by promise) {
	switch t := tn.Type().Underlying().(type) {
	case *types.Interface:
		if tn.Pkg() != f.pass.Pkg && !slices.Contains(f.pass.Pkg.Imports(), tn.Pkg()) {
			return // without an import, nobody implements it on purpose
		}
		for m := range t.Methods() {
			if s.Name == "*" || m.Name() == s.Name {
				f.implementersOf(tn.Type(), m.Name(), by)
			}
		}
	case *types.Struct:
		for v := range t.Fields() {
			if _, isFunc := v.Type().Underlying().(*types.Signature); isFunc && (s.Name == "*" || v.Name() == s.Name) {
				f.put(place{v, ""}, by)
			}
		}
	}
}

// implementersOf adds the implementations of an interface's method. A promoted
// method counts when the type that it comes from is of this package.
func (f *finder) implementersOf(t types.Type, method string, by promise) {
	iface, ok := t.Underlying().(*types.Interface)
	if !ok || generic(t) {
		return
	}
	for _, ptr := range f.candidates() {
		if !types.Implements(ptr, iface) {
			continue
		}
		f.context(f.ownMethod(ptr, method), by)
	}
}

// shaped adds the methods that fall under a loop line whose package need not be
// imported, of the types that have all the methods that tell an implementation.
func (f *finder) shaped(e knowledge.LoopEntry) {
	declared := func(g *effects.Func) bool { return g.Obj != nil && g.Obj.Name() == e.Symbol.Name }
	if module.Holds(f.pass, e.Symbol.Path) || !slices.ContainsFunc(f.fx.Funcs(), declared) {
		return
	}
	by := promise{who: path.Base(e.Symbol.Path) + "'s loop", loop: e.Loop}
	for _, ptr := range f.candidates() {
		has := func(name string) bool { return f.ownMethod(ptr, name) != nil }
		if !slices.ContainsFunc(e.Loop.Shape, func(m string) bool { return !has(m) }) {
			f.context(f.ownMethod(ptr, e.Symbol.Name), by)
		}
	}
}

// ownMethod returns the method of a type if its body is in this package.
func (f *finder) ownMethod(ptr types.Type, name string) *effects.Func {
	obj, _, _ := types.LookupFieldOrMethod(ptr, true, f.pass.Pkg, name)
	m, ok := obj.(*types.Func)
	if !ok {
		return nil
	}
	return f.fx.Func(m)
}

func generic(t types.Type) bool {
	n, ok := types.Unalias(t).(*types.Named)
	return ok && n.TypeParams().Len() > 0 && n.TypeArgs().Len() == 0
}

// candidates returns pointers to the package's types with methods. A generic
// type stands for its instance with its own parameters.
func (f *finder) candidates() []types.Type {
	if f.named != nil {
		return f.named
	}
	f.named = []types.Type{}
	for _, tn := range f.prog.Types() {
		if types.IsInterface(tn.Type()) {
			continue
		}
		t := tn.Type()
		if n, ok := t.(*types.Named); ok && n.TypeParams().Len() > 0 {
			own := make([]types.Type, n.TypeParams().Len())
			for i := range own {
				own[i] = n.TypeParams().At(i)
			}
			if inst, err := types.Instantiate(nil, n, own, false); err == nil {
				t = inst
			}
		}
		if ptr := types.NewPointer(t); types.NewMethodSet(ptr).Len() > 0 {
			f.named = append(f.named, ptr)
		}
	}
	return f.named
}
