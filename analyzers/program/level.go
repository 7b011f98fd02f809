package program

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"slices"
)

// This file tells where the code has seen to it that an operation on a channel does not wait:
// a send finds room in the buffer, a receive finds something in it.

// A ChannelUse is a send to a channel, or a receive from it. Size is its buffer, -1 where that
// is not known.
type ChannelUse struct {
	Ch   ast.Expr
	Send bool
	Size int64
}

// Opens returns the nodes of the function in a frame past which the use, at a node of it, does
// not wait: a test of how full the channel is, in place or in a function that returns it, the
// use of the other end, and a select on that with its default. Each holds until the next one
// does the same, whoever that is.
func (p *Program) Opens(at *Frame, node ast.Node, u ChannelUse) []ast.Node {
	ch, ok := p.Path(at, u.Ch)
	if !ok {
		return nil
	}
	g := gauge{p, ch, u}
	var list []ast.Node
	for _, o := range g.ofFunction(at) {
		if o.besides == nil || !contains(o.besides, node.Pos()) {
			list = append(list, o.at)
		}
	}
	for _, f := range p.facts(node.Pos()) {
		list = append(list, g.tested(at, f.cond, f.holds)...)
	}
	return list
}

// An opening is a node that opens the way, but for uses in the statement besides, where the
// opposite may hold.
type opening struct {
	at      ast.Node
	besides ast.Stmt
}

// A gauged is a function of which the openings for one kind of use are asked: each of its
// uses does, and generated functions have hundreds.
type gauged struct {
	in   ast.Node
	ch   string
	send bool
	size int64
}

func (g gauge) ofFunction(at *Frame) []opening {
	if at.Up != nil {
		return g.within(at, deepestOpening)
	}
	key := gauged{at.In, g.ch.key(), g.Send, g.Size}
	list, ok := g.p.gauged[key]
	if !ok {
		list = g.within(at, deepestOpening)
		if g.p.gauged == nil {
			g.p.gauged = make(map[gauged][]opening)
		}
		g.p.gauged[key] = list
	}
	return list
}

// deepestOpening is how many calls deep a function empties a channel for who calls it, or
// tests it.
const deepestOpening = 2

// A gauge is a use of the channel at the end of a path.
type gauge struct {
	p  *Program
	ch AccessPath
	ChannelUse
}

func (g gauge) is(at *Frame, x ast.Expr) bool {
	if x == nil || !isChan(g.p.TypeOf(x)) {
		return false
	}
	ch, ok := g.p.Path(at, x)
	return ok && ch.Is(g.ch)
}

// within lists what opens the way in a function, except for the conditions around the use.
func (g gauge) within(at *Frame, depth int) (list []opening) {
	add := func(besides ast.Stmt, nodes ...ast.Node) {
		for _, n := range nodes {
			list = append(list, opening{n, besides})
		}
	}
	ast.Inspect(bodyOf(at.In), func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit, *ast.GoStmt, *ast.DeferStmt:
			return false
		case *ast.IfStmt:
			if n.Else == nil && slices.ContainsFunc(n.Body.List, func(s ast.Stmt) bool { return g.other(at, s) }) {
				add(n, g.tested(at, n.Cond, false)...)
			}
		case *ast.ForStmt:
			if n.Cond != nil && !Broken(n.Body) {
				add(n, g.tested(at, n.Cond, false)...)
			}
		case *ast.SelectStmt:
			add(nil, g.tried(at, n)...)
		case *ast.UnaryExpr, *ast.SendStmt:
			if g.other(at, n) {
				add(nil, n)
			}
		case *ast.CallExpr:
			if depth > 0 && g.opensIn(at, n, depth) {
				add(nil, n)
			}
		}
		return true
	})
	return list
}

func bodyOf(n ast.Node) *ast.BlockStmt {
	switch n := n.(type) {
	case *ast.FuncDecl:
		return n.Body
	case *ast.FuncLit:
		return n.Body
	}
	return nil
}

// other reports whether a node is a use of the other end of the channel.
func (g gauge) other(at *Frame, n ast.Node) bool {
	switch n := n.(type) {
	case *ast.SendStmt:
		return !g.Send && g.is(at, n.Chan)
	case *ast.UnaryExpr:
		return g.Send && n.Op == token.ARROW && g.is(at, n.X)
	case ast.Stmt:
		return g.Send && g.is(at, ReceivedFrom(n))
	}
	return false
}

// tried returns the default of a select that tries to use the other end: to take something
// fails where there is nothing.
func (g gauge) tried(at *Frame, s *ast.SelectStmt) (list []ast.Node) {
	tries := false
	for _, cl := range s.Body.List {
		comm := cl.(*ast.CommClause)
		if comm.Comm == nil {
			list = append(list, comm)
		} else {
			tries = tries || g.other(at, comm.Comm)
		}
	}
	if !tries {
		return nil
	}
	return list
}

// opensIn reports whether all ways through a function of the package that a call gives the
// channel, or that is a method of who holds it, open the way.
func (g gauge) opensIn(at *Frame, c *ast.CallExpr, depth int) bool {
	d := g.p.Declaration(g.p.Callee(c))
	if d == nil || d.Body == nil || !slices.ContainsFunc(c.Args, func(x ast.Expr) bool { return g.is(at, x) }) && !g.ofHolder(at, c) {
		return false
	}
	var list []ast.Node
	for _, o := range g.within(&Frame{In: d, Call: c, Up: at}, depth-1) {
		list = append(list, o.at)
	}
	return len(list) > 0 && !g.p.Flow(d.Body).Crosses(list)
}

