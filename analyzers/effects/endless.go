package effects

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"github.com/concurlint/concurlint/analyzers/program"
)

// endless reports whether f's body is, or ends in, an endless loop that waits:
// a server, a worker or an actor. What it defers, as to empty a channel, is no work of its own.
func (p *pkg) endless(f *Func) bool {
	for _, op := range f.Ops {
		if op.Loop == nil && !op.Deferred && op.Certainty >= Usually && p.serves(op) {
			return true
		}
	}
	for _, l := range f.Loops {
		if l.Parent == nil && p.endlessLoop(f, l) {
			return true
		}
	}
	return false
}

// serves reports whether op calls what is endless, and stays for it.
func (p *pkg) serves(op *Op) bool {
	c := op.call
	if c == nil || op.Spawned != nil {
		return false
	}
	return c.fn != nil && p.endlessFunc(c.fn, c) || slices.ContainsFunc(c.targets, func(t Target) bool {
		return t.Func != nil && t.Func.Summary.Endless || t.Obj != nil && p.endlessFunc(t.Obj, c)
	})
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
		return l.Endless(p.info) && r.X != nil && !p.gathers(f, l)
	}
	if !l.Endless(p.info) && !p.untilClosed(l.Node.(*ast.ForStmt)) {
		return false
	}
	if p.retries(l) {
		return slices.ContainsFunc(f.Ops[l.Ops:l.OpsEnd], func(op *Op) bool { return op.Loop == l && p.serves(op) })
	}
	for _, op := range f.Ops[l.Ops:l.OpsEnd] {
		if op.Loop != l || op.Spawned != nil {
			continue
		}
		for i := range op.Effects {
			if e := &op.Effects[i]; e.Kind == Chan && e.Is(Receive) || e.Kind == Net && e.Is(Stream) && !p.answer(f, l, op) {
				return !p.gathers(f, l) && !p.replies(l)
			}
		}
		if op.call != nil && op.call.fn != nil && op.call.fn.Name() == "Accept" {
			return true
		}
	}
	return !p.leavesLoop(l)
}

// retries reports whether a loop goes round only to try again: it leaves where its body
// ends, or where there is no error.
func (p *pkg) retries(l *Loop) bool {
	body := l.Body()
	if len(body.List) > 0 && p.leavesFrom(body.List[len(body.List)-1], body, false) && program.Leaves(body.List) {
		return true
	}
	return slices.ContainsFunc(body.List, func(s ast.Stmt) bool {
		check, ok := s.(*ast.IfStmt)
		return ok && p.nilError(check.Cond, token.EQL) && program.Leaves(check.Body.List) && p.leavesFrom(check.Body, body, false)
	})
}

// replies reports whether the loop's body returns a value that is no error: what waits
// there is an answer, which the function is called for.
func (p *pkg) replies(l *Loop) bool {
	return slices.ContainsFunc(program.Returns(l.Body()), func(r *ast.ReturnStmt) bool {
		return slices.ContainsFunc(r.Results, func(e ast.Expr) bool {
			tv := p.info.Types[e]
			tuple, several := tv.Type.(*types.Tuple)
			return tv.Value == nil && !tv.IsNil() && (several && tuple.Len() > 1 || !several && tv.Type != nil && !types.AssignableTo(tv.Type, types.Universe.Lookup("error").Type()))
		})
	})
}

// answer reports whether an op in a loop reads what a request before the loop is answered
// with, itself or through readers around it. It has an end, where a connection lasts as
// long as the far end likes; a loop that asks again each time has none either.
func (p *pkg) answer(f *Func, l *Loop, op *Op) bool {
	c := op.call
	if c == nil {
		return false
	}
	from := c.expr.Args
	if c.recv != nil {
		from = append([]ast.Expr{c.recv}, from...)
	}
	return slices.ContainsFunc(from, func(e ast.Expr) bool {
		list := p.carriers(f, e, 0)
		other := slices.ContainsFunc(list, func(cr carrier) bool { return cr.eff == nil || !cr.eff.Stream })
		return len(list) > 0 && !other && !p.setIn(l, e)
	})
}

// setIn reports whether a variable of an expression is declared or set in a loop.
func (p *pkg) setIn(l *Loop, e ast.Expr) bool {
	found := false
	ast.Inspect(e, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			v := p.prog.Variable(id)
			found = found || v != nil && !v.IsField() && (l.Node.Pos() <= v.Pos() && v.Pos() < l.Node.End() || p.assignsVar(l.Body(), v))
		}
		return !found
	})
	return found
}

// untilClosed reports whether a loop goes on until somebody else says stop: its
// condition asks a context, an atomic, or a flag that the loop does not set.
func (p *pkg) untilClosed(s *ast.ForStmt) bool { return p.asks(s.Cond, s.Body) }

