package effects

import (
	"go/ast"
	"go/types"
	"slices"
)

// maxRounds bounds the fixpoint over a recursive group. Effects only grow stronger and
// chains shorter, so that it ends: after 7 rounds at most in nats-server and pebble,
// with their dependencies.
const maxRounds = 50

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
	for _, g := range t.p.callees(f, t.p.unsettled) {
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
	for _, g := range group {
		g.solved = true
	}
}

// solveGroup works out the summaries of a recursive group. What is decided by something
// that a function does not do comes last, when all that they do is known: that a loop waits
// for nothing and so computes, that nothing is known behind an interface. Otherwise the
// function that is looked at first would decide it.
func (p *pkg) solveGroup(group []*Func, self bool) {
	recursive := self || len(group) > 1
	p.open = nil
	if recursive {
		p.open = make(map[*types.Func][]Effect)
	}
	p.rounds(group, recursive)
	if len(p.open) > 0 {
		for fn := range p.open {
			p.open[fn] = p.behind(fn)
		}
		p.answered = true
		p.rounds(group, recursive)
		p.answered = false
	}
	for _, f := range group {
		if f.Body() != nil && f.Marked == nil && f.Told == nil && p.weighs(Heavy) {
			p.computing(f)
		}
	}
	p.open = nil
	for slices.ContainsFunc(group, p.findEndless) { // who calls one that is, is one too
		continue
	}
	// Recursion that waits is paced by what it waits for.
	if recursive && p.weighs(Heavy) && !slices.ContainsFunc(group, waits) && p.descends(group) {
		forks := slices.ContainsFunc(group, p.forks)
		for _, f := range group {
			p.recursion(f, self, forks)
		}
	}
	for _, f := range group {
		f.Summary.Effects = condense(f.Summary.Effects)
	}
}

