package placement

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/types/typeutil"

	"github.com/concurlint/concurlint/analyzers/effects"
	"github.com/concurlint/concurlint/analyzers/program"
)

// This file finds workers that share out their work by a count or a list, where others
// receive it from a channel.

// Worker reports whether the task does one thing after the other for as long as there is
// something to do, so that as many run at once as the site starts.
func (s *Site) Worker() bool { return s.Endless || s.Draws }

// draws reports whether a task of functions goes on until nothing is left of what all tasks
// take from: a count that each raises, or a list that each shortens.
//
//	for { i := next.Add(1) - 1; if i >= len(rows) { return }; work(rows[i]) }
func (p *placer) draws(s *Site, funcs []*effects.Func, depth int) bool {
	return depth < maxDepth && slices.ContainsFunc(funcs, func(f *effects.Func) bool {
		if f.Body() == nil || f.Decl != nil && depth == 0 && !s.Trip.Workers {
			return false // each of these may have its own
		}
		return slices.ContainsFunc(f.Loops, func(l *effects.Loop) bool {
			_, ok := l.Node.(*ast.ForStmt)
			return ok && l.Parent == nil && p.drawsIn(s, f, l.Node, 0)
		}) || slices.ContainsFunc(f.Ops, func(op *effects.Op) bool {
			return op.Loop == nil && op.Spawned == nil && p.draws(s, p.fx.TaskFuncs(f, op, effects.GoCall), depth+1)
		})
	})
}

// drawsIn reports whether a loop of f, or the body of a function that a loop calls for the
// next thing, takes it and leaves by what it has got.
func (p *placer) drawsIn(s *Site, f *effects.Func, n ast.Node, depth int) bool {
	taken := make(map[*types.Var]bool)
	var calls []*ast.CallExpr
	ast.Inspect(n, func(m ast.Node) bool {
		if _, ok := m.(*ast.FuncLit); ok {
			return false
		}
		if x := p.takenFrom(m); x != nil && p.common(s, f, x) {
			taken[p.shared(x)] = true
		}
		if c, ok := m.(*ast.CallExpr); ok {
			calls = append(calls, c)
		}
		return true
	})
	for v := range taken {
		if p.leavesBy(n, p.derivedFrom(f, v)) {
			return true
		}
	}
	return depth == 0 && slices.ContainsFunc(calls, func(c *ast.CallExpr) bool {
		return slices.ContainsFunc(p.callees(c), func(g *effects.Func) bool {
			return g.Body() != nil && p.drawsIn(s, g, g.Body(), depth+1)
		}) && p.leavesBy(n, p.derived(f, c))
	})
}

// takenFrom returns what a node takes the next number or element from: next.Add(1), next++,
// list = list[1:].
func (p *placer) takenFrom(n ast.Node) ast.Expr {
	switch n := n.(type) {
	case *ast.CallExpr:
		fn := typeutil.StaticCallee(p.info, n)
		if !program.From(fn, "sync/atomic") || !strings.HasPrefix(fn.Name(), "Add") {
			return nil
		}
		if fn.Signature().Recv() == nil {
			return n.Args[0]
		}
		return receiver(n)
	case *ast.IncDecStmt:
		return n.X
	case *ast.AssignStmt:
		if len(n.Lhs) != 1 || len(n.Rhs) != 1 {
			return nil
		}
		rest, ok := ast.Unparen(n.Rhs[0]).(*ast.SliceExpr)
		if n.Tok == token.ADD_ASSIGN || n.Tok == token.SUB_ASSIGN || ok && p.prog.Variable(rest.X) == p.prog.Variable(n.Lhs[0]) {
			return n.Lhs[0]
		}
	}
	return nil
}

// common reports whether all tasks have what one takes from: it is no local of the function
// that is run, nor a value that this is given, nor a part of what each turn of the loop makes.
func (p *placer) common(s *Site, f *effects.Func, x ast.Expr) bool {
	v, root := p.shared(x), p.prog.Root(x)
	if v == nil {
		return false
	}
	if l := s.Trip.Loop; l != nil && root != nil && f.Lit != nil && contains(l.Node, f.Lit) && l.Node.Pos() <= root.Pos() && root.Pos() < l.Node.End() {
		return false
	}
	_, points := v.Type().Underlying().(*types.Pointer)
	return v.IsField() || points || !f.HasParam(v) && (v.Pos() < f.Body().Pos() || f.Body().End() <= v.Pos())
}

// leavesBy reports whether a loop ends, or a function returns early, on a condition about
// what has been taken, other than that something has failed.
func (p *placer) leavesBy(n ast.Node, of *derivation) bool {
	found := false
	ast.Inspect(n, func(m ast.Node) bool {
		switch m := m.(type) {
		case *ast.FuncLit:
			return false
		case *ast.ForStmt:
			found = found || m == n && m.Cond != nil && p.mentions(m.Cond, of)
		case *ast.IfStmt:
			if p.asksError(m.Cond) {
				return true
			}
			rest, _ := m.Else.(*ast.BlockStmt)
			found = found || (leavesLoop(m.Body) || rest != nil && leavesLoop(rest)) && p.mentions(m.Cond, of)
		}
		return !found
	})
	return found
}

// asksError reports whether a condition compares an error with nil.
func (p *placer) asksError(cond ast.Expr) bool {
	b, ok := program.Condition(p.info, cond).(*ast.BinaryExpr)
	return ok && p.info.Types[b.Y].IsNil() && types.Identical(p.info.TypeOf(b.X), types.Universe.Lookup("error").Type())
}
