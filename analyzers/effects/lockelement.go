package effects

import (
	"go/ast"
	"go/types"
	"slices"

	"github.com/concurlint/concurlint/analyzers/program"
)

// This file tells a lock that is one of many, as where each key has its own:
//
//	v, _ := locks.LoadOrStore(key, new(sync.Mutex))
//	v.(*sync.Mutex).Lock()

// onElement returns what f does to the one lock that it touches, of those that a collection
// of the package holds.
func (p *pkg) onElement(f *Func) LockNet {
	var at *Op
	for _, op := range f.Ops {
		if p.lockMethod(op) == "" {
			continue
		}
		if at != nil || op.Deferred {
			return LockNone
		}
		at = op
	}
	if at == nil || p.unlocksLater(f) {
		return LockNone
	}
	return p.lockNetAt(f, at, nets)
}

// lockNetAt returns what f does where all that it does to a lock of its caller is the op.
func (p *pkg) lockNetAt(f *Func, op *Op, as map[string]LockVerb) LockNet {
	l := p.lockCall(f, op)
	if l.root == RootNone {
		l.root = p.elementRoot(f, l.of)
	}
	if l.root == RootNone {
		return LockNone
	}
	return p.markElement(lockNetOf(as[l.verb], l.root), l.of)
}

// elementRoot returns what has the collection of which a mutex is an element.
func (p *pkg) elementRoot(f *Func, mutex ast.Expr) Root {
	for _, h := range p.elements(mutex) {
		switch {
		case h.From.Pkg() != nil && h.From.Parent() == h.From.Pkg().Scope():
			return rootOwn
		case h.From.IsField() && p.ownField(f, h.From):
			return RootRecv
		}
	}
	return RootNone
}

// ownField reports whether a field is one of the receiver of f.
func (p *pkg) ownField(f *Func, field *types.Var) bool {
	if f.Obj == nil || f.Obj.Signature().Recv() == nil {
		return false
	}
	n := named(f.Obj.Signature().Recv().Type())
	if n == nil {
		return false
	}
	st, ok := n.Underlying().(*types.Struct)
	return ok && slices.ContainsFunc(slices.Collect(st.Fields()), func(v *types.Var) bool { return v.Origin() == field.Origin() })
}

// markElement notes of a net effect whether it is on a lock of many.
func (p *pkg) markElement(net LockNet, mutex ast.Expr) LockNet {
	if net == LockNone || mutex == nil || len(p.elements(mutex)) == 0 {
		return net
	}
	return net | lockElement
}

// elements returns where a mutex is found among others.
func (p *pkg) elements(mutex ast.Expr) []program.Value {
	if v := p.prog.Variable(mutex); v != nil && (v.IsField() || v.Parent() == v.Pkg().Scope()) {
		return nil // as most
	}
	return slices.DeleteFunc(p.prog.Holders(mutex), func(h program.Value) bool { return h.From == nil || !h.Element })
}
