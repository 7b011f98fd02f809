package effects

import (
	"go/ast"
	"go/types"
)

// endless reports whether f's body is, or ends in, an endless loop that waits:
// a server, a worker or an actor.
func (p *pkg) endless(f *Func) bool {
	for _, op := range f.Ops {
		if op.Loop != nil || op.Spawned != nil || op.Certainty < Usually || op.call == nil {
			continue
		}
		if op.call.fn != nil && p.endlessFunc(op.call.fn, op.call) {
			return true
		}
		for _, t := range op.call.targets {
			if t.Func != nil && t.Func.Summary.Endless || t.Obj != nil && p.endlessFunc(t.Obj, op.call) {
				return true
			}
		}
	}
	for _, l := range f.Loops {
		if l.Parent == nil && p.endlessLoop(f, l) {
			return true
		}
	}
	return false
}

func (p *pkg) endlessFunc(fn *types.Func, c *call) bool {
	if g := p.decls[fn]; g != nil {
		return g.Summary.Endless
	}
	if k := p.known(fn); k != nil {
		if k.summary != nil {
			return k.summary.Endless
		}
		if k.effect != nil {
			return k.effect.Endless
		}
	}
	if c.iface {
		impls := p.implementations(fn)
		for _, g := range impls {
			if !g.Summary.Endless {
				return false
			}
		}
		return len(impls) > 0
	}
	return false
}

// endlessLoop reports whether l goes on until it is told to stop. A loop that
// only sleeps between tries and leaves on success is a retry, not a worker.
func (p *pkg) endlessLoop(f *Func, l *Loop) bool {
	if r, ok := l.Node.(*ast.RangeStmt); ok {
		return l.Endless(p.info) && r.X != nil
	}
	if !l.Endless(p.info) && !p.untilClosed(l.Node.(*ast.ForStmt).Cond) {
		return false
	}
	for _, op := range f.Ops[l.Ops:l.OpsEnd] {
		if op.Loop != l || op.Spawned != nil {
			continue
		}
		for i := range op.Effects {
			if e := &op.Effects[i]; e.Kind == Chan && e.Is(Receive) || e.Kind == Net && e.Is(Stream) {
				return true
			}
		}
		if op.call != nil && op.call.fn != nil && op.call.fn.Name() == "Accept" {
			return true
		}
	}
	return !leavesLoop(l)
}

// untilClosed reports whether a loop condition asks if it should stop.
func (p *pkg) untilClosed(cond ast.Expr) bool {
	found := false
	ast.Inspect(cond, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && (closing(id.Name) || id.Name == "Err" || id.Name == "running") {
			found = true
		}
		return !found
	})
	return found
}

// leavesLoop reports whether the loop's body can return or break out of it.
func leavesLoop(l *Loop) bool {
	found := false
	ast.Inspect(l.Body(), func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.IfStmt: // told to stop: if ctx.Err() != nil { return }
			if c, ok := ctxErr(n.Cond); ok && calledName(c) == "Err" {
				return false
			}
		case *ast.CommClause: // likewise: case <-stop: return
			if e, ok := n.Comm.(*ast.ExprStmt); ok && closing(types.ExprString(e.X)) {
				return false
			}
		case *ast.ReturnStmt:
			found = true
		case *ast.BranchStmt:
			found = found || n.Tok.String() == "break"
		}
		return !found
	})
	return found
}

// ctxErr returns the call in a condition such as ctx.Err() != nil.
func ctxErr(cond ast.Expr) (*ast.CallExpr, bool) {
	b, ok := ast.Unparen(cond).(*ast.BinaryExpr)
	if !ok {
		return nil, false
	}
	c, ok := ast.Unparen(b.X).(*ast.CallExpr)
	return c, ok && len(c.Args) == 0
}
