package program

import (
	"go/ast"
	"go/token"
	"go/types"
)

// Places is how many may hold a place at once, and the expression that says so
// where there is one.
type Places struct {
	Number
	Expr ast.Expr
}

// Places returns how many places there are where the node takes one: it sends to a
// channel or receives from one, asks a semaphore, or calls a function that does.
// A function is known by what its body does with what this call gives it.
func (p *Program) Places(n ast.Node) (Places, bool) {
	return newEvaluator(p, Package).places(n)
}

// Capacity returns the places of a channel with a buffer.
func (p *Program) Capacity(ch ast.Expr) (Places, bool) {
	return newEvaluator(p, Package).capacity(ch)
}

// Fits reports whether a channel that a function has made has as many places as a loop in
// it has turns, in each of which something is sent to it once at most:
//
//	results := make(chan R, len(jobs))
//	for range jobs { results <- r }
func (p *Program) Fits(body *ast.BlockStmt, loop ast.Stmt, ch ast.Expr) bool {
	var made *ast.CallExpr
	for _, f := range p.everywhere().flows[p.Variable(ch)] {
		if c, ok := ast.Unparen(f.value).(*ast.CallExpr); ok && p.Builtin(c) == "make" && contains(body, c.Pos()) {
			if made != nil {
				return false
			}
			made = c
		}
	}
	if made == nil || made.End() > loop.Pos() || jumps(loop) || !p.sendsOnce(body, ch) {
		return false
	}
	pl, ok := p.Capacity(ch)
	if !ok || pl.Expr == nil || p.setWithin(body, pl.Expr, made.End(), loop.End()) {
		return false
	}
	turns, ok := p.Iterations(loop, Package)
	if !ok || turns.Bound == nil || turns.Step != 1 || includes(loop) {
		return false
	}
	if !isInteger(p.info.TypeOf(turns.Bound)) {
		c, ok := ast.Unparen(pl.Expr).(*ast.CallExpr)
		return ok && p.Builtin(c) == "len" && p.same(c.Args[0], turns.Bound)
	}
	return p.same(pl.Expr, turns.Bound)
}

// sendsOnce reports whether one statement of a function, or of a literal in it, sends to a
// channel.
func (p *Program) sendsOnce(body *ast.BlockStmt, ch ast.Expr) bool {
	n := 0
	ast.Inspect(body, func(m ast.Node) bool {
		if s, ok := m.(*ast.SendStmt); ok && p.same(s.Chan, ch) {
			n++
		}
		return true
	})
	return n == 1
}

// jumps reports whether a loop has loops within, or labels to which it may go back.
func jumps(loop ast.Stmt) bool {
	found := false
	ast.Inspect(loop, func(m ast.Node) bool {
		switch m.(type) {
		case *ast.ForStmt, *ast.RangeStmt, *ast.LabeledStmt:
			found = found || m != loop
		}
		return !found
	})
	return found
}

// setWithin reports whether a statement of a body sets, between two places, what an
// expression names.
func (p *Program) setWithin(body *ast.BlockStmt, e ast.Expr, from, to token.Pos) bool {
	named := make(map[*types.Var]bool)
	ast.Inspect(e, func(m ast.Node) bool {
		if x, ok := m.(ast.Expr); ok {
			if v := p.Variable(x); v != nil {
				named[v] = true
			}
		}
		return true
	})
	found := false
	ast.Inspect(body, func(m ast.Node) bool {
		var set []ast.Expr
		switch m := m.(type) {
		case *ast.AssignStmt:
			set = m.Lhs
		case *ast.IncDecStmt:
			set = []ast.Expr{m.X}
		}
		for _, x := range set {
			found = found || named[p.Variable(x)] && from < x.Pos() && x.Pos() < to
		}
		return !found
	})
	return found
}

// includes reports whether a counting loop has a turn for its bound too.
func includes(loop ast.Stmt) bool {
	s, ok := loop.(*ast.ForStmt)
	if !ok {
		return false
	}
	b, ok := ast.Unparen(s.Cond).(*ast.BinaryExpr)
	return ok && (b.Op == token.LEQ || b.Op == token.GEQ)
}

// same reports whether both name one variable, or the same field of what may be
// different values.
func (p *Program) same(a, b ast.Expr) bool {
	v := p.Variable(a)
	return v != nil && v == p.Variable(b)
}

func (ev *evaluator) places(n ast.Node) (Places, bool) {
	switch n := n.(type) {
	case *ast.SendStmt:
		return ev.capacity(n.Chan)
	case *ast.UnaryExpr:
		if n.Op == token.ARROW {
			return ev.capacity(n.X)
		}
	case *ast.SelectStmt:
		for _, c := range n.Body.List {
			if pl, ok := ev.communicates(c.(*ast.CommClause)); ok {
				return pl, true
			}
		}
	case *ast.ForStmt:
		return ev.waitsBelow(n)
	case *ast.CallExpr:
		return ev.takesIn(n)
	}
	return Places{}, false
}

func (ev *evaluator) communicates(c *ast.CommClause) (Places, bool) {
	switch s := c.Comm.(type) {
	case *ast.SendStmt:
		return ev.capacity(s.Chan)
	case *ast.ExprStmt:
		return ev.places(ast.Unparen(s.X))
	case *ast.AssignStmt:
		return ev.places(ast.Unparen(s.Rhs[0]))
	}
	return Places{}, false
}

// capacity is that of a channel with a buffer.
func (ev *evaluator) capacity(ch ast.Expr) (Places, bool) {
	list, ok := ev.makers(ch)
	if !ok {
		n := ev.size(ch)
		return Places{Number: n}, n.By != Data && n != Constant(0)
	}
	return ev.sizesOf(list)
}

