package locks

import (
	"go/ast"

	"github.com/concurlint/concurlint/analyzers/effects"
	"github.com/concurlint/concurlint/analyzers/program"
)

// This file tells whose lock a function takes: that of what it is called on or given, which
// its callers have at hand, or that of something which it picks out of many.

// owner says whose a lock is that an expression of f stands for, and whether that is one
// thing which others have, too, rather than one of many or one that f has opened.
func (s *solver) owner(f *effects.Func, mutex ast.Expr) (of int, one bool) {
	if mutex == nil {
		return ofOther, true
	}
	outer := f.Outer()
	root := s.prog.Root(mutex)
	if path, ok := s.prog.Path(&program.Frame{In: outer.Node()}, mutex); ok {
		root = path.Root
	}
	if n, param := outer.Param(root); param && !s.prog.Member(mutex) {
		return n, true
	}
	return ofOther, !s.prog.Member(mutex) && !s.fx.Opened(mutex)
}

// passed says the same of a lock that a call by f takes, of what that says whose it is.
func (s *solver) passed(f *effects.Func, op *effects.Op, of int) (int, bool) {
	call, ok := op.Node.(*ast.CallExpr)
	if !ok || of == ofOther {
		return ofOther, true
	}
	if of == ofReceiver {
		return s.owner(f, calledOn(op))
	}
	if args := program.Arguments(op.Callee(), of, call); len(args) == 1 {
		return s.owner(f, args[0])
	}
	return ofOther, true
}

// instance is the lock that an op takes by what its callee does: of a generic type's value that
// of its instance.
func (s *solver) instance(op *effects.Op, l Taken) Lock {
	if x := calledOn(op); x != nil && l.OfReceiver() {
		return l.Lock.Of(s.prog.TypeOf(x))
	}
	return l.Lock
}

// calledOn returns the value of which an op calls a method, as the mutex that it locks; nil
// where it has none.
func calledOn(op *effects.Op) ast.Expr {
	call, ok := op.Node.(*ast.CallExpr)
	if !ok {
		return nil
	}
	sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	if !ok {
		return nil
	}
	return sel.X
}
