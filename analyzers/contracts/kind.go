package contracts

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"slices"

	"github.com/concurlint/concurlint/analyzers/effects"
	"github.com/concurlint/concurlint/analyzers/program"
)

// A kind is the code for one kind of message.
type kind struct{ from, to token.Pos }

func (k kind) holds(pos token.Pos) bool { return k.from < pos && pos < k.to }

func within(list []kind, pos token.Pos) bool {
	return slices.ContainsFunc(list, func(k kind) bool { return k.holds(pos) })
}

// kinds returns the code for each kind of message that the body of a loop, or of a
// function that is given the message, tells apart: the clauses of a switch, or the
// branches that ask what the message is, with what stands behind one that leaves. The
// message is a variable that in declares.
func (f *finder) kinds(body *ast.BlockStmt, in ast.Node, loop bool) []kind {
	var best, branches []kind
	ast.Inspect(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.SwitchStmt:
			if n.Tag == nil || f.message(n.Tag, in, loop) {
				best = longer(best, clauses(n.Body))
			}
		case *ast.TypeSwitchStmt:
			if f.message(n.Assign, in, loop) {
				best = longer(best, clauses(n.Body))
			}
		case *ast.BlockStmt:
			branches = append(branches, f.others(n.List, in, loop)...)
		case *ast.CaseClause:
			branches = append(branches, f.others(n.Body, in, loop)...)
		case *ast.CommClause:
			branches = append(branches, f.others(n.Body, in, loop)...)
		case *ast.IfStmt:
			if f.asks(n, in, loop) && works(n.Body.List) {
				branches = append(branches, kind{n.Body.Pos(), n.Body.End()})
				if b, ok := n.Else.(*ast.BlockStmt); ok && works(b.List) {
					branches = append(branches, kind{b.Pos(), b.End()})
				}
			}
		}
		return true
	})
	return longer(best, branches)
}

// others returns the code behind branches of a list that ask what the message is and
// leave: it is for the other kinds, as an else would be. The next branch that asks tells
// for itself which kind it is for.
func (f *finder) others(list []ast.Stmt, in ast.Node, loop bool) (rest []kind) {
	asks := func(s ast.Stmt) *ast.IfStmt {
		if n, ok := s.(*ast.IfStmt); ok && f.asks(n, in, loop) {
			return n
		}
		return nil
	}
	for i, s := range list {
		n := asks(s)
		if n == nil || n.Else != nil || !works(n.Body.List) || !program.Leaves(n.Body.List) || !works(list[i+1:]) || asks(list[i+1]) != nil {
			continue
		}
		rest = append(rest, kind{n.Body.Rbrace, list[len(list)-1].End()})
	}
	return rest
}

func longer(a, b []kind) []kind {
	if len(b) > len(a) {
		return b
	}
	return a
}

// clauses returns the clauses of a switch that do something.
func clauses(body *ast.BlockStmt) []kind {
	var list []kind
	for _, c := range body.List {
		if k := c.(*ast.CaseClause); works(k.Body) {
			list = append(list, kind{k.Colon, k.End()})
		}
	}
	return list
}

// works reports whether statements do more than leave.
func works(list []ast.Stmt) bool {
	return slices.ContainsFunc(list, func(s ast.Stmt) bool {
		switch s.(type) {
		case *ast.ReturnStmt, *ast.BranchStmt:
			return false
		}
		return true
	})
}

// asks reports whether a branch asks what a message is: by a flag of it, a
// constant, a type, or a function such as strings.HasPrefix.
func (f *finder) asks(s *ast.IfStmt, in ast.Node, loop bool) bool {
	switch c := program.Condition(f.info, s.Cond).(type) {
	case *ast.Ident: // if m, ok := m.(T); ok
		a, ok := s.Init.(*ast.AssignStmt)
		if !ok || len(a.Rhs) != 1 {
			return false
		}
		x, ok := ast.Unparen(a.Rhs[0]).(*ast.TypeAssertExpr)
		return ok && f.message(x.X, in, loop)
	case *ast.SelectorExpr:
		return f.message(c, in, loop)
	case *ast.BinaryExpr:
		return c.Op == token.EQL && f.text(c.Y) && f.message(c.X, in, loop)
	case *ast.CallExpr:
		return slices.ContainsFunc(c.Args, f.text) && f.message(c, in, loop)
	}
	return false
}

// text reports whether e is a constant string or number other than zero.
func (f *finder) text(e ast.Expr) bool {
	v := f.info.Types[e].Value
	if v == nil {
		return false
	}
	switch v.Kind() {
	case constant.String:
		return constant.StringVal(v) != ""
	case constant.Int:
		return constant.Sign(v) != 0
	}
	return false
}

// message reports whether what is switched over is made of a variable that the
// loop sets, or that is a parameter.
func (f *finder) message(tag, in ast.Node, loop bool) bool {
	if tag == nil {
		return false
	}
	found := false
	ast.Inspect(tag, func(n ast.Node) bool {
		id, ok := n.(*ast.Ident)
		if !ok {
			return true
		}
		v, ok := f.info.Uses[id].(*types.Var)
		if !ok || v.IsField() {
			return true
		}
		_, _, param := f.prog.Parameter(v)
		inside := in.Pos() <= v.Pos() && v.Pos() < in.End()
		found = found || inside || !loop && param
		return true
	})
	return found
}

// slow reports whether an operation waits for something outside the program.
func slow(op *effects.Op) bool {
	return slices.ContainsFunc(op.Effects, func(e effects.Effect) bool {
		return e.Kind.IO() && !e.Is(effects.Stream) && e.Certainty >= effects.Missed
	})
}

// quick reports whether one of the kinds takes no time.
func quick(list []kind, ops []*effects.Op) bool {
	return slices.ContainsFunc(list, func(k kind) bool {
		return !slices.ContainsFunc(ops, func(op *effects.Op) bool {
			return k.holds(op.Node.Pos()) && op.Spawned == nil && slow(op)
		})
	})
}
