package blockloop

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"github.com/concurlint/concurlint/analyzers/contracts"
	"github.com/concurlint/concurlint/analyzers/program"
)

// This file finds loops that send to themselves once, and again only when they have received.

// A latch is a variable that has to be one thing for something to happen.
type latch struct {
	v    *types.Var
	is   constant.Value // nil for the nil of a pointer or channel
	isnt bool           // it has to be anything but that
}

// latched reports whether the loop sends to a channel of its own at one place alone, where a
// variable says that it may, and changes that variable at once; no case of the loop changes it
// back but the one that receives.
//
//	if ready == nil && changed() {
//		ready = c.ready
//		ready <- struct{}{}
//	}
func (c *checker) latched(d *contracts.Dispatcher, send ast.Node, source ast.Expr) bool {
	if _, direct := send.(*ast.SendStmt); !direct || c.sendsTo(d, c.res.Effects.Variable(source)) != 1 {
		return false
	}
	found := false
	ast.Inspect(d.Loop.Node, func(n ast.Node) bool {
		if n == nil || found || send.Pos() < n.Pos() || send.End() > n.End() {
			return false
		}
		s, ok := n.(*ast.IfStmt)
		if ok && s.Body.Pos() <= send.Pos() && send.End() <= s.Body.End() {
			found = slices.ContainsFunc(c.latches(d, s.Cond), func(l latch) bool { return c.shuts(s.Body, l) && c.keeps(d, l.v, source) })
		}
		return true
	})
	return found
}

// sendsTo counts the sends in the loop to what has the channel of a variable, by whatever name.
func (c *checker) sendsTo(d *contracts.Dispatcher, v *types.Var) (n int) {
	ast.Inspect(d.Loop.Node, func(x ast.Node) bool {
		if s, ok := x.(*ast.SendStmt); ok && (c.res.Effects.Variable(s.Chan) == v || c.res.Effects.Program().MustAlias(s.Chan) == v) {
			n++
		}
		return true
	})
	return n
}

// latches returns the variables of a condition that have to be one thing, or not to be it: not
// those of which it wants more or less, as of a queue, which many turns fill, nor those that a
// turn has for itself.
func (c *checker) latches(d *contracts.Dispatcher, cond ast.Expr) []latch {
	switch x := program.Condition(c.pass.TypesInfo, cond).(type) {
	case *ast.UnaryExpr:
		if x.Op == token.NOT {
			return c.latch(d, x.X, constant.MakeBool(false), false)
		}
	case *ast.BinaryExpr:
		switch x.Op {
		case token.LAND:
			return append(c.latches(d, x.X), c.latches(d, x.Y)...)
		case token.EQL, token.NEQ:
			if t := c.pass.TypesInfo.Types[x.Y]; t.Value != nil || t.IsNil() {
				return c.latch(d, x.X, t.Value, x.Op == token.NEQ)
			}
		}
	case *ast.Ident, *ast.SelectorExpr, *ast.CallExpr:
		return c.latch(d, x, constant.MakeBool(true), false)
	}
	return nil
}

// latch describes the variable that an expression is, or that it loads as an atomic value.
func (c *checker) latch(d *contracts.Dispatcher, x ast.Expr, is constant.Value, isnt bool) []latch {
	v := c.res.Effects.Variable(x)
	if call, ok := ast.Unparen(x).(*ast.CallExpr); ok {
		v = c.res.Effects.Program().Atomic(call)
	}
	ofTurn := false
	ast.Inspect(x, func(n ast.Node) bool {
		id, ok := n.(*ast.Ident)
		w := (*types.Var)(nil)
		if ok {
			w = c.res.Effects.Variable(id)
		}
		ofTurn = ofTurn || w != nil && d.Loop.Node.Pos() <= w.Pos() && w.Pos() < d.Loop.Node.End()
		return !ofTurn
	})
	if v == nil || ofTurn {
		return nil
	}
	return []latch{{v, is, isnt}}
}

// shuts reports whether a block of itself, not in a block within, makes the variable other than
// a latch wants it.
func (c *checker) shuts(b *ast.BlockStmt, l latch) bool {
	return slices.ContainsFunc(b.List, func(s ast.Stmt) bool {
		x := c.set(s, l.v)
		if x == nil {
			return false
		}
		t := c.pass.TypesInfo.Types[x]
		same := t.IsNil()
		if l.is != nil {
			if t.Value == nil || t.Value.Kind() != l.is.Kind() {
				return false // as where a swap tells whether it took place
			}
			same = constant.Compare(t.Value, token.EQL, l.is)
		}
		return same == l.isnt
	})
}

// set returns what a statement sets a variable to, or stores into it as an atomic value; nil
// for another statement.
func (c *checker) set(s ast.Stmt, v *types.Var) ast.Expr {
	switch s := s.(type) {
	case *ast.AssignStmt:
		for i, l := range s.Lhs {
			if s.Tok == token.ASSIGN && len(s.Lhs) == len(s.Rhs) && c.res.Effects.Variable(l) == v {
				return s.Rhs[i]
			}
		}
	case *ast.ExprStmt:
		call, ok := s.X.(*ast.CallExpr)
		if ok && len(call.Args) > 0 && c.res.Effects.Program().Atomic(call) == v && strings.HasPrefix(c.res.Effects.Program().Callee(call).Name(), "Store") {
			return call.Args[len(call.Args)-1]
		}
	}
	return nil
}

// keeps reports whether no case but those that receive from the channel change a variable.
func (c *checker) keeps(d *contracts.Dispatcher, v *types.Var, source ast.Expr) bool {
	return !slices.ContainsFunc(d.Cases, func(k *contracts.Case) bool {
		changes := false
		ast.Inspect(k.Clause, func(n ast.Node) bool {
			s, ok := n.(ast.Stmt)
			changes = changes || ok && c.set(s, v) != nil
			return !changes
		})
		return changes && k.Source != source
	})
}
