package program

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"slices"
	"strings"
)

// This file tells where whoever comes finds a flag, a count or a place that lets one through at
// a time.

// A way is a place in a function, and the loop or body within which to ask who comes to it
// again.
type way struct {
	p    *Program
	in   ast.Node
	body *ast.BlockStmt
	at   ast.Node
	goes bool // what runs there goes on behind the function
}

// Alone returns what the flags, counts and places are reached from each of which lets one at a
// time come to a node: what the conditions on every way to it ask for is no longer so for the
// next one. The body is that of the function around the node, in a loop of it or that body, for
// which the question is; what each turn or call has for itself lets the next one through. Where the node starts what goes on behind the function, that must not open the
// way again itself. A flag that others raise when there is something to do is none: what lets
// one through is as it is when nothing has been done yet, or a count of one.
//
//	if running { return }
//	running = true
//	go func() { defer func() { running = false }(); … }()
func (p *Program) Alone(in ast.Node, body *ast.BlockStmt, at ast.Node, goes bool) (flags []*types.Var) {
	w := way{p, in, body, at, goes}
	for _, f := range p.facts(at.Pos()) {
		if !contains(in, f.cond.Pos()) || contains(at, f.cond.Pos()) {
			continue
		}
		p.atoms(f.cond, f.holds, func(cond ast.Expr, holds bool) {
			if v := p.Root(w.shutBehind(cond, holds, f.cond)); v != nil && v.Kind() != types.ResultVar && !contains(in, v.Pos()) {
				flags = append(flags, v)
			}
		})
	}
	return flags
}

// shutBehind returns what a condition asks for that is no longer so when one has passed, or nil.
func (w way) shutBehind(cond ast.Expr, holds bool, at ast.Node) ast.Expr {
	switch c := cond.(type) {
	case *ast.CallExpr:
		op, of := w.p.atomic(c)
		switch {
		case holds && w.p.triesLock(c):
			if x := ast.Unparen(c.Fun).(*ast.SelectorExpr).X; !w.unlocks(x) {
				return x
			}
		case of == nil:
		case op == "Load" && !holds:
			return w.shut(of, constant.MakeBool(false), at)
		case op == "Swap" && !holds && w.p.isTrue(c.Args[len(c.Args)-1]), op == "CompareAndSwap" && holds && w.p.raises(c):
			if !w.opened(of) {
				return of
			}
		}
	case *ast.Ident, *ast.SelectorExpr:
		if !holds {
			return w.shut(c, constant.MakeBool(false), at)
		}
	case *ast.BinaryExpr:
		return w.compared(c, holds, at)
	}
	return nil
}

// triesLock reports whether a call takes a lock if nobody has it.
func (p *Program) triesLock(c *ast.CallExpr) bool {
	fn := p.Callee(c)
	_, method := ast.Unparen(c.Fun).(*ast.SelectorExpr)
	return method && fn != nil && (fn.FullName() == "(*sync.Mutex).TryLock" || fn.FullName() == "(*sync.RWMutex).TryLock")
}

// unlocks reports whether the function gives a lock back itself while what it has started
// goes on.
func (w way) unlocks(x ast.Expr) bool {
	v, found := w.p.Variable(x), false
	ast.Inspect(w.body, func(n ast.Node) bool {
		c, ok := n.(*ast.CallExpr)
		if ok && !contains(w.at, c.Pos()) {
			sel, method := ast.Unparen(c.Fun).(*ast.SelectorExpr)
			found = found || method && sel.Sel.Name == "Unlock" && w.p.Variable(sel.X) == v
		}
		return !found
	})
	return w.goes && found
}

