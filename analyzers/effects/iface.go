package effects

import (
	"go/ast"
	"go/types"
	"slices"
	"strings"
)

// ifaceMethod applies a call of an interface method without a summary of its
// own: through an argument, through what is assigned to the variable, through
// the implementations here, or by its signature.
func (ev *evaluator) ifaceMethod(fn *types.Func, name string, c *call, u Use) {
	if IsContext(fn.Signature().Recv().Type()) || c.recv != nil && ev.throughValue(fn, c, u) {
		return
	}
	if impls := ev.p.implementations(fn); len(impls) > 0 {
		ev.implemented(fn, impls, c, u)
		return
	}
	if ev.op.Spawned != nil || u.Goes {
		return
	}
	if verb := ev.p.lockVerbOf(fn); verb != "" {
		if verbs[verb] != 0 {
			ev.add(Effect{Kind: Lock, Certainty: min(Always, u.Certainty), Root: ev.recvRoot(c)}, c.expr.Pos(), name)
		}
		return
	}
	list, known := ev.p.behindNow(fn)
	if !known {
		return
	}
	if len(list) > 0 {
		for i := range list {
			ev.inherit(&list[i], name, c, c.recv, u)
		}
		return
	}
	switch {
	case generatedClient(fn), dials(fn.Signature()):
		ev.add(Effect{Kind: Net, Certainty: min(Always, u.Certainty), Root: ev.recvRoot(c), Bound: ev.ctxBound(c)}, c.expr.Pos(), name+", a remote call")
	case queries(fn.Signature()):
		ev.add(Effect{Kind: Net, Label: "db", Certainty: min(Always, u.Certainty), Root: ev.recvRoot(c), Bound: ev.ctxBound(c)}, c.expr.Pos(), name+", a query")
	case requestShaped(fn):
		ev.add(Effect{Kind: Net, Certainty: min(Usually, u.Certainty), Flags: Hint, Root: ev.recvRoot(c), Bound: ev.ctxBound(c)}, c.expr.Pos(), name+", which takes a context and may be remote")
	case ev.p.doneHere(fn):
	case answers(fn.Signature()):
		ev.add(Effect{Kind: Dynamic, Certainty: min(Rarely, u.Certainty), Flags: Hint, Root: RootNone}, c.expr.Pos(), name+", an interface method")
	default:
		ev.add(Effect{Kind: Dynamic, Certainty: min(Always, u.Certainty), Flags: Hint, Root: RootNone}, c.expr.Pos(), name+", an interface method")
	}
}

// answers reports whether a method gives an answer and has no way to fail, as a
// getter: what waits for something outside can fail, and what reports an event has
// nothing to answer.
func answers(sig *types.Signature) bool {
	for v := range sig.Params().Variables() {
		if _, isFunc := v.Type().Underlying().(*types.Signature); isFunc || IsContext(v.Type()) {
			return false
		}
	}
	for v := range sig.Results().Variables() {
		if isError(v.Type()) {
			return false
		}
	}
	return sig.Results().Len() > 0
}

func (ev *evaluator) recvRoot(c *call) Root {
	if c.recv == nil {
		return RootNone
	}
	return ev.p.root(ev.fn, c.recv)
}

func (ev *evaluator) ctxBound(c *call) Bound {
	if ev.p.timeLimited(c.expr) {
		return Deadline
	}
	return Unbounded
}

// dropsRest reports whether a method is the Close of a value that is only read, which waits
// for nobody: a body that is not read to its end costs its connection, not time. What is
// written may be sent then.
func dropsRest(t types.Type, method string) bool {
	if method != "Close" || t == nil {
		return false
	}
	write, _, _ := types.LookupFieldOrMethod(t, true, nil, "Write")
	return write == nil
}

