package sites

import (
	"go/ast"
	"go/token"
	"slices"

	"github.com/concurlint/concurlint/analyzers/effects"
	"github.com/concurlint/concurlint/analyzers/placement"
	"github.com/concurlint/concurlint/analyzers/program"
)

// limit describes what bounds the tasks of a site that is no worker pool.
func (l *lister) limit(s *placement.Site) Limit {
	in := s.Limit
	switch {
	case in.Class == placement.Semaphore && (s.Trip.Loop != nil || l.takes(in.Token, 0)):
		return l.semaphore(in.Token)
	case in.Class == placement.Semaphore:
		in = placement.Limit{} // whatever a function waits for before its only hand-over
	case in.Class == placement.None && !s.Endless:
		if op := l.fx.Token(s.Func, s.Op, s.Arg); op != nil {
			return l.semaphore(op)
		}
	}
	out := Limit{Class: limitClass(in.Class, in.Cores)}
	if in.Class == placement.Const {
		out.N = in.N
	}
	l.write(&out, in.Expr)
	switch {
	case in.Class == placement.None:
	case s.Blocks:
		out.Waits = []Place{l.place(s.Op.Node.Pos())}
	case l.constructs(s):
		out.Waits = l.submits(s)
	}
	return out
}

// constructs reports whether the site makes a pool for one function, to which
// arguments are submitted later.
func (l *lister) constructs(s *placement.Site) bool {
	x := l.executorLine(s)
	return x != nil && x.Limit == "arg" && !x.Each
}

// submits are the lines that wait for a place in the pool that the site makes.
func (l *lister) submits(s *placement.Site) []Place {
	var list []token.Pos
	for _, f := range l.fx.Funcs() {
		for _, op := range f.Ops {
			c, ok := op.Node.(*ast.CallExpr)
			if !ok || op.Effect(effects.Wait) == nil {
				continue
			}
			if sel, ok := ast.Unparen(c.Fun).(*ast.SelectorExpr); ok && l.holds(sel.X, s.Op.Node, 0) {
				list = append(list, op.Node.Pos())
			}
		}
	}
	return l.sorted(list)
}

// holds reports whether e is a variable that gets the result of the call.
func (l *lister) holds(e ast.Expr, call ast.Node, depth int) bool {
	if ast.Unparen(e) == call {
		return true
	}
	v := l.fx.Variable(e)
	if v == nil || depth == maxDepth {
		return false
	}
	values, _ := l.fx.Values(v)
	return slices.ContainsFunc(values, func(value ast.Expr) bool { return l.holds(value, call, depth+1) })
}

// limitClass names a class of limits.
func limitClass(c placement.Class, cores float64) string {
	switch {
	case cores > 0 && cores != 1:
		return "cores×k"
	case c == placement.Cores:
		return "cores"
	case c == placement.Const:
		return "const"
	case c == placement.Config:
		return "config"
	}
	return "none"
}

// write fills in the text and the place of the expression that sets a limit.
func (l *lister) write(out *Limit, e ast.Expr) {
	if e == nil {
		return
	}
	out.Text, out.Place = l.source(e), l.place(e.Pos())
	if n, ok := l.res.Effects.Program().Number(e, program.Package).Exact(); ok {
		out.N = n
	}
}

// workerCount is the limit of workers: the bound of the loop that starts them.
func (l *lister) workerCount(s *placement.Site) Limit {
	out := Limit{Class: limitClass(s.Trip.Class, s.Trip.Cores)}
	l.write(&out, s.Trip.Expr)
	if s.Trip.Class == placement.Const && out.N == 0 {
		out.N = s.Trip.N
	}
	return out
}

// A comm is a communication of a select: ch is nil for a default.
type comm struct {
	clause *ast.CommClause
	ch     ast.Expr
	sends  bool
}

func comms(s *ast.SelectStmt) []comm {
	var list []comm
	for _, c := range s.Body.List {
		clause := c.(*ast.CommClause)
		k := comm{clause: clause}
		switch n := clause.Comm.(type) {
		case *ast.SendStmt:
			k.ch, k.sends = n.Chan, true
		case *ast.ExprStmt:
			k.ch = received(n.X)
		case *ast.AssignStmt:
			k.ch = received(n.Rhs[0])
		}
		list = append(list, k)
	}
	return list
}

// received is the channel of a receive expression.
func received(e ast.Expr) ast.Expr {
	if u, ok := ast.Unparen(e).(*ast.UnaryExpr); ok && u.Op == token.ARROW {
		return u.X
	}
	return nil
}