// rounds evaluates the functions of a group until nothing changes any more.
func (p *pkg) rounds(group []*Func, recursive bool) {
	for range maxRounds {
		changed := false
		for _, f := range slices.Backward(group) {
			changed = p.summarize(f) || changed
		}
		if !changed || !recursive {
			return
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
	lent := callersLocks{p: p, f: f}
	for i, op := range f.Ops {
		uses := p.eval(f, op)
		if lent.released(i, op) {
			for i := range op.Effects {
				if e := &op.Effects[i]; !e.Is(Released) {
					e.Flags |= Released | Lent
				}
			}
		}
		for _, u := range uses {
			changed = addUse(s, f, u) || changed
		}
		if f.Marked != nil {
			continue
		}
		for i := range op.Effects {
			if e := &op.Effects[i]; e.Kind != CPU || e.Weight == Costly { // the rest see computing
				changed = merge(&s.Effects, *e) || changed
			}
		}
	}
	if f.Body() == nil || f.Marked != nil {
		return changed
	}
	s.Lock = p.lockNet(f)
	return changed
}

// findEndless reports whether f is found to be endless, and was not before.
func (p *pkg) findEndless(f *Func) bool {
	if f.Body() == nil || f.Marked != nil || f.Told != nil || f.Summary.Endless || !p.endless(f) {
		return false
	}
	f.Summary.Endless = true
	return true
}

func addUse(s *Summary, f *Func, u Use) bool {
	for i := range s.Uses {
		o := &s.Uses[i]
		if o.owner == u.owner && o.Arg == u.Arg && o.Method == u.Method && o.Goes == u.Goes {
			changed := u.Certainty > o.Certainty || u.Each && !o.Each || o.Local&^u.Local != 0 || o.Timed && !u.Timed || u.Again && !o.Again
			o.Certainty, o.Each, o.Local = max(o.Certainty, u.Certainty), o.Each || u.Each, o.Local&u.Local
			o.Timed, o.Again = o.Timed && u.Timed, o.Again || u.Again
			return changed
		}
	}
	s.Uses = append(s.Uses, u)
	return true
}

// unsettled returns the functions behind a method of an interface that are not done
// with: there may be thousands, behind each of thousands of calls.
func (p *pkg) unsettled(m *types.Func) []*Func {
	if impls := p.candidates(m); !p.settled(m, impls) {
		return impls
	}
	return nil
}

// callees returns the functions of this package that f may call. Of calls of an
// interface's method these are the ones that behind says.
func (p *pkg) callees(f *Func, behind func(*types.Func) []*Func) []*Func {
	var list []*Func
	for _, op := range f.Ops {
		if op.call != nil {
			list = p.calleesAt(list, f, op, behind)
		}
	}
	return list
}

// calleesAt adds the callees of one call.
func (p *pkg) calleesAt(list []*Func, f *Func, op *Op, behind func(*types.Func) []*Func) []*Func {
	add := func(ts []Target) {
		for _, t := range ts {
			if t.Func != nil {
				list = append(list, t.Func)
			}
		}
	}
	c := op.call
	if c.fn != nil {
		if g := p.decls[c.fn]; g != nil {
			list = append(list, g)
		} else if c.iface {
			list = append(list, behind(c.fn)...)
		}
	}
	add(c.targets)
	if !c.gives {
		return list
	}
	for i, a := range c.expr.Args {
		if p.isFunc(a) {
			add(p.funcTargets(f, a, 0))
		} else if c.fn != nil {
			list = p.methodsGiven(list, c.fn.Signature(), i, a)
		}
	}
	return list
}

// gives reports whether a call hands its callee anything to call. It is asked while
// the call is at hand, since most calls do not, and to look at each of them again is
// to fetch all of the syntax from memory again.
func (p *pkg) gives(c *call) bool {
	for i, a := range c.expr.Args {
		if c.fn != nil && callable(c.fn.Signature(), i) || c.fn == nil && p.isFunc(a) {
			return true
		}
	}
	return false
}

// callable reports whether what calls give for parameter i may be called: whether it is
// a function, an interface, or of a type that callers choose.
func callable(sig *types.Signature, i int) bool {
	n := sig.Params().Len()
	if n == 0 {
		return false
	}
	t := sig.Params().At(min(i, n-1)).Type()
	if s, ok := t.Underlying().(*types.Slice); ok && sig.Variadic() && i >= n-1 {
		t = s.Elem()
	}
	switch t.Underlying().(type) {
	case *types.Signature, *types.Interface:
		return true
	}
	return false
}

// methodsGiven adds the methods of an argument that a parameter of interface type
// lets the callee call.
func (p *pkg) methodsGiven(list []*Func, sig *types.Signature, i int, arg ast.Expr) []*Func {
	if i >= sig.Params().Len() {
		return list
	}
	iface, ok := sig.Params().At(i).Type().Underlying().(*types.Interface)
	if !ok || iface.NumMethods() == 0 {
		return list
	}
	n := named(p.prog.TypeOf(arg))
	if n == nil || n.Obj().Pkg() != p.types || types.IsInterface(n) {
		return list
	}
	for m := range iface.Methods() {
		obj, _, _ := types.LookupFieldOrMethod(types.NewPointer(n), true, p.types, m.Name())
		if fn, ok := obj.(*types.Func); ok {
			if g := p.decls[fn.Origin()]; g != nil {
				list = append(list, g)
			}
		}
	}
	return list
}

// isFunc reports whether an argument is a function. Most are not, which their
// syntax or their name's object tells sooner than the type of the expression.
func (p *pkg) isFunc(arg ast.Expr) bool {
	switch arg.(type) {
	case *ast.FuncLit:
		return true
	case *ast.BasicLit, *ast.BinaryExpr, *ast.CompositeLit, *ast.UnaryExpr:
		return false
	}
	t := p.prog.TypeOf(arg)
	if t == nil {
		return false
	}
	_, ok := t.Underlying().(*types.Signature)
	return ok
}
