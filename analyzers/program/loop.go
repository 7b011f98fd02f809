package program

import (
	"go/ast"
	"go/token"
	"go/types"
	"math"
)

// A Count is how often a loop runs its body.
type Count struct {
	Number
	Bound ast.Expr // what the loop counts up to, down from, or goes over
	// Step is how many items one iteration takes, 0 for a size that is worked out
	// as the program runs: most often the length divided by the workers.
	Step int64
}

// Iterations returns how often a loop runs its body, and false for one that does
// not count: an endless one, one that receives, one that goes on until something
// happens.
func (p *Program) Iterations(loop ast.Stmt, within Scope) (Count, bool) {
	return newEvaluator(p, within).iterations(loop)
}

func (ev *evaluator) iterations(loop ast.Stmt) (Count, bool) {
	p := ev.p
	if r, ok := loop.(*ast.RangeStmt); ok {
		return ev.ranged(r)
	}
	s, ok := loop.(*ast.ForStmt)
	if !ok || s.Cond == nil {
		return Count{}, false
	}
	if s.Post == nil {
		return ev.cuts(s)
	}
	cond, ok := ast.Unparen(s.Cond).(*ast.BinaryExpr)
	if !ok {
		return Count{}, false
	}
	// The variable of the loop is the one that the last part sets.
	x, y, op := cond.X, cond.Y, cond.Op
	v, step := p.steps(s.Post)
	switch {
	case v == nil || !isInteger(v.Type()):
		return Count{}, false
	case p.Variable(x) == v:
	case p.Variable(y) == v:
		x, y, op = y, x, mirrored[op]
	default:
		return Count{}, false
	}
	from := starts(p, s, v)
	c := Count{Bound: y}
	switch op {
	case token.LSS, token.LEQ, token.NEQ:
		c.Number = ev.upTo(y, from)
	case token.GTR, token.GEQ:
		if from == nil {
			from = x
		}
		c.Bound = from
		c.Number = ev.number(from).Sub(ev.number(y))
	default:
		return Count{}, false
	}
	if op == token.LEQ || op == token.GEQ {
		c.Number = c.Number.Add(Constant(1))
	}
	return step(ev, c), true
}

// upTo is the number from the start of a loop to its bound. A start that is not
// known is not negative.
func (ev *evaluator) upTo(bound, from ast.Expr) Number {
	if from == nil {
		return ev.number(bound)
	}
	return ev.difference(bound, from)
}

// starts is the value with which a loop begins its variable, or nil.
func starts(p *Program, s *ast.ForStmt, v *types.Var) ast.Expr {
	a, ok := s.Init.(*ast.AssignStmt)
	if !ok || len(a.Lhs) != len(a.Rhs) {
		return nil
	}
	for i, l := range a.Lhs {
		if p.Variable(l) == v {
			return a.Rhs[i]
		}
	}
	return nil
}

// steps returns the variable that the last part of a loop sets, and how its steps
// make the iterations fewer.
func (p *Program) steps(post ast.Stmt) (*types.Var, func(*evaluator, Count) Count) {
	switch s := post.(type) {
	case *ast.IncDecStmt:
		return p.Variable(s.X), func(_ *evaluator, c Count) Count { c.Step = 1; return c }
	case *ast.AssignStmt:
		if len(s.Lhs) != 1 {
			return nil, nil
		}
		return p.Variable(s.Lhs[0]), func(ev *evaluator, c Count) Count { return ev.strides(c, s.Tok, s.Rhs[0]) }
	}
	return nil, nil
}

// maxDoublings is how often an int can double.
const maxDoublings = 63

func (ev *evaluator) strides(c Count, op token.Token, by ast.Expr) Count {
	switch op {
	case token.ADD_ASSIGN, token.SUB_ASSIGN:
		n := ev.number(by)
		if k, ok := n.Const(); ok && n.Least == n.Most && k > 0 {
			c.Number, c.Step = c.Number.Add(Constant(float64(k-1))).Div(n).Each(math.Floor), k
			return c
		}
		c.Number = setting()
	case token.SHL_ASSIGN, token.SHR_ASSIGN, token.MUL_ASSIGN, token.QUO_ASSIGN:
		c.Number = c.Number.Min(AtMost(maxDoublings))
		c.Step = 1
	}
	return c
}

func (ev *evaluator) ranged(s *ast.RangeStmt) (Count, bool) {
	t := ev.p.info.TypeOf(s.X)
	if t == nil {
		return Count{}, false
	}
	c := Count{Bound: s.X, Step: 1}
	switch u := t.Underlying().(type) {
	case *types.Signature:
		if by := ev.p.chunks(s.X); by != nil && ev.number(by).share() {
			return Count{Number: setting(), Bound: s.X}, true
		}
		return Count{}, false
	case *types.Chan:
		return Count{}, false
	case *types.Basic:
		switch {
		case u.Kind() == types.Invalid: // of a package that does not compile
			c.Number = setting()
		case u.Info()&types.IsInteger != 0:
			c.Number = ev.number(s.X)
		default:
			c.Number = data() // the characters of a string
		}
	default:
		c.Number = ev.size(s.X)
	}
	return c, true
}

// chunks is the size that an iterator cuts a slice by, or nil.
func (p *Program) chunks(e ast.Expr) ast.Expr {
	c, ok := ast.Unparen(e).(*ast.CallExpr)
	if !ok {
		return nil
	}
	if fn := p.Callee(c); fn == nil || fn.FullName() != "slices.Chunk" || len(c.Args) != 2 {
		return nil
	}
	return c.Args[1]
}

// gathered is the size of what had cur elements before a loop that appends some to it in each
// iteration, at most once, where it is known how many iterations there are: the same on any data, or
// one for each share of them.
func (ev *evaluator) gathered(cur Number, d def, v *types.Var) (Number, bool) {
	c, ok := ast.Unparen(d.value).(*ast.CallExpr)
	loop, isLoop := d.loop.(ast.Stmt)
	if !ok || !isLoop || d.how != assigned || ev.p.Builtin(c) != "append" || c.Ellipsis.IsValid() || ev.p.Variable(c.Args[0]) != v || ev.p.loopsBetween(v, d) != 1 {
		return Number{}, false
	}
	count, ok := ev.iterations(loop)
	if by := stride(loop); ok && count.Step == 0 && by != nil && !ev.number(by).share() || count.By >= Data || count.Step != 0 && count.By != Fixed {
		return Number{}, false
	}
	return cur.Join(cur.Add(count.Mul(Constant(float64(len(c.Args) - 1))))), ok && count.Number != nothing
}

// stride is what a loop adds to its variable each time, or nil.
func stride(loop ast.Stmt) ast.Expr {
	s, ok := loop.(*ast.ForStmt)
	if !ok {
		return nil
	}
	a, ok := s.Post.(*ast.AssignStmt)
	if !ok {
		return nil
	}
	return a.Rhs[0]
}

// loopsBetween counts the loops, and literals, around a definition of a variable that are not
// around the variable.
func (p *Program) loopsBetween(v *types.Var, d def) (n int) {
	for _, around := range enclosing(p.declaration(d.pos), d.pos) {
		switch around.(type) {
		case *ast.ForStmt, *ast.RangeStmt, *ast.FuncLit:
			if !repeats(around, v.Pos()) {
				n++
			}
		}
	}
	return n
}
