package placement

import (
	"cmp"
	"go/ast"
	"go/types"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/concurlint/concurlint/analyzers/directive"
	"github.com/concurlint/concurlint/analyzers/effects"
	"github.com/concurlint/concurlint/analyzers/knowledge"
)

// A Context is a function that must not block: a library runs it on its one
// loop, or a directive says so.
type Context struct {
	Func *effects.Func
	Who  string // whose loop it is, for people
	Loop *knowledge.Loop

	Directive bool // the function itself is marked nonblocking
}

// Allows reports whether the contract permits the kind.
func (c *Context) Allows(e *effects.Effect) bool {
	return slices.Contains(c.Loop.Allow, e.Kind.String()) || e.Label != "" && slices.Contains(c.Loop.Allow, e.Label)
}

// A promise is a contract together with whose it is.
type promise struct {
	who  string
	loop *knowledge.Loop
}

// marked is the promise of the directive nonblocking.
var marked = promise{"code marked nonblocking", &knowledge.Loop{Text: "marked nonblocking"}}

// contexts finds the functions that fall under a directive nonblocking or under
// the loop contract of a package. Directives come first: of two promises on
// one function the one that its author wrote counts.
func (p *placer) contexts(set *directive.Set) {
	base := p.fx.Knowledge()
	if base == nil {
		return
	}
	cb := newCallbacks(p)
	p.marks(set)
	cb.marks(set)
	p.promised(cb)
	for _, imp := range p.visible() {
		if p.sameModule(imp) {
			continue // who wrote the loop knows what it bears
		}
		entries := slices.Clone(base.Loops(imp.Path()))
		slices.SortFunc(entries, func(a, b knowledge.LoopEntry) int {
			// A wildcard comes after the names that are said apart.
			return cmp.Or(cmp.Compare(b.Symbol.Name, a.Symbol.Name), cmp.Compare(a.Symbol.Type, b.Symbol.Type), a.Param-b.Param)
		})
		for _, e := range entries {
			p.contract(imp, e, cb)
		}
	}
	for _, e := range base.Shapes() {
		p.shaped(e)
	}
	cb.collect()
	slices.SortFunc(p.res.Contexts, func(a, b *Context) int { return pos(a.Func) - pos(b.Func) })
}

// sameModule reports whether a package is of the module at hand.
func (p *placer) sameModule(pkg *types.Package) bool {
	return pkg == p.pass.Pkg || p.inModule(pkg.Path())
}

func (p *placer) inModule(path string) bool {
	m := p.pass.Module
	return m != nil && m.Path != "" && strings.HasPrefix(path+"/", m.Path+"/")
}

// marks adds the functions that are marked, and the implementations of marked
// interface methods.
func (p *placer) marks(set *directive.Set) {
	for fn, m := range set.Marks {
		if f := p.fx.Func(fn); f != nil && m.NonBlocking {
			p.res.Contexts = append(p.res.Contexts, &Context{Func: f, Who: marked.who, Loop: marked.loop, Directive: true})
		}
	}
	for fn, m := range set.Marks {
		if m.NonBlocking && p.fx.Func(fn) == nil && fn.Signature().Recv() != nil {
			p.implementersOf(fn.Signature().Recv().Type(), fn.Name(), marked)
		}
	}
}

// promised adds the implementations of interface methods that imported
// packages mark.
func (p *placer) promised(cb *callbacks) {
	for _, imp := range p.pass.Pkg.Imports() {
		for _, name := range p.fx.Promises(imp) {
			typ, method, _ := strings.Cut(name, ".")
			if tn, ok := imp.Scope().Lookup(typ).(*types.TypeName); ok {
				p.member(knowledge.Symbol{Type: typ, Name: method}, tn, marked, cb)
			}
		}
	}
}

// visible returns this package, those that it imports, and those whose names it
// uses without an import, in the order of their paths. What lies further down is
// out of sight: how much of it a driver has loaded differs from one to another.
func (p *placer) visible() []*types.Package {
	seen := map[*types.Package]bool{p.pass.Pkg: true}
	for _, imp := range p.pass.Pkg.Imports() {
		seen[imp] = true
	}
	for _, obj := range p.info.Uses {
		if pkg := obj.Pkg(); pkg != nil {
			seen[pkg] = true
		}
	}
	return slices.SortedFunc(maps.Keys(seen), func(a, b *types.Package) int { return strings.Compare(a.Path(), b.Path()) })
}

func pos(f *effects.Func) int {
	if f.Decl != nil {
		return int(f.Decl.Pos())
	}
	return int(f.Lit.Pos())
}

func (p *placer) context(f *effects.Func, by promise) {
	for _, c := range p.res.Contexts {
		if c.Func == f {
			return
		}
	}
	p.res.Contexts = append(p.res.Contexts, &Context{Func: f, Who: by.who, Loop: by.loop})
}

