package effects

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
)

// This file tells loops that compute from those that only look as if they did.

// delegates reports whether a turn of the loop does no more than call code that is
// not in sight: what that costs is not known.
func delegates(fn *Func, l *Loop) bool {
	if len(l.Body().List) != 1 || l.Ops == l.OpsEnd {
		return false
	}
	for _, op := range fn.Ops[l.Ops:l.OpsEnd] {
		if e := op.Effect(Dynamic); e == nil || e.Certainty < Usually || len(e.Chain) > 1 {
			return false
		}
	}
	return true
}

// advances reports whether the inner loop takes the outer one forward, so that
// both together are one pass:
//
//	for i < len(s) { for i < len(s) && s[i] == ' ' { i++ }; … }
//	for i < len(s) { for shift := 0; ; shift += 7 { c := s[i]; i++; … }; … }
func (p *pkg) advances(outer, inner *Loop) bool {
	in, ok := inner.Node.(*ast.ForStmt)
	if !ok {
		return false
	}
	out, ok := outer.Node.(*ast.ForStmt)
	if !ok {
		return false
	}
	asked := p.variablesIn(in.Cond)
	for v := range p.variablesIn(out.Cond) {
		if asked[v] && p.sets(in, v) || p.moves(in, v) {
			return true
		}
	}
	return false
}

// moves reports whether each turn of the loop moves v on.
func (p *pkg) moves(s *ast.ForStmt, v *types.Var) bool {
	return slices.ContainsFunc(append([]ast.Stmt{s.Post}, s.Body.List...), func(stmt ast.Stmt) bool {
		switch n := stmt.(type) {
		case *ast.IncDecStmt:
			return p.prog.Variable(n.X) == v
		case *ast.AssignStmt:
			return n.Tok == token.ADD_ASSIGN && p.prog.Variable(n.Lhs[0]) == v
		}
		return false
	})
}

// variablesIn returns the variables that an expression names.
func (p *pkg) variablesIn(e ast.Expr) map[*types.Var]bool {
	found := make(map[*types.Var]bool)
	if e == nil {
		return found
	}
	ast.Inspect(e, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			if v, ok := p.info.Uses[id].(*types.Var); ok && !v.IsField() {
				found[v] = true
			}
		}
		return true
	})
	return found
}

// sets reports whether a turn of the loop assigns to v.
func (p *pkg) sets(s *ast.ForStmt, v *types.Var) bool {
	found := false
	is := func(e ast.Expr) bool { return p.prog.Variable(e) == v }
	check := func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			for _, l := range n.Lhs {
				found = found || is(l)
			}
		case *ast.IncDecStmt:
			found = found || is(n.X)
		}
		return !found
	}
	if s.Post != nil {
		ast.Inspect(s.Post, check)
	}
	ast.Inspect(s.Body, check)
	return found
}

// part reports whether an op, in a loop, is a call that gets what follows in the data, where
// the loop goes on behind what that took: all such calls together are one pass.
//
//	for i < len(b) { n := skip(b[i:]); i += n }
//	for i < len(b) { end := i + size; m.decode(b[i:end]); i = end }
func (p *pkg) part(op *Op) bool {
	c, ok := op.Node.(*ast.CallExpr)
	return ok && op.Loop != nil && slices.ContainsFunc(c.Args, func(a ast.Expr) bool {
		s, ok := ast.Unparen(a).(*ast.SliceExpr)
		return ok && s.Low != nil && p.cutsOff(op.Loop, c, s)
	})
}

// cutsOff reports whether the loop goes on where the part ends: at the upper bound of the
// slice, or as far on as the call says.
func (p *pkg) cutsOff(l *Loop, c *ast.CallExpr, s *ast.SliceExpr) bool {
	low, ends, found := p.prog.Variable(s.Low), p.variablesIn(s.High), false
	if low == nil {
		return false
	}
	ast.Inspect(l.Body(), func(n ast.Node) bool {
		a, ok := n.(*ast.AssignStmt)
		switch {
		case !ok:
		case ast.Unparen(a.Rhs[0]) == c:
			for _, x := range a.Lhs {
				ends[p.prog.Variable(x)] = true
			}
		case len(a.Lhs) == 1:
			asked := p.variablesIn(a.Rhs[0])
			for v := range asked {
				found = found || ends[v] && (asked[low] || p.prog.Variable(a.Lhs[0]) == low)
			}
		}
		return !found
	})
	return found
}

