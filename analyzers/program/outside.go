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
	n := NamedOf(recv.Type())
	if n == nil || types.IsInterface(n) {
		return true
	}
	t := n.Obj()
	if p.pkg.Name() != "main" && (t.Exported() || p.handedOut()[t]) {
		return true
	}
	as := p.interfaces()[t]
	return p.blind || as != nil && (as.whole && p.spellable(fn.Signature()) || as.methods[fn.Name()])
}

// spellable reports whether another package can write down the type of a method, as it has to
// for an interface with it: one with a type of this package that is not exported it cannot.
func (p *Program) spellable(sig *types.Signature) bool {
	ok := true
	w := &reached{seen: make(map[types.Type]bool), named: func(n *types.Named) bool {
		ok = ok && (n.Obj().Exported() || n.Obj().Pkg() != p.pkg)
		return false
	}}
	w.visit(sig)
	return ok
}

// handedOut are the types that are not exported and to whose values exported declarations
// lead: results, parameters of functions, fields, methods.
func (p *Program) handedOut() map[*types.TypeName]bool {
	if p.handed != nil {
		return p.handed
	}
	p.handed = make(map[*types.TypeName]bool)
	w := &reached{seen: make(map[types.Type]bool), named: func(n *types.Named) bool {
		p.handed[n.Obj()] = n.Obj().Pkg() == p.pkg
		return n.Obj().Pkg() == p.pkg
	}}
	scope := p.pkg.Scope()
	for _, name := range scope.Names() {
		if obj := scope.Lookup(name); obj.Exported() {
			w.visit(obj.Type())
		}
	}
	return p.handed
}

// reached follows types to what other packages can reach by them: a named one to its exported
// fields and methods, where named says so.
type reached struct {
	seen  map[types.Type]bool
	named func(*types.Named) bool
}

func (w *reached) visit(t types.Type) {
	t = types.Unalias(t)
	if t == nil || w.seen[t] {
		return
	}
	w.seen[t] = true
	switch t := t.(type) {
	case *types.Named:
		w.parts(t)
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

func (w *reached) parts(n *types.Named) {
	for arg := range n.TypeArgs().Types() {
		w.visit(arg)
	}
	n = n.Origin()
	if !w.named(n) {
		return
	}
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
		ast.Inspect(file, p.becomesAny)
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
	n := NamedOf(t)
	if n == nil {
		if of, ok := types.Unalias(t).(interface{ Elem() types.Type }); ok && iface.NumMethods() == 0 {
			p.converts(of.Elem(), iface) // a list of them
		}
		return
	}
	if n.Obj().Pkg() != p.pkg {
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
			if f.Embedded() || f.Exported() && iface.NumMethods() == 0 {
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

// becomesAny notes the values that a node makes interfaces without methods: arguments,
// elements, what is assigned, sent or returned. The finder leaves these out.
func (p *Program) becomesAny(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.CallExpr:
		p.givesAny(n)
	case *ast.CompositeLit:
		p.holdsAny(n)
	case *ast.AssignStmt:
		if len(n.Lhs) == len(n.Rhs) {
			for i, l := range n.Lhs {
				p.anyOf(p.info.TypeOf(l), n.Rhs[i])
			}
		}
	case *ast.ValueSpec:
		for _, v := range n.Values {
			p.anyOf(p.info.TypeOf(n.Names[0]), v)
		}
	case *ast.SendStmt:
		if ch, ok := p.info.TypeOf(n.Chan).Underlying().(*types.Chan); ok {
			p.anyOf(ch.Elem(), n.Value)
		}
	case *ast.FuncDecl:
		if fn, ok := p.info.Defs[n.Name].(*types.Func); ok && n.Body != nil {
			p.returnsAny(fn.Signature(), n.Body)
		}
	case *ast.FuncLit:
		if sig, ok := p.info.TypeOf(n).(*types.Signature); ok {
			p.returnsAny(sig, n.Body)
		}
	}
	return true
}

// anyOf notes that x becomes a value of type to, if that is an interface without methods.
func (p *Program) anyOf(to types.Type, x ast.Expr) {
	if to == nil {
		return
	}
	if iface, ok := to.Underlying().(*types.Interface); ok && iface.NumMethods() == 0 {
		p.converts(p.info.TypeOf(x), iface)
	}
}

func (p *Program) returnsAny(sig *types.Signature, body *ast.BlockStmt) {
	for _, r := range Returns(body) {
		for i, x := range r.Results {
			if len(r.Results) == sig.Results().Len() {
				p.anyOf(sig.Results().At(i).Type(), x)
			}
		}
	}
}

func (p *Program) holdsAny(lit *ast.CompositeLit) {
	t := p.info.TypeOf(lit).Underlying()
	if ptr, ok := t.(*types.Pointer); ok {
		t = ptr.Elem().Underlying() // of a literal in a literal
	}
	st, isStruct := t.(*types.Struct)
	for i, e := range lit.Elts {
		kv, keyed := e.(*ast.KeyValueExpr)
		value := e
		if keyed {
			value = kv.Value
		}
		switch t := t.(type) {
		case *types.Map:
			if keyed {
				p.anyOf(t.Key(), kv.Key)
			}
			p.anyOf(t.Elem(), value)
		case interface{ Elem() types.Type }:
			p.anyOf(t.Elem(), value)
		default:
			if keyed {
				p.anyOf(p.info.TypeOf(kv.Key), value)
			} else if isStruct && i < st.NumFields() {
				p.anyOf(st.Field(i).Type(), value)
			}
		}
	}
}

func (p *Program) givesAny(call *ast.CallExpr) {
	if p.info.Types[call.Fun].IsType() && len(call.Args) == 1 {
		p.anyOf(p.info.TypeOf(call.Fun), call.Args[0])
		return
	}
	sig, ok := p.info.TypeOf(call.Fun).(*types.Signature)
	if !ok {
		return
	}
	for i, a := range call.Args {
		if i >= sig.Params().Len() && !sig.Variadic() {
			return
		}
		t := sig.Params().At(min(i, sig.Params().Len()-1)).Type()
		if s, ok := t.(*types.Slice); ok && sig.Variadic() && i >= sig.Params().Len()-1 && !call.Ellipsis.IsValid() {
			t = s.Elem()
		}
		p.anyOf(t, a)
	}
}