func (p *pkg) asks(cond ast.Expr, body *ast.BlockStmt) bool {
	switch x := program.Condition(p.info, cond).(type) {
	case *ast.UnaryExpr:
		return x.Op == token.NOT && p.asks(x.X, body)
	case *ast.BinaryExpr:
		switch x.Op {
		case token.LAND: // either of them ends it
			return p.asks(x.X, body) && p.asks(x.Y, body)
		case token.LOR:
			return p.asks(x.X, body) || p.asks(x.Y, body)
		case token.EQL, token.NEQ:
			c, ok := ast.Unparen(x.X).(*ast.CallExpr)
			return ok && p.asks(c, body)
		}
	case *ast.CallExpr:
		fn := p.calleeOf(x)
		return fn != nil && fn.Pkg() != nil && (fn.Pkg().Path() == "sync/atomic" && strings.HasPrefix(fn.Name(), "Load") || fn.FullName() == "(context.Context).Err")
	case *ast.Ident, *ast.SelectorExpr:
		v := p.prog.Variable(x)
		return v != nil && types.Identical(v.Type().Underlying(), types.Typ[types.Bool]) && p.mayChange(v) && !p.assignsVar(body, v)
	}
	return false
}

// mayChange reports whether others may set a flag: a local that is set but once stays as
// it is, as whether a length is known.
func (p *pkg) mayChange(v *types.Var) bool {
	return v.IsField() || v.Pkg() != nil && v.Parent() == v.Pkg().Scope() || p.changed[v]
}

// leavesLoop reports whether the loop's body can return or break out of it, other
// than when it is told to stop.
func (p *pkg) leavesLoop(l *Loop) bool { return p.leavesFrom(l.Body(), l.Body(), false) }

// leavesFrom reports whether n, in the body of a loop, leaves the loop. In a
// construct within it, a plain break leaves that alone.
func (p *pkg) leavesFrom(n ast.Node, body *ast.BlockStmt, within bool) bool {
	found := false
	ast.Inspect(n, func(m ast.Node) bool {
		switch m := m.(type) {
		case *ast.FuncLit:
			return false
		case *ast.ForStmt, *ast.RangeStmt, *ast.SwitchStmt, *ast.TypeSwitchStmt, *ast.SelectStmt:
			if m != n && !within {
				found = found || p.leavesFrom(m, body, true)
				return false
			}
		case *ast.IfStmt: // if ctx.Err() != nil { return }
			if b, ok := program.Condition(p.info, m.Cond).(*ast.BinaryExpr); ok {
				if c, ok := ast.Unparen(b.X).(*ast.CallExpr); ok && p.asks(c, body) {
					return false
				}
			}
		case *ast.CommClause: // case <-stop: return
			if _, ok := m.Comm.(*ast.ExprStmt); ok && p.signal(program.ReceivedFrom(m.Comm)) {
				return false
			}
		case *ast.ReturnStmt:
			found = true
		case *ast.BranchStmt:
			switch {
			case m.Label != nil: // also of goto
				found = found || m.Tok != token.CONTINUE && !p.labels(body, m.Label)
			case m.Tok == token.BREAK:
				found = found || !within
			}
		}
		return !found
	})
	return found
}

// labels reports whether a label stands in a block.
func (p *pkg) labels(b *ast.BlockStmt, label *ast.Ident) bool {
	l := p.info.Uses[label]
	return l != nil && b.Pos() <= l.Pos() && l.Pos() < b.End()
}

// signal reports whether a channel carries no data: it tells the end of a context,
// a moment, or is closed to stop something.
func (p *pkg) signal(x ast.Expr) bool {
	ch, ok := p.prog.TypeOf(x).Underlying().(*types.Chan)
	if !ok {
		return false
	}
	if program.Empty(ch.Elem()) || isTime(ch.Elem()) || isSignal(ch.Elem()) {
		return true
	}
	v := p.prog.Variable(x)
	return v != nil && p.endings[v] != nil && len(p.endings[v].closes) > 0
}

func isSignal(t types.Type) bool {
	n, ok := types.Unalias(t).(*types.Named)
	return ok && n.Obj().Name() == "Signal" && n.Obj().Pkg() != nil && n.Obj().Pkg().Path() == "os"
}

// searches reports whether a loop goes on until it has found what it looks for. A
// loop that swaps a word until nobody else does at the same time is no search.
func (p *pkg) searches(l *Loop) bool {
	s, ok := l.Node.(*ast.ForStmt)
	if !ok || s.Cond != nil || !p.leavesLoop(l) {
		return false
	}
	return !p.prog.Swaps(l.Body())
}
