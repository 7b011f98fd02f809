package lockio

import (
	"go/ast"
	"go/types"
	"strings"

	"github.com/concurlint/concurlint/analyzers/effects"
	"github.com/concurlint/concurlint/analyzers/placement"
)

// This file judges waits for a sync.Cond.

// onCond reports whether the wait is for a sync.Cond, which gives its own lock
// back.
func onCond(e *effects.Effect) bool {
	last := e.Chain[len(e.Chain)-1].Call
	return strings.HasPrefix(last, "sync.(*Cond).Wait")
}

func isCondWait(op *effects.Op) bool {
	fn := op.Callee()
	return fn != nil && fn.FullName() == "(*sync.Cond).Wait"
}

// otherCond reports whether the op waits for a sync.Cond that is made with
// another lock than that of r, which stays held.
func (c *checker) otherCond(r *placement.Region, op *effects.Op) bool {
	v, _ := c.awaited(op, effects.Wait, 3)
	if v == nil || r.Lock == nil || locker(r.Lock) {
		return false
	}
	values, _ := c.res.Effects.Values(v)
	for _, x := range values {
		call, ok := ast.Unparen(x).(*ast.CallExpr)
		if !ok || calledName(call) != "NewCond" || len(call.Args) != 1 {
			return false
		}
		l, ok := ast.Unparen(call.Args[0]).(*ast.UnaryExpr)
		if !ok {
			return false
		}
		made := c.res.Effects.Variable(l.X)
		if made == nil && isMutexLit(l.X) {
			return true // &sync.Mutex{}: nobody else's
		}
		if made == nil || made == r.Lock || embeds(made.Type(), r.Lock) {
			return false
		}
	}
	return len(values) > 0
}

// embeds reports whether a lock is promoted from an embedded field of the type, so
// that a value of the type is locked by it.
func embeds(t types.Type, lock *types.Var) bool {
	s, ok := deref(t).Underlying().(*types.Struct)
	if !ok {
		return false
	}
	for f := range s.Fields() {
		if f.Embedded() && (f == lock || embeds(f.Type(), lock)) {
			return true
		}
	}
	return false
}

// locker reports whether the lock is the field L of a sync.Cond.
func locker(lock *types.Var) bool {
	return lock.IsField() && lock.Name() == "L" && lock.Pkg() != nil && lock.Pkg().Path() == "sync"
}

func isMutexLit(x ast.Expr) bool {
	_, ok := ast.Unparen(x).(*ast.CompositeLit)
	return ok
}

// signalers returns the functions that end waits for the sync.Cond.
func (c *checker) signalers(v *types.Var) []far {
	var list []far
	c.calls(v, func(f *effects.Func, op *effects.Op) {
		if name := op.Callee().Name(); name == "Signal" || name == "Broadcast" {
			list = append(list, far{f: f, limit: op.Node.Pos()})
		}
	})
	return list
}