func (g gauge) ofHolder(at *Frame, c *ast.CallExpr) bool {
	sel, ok := ast.Unparen(c.Fun).(*ast.SelectorExpr)
	if !ok || len(g.ch.Fields) == 0 {
		return false
	}
	holder, ok := g.p.Path(at, sel.X)
	return ok && holder.Root == g.ch.Root && len(holder.Fields) < len(g.ch.Fields) && slices.Equal(holder.Fields, g.ch.Fields[:len(holder.Fields)])
}

// tested returns the parts of a condition by which the way is open where it holds, or does
// not.
func (g gauge) tested(at *Frame, cond ast.Expr, holds bool) (list []ast.Node) {
	g.p.atoms(cond, holds, func(cond ast.Expr, holds bool) {
		switch c := cond.(type) {
		case *ast.BinaryExpr:
			op := c.Op
			if !holds {
				op = negated(op)
			}
			if n := g.measure(at, c.X, "len"); n != nil && g.says(at, op, c.Y) {
				list = append(list, n)
			} else if n := g.measure(at, c.Y, "len"); n != nil && g.says(at, mirrored[op], c.X) {
				list = append(list, n)
			}
		case *ast.CallExpr:
			if d := g.p.Declaration(g.p.Callee(c)); d != nil && at.depth() < deepestOpening {
				if x := onlyResult(d); x != nil && len(g.tested(&Frame{In: d, Call: c, Up: at}, x, holds)) > 0 {
					list = append(list, c)
				}
			}
		}
	})
	return list
}

func (at *Frame) depth() (n int) {
	for ; at.Up != nil; at = at.Up {
		n++
	}
	return n
}

// onlyResult is what a function returns that does nothing else, or nil.
func onlyResult(d *ast.FuncDecl) ast.Expr {
	if d.Body == nil || len(d.Body.List) != 1 {
		return nil
	}
	r, ok := d.Body.List[0].(*ast.ReturnStmt)
	if !ok || len(r.Results) != 1 {
		return nil
	}
	return r.Results[0]
}

// measure returns the call by which an expression is the len, or the cap, of the channel, also
// of a local variable that is set to it where it is defined; nil for another expression.
func (g gauge) measure(at *Frame, x ast.Expr, builtin string) ast.Node {
	if id, ok := ast.Unparen(x).(*ast.Ident); ok {
		if defs := g.p.everywhere().defs[g.p.Variable(id)]; len(defs) == 1 && defs[0].how == assigned && defs[0].value != nil {
			x = defs[0].value
		}
	}
	if c, ok := ast.Unparen(x).(*ast.CallExpr); ok && g.p.Builtin(c) == builtin && g.is(at, c.Args[0]) {
		return c
	}
	return nil
}

// says reports whether the way is open where the length compares so with a number. Of one
// that is not constant it is taken for granted that it is no more than there is room for, and
// no less than 0; who asks knows what a channel without a buffer is worth.
func (g gauge) says(at *Frame, op token.Token, x ast.Expr) bool {
	full := g.measure(at, x, "cap") != nil
	k, known := int64(0), false
	if v := g.p.info.Types[x].Value; v != nil {
		k, known = constant.Int64Val(constant.ToInt(v))
	}
	if !g.Send {
		switch op {
		case token.GTR:
			return !known || k >= 0
		case token.GEQ, token.EQL:
			return known && k > 0 || full && g.Size != 0 || !known && op == token.GEQ
		case token.NEQ:
			return known && k == 0
		}
		return false
	}
	switch op {
	case token.LSS:
		return !known || g.Size <= 0 || k <= g.Size
	case token.LEQ, token.EQL:
		return !full && (known || op == token.LEQ) && (!known || g.Size <= 0 || k < g.Size)
	case token.NEQ:
		return full
	}
	return false
}

// Broken reports whether a loop with a body may be left otherwise than by its condition or at the
// end of what it is over, and go on behind, or with a loop around it. A return stops more.
func Broken(loop *ast.BlockStmt) bool {
	found := false
	var look func(n ast.Node, own bool)
	look = func(root ast.Node, own bool) {
		ast.Inspect(root, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FuncLit:
				return false
			case *ast.ForStmt, *ast.RangeStmt, *ast.SwitchStmt, *ast.TypeSwitchStmt, *ast.SelectStmt:
				if n != root {
					look(n, false)
					return false
				}
			case *ast.BranchStmt:
				found = found || n.Label != nil || n.Tok == token.BREAK && own
			}
			return !found
		})
	}
	look(loop, true)
	return found
}

// MadeIn reports whether a function makes the channel that a variable or field holds: nobody
// else has it meanwhile.
func (p *Program) MadeIn(n ast.Node, v *types.Var) bool {
	return slices.ContainsFunc(p.everywhere().flows[v], func(f flow) bool {
		c, ok := ast.Unparen(f.value).(*ast.CallExpr)
		return ok && p.Builtin(c) == "make" && contains(n, c.Pos())
	})
}
