package placement

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"github.com/concurlint/concurlint/analyzers/effects"
	"github.com/concurlint/concurlint/analyzers/program"
)

// counters returns the conditions of a loop that compare a count of the tasks that
// run, or that have been started, with a limit:
//
//	if running >= limit { <-done; running-- }
//	if started == 10 { break }
func (p *placer) counters(s *Site, l *effects.Loop) []ast.Node {
	var list []ast.Node
	var own ast.Expr // says whether the loop goes on
	if f, ok := l.Node.(*ast.ForStmt); ok {
		own = f.Cond
	}
	check := func(cond ast.Expr, leaves bool) {
		if cond == nil {
			return
		}
		ast.Inspect(cond, func(n ast.Node) bool {
			if b, ok := n.(*ast.BinaryExpr); ok && p.limits(s, l, b, leaves) && (cond != own || !p.takesAway(l, b)) {
				list = append(list, b)
			}
			return true
		})
	}
	ast.Inspect(l.Node, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.IfStmt:
			check(n.Cond, leavesLoop(n.Body) || contains(n.Body, s.Op.Node))
		case *ast.ForStmt:
			check(n.Cond, n != l.Node || n.Post == nil) // how far the loop itself counts is its trip
		case *ast.CaseClause:
			for _, e := range n.List {
				check(e, contains(n, s.Op.Node))
			}
		}
		return true
	})
	return list
}

// countersBefore returns the conditions of a function that compare a count which the task
// lowers with a limit, where the function hands over once: a handler that refuses.
//
//	if active >= limit { w.WriteHeader(503); return }
//	active++
//	go func() { defer func() { active-- }(); … }()
func (p *placer) countersBefore(s *Site, f *effects.Func) (list []ast.Node) {
	lowered := p.exchange(s).lowered
	if len(lowered) == 0 {
		return nil // most tasks: no need to read the function
	}
	ast.Inspect(f.Body(), func(n ast.Node) bool {
		refuses, ok := n.(*ast.IfStmt)
		if !ok || refuses.Pos() > s.Op.Node.Pos() {
			return true
		}
		if rest, _ := refuses.Else.(*ast.BlockStmt); !leavesLoop(refuses.Body) && (rest == nil || !leavesLoop(rest)) {
			return true // it counts, or tells somebody
		}
		ast.Inspect(refuses.Cond, func(n ast.Node) bool {
			b, ok := n.(*ast.BinaryExpr)
			if ok && slices.ContainsFunc(p.compared(b), func(v *types.Var) bool { return lowered[v] }) {
				list = append(list, b)
			}
			return true
		})
		return true
	})
	return list
}

func contains(n, inner ast.Node) bool { return n.Pos() <= inner.Pos() && inner.End() <= n.End() }

// leavesLoop reports whether a branch ends with leaving the loop.
func leavesLoop(b *ast.BlockStmt) bool {
	if len(b.List) == 0 {
		return false
	}
	switch s := b.List[len(b.List)-1].(type) {
	case *ast.ReturnStmt:
		return true
	case *ast.BranchStmt:
		return s.Tok == token.BREAK
	}
	return false
}

// limits reports whether a comparison is one of such a count: one that somebody
// lowers, or one that the loop raises until it leaves.
func (p *placer) limits(s *Site, l *effects.Loop, b *ast.BinaryExpr, leaves bool) bool {
	for _, v := range p.compared(b) {
		if isChan(v.Type()) || p.exchange(s).lowered[v] || p.prog.Steps(v, token.SUB, nil) {
			return true
		}
		if leaves && p.prog.Steps(v, token.ADD, l.Node) {
			return true
		}
	}
	return false
}

// compared returns the variables whose count a comparison sets against a limit.
func (p *placer) compared(b *ast.BinaryExpr) (list []*types.Var) {
	switch b.Op {
	case token.LSS, token.LEQ, token.GTR, token.GEQ, token.EQL:
	default:
		return nil
	}
	for _, side := range [][2]ast.Expr{{b.X, b.Y}, {b.Y, b.X}} {
		counts := p.counts(side[0])
		if len(counts) == 0 || p.info.Types[side[0]].Value != nil {
			continue
		}
		if n := p.prog.Number(side[1], program.Package); n.By != program.Data && n != program.Constant(0) {
			list = append(list, counts...)
		}
	}
	return list
}

// counts is count of each part of a sum: running + starting < most.
func (p *placer) counts(e ast.Expr) (list []*types.Var) {
	if b, ok := ast.Unparen(e).(*ast.BinaryExpr); ok && b.Op == token.ADD {
		return append(p.counts(b.X), p.counts(b.Y)...)
	}
	if v := p.count(e); v != nil {
		list = append(list, v)
	}
	return list
}

// takesAway reports whether a loop goes on while there is more than a limit of what it takes
// away, as a cache does that makes room: a limit of tasks lets it go on while there are fewer.
// It takes away as much as something is large; by one go down the places that are free, too.
//
//	for c.size > c.most { c.drop(c.oldest()) } // which has c.size -= old.size
func (p *placer) takesAway(l *effects.Loop, b *ast.BinaryExpr) bool {
	more := b.X
	switch b.Op {
	case token.LSS, token.LEQ:
		more = b.Y
	case token.GTR, token.GEQ:
	default:
		return false
	}
	v := p.count(more)
	return v != nil && p.prog.LoweredBySize(v) && !p.prog.Steps(v, token.ADD, l.Node)
}

// count returns the variable whose number, length or atomic value e is, or nil.
func (p *placer) count(e ast.Expr) *types.Var {
	switch e := ast.Unparen(e).(type) {
	case *ast.CallExpr:
		name := calledName(e)
		switch {
		case len(e.Args) == 1 && (name == "len" || p.info.Types[e.Fun].IsType() || strings.HasPrefix(name, "Load")):
			return p.shared(addressed(e.Args[0]))
		case len(e.Args) == 0 && name == "Load":
			return p.shared(receiver(e))
		}
	case *ast.Ident, *ast.SelectorExpr:
		if t := p.info.TypeOf(e); t != nil && isInteger(t) {
			return p.prog.Variable(e)
		}
	}
	return nil
}

func addressed(e ast.Expr) ast.Expr {
	if u, ok := ast.Unparen(e).(*ast.UnaryExpr); ok {
		return u.X
	}
	return e
}
