package lockio

import (
	"go/ast"
	"go/token"
	"go/types"

	"github.com/concurlint/concurlint/analyzers/effects"
	"github.com/concurlint/concurlint/analyzers/placement"
	"github.com/concurlint/concurlint/analyzers/report"
	"github.com/concurlint/concurlint/analyzers/settings"
)

// This file finds the other side of channels and WaitGroups.

// members returns the goroutines that the group waits for.
func (c *checker) members(v *types.Var) []far {
	if v == nil {
		return nil
	}
	var list []far
	for _, f := range c.res.Effects.Funcs() {
		for _, op := range f.Ops {
			fn := op.Callee()
			if fn == nil || fn.Name() != "Done" && fn.Name() != "Go" || c.res.Effects.Variable(operand(op.Node)) != v {
				continue
			}
			if fn.Name() == "Go" {
				for _, g := range c.res.Effects.TaskFuncs(f, op, 0) {
					list = append(list, far{f: g})
				}
				continue
			}
			side := far{f: f}
			if !op.Deferred {
				side.limit, side.loop = op.Node.Pos(), op.Loop
			}
			list = append(list, side)
		}
	}
	return list
}

// receivers returns the functions that receive from the channel.
func (c *checker) receivers(v *types.Var) []far {
	if v == nil {
		return nil
	}
	var list []far
	for _, f := range c.res.Effects.Funcs() {
		for _, op := range f.Ops {
			from := []ast.Expr(nil)
			switch n := op.Node.(type) {
			case *ast.UnaryExpr, *ast.RangeStmt:
				from = append(from, operand(n))
			case *ast.SelectStmt:
				from = received(n)
			}
			for _, x := range from {
				if x == nil || c.res.Effects.Variable(x) != v {
					continue
				}
				loop := op.Loop
				if _, ok := op.Node.(*ast.RangeStmt); ok && loop == nil {
					continue
				}
				list = append(list, far{f: f, limit: op.Node.Pos(), loop: loop})
			}
		}
	}
	return list
}

// received returns the channels that a select statement receives from.
func received(s *ast.SelectStmt) []ast.Expr {
	var list []ast.Expr
	for _, cl := range s.Body.List {
		var x ast.Expr
		switch comm := cl.(*ast.CommClause).Comm.(type) {
		case *ast.ExprStmt:
			x = comm.X
		case *ast.AssignStmt:
			x = comm.Rhs[0]
		}
		if u, ok := ast.Unparen(x).(*ast.UnaryExpr); ok && u.Op == token.ARROW {
			list = append(list, u.X)
		}
	}
	return list
}

// senders returns the functions that send to the channel or close it.
func (c *checker) senders(v *types.Var) []far {
	if v == nil {
		return nil
	}
	var list []far
	for _, f := range c.res.Effects.Funcs() {
		if f.Body() == nil {
			continue
		}
		ast.Inspect(f.Body(), func(n ast.Node) bool {
			var x ast.Expr
			switch n := n.(type) {
			case *ast.FuncLit:
				return false
			case *ast.DeferStmt:
				if isClose(n.Call) && c.res.Effects.Variable(n.Call.Args[0]) == v {
					list = append(list, far{f: f})
				}
				return false
			case *ast.SendStmt:
				x = n.Chan
			case *ast.CallExpr:
				if isClose(n) {
					x = n.Args[0]
				}
			}
			if x != nil && c.res.Effects.Variable(x) == v {
				list = append(list, far{f: f, limit: x.Pos()})
			}
			return true
		})
	}
	return list
}

func isClose(n *ast.CallExpr) bool {
	id, ok := ast.Unparen(n.Fun).(*ast.Ident)
	return ok && id.Name == "close" && len(n.Args) == 1
}

// publishes judges a send to each of the subscribers that a collection holds:
// one that has stopped receiving and wants the lock to leave never gets it.
func (c *checker) publishes(r *placement.Region, op *effects.Op, s *ast.SendStmt) (verdict, bool) {
	m := c.member(s.Chan, op.Loop)
	if m == nil || op.Loop == nil || r.Lock == nil || c.capacity(s.Chan, 0) == 1 || madeRoom(r.Func, s) || c.removes(r.Func, m, shrinks) != nil {
		return verdict{}, false
	}
	for _, other := range c.locks[r.Lock].regions {
		if other.Func == r.Func {
			continue
		}
		if n := c.removes(other.Func, m, lessOne); n != nil && n.Pos() > other.Acquire.Node.Pos() {
			return verdict{
				severity: settings.Warning,
				why:      "deadlock if its reader is leaving",
				at:       []report.Step{{Pos: n.Pos(), Message: "a reader leaves here, under the same lock"}},
			}, true
		}
	}
	return verdict{}, false
}

// madeRoom reports whether the send stands in a select case that has just
// received from the same channel.
func madeRoom(f *effects.Func, s *ast.SendStmt) bool {
	found := false
	ast.Inspect(f.Body(), func(n ast.Node) bool {
		c, ok := n.(*ast.CommClause)
		if !ok || s.Pos() < c.Pos() || s.End() > c.End() || c.Comm == nil {
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