// compared is shutBehind of a comparison with a constant, or with nil.
func (w way) compared(c *ast.BinaryExpr, holds bool, at ast.Node) ast.Expr {
	x := ast.Unparen(c.X)
	value := w.p.info.Types[c.Y].Value
	switch {
	case c.Op == token.GTR && !holds: // counts are not negative
		holds = true
	case c.Op != token.EQL:
		return nil
	}
	if call, ok := x.(*ast.CallExpr); ok {
		op, of := w.p.atomic(call)
		switch {
		case of == nil:
			return nil
		case op == "Add":
			if holds && value != nil && constant.Compare(value, token.EQL, constant.MakeInt64(1)) {
				return of
			}
			return nil
		case op != "Load":
			return nil
		}
		x = of
	}
	switch {
	case w.p.info.Types[c.Y].IsNil() && holds:
		return w.shut(x, nil, at)
	case value == nil:
	case holds && (isZero(value) || w.raised(x, value, at)):
		return w.shut(x, value, at)
	case holds:
	case w.sets(x, at, func(v constant.Value, _ bool) bool { return v != nil && constant.Compare(v, token.EQL, value) }):
		return x // if state == busy { return }; state = busy
	}
	return nil
}

// shut returns a variable that is nothing, nil for no constant, or one on the way, if it is
// something else when one has passed.
func (w way) shut(x ast.Expr, value constant.Value, at ast.Node) ast.Expr {
	if w.p.Variable(x) == nil || w.opened(x) {
		return nil
	}
	if value != nil && !isZero(value) || w.sets(x, at, func(v constant.Value, stepped bool) bool {
		return stepped || value == nil || v != nil && !isZero(v)
	}) {
		return x
	}
	return nil
}

// isZero reports whether a value is what a variable has that nobody has set.
func isZero(v constant.Value) bool {
	switch v.Kind() {
	case constant.Bool:
		return !constant.BoolVal(v)
	case constant.String:
		return constant.StringVal(v) == ""
	}
	return constant.Sign(v) == 0
}

// opened reports whether the function itself sets a variable back to nothing, behind what it
// has started, in the same turn, or when it ends.
func (w way) opened(x ast.Expr) bool {
	flow := w.p.Flow(w.body)
	loop, _ := w.in.(ast.Stmt)
	if w.in == ast.Node(w.body) {
		loop = nil
	}
	return w.goes && slices.ContainsFunc(w.assignments(x, true), func(s assignment) bool {
		behind := s.deferred || s.node.Pos() > w.at.End() && !flow.Excludes(w.at, s.node, loop)
		return behind && (s.none || s.value != nil && isZero(s.value))
	})
}

// sets reports whether a variable is set, to what is says, on every way to the place behind
// the condition, or on every way from there.
func (w way) sets(x ast.Expr, cond ast.Node, is func(v constant.Value, stepped bool) bool) bool {
	var cuts []ast.Node
	for _, s := range w.assignments(x, false) {
		if s.node.Pos() > cond.End() && !s.none && is(s.value, s.stepped) {
			if contains(s.node, w.at.Pos()) {
				return true
			}
			cuts = append(cuts, s.node)
		}
	}
	return w.passes(cuts)
}

// raised reports whether a count has gone up to one on every way to the condition.
func (w way) raised(x ast.Expr, value constant.Value, cond ast.Node) bool {
	if !constant.Compare(constant.ToInt(value), token.EQL, constant.MakeInt64(1)) {
		return false
	}
	var cuts []ast.Node
	for _, s := range w.assignments(x, false) {
		if s.stepped && s.node.End() <= cond.Pos() {
			cuts = append(cuts, s.node)
		}
	}
	return w.passes(cuts)
}

func (w way) passes(cuts []ast.Node) bool {
	if len(cuts) == 0 {
		return false
	}
	flow := w.p.Flow(w.body)
	if l, ok := w.in.(ast.Stmt); ok && w.in != ast.Node(w.body) {
		return !flow.Repeats(w.at, l, cuts)
	}
	if !flow.Enters(w.at, cuts) {
		return true
	}
	return !flow.Leaves(w.at, cuts) && slices.ContainsFunc(cuts, func(c ast.Node) bool { return flow.Reaches(w.at, c, nil) })
}

