package effects

import (
	"go/ast"
	"go/types"
	"slices"
)

// maxRounds bounds the fixpoint over a recursive group. Effects only grow
// stronger and chains shorter, so few rounds settle all but chain lengths.
const maxRounds = 4

// solve computes the summaries bottom-up: strongly connected components of the
// package's call graph in Tarjan's order (SIAM J. Comput. 1(2), 1972).
func (p *pkg) solve() {
	t := &tarjan{p: p}
	for _, f := range p.funcs {
		if f.index == 0 {
			t.visit(f)
		}
	}
}

type tarjan struct {
	p     *pkg
	next  int
	stack []*Func
}

func (t *tarjan) visit(f *Func) {
	t.next++
	f.index, f.low, f.onPath = t.next, t.next, true
	t.stack = append(t.stack, f)
	self := false
	for _, g := range t.p.callees(f) {
		switch {
		case g == f:
			self = true
		case g.index == 0:
			t.visit(g)
			f.low = min(f.low, g.low)
		case g.onPath:
			f.low = min(f.low, g.index)
		}
	}
	if f.low != f.index {
		return
	}
	i := slices.Index(t.stack, f)
	group := slices.Clone(t.stack[i:])
	t.stack = t.stack[:i]
	for _, g := range group {
		g.onPath, g.group = false, f.index
	}
	t.p.solveGroup(group, self)
}

func (p *pkg) solveGroup(group []*Func, self bool) {
	recursive := self || len(group) > 1
	for range maxRounds {
		changed := false
		for _, f := range slices.Backward(group) {
			changed = p.summarize(f) || changed
		}
		if !changed || !recursive {
			break
		}
	}
	// Recursion that waits is paced by what it waits for.
	if recursive && !slices.ContainsFunc(group, waits) {
		for _, f := range group {
			p.recursion(f, self)
		}
	}
}

// waits reports whether the main path of f waits for something.
func waits(f *Func) bool {
	return slices.ContainsFunc(f.Summary.Effects, func(e Effect) bool {
		return e.Kind.Blocks() && e.Certainty >= Missed && !e.Is(Buffered)
	})
}

// summarize evaluates the ops of f once more and reports whether its summary
// changed. Directives win over the body.
func (p *pkg) summarize(f *Func) bool {
	if f.Marked == nil && f.Told != nil {
		return p.tell(f)
	}
	changed := false
	s := &f.Summary
	released := false
	for _, op := range f.Ops {
		uses := p.eval(f, op)
		if released = p.releases(f, op, released); released {
			for i := range op.Effects {
				op.Effects[i].Flags |= Released
			}
		}
		for _, u := range uses {
			changed = addUse(s, f, u) || changed
		}
		if f.Marked != nil {
			continue
		}
		for i := range op.Effects {
			changed = merge(&s.Effects, op.Effects[i]) || changed
		}
	}
	if f.Body() == nil || f.Marked != nil {
		return changed
	}
	s.Lock = p.lockNet(f)
	p.computing(f)
	if e := p.endless(f); e && !s.Endless {
		s.Endless = true
		changed = true
	}
	return changed
}

func addUse(s *Summary, f *Func, u Use) bool {
	for i := range s.Uses {
		o := &s.Uses[i]
		if o.owner == u.owner && o.Arg == u.Arg && o.Method == u.Method && o.Goes == u.Goes {
			changed := u.Certainty > o.Certainty || u.Each && !o.Each
			o.Certainty, o.Each = max(o.Certainty, u.Certainty), o.Each || u.Each
			return changed
		}
	}
	s.Uses = append(s.Uses, u)
	return true
}

// callees returns the functions of this package that f may call.
func (p *pkg) callees(f *Func) []*Func {
	var list []*Func
	add := func(ts []Target) {
		for _, t := range ts {
			if t.Func != nil {
				list = append(list, t.Func)
			}
		}
	}
	for _, op := range f.Ops {
		c := op.call
		if c == nil {
			continue
		}
		if c.fn != nil {
			if g := p.decls[c.fn]; g != nil {
				list = append(list, g)
			} else if c.iface {
				list = append(list, p.implementations(c.fn)...)
				if requestShaped(c.fn) {
					list = append(list, p.providers(c.fn)...)
				}
			}
		}
		add(c.targets)
		for _, a := range c.expr.Args {
			if t := p.info.TypeOf(a); t != nil {
				if _, ok := t.Underlying().(*types.Signature); ok {
					add(p.funcTargets(f, a, 0))
				}
			}
		}
	}
	return list
}