// throughValue follows the receiver to an argument or to concrete types, and
// reports whether that settles the call.
func (ev *evaluator) throughValue(fn *types.Func, c *call, u Use) bool {
	settled := false
	for _, cr := range ev.p.carriers(ev.fn, c.recv, 0) {
		u := cr.or(u)
		switch {
		case cr.eff != nil:
			if !dropsRest(ev.p.prog.TypeOf(c.recv), fn.Name()) {
				ev.carrier(cr, nil, fn.Name(), c, u)
			}
			settled = true
		case cr.use != nil:
			use := *cr.use
			use.Method, use.Certainty, use.Each, use.Goes = fn.Name(), min(u.Certainty, ev.op.Certainty), ev.inLoop(), u.Goes || ev.op.Spawned != nil
			use.Local, use.Timed = ev.locals(c), ev.p.timeLimited(c.expr)
			ev.addUse(use)
			settled = plainIO(cr.typ)
		case cr.typ != nil && !types.IsInterface(cr.typ) && ev.op.Spawned == nil:
			obj, _, _ := types.LookupFieldOrMethod(cr.typ, true, ev.p.types, fn.Name())
			if m, ok := obj.(*types.Func); ok && !isInterfaceMethod(m) {
				ev.named(m.Origin(), &call{expr: c.expr, fn: m.Origin(), recv: c.recv}, u)
				settled = settled || !cr.open
			}
		case cr.typ != nil && !types.Identical(cr.typ, ev.p.prog.TypeOf(c.recv)) && ev.op.Spawned == nil:
			// A plain io.Reader field that holds a net.Conn, for instance.
			obj, _, _ := types.LookupFieldOrMethod(cr.typ, true, ev.p.types, fn.Name())
			if m, ok := obj.(*types.Func); ok && m.Origin() != fn {
				if k := ev.p.known(m.Origin()); k != nil && k.effect != nil {
					ev.knowledge(k, DisplayName(m, ev.p.types), c, u)
					settled = true
				}
			}
		}
	}
	return settled || c.recv != nil && plainIO(ev.p.prog.TypeOf(c.recv))
}

// unknownStream reports whether nothing tells what a reader or writer is.
func (ev *evaluator) unknownStream(recv ast.Expr) bool {
	t := ev.p.prog.TypeOf(recv)
	for _, cr := range ev.p.carriers(ev.fn, recv, 0) {
		if cr.use != nil || cr.typ == nil || !types.Identical(cr.typ, t) {
			return false
		}
	}
	n := named(t) // nil for an interface that is written out
	return n != nil && n.Obj().Pkg() != nil && n.Obj().Pkg().Path() == "io"
}

// plainIO reports whether t is an interface of package io: without knowing the
// value, a call says nothing.
func plainIO(t types.Type) bool {
	n := named(t)
	return n != nil && n.Obj().Pkg() != nil && (n.Obj().Pkg().Path() == "io" || n.Obj().Pkg().Path() == "hash")
}

// implementations returns the methods of this package that implement the
// interface method fn, where they are likely all there are: the interface is
// of this package and is not exported or cannot be implemented elsewhere.
func (p *pkg) implementations(fn *types.Func) []*Func {
	if list, ok := p.impls[fn]; ok {
		return list
	}
	list := p.findImplementations(fn)
	p.impls[fn] = list
	return list
}

func (p *pkg) findImplementations(fn *types.Func) []*Func {
	recv := fn.Signature().Recv()
	n := named(recv.Type())
	if fn.Pkg() != p.types || n == nil || n.TypeParams() != nil {
		return nil
	}
	iface, ok := n.Underlying().(*types.Interface)
	if !ok || n.Obj().Exported() && !sealed(iface) {
		return nil
	}
	return p.methodsBehind(iface, fn)
}

// methodsBehind returns what implements the method of the interface in each type
// of this package that implements the interface, stand-ins of tests left out.
// Few types have a method of the same name and signature: they alone are looked
// at, as packages may have as many interfaces as types.
func (p *pkg) methodsBehind(iface *types.Interface, fn *types.Func) []*Func {
	var list, bases []*Func
	for _, m := range p.concreteMethods()[fn.Name()] {
		f := p.decls[m.fn.Origin()]
		if f != nil && p.prog.InTest(f.Decl.Pos()) || !types.Identical(m.fn.Signature(), fn.Signature()) {
			continue
		}
		switch {
		case types.Implements(m.ptr, iface):
			if f == nil {
				f = p.promotion(m)
			}
			list = append(list, f)
		case f != nil && p.seals(m.ptr, iface):
			bases = append(bases, f)
		}
	}
	list = slices.DeleteFunc(list, func(f *Func) bool { return f == nil })
	if len(list) == 0 {
		return bases
	}
	return list
}

