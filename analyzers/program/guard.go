package program

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
)

// A fact is a condition that holds, or does not, at some place since it was
// tested.
type fact struct {
	cond  ast.Expr
	holds bool
	next  ast.Stmt // of a loop: the condition is tested again after it
}

// A term is what a condition may look at: a number, or the length of a
// collection. A field is that of the same value where it is reached the same way.
type term struct {
	v    *types.Var
	text string // of a field
}

func (ev *evaluator) term(v *types.Var, e ast.Expr) term {
	if v.IsField() {
		return term{v, types.ExprString(e)}
	}
	return term{v: v}
}

// assume leaves of n, the number or size that e has, what the conditions allow
// that lie on every way to it.
func (ev *evaluator) assume(n Number, v *types.Var, e ast.Expr) Number {
	pos := e.Pos()
	x := ev.p.around(pos)
	if !x.tested(v) || n == nothing {
		return n
	}
	if at, ok := ev.asked[v]; ok {
		ev.trail.met(at)
		return n // a condition that compares two of them asks for each other in turn
	}
	ev.asked[v] = len(ev.trail.at)
	defer delete(ev.asked, v)
	t, defs := ev.term(v, e), x.definitions(v)
	for _, f := range ev.p.facts(pos) {
		if slices.ContainsFunc(defs, func(d def) bool {
			if f.next != nil && contains(f.next, d.pos) {
				return false
			}
			return f.cond.End() < d.pos && (d.pos < pos || repeats(d.loop, pos) && !repeats(d.loop, f.cond.Pos()))
		}) {
			continue // it was set again
		}
		n = ev.conclude(n, f.cond, f.holds, t)
	}
	return n
}

// conclude leaves of n what a condition, or its contrary, says of t.
func (ev *evaluator) conclude(n Number, cond ast.Expr, holds bool, t term) Number {
	switch c := ast.Unparen(cond).(type) {
	case *ast.UnaryExpr:
		if c.Op == token.NOT {
			return ev.conclude(n, c.X, !holds, t)
		}
	case *ast.BinaryExpr:
		if c.Op == token.LAND && holds || c.Op == token.LOR && !holds {
			return ev.conclude(ev.conclude(n, c.X, holds, t), c.Y, holds, t)
		}
		op, e := ev.compares(c, t)
		if e == nil {
			return n
		}
		if !holds {
			op = negated(op)
		}
		return ev.pass(n, op, e)
	}
	return n
}

// compares returns how a condition compares t, and with what.
func (ev *evaluator) compares(cond ast.Expr, t term) (token.Token, ast.Expr) {
	b, ok := ast.Unparen(cond).(*ast.BinaryExpr)
	if !ok {
		return token.ILLEGAL, nil
	}
	switch {
	case ev.measures(b.X, t):
		return b.Op, b.Y
	case ev.measures(b.Y, t):
		return mirrored[b.Op], b.X
	}
	return token.ILLEGAL, nil
}

func (ev *evaluator) measures(e ast.Expr, t term) bool {
	if c, ok := ast.Unparen(e).(*ast.CallExpr); ok {
		if ev.p.Builtin(c) != "len" || isNumber(t.v.Type()) || isChan(t.v.Type()) {
			return false
		}
		e = c.Args[0]
	} else if !isNumber(t.v.Type()) {
		return false
	}
	return ev.p.Variable(e) == t.v && (t.text == "" || t.text == types.ExprString(e))
}

var mirrored = map[token.Token]token.Token{
	token.LSS: token.GTR, token.GTR: token.LSS, token.LEQ: token.GEQ, token.GEQ: token.LEQ, token.EQL: token.EQL, token.NEQ: token.NEQ,
}

// Condition returns a condition without parentheses and, if it compares with a constant,
// with that on the right: nil != err and !(err == nil) are err != nil.
func Condition(info *types.Info, cond ast.Expr) ast.Expr {
	cond = ast.Unparen(cond)
	if not, ok := cond.(*ast.UnaryExpr); ok && not.Op == token.NOT {
		if b, ok := Condition(info, not.X).(*ast.BinaryExpr); ok && contraries[b.Op] != token.ILLEGAL && !isFloat(info.TypeOf(b.X)) {
			return &ast.BinaryExpr{X: b.X, OpPos: b.OpPos, Op: contraries[b.Op], Y: b.Y}
		}
	}
	b, ok := cond.(*ast.BinaryExpr)
	if !ok {
		return cond
	}
	op, ok := mirrored[b.Op]
	x, y := info.Types[b.X], info.Types[b.Y]
	if !ok || !x.IsNil() && x.Value == nil || y.IsNil() || y.Value != nil {
		return b
	}
	return &ast.BinaryExpr{X: b.Y, OpPos: b.OpPos, Op: op, Y: b.X}
}