// endless reports whether f's body is, or ends in, an endless loop that waits:
// a server, a worker or an actor.
func (p *pkg) endless(f *Func) bool {
	for _, op := range f.Ops {
		if op.Loop != nil || op.Spawned != nil || op.Certainty < Usually || op.call == nil {
			continue
		}
		if op.call.fn != nil && p.endlessFunc(op.call.fn, op.call) {
			return true
		}
		for _, t := range op.call.targets {
			if t.Func != nil && t.Func.Summary.Endless || t.Obj != nil && p.endlessFunc(t.Obj, op.call) {
				return true
			}
		}
	}
	for _, l := range f.Loops {
		if l.Parent == nil && p.endlessLoop(f, l) {
			return true
		}
	}
	return false
}

func (p *pkg) endlessFunc(fn *types.Func, c *call) bool {
	if g := p.decls[fn]; g != nil {
		return g.Summary.Endless
	}
	if k := p.known(fn); k != nil {
		if k.summary != nil {
			return k.summary.Endless
		}
		if k.effect != nil {
			return k.effect.Endless
		}
	}
	if c.iface {
		impls := p.implementations(fn)
		for _, g := range impls {
			if !g.Summary.Endless {
				return false
			}
		}
		return len(impls) > 0
	}
	return false
}

// endlessLoop reports whether l goes on until it is told to stop. A loop that
// only sleeps between tries and leaves on success is a retry, not a worker.
func (p *pkg) endlessLoop(f *Func, l *Loop) bool {
	if r, ok := l.Node.(*ast.RangeStmt); ok {
		return l.Endless(p.info) && r.X != nil
	}
	if !l.Endless(p.info) && !p.untilClosed(l.Node.(*ast.ForStmt).Cond) {
		return false
	}
	for _, op := range f.Ops[l.Ops:l.OpsEnd] {
		if op.Loop != l || op.Spawned != nil {
			continue
		}
		for i := range op.Effects {
			if e := &op.Effects[i]; e.Kind == Chan && e.Is(Receive) || e.Kind == Net && e.Is(Stream) {
				return true
			}
		}
		if op.call != nil && op.call.fn != nil && op.call.fn.Name() == "Accept" {
			return true
		}
	}
	return !leavesLoop(l)
}

// untilClosed reports whether a loop condition asks if it should stop.
func (p *pkg) untilClosed(cond ast.Expr) bool {
	found := false
	ast.Inspect(cond, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && (closing(id.Name) || id.Name == "Err" || id.Name == "running") {
			found = true
		}
		return !found
	})
	return found
}

// leavesLoop reports whether the loop's body can return or break out of it.
func leavesLoop(l *Loop) bool {
	found := false
	ast.Inspect(l.Body(), func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.IfStmt: // told to stop: if ctx.Err() != nil { return }
			if c, ok := ctxErr(n.Cond); ok && calledName(c) == "Err" {
				return false
			}
		case *ast.CommClause: // likewise: case <-stop: return
			if e, ok := n.Comm.(*ast.ExprStmt); ok && closing(types.ExprString(e.X)) {
				return false
			}
		case *ast.ReturnStmt:
			found = true
		case *ast.BranchStmt:
			found = found || n.Tok.String() == "break"
		}
		return !found
	})
	return found
}

// ctxErr returns the call in a condition such as ctx.Err() != nil.
func ctxErr(cond ast.Expr) (*ast.CallExpr, bool) {
	b, ok := ast.Unparen(cond).(*ast.BinaryExpr)
	if !ok {
		return nil, false
	}
	c, ok := ast.Unparen(b.X).(*ast.CallExpr)
	return c, ok && len(c.Args) == 0
}
