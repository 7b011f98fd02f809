package lockio

import (
	"go/ast"
	"go/token"
	"go/types"

	"github.com/concurlint/concurlint/analyzers/effects"
	"github.com/concurlint/concurlint/analyzers/report"
)

// This file judges sends to subscribers under the lock that keeps them.

// publishes adds to v that the send is one to each of the subscribers that a
// collection holds, and reports whether it is: one that has stopped receiving and
// wants the lock to leave never gets it.
func (c *checker) publishes(v *verdict, h held, s *ast.SendStmt) bool {
	m := c.member(s.Chan, h.op.Loop)
	if m == nil || h.op.Loop == nil || h.r.Lock == nil || c.capacity(s.Chan, 0) == 1 || madeRoom(h.r.Func, s) || c.removes(h.r.Func, m, shrinks) != nil {
		return false
	}
	for _, other := range c.locks[h.r.Lock].regions {
		if other.Func == h.r.Func || quiet(other.Func) {
			continue
		}
		if n := c.removes(other.Func, m, lessOne); n != nil && n.Pos() > other.Acquire.Node.Pos() {
			v.signals = append(v.signals, "lockio.subscriber-leaves")
			v.why = "deadlock if its reader is leaving"
			v.at = []report.Step{{Pos: n.Pos(), Message: "a reader leaves here, under the same lock"}}
			return true
		}
	}
	return false
}

// handsOver reports whether the function itself sends to a channel that a field
// holds: its reader is elsewhere and takes what comes when it can. What ends may well
// wait for the reader, and what asks for the reader's state has its own signal.
func (c *checker) handsOver(h held) bool {
	s, ok := h.op.Node.(*ast.SendStmt)
	if !ok || h.op.Ready || h.e.Is(effects.Token) || quiet(h.r.Func) || len(c.states(h.r.Func, s)) > 0 || madeRoom(h.r.Func, s) {
		return false
	}
	v := c.res.Effects.Variable(s.Chan)
	return v != nil && v.IsField() && c.capacity(s.Chan, 0) != 1 // a buffer of one is for one answer
}

// madeRoom reports whether the send stands in or behind a select that receives
// from the same channel.
func madeRoom(f *effects.Func, s *ast.SendStmt) bool {
	found := false
	ast.Inspect(f.Body(), func(n ast.Node) bool {
		c, ok := n.(*ast.CommClause)
		if !ok || s.Pos() < c.Pos() || c.Comm == nil {
			return !found
		}
		ast.Inspect(c.Comm, func(n ast.Node) bool {
			u, ok := n.(*ast.UnaryExpr)
			found = found || ok && u.Op == token.ARROW && types.ExprString(u.X) == types.ExprString(s.Chan)
			return !found
		})
		return !found
	})
	return found
}

// member returns the field or package variable that holds the thing x is a
// part of.
func (c *checker) member(x ast.Expr, loop *effects.Loop) *types.Var {
	for x != nil {
		if m := c.collection(x, loop); m != nil && (m.IsField() || m.Parent() == c.pass.Pkg.Scope()) {
			return m
		}
		sel, ok := ast.Unparen(x).(*ast.SelectorExpr)
		if !ok {
			return nil
		}
		x = sel.X
	}
	return nil
}

// collection returns the map or slice of which x is an element: m[k], the
// variable of a loop over it, or a local set to m[k].
func (c *checker) collection(x ast.Expr, loop *effects.Loop) *types.Var {
	switch x := ast.Unparen(x).(type) {
	case *ast.IndexExpr:
		return c.res.Effects.Variable(x.X)
	case *ast.Ident:
		v := c.res.Effects.Variable(x)
		if v == nil {
			return nil
		}
		for l := loop; l != nil; l = l.Parent {
			rs, ok := l.Node.(*ast.RangeStmt)
			if !ok {
				continue
			}
			for _, e := range []ast.Expr{rs.Key, rs.Value} {
				if e != nil && c.res.Effects.Variable(e) == v {
					return c.res.Effects.Variable(rs.X)
				}
			}
		}
		if values, _ := c.res.Effects.Values(v); len(values) == 1 {
			if ix, ok := ast.Unparen(values[0]).(*ast.IndexExpr); ok {
				return c.res.Effects.Variable(ix.X)
			}
		}
	}
	return nil
}

// removes returns where f takes an element out of m, or sets m to a value that
// does so.
func (c *checker) removes(f *effects.Func, m *types.Var, does func(ast.Expr) bool) ast.Node {
	var at ast.Node
	ast.Inspect(f.Body(), func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			if id, ok := ast.Unparen(n.Fun).(*ast.Ident); ok && id.Name == "delete" && len(n.Args) == 2 && c.res.Effects.Variable(n.Args[0]) == m {
				at = n
			}
		case *ast.AssignStmt:
			for i, l := range n.Lhs {
				if i < len(n.Rhs) && c.res.Effects.Variable(l) == m && does(n.Rhs[i]) {
					at = n
				}
			}
		}
		return at == nil
	})
	return at
}

// shrinks reports whether the value is a collection with less in it, or none.
func shrinks(value ast.Expr) bool {
	switch x := ast.Unparen(value).(type) {
	case *ast.SliceExpr, *ast.CompositeLit:
		return true
	case *ast.Ident:
		return x.Name == "nil"
	case *ast.CallExpr:
		return lessOne(x) || calledName(x) == "make"
	}
	return false
}

// lessOne reports whether the value is a slice without one of its elements:
// append(s[:i], s[i+1:]...) or slices.Delete.
func lessOne(value ast.Expr) bool {
	x, ok := ast.Unparen(value).(*ast.CallExpr)
	if !ok {
		return false
	}
	switch calledName(x) {
	case "append":
		_, ok := ast.Unparen(x.Args[0]).(*ast.SliceExpr)
		return ok
	case "Delete", "DeleteFunc":
		return true
	}
	return false
}

func calledName(c *ast.CallExpr) string {
	switch f := ast.Unparen(c.Fun).(type) {
	case *ast.Ident:
		return f.Name
	case *ast.SelectorExpr:
		return f.Sel.Name
	}
	return ""
}

// capacity returns the capacity of a channel where a constant one can be found
// behind it, -1 where not.
func (c *checker) capacity(x ast.Expr, depth int) int64 {
	if n, ok := c.res.Effects.Capacity(x); ok {
		return n
	}
	v := c.res.Effects.Variable(x)
	if v == nil || depth > 2 {
		return -1
	}
	values, _ := c.res.Effects.Values(v)
	for _, e := range values {
		if n := c.capacity(e, depth+1); n >= 0 {
			return n
		}
	}
	return -1
}