// recursion adds the cpu effect of a function that calls itself, directly or
// not. One call each time is a loop in other words, so it weighs one more than
// the loops of the function; several go through a tree. Where each call gets a part
// of the data, all of them are one pass.
func (p *pkg) recursion(fn *Func, direct, forks bool) {
	if fn.Body() == nil || fn.Marked != nil || fn.Told != nil {
		return
	}
	w, what := min(fn.Summary.Weight()+1, Heavy), "calls itself"
	switch {
	case forks:
		w = Heavy
	case p.shares(fn):
		w = max(fn.Summary.Weight(), LoopOnce)
	}
	if !direct {
		what = "is called by what it calls"
	}
	merge(&fn.Summary.Effects, Effect{Kind: CPU, Weight: w, Certainty: Usually, Root: RootNone, Chain: []Frame{p.frame(fn.Body().Pos(), what)}})
}

// shares reports whether fn calls its recursive group, with a part of the data each time.
func (p *pkg) shares(fn *Func) bool {
	calls, parts := 0, 0
	for _, op := range fn.Ops {
		if p.within(fn, op) {
			calls++
			if p.part(op) {
				parts++
			}
		}
	}
	return calls > 0 && calls == parts
}

// descends reports whether a recursive group hands anything on all the way round.
// A constructor that calls a method, which makes a new value if there is none, goes
// over no data, nor does one that hands its call on to another of its kind.
func (p *pkg) descends(group []*Func) bool {
	next := make(map[*Func][]*Func)
	for _, f := range group {
		wraps := p.wraps(f)
		for _, op := range f.Ops {
			if c := op.call; c != nil && (c.recv != nil || len(c.expr.Args) > 0) && !(wraps && c.iface) {
				next[f] = p.calleesAt(next[f], f, op, p.candidates)
			}
		}
	}
	// Those that hand on to none that is left are on no way round.
	left := make(map[*Func]bool)
	for _, f := range group {
		left[f] = true
	}
	for n := 0; n != len(left); {
		n = len(left)
		for _, f := range group {
			if !slices.ContainsFunc(next[f], func(g *Func) bool { return left[g] }) {
				delete(left, f)
			}
		}
	}
	return len(left) > 0
}

// wraps reports whether f calls its own kind through an interface once and for all,
// as what is wrapped around another: there are as many as somebody has put together.
// Who does so for each of its data, or more than once, goes through a tree.
//
//	func (c *cached) Load(k string) string { return c.next.Load(k) }
func (p *pkg) wraps(f *Func) bool {
	calls := 0
	for _, op := range f.Ops {
		if op.call == nil || !op.call.iface || !slices.ContainsFunc(p.candidates(op.call.fn), func(g *Func) bool { return g.group == f.group }) {
			continue
		}
		if calls++; op.Loop != nil && op.Loop.Data() {
			return false
		}
	}
	return calls == 1
}

// forks reports whether one run of f calls its recursive group more than
// once: twice on one way, or for each of its data.
func (p *pkg) forks(f *Func) bool {
	calls := 0
	for i, op := range f.Ops {
		if op.Spawned != nil || !p.within(f, op) || p.part(op) {
			continue
		}
		if op.Loop != nil && op.Loop.Data() && !op.Once {
			return true
		}
		// Branches that leave are other ways: left or right of a node.
		if !slices.ContainsFunc(f.exits, func(s span) bool { return s.from <= i && i < s.to }) {
			calls++
		}
	}
	return calls > 1
}

// within reports whether the op calls a function of f's own recursive group.
func (p *pkg) within(f *Func, op *Op) bool {
	same := func(g *Func) bool { return g != nil && g.group == f.group }
	return op.call != nil && (same(p.decls[op.call.fn]) || slices.ContainsFunc(op.call.targets, func(t Target) bool { return same(t.Func) }))
}

// waits reports whether the main path of a loop's body waits for something: it
// then paces the loop, which is no computing.
func (p *pkg) waits(fn *Func, l *Loop) bool {
	for _, op := range fn.Ops[l.Ops:l.OpsEnd] {
		if op.Spawned != nil {
			continue
		}
		for i := range op.Effects {
			if e := &op.Effects[i]; e.Kind.Blocks() && e.Certainty >= Missed && !e.Is(Buffered) {
				return true
			}
		}
	}
	return false
}