// seals reports whether a type gives those that implement the interface in other packages
// what they cannot have otherwise: they embed a type of this one for the methods that are
// not exported.
func (p *pkg) seals(t types.Type, iface *types.Interface) bool {
	for m := range iface.Methods() {
		if m.Exported() {
			continue
		}
		obj, _, _ := types.LookupFieldOrMethod(t, true, p.types, m.Name())
		fn, ok := obj.(*types.Func)
		if !ok || !types.Identical(fn.Signature(), m.Signature()) {
			return false
		}
	}
	return sealed(iface)
}

// A concreteMethod is a method, perhaps promoted, of a pointer to a type.
type concreteMethod struct {
	ptr *types.Pointer
	fn  *types.Func
}

// concreteMethods returns the methods of pointers to the package's types by name.
func (p *pkg) concreteMethods() map[string][]concreteMethod {
	if p.concrete != nil {
		return p.concrete
	}
	p.concrete = make(map[string][]concreteMethod)
	for _, tn := range p.prog.Types() {
		if types.IsInterface(tn.Type()) {
			continue
		}
		t, ok := tn.Type().(*types.Named)
		if !ok || t.TypeParams() != nil {
			continue
		}
		ptr := types.NewPointer(t)
		for _, fn := range methodsOn(t, ptr) {
			p.concrete[fn.Name()] = append(p.concrete[fn.Name()], concreteMethod{ptr, fn})
		}
	}
	return p.concrete
}

// methodsOn returns the methods of ptr, a pointer to t. Only what t embeds makes more
// of them than t declares, and a method set is dear.
func methodsOn(t *types.Named, ptr *types.Pointer) []*types.Func {
	if st, ok := t.Underlying().(*types.Struct); !ok || !slices.ContainsFunc(slices.Collect(st.Fields()), (*types.Var).Embedded) {
		return slices.Collect(t.Methods())
	}
	var list []*types.Func
	for sel := range types.NewMethodSet(ptr).Methods() {
		if fn, ok := sel.Obj().(*types.Func); ok {
			list = append(list, fn)
		}
	}
	return list
}

func sealed(iface *types.Interface) bool {
	for m := range iface.Methods() {
		if !m.Exported() {
			return true
		}
	}
	return false
}

// generatedClient recognizes the client interfaces that generators write: gRPC
// methods end in ...grpc.CallOption, Kubernetes' typed clients take a context
// and metav1 options.
func generatedClient(fn *types.Func) bool {
	sig := fn.Signature()
	n := sig.Params().Len()
	if n < 2 || !IsContext(sig.Params().At(0).Type()) {
		return false
	}
	last := sig.Params().At(n - 1).Type()
	if s, ok := last.(*types.Slice); ok && sig.Variadic() {
		last = s.Elem()
	}
	for i := n - 1; i >= 0; i-- {
		t := named(sig.Params().At(i).Type())
		if t == nil || t.Obj().Pkg() == nil {
			continue
		}
		if strings.HasSuffix(t.Obj().Pkg().Path(), "apimachinery/pkg/apis/meta/v1") && strings.HasSuffix(t.Obj().Name(), "Options") {
			return true
		}
	}
	t := named(last)
	return t != nil && t.Obj().Name() == "CallOption" && t.Obj().Pkg() != nil && t.Obj().Pkg().Path() == "google.golang.org/grpc"
}

// requestShaped reports whether a method takes a context first and returns an
// error last, as most remote calls do.
func requestShaped(fn *types.Func) bool {
	sig := fn.Signature()
	return sig.Params().Len() > 0 && IsContext(sig.Params().At(0).Type()) &&
		sig.Results().Len() > 0 && isError(sig.Results().At(sig.Results().Len()-1).Type())
}
