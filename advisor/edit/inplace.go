package edit

import (
	"go/ast"
	"go/types"
)

// runInPlace takes a hand-over out: the task is called where it was started.
//
//	go func(x T) { … }(x)      func(x T) { … }(x)
//	wg.Go(func() { … })        func() { … }()
//
// Who handed it over waits for all of it then, so it must need nothing that comes
// later. What waited for the tasks stays: it finds them done.
func (s *source) runInPlace() error {
	sub, err := s.findSubmission()
	if err != nil {
		return err
	}
	if err := s.mayWait(sub, nil); err != nil {
		return err
	}
	if lock := s.lockedBefore(sub); lock != nil && s.mayLock(sub) {
		return refuse("%s comes before the hand-over, and its tasks take a lock: called in place they could wait for the one that their caller holds", s.textOf(lock))
	}
	if g, ok := sub.stmt.(*ast.GoStmt); ok {
		s.replace(g.Go, g.Call.Pos(), "")
	} else {
		arg := sub.call.Args[0]
		s.replace(sub.stmt.Pos(), arg.Pos(), "")
		s.replace(arg.End(), sub.stmt.End(), "()")
	}
	s.notes = append(s.notes, "a panic in a task now passes through the function that handed it over")
	return nil
}

// lockedBefore is a call in the function of the hand-over, and before it, that
// takes a lock; nil if there is none.
func (s *source) lockedBefore(sub submission) *ast.CallExpr {
	for n := range ast.Preorder(sub.fn) {
		if c, ok := n.(*ast.CallExpr); ok && c.Pos() < sub.stmt.Pos() && s.takesLock(c) {
			return c
		}
	}
	return nil
}

// mayLock reports whether the task may take a lock: its literal does, or it calls
// what does as far as the site's summary tells.
func (s *source) mayLock(sub submission) bool {
	if s.site.Task.Class == "" || hasAny(s.site.Task.Effects, "lock", "dynamic") {
		return true
	}
	if sub.task == nil {
		return false
	}
	for n := range ast.Preorder(sub.task.Body) {
		if c, ok := n.(*ast.CallExpr); ok && s.takesLock(c) {
			return true
		}
	}
	return false
}

// takesLock reports whether a call is that of a sync.Locker's Lock, or RLock.
func (s *source) takesLock(c *ast.CallExpr) bool {
	switch calleeName(c) {
	case "Lock", "RLock":
	default:
		return false
	}
	sel, ok := c.Fun.(*ast.SelectorExpr)
	if !ok || len(c.Args) > 0 {
		return false
	}
	sig, ok := s.info.TypeOf(sel).(*types.Signature)
	return !ok || sig.Results().Len() == 0
}
