package program

import (
	"go/ast"
	"go/types"

	"golang.org/x/tools/refactor/satisfy"
)

// This file tells which functions other packages may call.

// outside reports whether code of other packages may call a function of this one: an
// exported function, or a method of a type that they have. A method of a type that is not
// exported they may call if an exported declaration gives them a value of it, or where one
// becomes an interface with that method, or of which nothing is known.
func (p *Program) outside(fn *types.Func) bool {
	if !fn.Exported() {
		return false
	}
	recv := fn.Signature().Recv()
	if recv == nil {
		return p.pkg.Name() != "main"
	}
	n := namedOf(recv.Type())
	if n == nil || types.IsInterface(n) {
		return true
	}
	t := n.Obj()
	if p.pkg.Name() != "main" && (t.Exported() || p.handedOut()[t]) {
		return true
	}
	as := p.interfaces()[t]
	return p.blind || as != nil && (as.whole || as.methods[fn.Name()])
}

// handedOut are the types that are not exported and to whose values exported declarations
// lead: results, parameters of functions, fields, methods.
func (p *Program) handedOut() map[*types.TypeName]bool {
	if p.handed != nil {
		return p.handed
	}
	p.handed = make(map[*types.TypeName]bool)
	w := &exported{p: p, seen: make(map[types.Type]bool)}
	scope := p.pkg.Scope()
	for _, name := range scope.Names() {
		if obj := scope.Lookup(name); obj.Exported() {
			w.visit(obj.Type())
		}
	}
	return p.handed
}

// exported follows types to what other packages can reach by them.
type exported struct {
	p    *Program
	seen map[types.Type]bool
}

func (w *exported) visit(t types.Type) {
	t = types.Unalias(t)
	if t == nil || w.seen[t] {
		return
	}
	w.seen[t] = true
	switch t := t.(type) {
	case *types.Named:
		w.named(t)
	case *types.Struct:
		for f := range t.Fields() {
			if f.Exported() || f.Embedded() {
				w.visit(f.Type())
			}
		}
	case *types.Interface:
		for m := range t.Methods() {
			w.visit(m.Type())
		}
	case *types.Signature:
		w.visit(t.Params())
		w.visit(t.Results())
	case *types.Tuple:
		for v := range t.Variables() {
			w.visit(v.Type())
		}
	case *types.Map:
		w.visit(t.Key())
		w.visit(t.Elem())
	case interface{ Elem() types.Type }:
		w.visit(t.Elem())
	}
}

func (w *exported) named(n *types.Named) {
	for arg := range n.TypeArgs().Types() {
		w.visit(arg)
	}
	if n.Obj().Pkg() != w.p.pkg {
		return
	}
	n = n.Origin()
	w.p.handed[n.Obj()] = true
	w.visit(n.Underlying())
	for m := range n.Methods() {
		if m.Exported() {
			w.visit(m.Type())
		}
	}
}

// asInterface says, of each type of the package, by which methods interfaces call it.
type asInterface struct {
	whole   bool // one that tells nothing of its methods: any
	methods map[string]bool
	through bool // its embedded fields are being looked at
}

func (p *Program) interfaces() map[*types.TypeName]*asInterface {
	if p.converted != nil {
		return p.converted
	}
	p.converted = make(map[*types.TypeName]*asInterface)
	for c := range p.constraints() {
		if iface, ok := c.LHS.Underlying().(*types.Interface); ok {
			p.converts(c.RHS, iface)
		}
	}
	for id, inst := range p.info.Instances {
		p.instantiates(p.info.ObjectOf(id), inst.TypeArgs)
	}
	for _, file := range p.files {
		ast.Inspect(file, func(n ast.Node) bool {
			if call, ok := n.(*ast.CallExpr); ok {
				p.givesAny(call)
			}
			return true
		})
	}
	return p.converted
}

// constraints returns which types have to satisfy which interfaces with methods. The finder
// panics on code that is newer than itself; then nothing is known of the package.
func (p *Program) constraints() map[satisfy.Constraint]bool {
	var f satisfy.Finder
	defer func() { p.blind = recover() != nil }()
	f.Find(p.info, p.files)
	return f.Result
}

// converts notes that values of a type become those of an interface, which has the methods
// of what the type embeds as well.
func (p *Program) converts(t types.Type, iface *types.Interface) {
	n := namedOf(t)
	if n == nil || n.Obj().Pkg() != p.pkg {
		return
	}
	c := p.converted[n.Obj()]
	if c == nil {
		c = &asInterface{methods: make(map[string]bool)}
		p.converted[n.Obj()] = c
	}
	c.whole = c.whole || iface.NumMethods() == 0
	for m := range iface.Methods() {
		c.methods[m.Name()] = true
	}
	if st, ok := n.Underlying().(*types.Struct); ok && !c.through {
		c.through = true
		defer func() { c.through = false }()
		for f := range st.Fields() {
			if f.Embedded() {
				p.converts(f.Type(), iface)
			}
		}
	}
}

// instantiates notes the arguments of generic code, which may call what its constraints have.
func (p *Program) instantiates(generic types.Object, args *types.TypeList) {
	of, ok := generic.Type().(interface{ TypeParams() *types.TypeParamList })
	if !ok || of.TypeParams() == nil {
		return
	}
	for i := range min(args.Len(), of.TypeParams().Len()) {
		iface, ok := of.TypeParams().At(i).Constraint().Underlying().(*types.Interface)
		if ok && iface.NumMethods() > 0 {
			p.converts(args.At(i), iface)
		}
	}
}

// givesAny notes the arguments of a call that become interfaces without methods.
func (p *Program) givesAny(call *ast.CallExpr) {
	sig, ok := p.info.TypeOf(call.Fun).(*types.Signature)
	if !ok {
		return
	}
	for i, a := range call.Args {
		if i >= sig.Params().Len() && !sig.Variadic() {
			return
		}
		t := sig.Params().At(min(i, sig.Params().Len()-1)).Type()
		if sig.Variadic() && i >= sig.Params().Len()-1 && !call.Ellipsis.IsValid() {
			t = t.(*types.Slice).Elem()
		}
		if iface, ok := t.Underlying().(*types.Interface); ok && iface.NumMethods() == 0 {
			p.converts(p.info.TypeOf(a), iface)
		}
	}
}
