package effects

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"github.com/concurlint/concurlint/analyzers/program"
)

// This file tells channels without a bound: a goroutine receives from one in each of its
// rounds without waiting for anything else, and keeps what nobody has taken yet. Who sends
// waits no longer than that goroutine needs to run.
//
//	for { select { case v := <-in: list = append(list, v); case out <- list[0]: … } }

// taken reports whether the channel, or the one that a method of this package returns, has
// no bound.
func (p *pkg) taken(ch ast.Expr) bool {
	v := p.prog.Variable(ch)
	if c, ok := ast.Unparen(ch).(*ast.CallExpr); ok {
		v = p.handsOut(c)
	}
	if v == nil {
		return false
	}
	if p.takers == nil {
		p.takers = make(map[*types.Var]bool)
		for _, f := range p.funcs {
			for _, l := range f.Loops {
				if l.Parent == nil && l.OpsEnd-l.Ops == 1 && p.untilNil(l.Node) {
					p.takes(l, f.Ops[l.Ops].Node)
				}
			}
		}
	}
	return p.takers[v]
}

// untilNil reports whether a loop has no condition, or one that waits for a channel to be nil,
// as it is set once it is closed.
func (p *pkg) untilNil(n ast.Node) bool {
	loop, ok := n.(*ast.ForStmt)
	if !ok || loop.Cond == nil {
		return ok
	}
	found := false
	ast.Inspect(loop.Cond, func(n ast.Node) bool {
		if b, ok := n.(*ast.BinaryExpr); ok && b.Op == token.NEQ && (isNil(b.X) || isNil(b.Y)) {
			found = found || p.isChan(b.X) || p.isChan(b.Y)
		}
		return !found
	})
	return found
}

func (p *pkg) isChan(e ast.Expr) bool {
	_, ok := p.prog.TypeOf(e).Underlying().(*types.Chan)
	return ok
}

// takes notes the channels that the only select of a loop receives from beside sending on
// another. One that does not send works on what it receives, for as long as that takes.
func (p *pkg) takes(l *Loop, n ast.Node) {
	s, ok := n.(*ast.SelectStmt)
	if !ok || !slices.ContainsFunc(l.Body().List, func(stmt ast.Stmt) bool { return stmt == s }) {
		return
	}
	if !slices.ContainsFunc(s.Body.List, sends) {
		return
	}
	for _, cl := range s.Body.List {
		clause := cl.(*ast.CommClause)
		if v := p.always(l, clause, program.ReceivedFrom(clause.Comm)); v != nil {
			p.takers[v] = true
		}
	}
}

func sends(clause ast.Stmt) bool {
	_, ok := clause.(*ast.CommClause).Comm.(*ast.SendStmt)
	return ok
}

// always returns the channel that a clause of a select in a loop receives from in each
// round, nil where it is another one, or none, in some:
//
//	in := q.in                                  // nil once it is closed
//	for { var in chan T; if len(list) < most { in = q.in }; select { … } } // has a bound
func (p *pkg) always(l *Loop, clause *ast.CommClause, ch ast.Expr) *types.Var {
	v := p.prog.Variable(ch)
	if v == nil || v.IsField() {
		return v
	}
	d := p.defs[v]
	if d == nil || d.unknown || v.Pos() >= l.Node.Pos() {
		if d == nil {
			return v // a parameter
		}
		return nil
	}
	var from *types.Var
	for _, value := range d.values {
		switch {
		case isNil(value):
			if value.Pos() < clause.Pos() || clause.End() <= value.Pos() {
				return nil
			}
		case from != nil || value.Pos() >= l.Node.Pos():
			return nil
		default:
			from = p.prog.Variable(value)
		}
	}
	if from == nil {
		return v // made here
	}
	return from
}

// handsOut returns what a function of the package returns if it does nothing else.
func (p *pkg) handsOut(c *ast.CallExpr) *types.Var {
	f := p.decls[p.calleeOf(c)]
	if f == nil || f.Body() == nil || len(f.Body().List) != 1 {
		return nil
	}
	r, ok := f.Body().List[0].(*ast.ReturnStmt)
	if !ok || len(r.Results) != 1 {
		return nil
	}
	return p.prog.Variable(r.Results[0])
}