// sizesOf joins the sizes that channels and semaphores are made with.
func (ev *evaluator) sizesOf(list []made) (Places, bool) {
	out := Places{Number: nothing}
	for _, m := range list {
		c, ok := m.expr.(*ast.CallExpr)
		if !ok {
			continue // nil until it is made
		}
		pl, ok := m.ev.sizing(c)
		if !ok {
			return Places{}, false
		}
		out = out.or(pl)
	}
	return out, out.Number != nothing
}

// takesIn looks for what takes a place in the function that is called.
func (ev *evaluator) takesIn(c *ast.CallExpr) (Places, bool) {
	fn := ev.p.Callee(c)
	ev.trail.steps++ // methods that all call each other are on 12 levels of ways
	if fn == nil || ev.tooDeep() {
		return Places{}, false
	}
	d := ev.p.Declaration(fn)
	if d == nil || d.Body == nil {
		x, ok := argumentOf(c, fn.Signature(), -1)
		if !ok || fn.Signature().Recv() == nil || !holds(fn.Signature().Recv().Type()) {
			return Places{}, false
		}
		list, ok := ev.makers(x)
		if !ok {
			n, ok := ev.ofType(ev.p.info.TypeOf(x))
			return Places{Number: n}, ok
		}
		return ev.sizesOf(list)
	}
	if !ev.p.mayTake(fn) || !ev.trail.enter(fn) {
		return Places{}, false
	}
	defer ev.trail.leave(fn)
	return ev.called(fn, c).firstIn(d.Body)
}

// Inside returns how many of the goroutines that a node starts may work at once, where
// they take a place themselves: the node is a call of a function that starts them, or
// the body of one.
func (p *Program) Inside(n ast.Node) (Places, bool) {
	ev := newEvaluator(p, Package)
	c, ok := n.(*ast.CallExpr)
	if !ok {
		return ev.firstIn(n.(*ast.BlockStmt))
	}
	fn := p.Callee(c)
	d := p.Declaration(fn)
	if d == nil || d.Body == nil {
		return ev.takesIn(c)
	}
	in := ev.called(fn, c)
	var first Places
	found := false
	ast.Inspect(d.Body, func(n ast.Node) bool {
		if lit, ok := n.(*ast.FuncLit); ok && !found {
			first, found = in.firstIn(lit.Body)
		}
		return !found
	})
	return first, found
}

// firstIn returns the first places that a body takes one of.
func (ev *evaluator) firstIn(body *ast.BlockStmt) (first Places, found bool) {
	ast.Inspect(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case nil, *ast.FuncLit, *ast.GoStmt, *ast.DeferStmt:
			return false
		case *ast.CallExpr:
			if fn := ev.p.Callee(n); !found && fn != nil {
				if fn.Pkg() == ev.p.pkg || fn.Name() == "Acquire" {
					first, found = ev.takesIn(n)
				} else if s := ev.p.setter(fn); s != "" {
					first, found = ev.inGroup(n, s)
				}
			}
		default:
			if !found && ev.p.takesToken(n) {
				first, found = ev.places(n)
				if one, ok := first.Exact(); ok && one == 1 {
					found = false // a lock, or a signal
				}
			}
		}
		return !found
	})
	return first, found
}

// takesToken reports whether a statement of a function that is called waits for a
// place: work and signals that go through channels, also those of one element, are
// the function's own affair.
func (p *Program) takesToken(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.SendStmt:
		return p.tokens(n.Chan)
	case *ast.UnaryExpr:
		return n.Op == token.ARROW && p.Semaphore(n.X) // a ticket that has been laid out
	case *ast.SelectStmt:
		takes := false
		for _, c := range n.Body.List {
			switch s := c.(*ast.CommClause).Comm.(type) {
			case nil:
				return false // it does not wait
			case *ast.SendStmt:
				takes = takes || p.tokens(s.Chan)
			}
		}
		return takes
	case *ast.ForStmt:
		return true
	}
	return false
}

// tokens reports whether what goes through a channel tells nothing.
func (p *Program) tokens(ch ast.Expr) bool {
	v := p.Variable(ch)
	t := p.everywhere().traffic[v]
	return v != nil && t != nil && t.sends > 0 && t.receives > 0 && !t.tells
}

// waitsBelow returns the limit of a count that a loop waits to fall below:
// for s.n >= s.max { s.cond.Wait() }.
func (ev *evaluator) waitsBelow(loop *ast.ForStmt) (Places, bool) {
	b, ok := loop.Cond.(*ast.BinaryExpr)
	if !ok || loop.Post != nil || !ev.p.waits(loop.Body) {
		return Places{}, false
	}
	limit := b.Y
	switch b.Op {
	case token.GEQ, token.EQL:
	case token.LEQ:
		limit = b.X
	default:
		return Places{}, false
	}
	if ev.p.info.Types[limit].IsNil() || !isInteger(ev.p.info.TypeOf(limit)) {
		return Places{}, false
	}
	n := ev.number(limit)
	return Places{Number: n, Expr: limit}, n != nothing && n != Constant(0)
}

// waits reports whether a block waits for somebody else: on a condition variable,
// by a receive or by sleeping.
func (p *Program) waits(b *ast.BlockStmt) bool {
	found := false
	ast.Inspect(b, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.UnaryExpr:
			found = found || n.Op == token.ARROW
		case *ast.CallExpr:
			if fn := p.Callee(n); fn != nil {
				found = found || waiting[fn.FullName()]
			}
		}
		return !found
	})
	return found
}

var waiting = map[string]bool{"(*sync.Cond).Wait": true, "time.Sleep": true, "runtime.Gosched": true}
