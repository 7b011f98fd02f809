package locks

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"github.com/concurlint/concurlint/analyzers/effects"
	"github.com/concurlint/concurlint/analyzers/program"
)

// This file finds what is called once, to make something that all later calls find.

// makesOnce reports whether an op makes what is kept for all: where it was missing, and
// not under a key, or where a variable says that it has not been made yet.
func (s *solver) makesOnce(f *effects.Func, op *effects.Op) bool {
	once, asked := s.once[op]
	if !asked {
		once = s.findOnce(f, op)
		s.once[op] = once
	}
	return once
}

func (s *solver) findOnce(f *effects.Func, op *effects.Op) bool {
	if op.Certainty == effects.Missed {
		return !s.prog.Keyed(f.Body()).PutsBehind(token.NoPos, op.Node.End())
	}
	return slices.ContainsFunc(s.testsOf(f), func(t test) bool {
		switch {
		case t.Body.Pos() <= op.Node.Pos() && op.Node.End() <= t.Body.End():
			return s.notes(t.Body, op, t.missing)
		case t.End() <= op.Node.Pos():
			return s.notes(f.Body(), op, t.made)
		}
		return false
	})
}

// A test is an if statement that asks whether a variable has got its value.
type test struct {
	*ast.IfStmt
	missing *types.Var // its body runs where this has none, or nil
	made    *types.Var // its body leaves where this has one, or nil
}

func (s *solver) testsOf(f *effects.Func) []test {
	list, asked := s.tests[f]
	if asked {
		return list
	}
	ast.Inspect(f.Body(), func(n ast.Node) bool {
		if i, ok := n.(*ast.IfStmt); ok {
			t := test{IfStmt: i, missing: s.asks(i.Cond, true)}
			if program.Leaves(i.Body.List) {
				t.made = s.asks(i.Cond, false)
			}
			if t.missing != nil || t.made != nil {
				list = append(list, t)
			}
		}
		return true
	})
	s.tests[f] = list
	return list
}

// asks returns the variable that a condition compares with its zero value, so that it
// holds where the variable is zero, or is not; nil for any other condition:
//
//	if c.conn == nil
//	if !c.ready
//	if atomic.LoadUint32(&c.done) == 0
func (s *solver) asks(cond ast.Expr, zero bool) *types.Var {
	switch x := program.Condition(s.pass.TypesInfo, cond).(type) {
	case *ast.UnaryExpr:
		if x.Op == token.NOT {
			return s.asks(x.X, !zero)
		}
	case *ast.BinaryExpr:
		switch {
		case x.Op == token.LAND && zero, x.Op == token.LOR && !zero:
			if v := s.asks(x.X, zero); v != nil {
				return v
			}
			return s.asks(x.Y, zero)
		case x.Op == token.EQL && s.isConstant(x.Y) && s.isZero(x.Y) == zero, x.Op == token.NEQ && s.isZero(x.Y) && !zero:
			return s.subject(x.X)
		}
	case *ast.Ident, *ast.SelectorExpr, *ast.CallExpr:
		if !zero {
			return s.subject(x)
		}
	}
	return nil
}

func (s *solver) isConstant(e ast.Expr) bool {
	tv := s.pass.TypesInfo.Types[e]
	return tv.IsNil() || tv.Value != nil
}

func (s *solver) isZero(e ast.Expr) bool {
	tv := s.pass.TypesInfo.Types[e]
	if tv.IsNil() {
		return true
	}
	if tv.Value == nil {
		return false
	}
	switch tv.Value.Kind() {
	case constant.Bool:
		return !constant.BoolVal(tv.Value)
	case constant.String:
		return constant.StringVal(tv.Value) == ""
	case constant.Int, constant.Float:
		return constant.Sign(tv.Value) == 0
	}
	return false
}

// subject is the variable that e names, or of which it loads the value atomically, if
// that outlives the function.
func (s *solver) subject(e ast.Expr) *types.Var {
	v := s.prog.Variable(e)
	if c, ok := ast.Unparen(e).(*ast.CallExpr); ok {
		v, _ = s.atomically(c, "Load")
	}
	if v != nil && (v.IsField() || v.Parent() == s.pass.Pkg.Scope()) {
		return v
	}
	return nil
}

// atomically returns the variable that a call reaches by a function or method of
// sync/atomic whose name begins so, and what else it is given.
func (s *solver) atomically(c *ast.CallExpr, verb string) (*types.Var, []ast.Expr) {
	fn := s.prog.Callee(c)
	if fn == nil || fn.Pkg() == nil || fn.Pkg().Path() != "sync/atomic" || !strings.HasPrefix(fn.Name(), verb) {
		return nil, nil
	}
	if sel, ok := ast.Unparen(c.Fun).(*ast.SelectorExpr); ok && fn.Signature().Recv() != nil {
		return s.prog.Variable(sel.X), c.Args
	}
	if u, ok := ast.Unparen(c.Args[0]).(*ast.UnaryExpr); ok && u.Op == token.AND {
		return s.prog.Variable(u.X), c.Args[1:]
	}
	return nil, nil
}

// notes reports whether a block sets v to something else than its zero value with or
// behind an op.
func (s *solver) notes(b *ast.BlockStmt, op *effects.Op, v *types.Var) bool {
	if v == nil {
		return false
	}
	if s.assigns(b, op, func(l, r ast.Expr) bool { return s.prog.Variable(l) == v && !s.isZero(r) }) {
		return true
	}
	found := false
	ast.Inspect(b, func(n ast.Node) bool {
		if c, ok := n.(*ast.CallExpr); ok && c.End() >= op.Node.End() && !found {
			to, values := s.atomically(c, "Store")
			found = to == v && !slices.ContainsFunc(values, s.isZero)
		}
		return !found
	})
	return found
}

// assigns reports whether one of the assignments of a block that end with or behind an op
// is as asked for.
func (s *solver) assigns(b *ast.BlockStmt, op *effects.Op, is func(l, r ast.Expr) bool) bool {
	found := false
	ast.Inspect(b, func(n ast.Node) bool {
		if a, ok := n.(*ast.AssignStmt); ok && a.End() >= op.Node.End() {
			for i, l := range a.Lhs {
				found = found || is(l, a.Rhs[min(i, len(a.Rhs)-1)])
			}
		}
		return !found
	})
	return found
}