// A assignment is a statement of a function that gives a variable a value, if that is a constant.
type assignment struct {
	node     ast.Node
	value    constant.Value
	none     bool // it is set to nil
	stepped  bool // it goes up by one
	deferred bool
}

// assignments lists what the function does to a variable: to the same as x names. What it starts
// is no part of it; what it defers is if that is asked for.
func (w way) assignments(x ast.Expr, ends bool) (list []assignment) {
	v, text := w.p.Variable(x), types.ExprString(x)
	same := func(e ast.Expr) bool { return w.p.Variable(e) == v && types.ExprString(ast.Unparen(e)) == text }
	var read func(n ast.Node, deferred bool)
	read = func(root ast.Node, deferred bool) {
		ast.Inspect(root, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FuncLit, *ast.GoStmt:
				return false
			case *ast.DeferStmt:
				if lit, ok := n.Call.Fun.(*ast.FuncLit); ok && ends {
					read(lit.Body, true)
				} else if ends {
					list = append(list, w.p.setBy(n.Call, same, true)...)
				}
				return false
			case nil:
			default:
				list = append(list, w.p.setBy(n, same, deferred)...)
			}
			return true
		})
	}
	read(w.body, false)
	return list
}

// setBy returns what a node sets of what same says.
func (p *Program) setBy(n ast.Node, same func(ast.Expr) bool, deferred bool) []assignment {
	of := func(value ast.Expr) []assignment {
		tv := p.info.Types[value]
		return []assignment{{node: n, value: tv.Value, none: tv.IsNil(), deferred: deferred}}
	}
	switch n := n.(type) {
	case *ast.AssignStmt:
		for i, l := range n.Lhs {
			switch {
			case !same(l):
			case n.Tok == token.ADD_ASSIGN:
				return []assignment{{node: n, stepped: true, deferred: deferred}}
			case n.Tok == token.ASSIGN && len(n.Lhs) == len(n.Rhs):
				return of(n.Rhs[i])
			case n.Tok == token.ASSIGN:
				return []assignment{{node: n, deferred: deferred}}
			}
		}
	case *ast.IncDecStmt:
		if n.Tok == token.INC && same(n.X) {
			return []assignment{{node: n, stepped: true, deferred: deferred}}
		}
	case *ast.CallExpr:
		if op, x := p.atomic(n); x != nil && same(x) {
			switch op {
			case "Store", "Swap", "CompareAndSwap":
				return of(n.Args[len(n.Args)-1])
			case "Add":
				return []assignment{{node: n, stepped: true, deferred: deferred}}
			}
		}
	}
	return nil
}

// atomic returns what a call of sync/atomic does, and to what: for the functions likewise as
// for the methods.
func (p *Program) atomic(c *ast.CallExpr) (op string, of ast.Expr) {
	fn := p.Callee(c)
	if fn == nil || fn.Pkg() == nil || fn.Pkg().Path() != "sync/atomic" {
		return "", nil
	}
	if fn.Signature().Recv() != nil {
		if sel, ok := ast.Unparen(c.Fun).(*ast.SelectorExpr); ok {
			return fn.Name(), ast.Unparen(sel.X)
		}
		return "", nil
	}
	for _, op := range []string{"Load", "Store", "Swap", "CompareAndSwap", "Add"} {
		if u, ok := ast.Unparen(c.Args[0]).(*ast.UnaryExpr); ok && u.Op == token.AND && strings.HasPrefix(fn.Name(), op) {
			return op, ast.Unparen(u.X)
		}
	}
	return "", nil
}

// raises reports whether a call compares with nothing and swaps it for something.
func (p *Program) raises(c *ast.CallExpr) bool {
	n := len(c.Args)
	old, next := p.info.Types[c.Args[n-2]].Value, p.info.Types[c.Args[n-1]].Value
	return old != nil && next != nil && isZero(old) && !isZero(next)
}

func (p *Program) isTrue(e ast.Expr) bool {
	on, ok := p.truth(e)
	return ok && on
}