// contract adds the functions of this package that fall under one loop line of
// package imp.
func (p *placer) contract(imp *types.Package, e knowledge.LoopEntry, cb *callbacks) {
	by := promise{imp.Name() + "'s loop", e.Loop}
	if e.Symbol.Type != "" {
		tn, ok := imp.Scope().Lookup(e.Symbol.Type).(*types.TypeName)
		if !ok || p.lifted(imp, e.Loop) {
			return
		}
		if e.Param < 0 {
			p.member(e.Symbol, tn, by, cb)
			return
		}
		obj, _, _ := types.LookupFieldOrMethod(tn.Type(), true, imp, e.Symbol.Name)
		if fn, ok := obj.(*types.Func); ok {
			cb.param(fn, e.Param, by)
		}
		return
	}
	switch obj := imp.Scope().Lookup(e.Symbol.Name).(type) {
	case *types.Func:
		if e.Param >= 0 {
			cb.param(obj, e.Param, by)
		}
	case *types.TypeName:
		if e.Param < 0 && !p.lifted(imp, e.Loop) {
			cb.types[obj] = by
		}
	}
}

// lifted reports whether this package tells the library not to rely on the
// contract, as a call of SetOrderMatters(false) does.
func (p *placer) lifted(imp *types.Package, loop *knowledge.Loop) bool {
	if loop.Unless == "" {
		return false
	}
	for _, f := range p.fx.Funcs() {
		for _, op := range f.Ops {
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
func (p *placer) member(s knowledge.Symbol, tn *types.TypeName, by promise, cb *callbacks) {
	switch t := tn.Type().Underlying().(type) {
	case *types.Interface:
		if tn.Pkg() != p.pass.Pkg && !slices.Contains(p.pass.Pkg.Imports(), tn.Pkg()) {
			return // without an import, nobody implements it on purpose
		}
		for m := range t.Methods() {
			if s.Name == "*" || m.Name() == s.Name {
				p.implementersOf(tn.Type(), m.Name(), by)
			}
		}
	case *types.Struct:
		for f := range t.Fields() {
			if s.Name == "*" || f.Name() == s.Name {
				cb.field(f, by)
			}
		}
	}
}

// implementersOf adds the implementations of an interface's method. A promoted
// method counts when the type that it comes from is of this package.
func (p *placer) implementersOf(t types.Type, method string, by promise) {
	iface, ok := t.Underlying().(*types.Interface)
	if !ok || generic(t) {
		return
	}
	for _, ptr := range p.candidates() {
		if !types.Implements(ptr, iface) {
			continue
		}
		if f := p.ownMethod(ptr, method); f != nil {
			p.context(f, by)
		}
	}
}

// shaped adds the methods that fall under a loop line whose package need not be
// imported, of the types that have all the methods that tell an implementation.
func (p *placer) shaped(e knowledge.LoopEntry) {
	declared := func(f *effects.Func) bool { return f.Obj != nil && f.Obj.Name() == e.Symbol.Name }
	if p.inModule(e.Symbol.Path) || !slices.ContainsFunc(p.fx.Funcs(), declared) {
		return
	}
	by := promise{path.Base(e.Symbol.Path) + "'s loop", e.Loop}
	for _, ptr := range p.candidates() {
		has := func(name string) bool { return p.ownMethod(ptr, name) != nil }
		if f := p.ownMethod(ptr, e.Symbol.Name); f != nil && !slices.ContainsFunc(e.Loop.Shape, func(m string) bool { return !has(m) }) {
			p.context(f, by)
		}
	}
}

// ownMethod returns the method of a type if its body is in this package.
func (p *placer) ownMethod(ptr types.Type, name string) *effects.Func {
	obj, _, _ := types.LookupFieldOrMethod(ptr, true, p.pass.Pkg, name)
	m, ok := obj.(*types.Func)
	if !ok {
		return nil
	}
	return p.fx.Func(m)
}

func generic(t types.Type) bool {
	n, ok := types.Unalias(t).(*types.Named)
	return ok && n.TypeParams().Len() > 0 && n.TypeArgs().Len() == 0
}

// candidates returns pointers to the package's types with methods. A generic
// type stands for its instance with its own parameters.
func (p *placer) candidates() []types.Type {
	if p.named != nil {
		return p.named
	}
	p.named = []types.Type{}
	scope := p.pass.Pkg.Scope()
	for _, name := range scope.Names() {
		tn, ok := scope.Lookup(name).(*types.TypeName)
		if !ok || tn.IsAlias() || types.IsInterface(tn.Type()) {
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
			p.named = append(p.named, ptr)
		}
	}
	return p.named
}
