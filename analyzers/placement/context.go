package placement

import (
	"go/ast"
	"go/types"
	"slices"

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

// contexts finds the functions that implement a loop contract of an imported
// package or carry the directive nonblocking.
func (p *placer) contexts(set *directive.Set) {
	base := p.fx.Knowledge()
	if base == nil {
		return
	}
	for _, imp := range p.pass.Pkg.Imports() {
		for _, e := range base.Loops(imp.Path()) {
			p.contract(imp, e)
		}
	}
	for obj, m := range set.Marks {
		fn, ok := obj.(*types.Func)
		if !ok || !m.NonBlocking {
			continue
		}
		loop := &knowledge.Loop{Severity: "", Text: "marked nonblocking"}
		if f := p.fx.Func(fn); f != nil {
			p.context(f, "code marked nonblocking", loop)
			p.res.Contexts[len(p.res.Contexts)-1].Directive = true
			continue
		}
		p.implementers(fn, "code marked nonblocking", loop)
	}
	slices.SortFunc(p.res.Contexts, func(a, b *Context) int { return pos(a.Func) - pos(b.Func) })
}

func pos(f *effects.Func) int {
	if f.Decl != nil {
		return int(f.Decl.Pos())
	}
	return int(f.Lit.Pos())
}

func (p *placer) context(f *effects.Func, who string, loop *knowledge.Loop) {
	for _, c := range p.res.Contexts {
		if c.Func == f {
			return
		}
	}
	p.res.Contexts = append(p.res.Contexts, &Context{Func: f, Who: who, Loop: loop})
}

// contract adds the functions of this package that fall under one loop line of
// the imported package.
func (p *placer) contract(imp *types.Package, e knowledge.LoopEntry) {
	name, who := e.Symbol.Name, imp.Name()+"'s loop"
	scope := imp.Scope()
	switch {
	case e.Param >= 0:
		p.callbackParams(imp, e, who)
	case e.Symbol.Type == "":
		if t, ok := scope.Lookup(name).(*types.TypeName); ok {
			p.callbackType(t, who, e.Loop)
		}
	default:
		t, ok := scope.Lookup(e.Symbol.Type).(*types.TypeName)
		if !ok {
			return
		}
		obj, _, _ := types.LookupFieldOrMethod(t.Type(), true, imp, name)
		switch obj := obj.(type) {
		case *types.Func:
			if types.IsInterface(t.Type()) {
				p.implementersOf(t.Type().Underlying().(*types.Interface), name, who, e.Loop)
			}
		case *types.Var:
			p.values(obj, who, e.Loop)
		}
	}
}

// implementers adds the implementations of an interface method.
func (p *placer) implementers(fn *types.Func, who string, loop *knowledge.Loop) {
	recv := fn.Signature().Recv()
	if recv == nil {
		return
	}
	if iface, ok := recv.Type().Underlying().(*types.Interface); ok {
		p.implementersOf(iface, fn.Name(), who, loop)
	}
}

func (p *placer) implementersOf(iface *types.Interface, method, who string, loop *knowledge.Loop) {
	scope := p.pass.Pkg.Scope()
	for _, name := range scope.Names() {
		tn, ok := scope.Lookup(name).(*types.TypeName)
		if !ok || tn.IsAlias() || types.IsInterface(tn.Type()) {
			continue
		}
		if n, ok := tn.Type().(*types.Named); !ok || n.TypeParams() != nil {
			continue
		}
		ptr := types.NewPointer(tn.Type())
		if !types.Implements(ptr, iface) {
			continue
		}
		obj, _, _ := types.LookupFieldOrMethod(ptr, true, p.pass.Pkg, method)
		if m, ok := obj.(*types.Func); ok {
			if f := p.fx.Func(m); f != nil {
				p.context(f, who, loop)
			}
		}
	}
}

// values adds the functions assigned to a callback field.
func (p *placer) values(field *types.Var, who string, loop *knowledge.Loop) {
	list, _ := p.fx.Values(field)
	for _, e := range list {
		p.targets(nil, e, who, loop)
	}
}

func (p *placer) targets(f *effects.Func, e ast.Expr, who string, loop *knowledge.Loop) {
	for _, t := range p.fx.Targets(f, e) {
		g := t.Func
		if g == nil {
			g = p.fx.Func(t.Obj)
		}
		if g != nil {
			p.context(g, who, loop)
		}
	}
}

// callbackParams adds the functions passed as a callback.
func (p *placer) callbackParams(imp *types.Package, e knowledge.LoopEntry, who string) {
	for _, f := range p.fx.Funcs() {
		for _, op := range f.Ops {
			fn := op.Callee()
			c, ok := op.Node.(*ast.CallExpr)
			if !ok || fn == nil || fn.Pkg() != imp || fn.Name() != e.Symbol.Name || e.Param >= len(c.Args) {
				continue
			}
			if effects.SymbolOf(fn).Type == e.Symbol.Type {
				p.targets(f, c.Args[e.Param], who, e.Loop)
			}
		}
	}
}

// callbackType adds the functions that are converted to, or passed as, a named
// func type.
func (p *placer) callbackType(t *types.TypeName, who string, loop *knowledge.Loop) {
	for _, f := range p.fx.Funcs() {
		for _, op := range f.Ops {
			fn := op.Callee()
			c, ok := op.Node.(*ast.CallExpr)
			if !ok || fn == nil {
				continue
			}
			params := fn.Signature().Params()
			for i, a := range c.Args {
				if i < params.Len() && types.Identical(params.At(i).Type(), t.Type()) {
					p.targets(f, a, who, loop)
				}
			}
		}
	}
}