// isFloat reports whether a type has values that compare with none, NaN.
func isFloat(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&(types.IsFloat|types.IsComplex) != 0
}

var contraries = map[token.Token]token.Token{
	token.LSS: token.GEQ, token.GEQ: token.LSS, token.GTR: token.LEQ, token.LEQ: token.GTR, token.EQL: token.NEQ, token.NEQ: token.EQL,
}

func negated(op token.Token) token.Token { return contraries[op] }

// pass returns the part of n for which n op e holds.
func (ev *evaluator) pass(n Number, op token.Token, e ast.Expr) Number {
	return passing(n, op, ev.number(e))
}

// passing returns the part of n for which n op m holds.
func passing(n Number, op token.Token, m Number) Number {
	if m == nothing {
		return n
	}
	one := Constant(1)
	switch op {
	case token.LSS:
		return below(n, m.Sub(one))
	case token.LEQ:
		return below(n, m)
	case token.GTR:
		return above(n, m.Add(one))
	case token.GEQ:
		return above(n, m)
	case token.EQL:
		return above(below(n, m), m)
	case token.NEQ:
		// Sizes and counts are not negative: what is not 0 is at least 1.
		if m == Constant(0) {
			return above(n, one)
		}
	}
	return n
}

func below(n, m Number) Number {
	out := n.Min(m)
	out.Least = n.Least
	return out
}

func above(n, m Number) Number {
	n.Least = n.Max(m).Least
	return n
}

// facts lists the conditions on every way to pos: of the branches around it, and
// of those before it that leave.
func (p *Program) facts(pos token.Pos) []fact {
	list, ok := p.held[pos]
	if !ok {
		if d := p.declaration(pos); d != nil {
			list = p.factsIn(d, pos)
		}
		p.held[pos] = list
	}
	return list
}

func (p *Program) factsIn(d ast.Decl, pos token.Pos) []fact {
	var list []fact
	path := enclosing(d, pos)
	for i, n := range path[:len(path)-1] {
		child := path[i+1]
		switch n := n.(type) {
		case *ast.IfStmt:
			if child == n.Body || child == n.Else {
				list = append(list, fact{cond: n.Cond, holds: child == n.Body})
			}
		case *ast.ForStmt:
			if child == n.Body && n.Cond != nil {
				list = append(list, fact{n.Cond, true, n.Post})
			}
		case *ast.SwitchStmt:
			if c, ok := path[min(i+2, len(path)-1)].(*ast.CaseClause); ok && n.Tag == nil && len(c.List) == 1 {
				list = append(list, fact{cond: c.List[0], holds: true})
			}
		case *ast.BlockStmt:
			list = p.left(list, n.List, child)
		case *ast.CaseClause:
			list = p.left(list, n.Body, child)
		case *ast.CommClause:
			list = p.left(list, n.Body, child)
		}
	}
	return list
}

// enclosing returns the nodes from root to the innermost that contains pos.
func enclosing(root ast.Node, pos token.Pos) []ast.Node {
	var path []ast.Node
	ast.Inspect(root, func(n ast.Node) bool {
		if n == nil || !contains(n, pos) {
			return false
		}
		path = append(path, n)
		return true
	})
	return path
}

// left adds the conditions of the statements before child that leave the list.
func (p *Program) left(list []fact, stmts []ast.Stmt, child ast.Node) []fact {
	for _, s := range stmts {
		if s == child {
			break
		}
		if ifs, ok := s.(*ast.IfStmt); ok && p.leaves(ifs.Body) {
			list = append(list, fact{cond: ifs.Cond})
		}
	}
	return list
}

// leaves reports whether a block never runs into what follows it.
func (p *Program) leaves(b *ast.BlockStmt) bool {
	if len(b.List) == 0 {
		return false
	}
	if Leaves(b.List) {
		return true
	}
	last, ok := b.List[len(b.List)-1].(*ast.ExprStmt)
	if !ok {
		return false
	}
	c, ok := last.X.(*ast.CallExpr)
	return ok && p.NeverReturns(c)
}

// disjuncts are the conditions of which one is enough.
func disjuncts(conds []ast.Expr) []ast.Expr {
	var list []ast.Expr
	for _, c := range conds {
		if b, ok := ast.Unparen(c).(*ast.BinaryExpr); ok && b.Op == token.LOR {
			list = append(list, disjuncts([]ast.Expr{b.X, b.Y})...)
			continue
		}
		list = append(list, c)
	}
	return list
}
