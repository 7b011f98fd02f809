package placement

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"github.com/concurlint/concurlint/analyzers/effects"
	"github.com/concurlint/concurlint/analyzers/program"
)

// A Trip says how often a site runs in one call of its function.
type Trip struct {
	Once  bool // not in a loop
	Class Class
	N     int64  // of Const
	Many  bool   // of Const: it is no bound
	Of    string // what is iterated over, for people
	Loop  *effects.Loop
	Func  *effects.Func // that Loop is in: around the site's own, where that is a literal run in place
	Expr  ast.Expr      // what bounds the loop, where something does
	Visit *effects.Op   // the call that visits what is iterated over, where no loop does
	// Workers says that the loop counts and its body has no use for the count: it
	// starts so many of the same.
	Workers bool
	Listed  bool    // the elements of what is iterated over are written out
	Few     string  // the signal that what is iterated over is seldom many; empty: none does
	Cores   float64 // as of Limit
	Usual   float64 // likewise
	Event   Event   // of Endless: what starts one more
}

// smallTrip is the largest constant trip count that counts as small. A table of
// thousands is no bound because the program wrote down its length.
const smallTrip = 64

// trip works out how often the site runs: the loops around it, outwards, also
// through a literal that a Walk-like function calls for each element.
func (p *placer) trip(s *Site) Trip {
	t := Trip{Once: true, Class: Const, N: 1}
	f, op := s.Func, s.Op
	for range maxDepth {
		for l := op.Loop; l != nil; l = l.Parent {
			if !p.prog.Flow(f.Body()).Repeats(op.Node, l.Node, nil) {
				continue // the first one is the last
			}
			lt := p.loopTrip(f, l)
			p.events(&lt, s, f, l, op)
			switch p.batched(s, f, l, op) {
			case waitsBehind:
				return t // and as many again only when those are done
			case waitsBefore:
				return widest(t, lt)
			}
			t = widest(t, lt)
		}
		if f.Lit == nil {
			return t
		}
		parent, call, each := p.fx.Invocation(f)
		if call == nil {
			return t
		}
		if each && t.Class != None {
			t = widest(t, Trip{Class: None, Of: "what " + p.callName(call) + " visits", Expr: p.visited(call), Visit: call})
		}
		f, op = parent, call
	}
	return t
}

// visited returns the collection whose method calls a function for each of its elements, as
// that of a sync.Map does, or nil.
func (p *placer) visited(op *effects.Op) ast.Expr {
	c, ok := op.Node.(*ast.CallExpr)
	if !ok {
		return nil
	}
	x := receiver(c)
	if t := p.info.TypeOf(x); t == nil || !program.Collects(t) {
		return nil
	}
	return x
}

func (p *placer) callName(op *effects.Op) string {
	if fn := op.Callee(); fn != nil {
		return effects.DisplayName(fn, p.pass.Pkg)
	}
	return "the caller"
}

// widest returns the trip of two nested loops.
func widest(a, b Trip) Trip {
	switch {
	case a.Once:
		return b
	case b.Once:
		return a
	case a.Event == Arrived:
		return a // whatever the loops around it go over
	case a.Class == None:
		if b.Class == None && b.Few == "" {
			a.Few = ""
		}
		return a
	case b.Class == None:
		return b
	case a.Class == Const && b.Class == Const:
		a.N *= b.N
		return a
	case a.Class == Const:
		return b
	}
	return a
}

func (p *placer) loopTrip(f *effects.Func, l *effects.Loop) Trip {
	if r, ok := l.Node.(*ast.RangeStmt); ok {
		return p.rangeTrip(f, r, l)
	}
	s := l.Node.(*ast.ForStmt)
	t := Trip{Loop: l, Func: f}
	if s.Cond == nil || p.info.Types[s.Cond].Value != nil { // for i := 0; true; i++
		t.Class, t.Of = Endless, "an endless loop"
		return t
	}
	if c, ok := p.prog.Iterations(s, program.Package); ok {
		if c.Step == 0 {
			t.Class = Config // as many chunks as somebody asked for
			return t
		}
		if c.Step >= leastBatch || p.countsBatches(c.Bound) {
			t.Few = "fanout.batches"
		}
		t.Workers = !p.uses(s.Body, initVar(p, s))
		return p.told(p.counting(t, c), c.Number)
	}
	b, ok := program.Condition(p.info, s.Cond).(*ast.BinaryExpr)
	switch {
	case !ok || s.Post == nil && s.Init == nil:
		t.Of = turns(s.Cond)
		if waitsFor(s.Cond) || p.untilTold(s.Cond) {
			t.Class = Endless
		}
		return t
	case b.Op == token.NEQ: // a linked list
		t.Of = source(initValue(s, b.X))
		return t
	case b.Op == token.GTR || b.Op == token.GEQ: // until little is left of it
		return p.counting(t, program.Count{Number: p.prog.Number(b.X, program.Package), Bound: b.X})
	}
	return p.counting(t, program.Count{Number: p.prog.Number(b.Y, program.Package), Bound: b.Y})
}

// counting fills in what is known of a loop that counts.
func (p *placer) counting(t Trip, c program.Count) Trip {
	t.Expr, t.Of, t.Cores, t.Usual = c.Bound, p.countedTo(c.Bound), c.TimesCores(), c.UsuallyTimesCores()
	t.Class, t.N = classOf(c.Number)
	// So many at most, as chunks have, and so many workers are a size that somebody chose.
	t.Many = t.Class == Const && t.N > smallTrip && c.Least == c.Most && !t.Workers
	return t
}

// waitsFor reports whether the loop condition itself waits for the next item.
func waitsFor(cond ast.Expr) bool {
	c, ok := ast.Unparen(cond).(*ast.CallExpr)
	return ok && strings.HasPrefix(calledName(c), "Next") == false && calledName(c) != "Scan" && len(c.Args) > 0
}

// initValue is what a count-down loop starts from.
func initValue(s *ast.ForStmt, x ast.Expr) ast.Expr {
	if a, ok := s.Init.(*ast.AssignStmt); ok && len(a.Rhs) == 1 {
		return a.Rhs[0]
	}
	return x
}

func (p *placer) rangeTrip(f *effects.Func, r *ast.RangeStmt, l *effects.Loop) Trip {
	t := Trip{Loop: l, Func: f, Of: source(r.X), Expr: r.X}
	x := p.info.TypeOf(r.X)
	if x == nil {
		return t
	}
	switch u := x.Underlying().(type) {
	case *types.Chan:
		t.Class = Endless
		return t
	case *types.Slice, *types.Map:
		t.Few = p.few(f, r.X, u)
	}
	if c, ok := p.prog.Iterations(r, program.Package); ok {
		t.Workers = isInteger(x) && !p.uses(r.Body, p.prog.Variable(r.Key))
		t.Listed = listed(p.fx.Local(f, r.X))
		return p.told(p.counting(t, c), c.Number)
	}
	return t
}

// listed reports whether the elements of what an expression holds are written out.
func listed(e ast.Expr) bool {
	c, ok := ast.Unparen(e).(*ast.CompositeLit)
	return ok && len(c.Elts) > 0
}

func initVar(p *placer, s *ast.ForStmt) *types.Var {
	if a, ok := s.Init.(*ast.AssignStmt); ok {
		return p.prog.Variable(a.Lhs[0])
	}
	return nil
}

// uses reports whether a block mentions the variable.
func (p *placer) uses(b *ast.BlockStmt, v *types.Var) bool {
	found := false
	ast.Inspect(b, func(n ast.Node) bool {
		id, ok := n.(*ast.Ident)
		found = found || ok && v != nil && p.info.Uses[id] == v
		return !found
	})
	return found
}

// source is an expression as people read it; a long one is cut short.
func source(e ast.Expr) string {
	s := types.ExprString(e)
	if len(s) > 40 {
		return manyItems
	}
	return s
}

// manyItems is what an expression that is too long to be quoted is called.
const manyItems = "the items"

// turns names what a loop goes on for, for people: its turns while a condition holds.
func turns(cond ast.Expr) string {
	if s := source(cond); s != manyItems {
		return "the turns while " + s
	}
	return manyItems
}

// countedTo names what a loop counts, for people: the things that a length is of, else its
// turns, as nothing is one of a number.
func (p *placer) countedTo(bound ast.Expr) string {
	s := source(bound)
	c, ok := ast.Unparen(bound).(*ast.CallExpr)
	if tv := p.info.Types[bound]; s == manyItems || tv.Type == nil || tv.Value != nil || !isInteger(tv.Type) || ok && p.prog.Builtin(c) == "len" {
		return s
	}
	return "the turns up to " + s
}

// countsBatches reports whether a bound is a number of items divided by a constant
// size from which on batches count as few.
func (p *placer) countsBatches(bound ast.Expr) bool {
	origins := p.prog.Origins(bound)
	return len(origins) > 0 && !slices.ContainsFunc(origins, func(o program.Origin) bool {
		b, ok := o.Expr.(*ast.BinaryExpr)
		if !ok || b.Op != token.QUO {
			return true
		}
		n, ok := p.prog.Number(b.Y, program.Package).Const()
		return !ok || n < leastBatch
	})
}

// leastBatch is from which size on batches count as few.
const leastBatch = 16

// spelledOut reports whether e is a variadic parameter: its elements are
// written out by the caller.
func (p *placer) spelledOut(e ast.Expr) bool {
	v := p.fx.Variable(e)
	if v == nil || v.IsField() {
		return false
	}
	for _, f := range p.fx.Funcs() {
		if !f.HasParam(v) {
			continue
		}
		list := f.Type().Params.List
		if len(list) == 0 {
			return false
		}
		last := list[len(list)-1]
		_, variadic := last.Type.(*ast.Ellipsis)
		return variadic && len(last.Names) > 0 && p.info.Defs[last.Names[len(last.Names)-1]] == v
	}
	return false
}

// events fills in what a loop that does not count waits for.
func (p *placer) events(t *Trip, s *Site, f *effects.Func, l *effects.Loop, site *effects.Op) {
	if r, ok := l.Node.(*ast.ForStmt); t.Class != Endless && (!ok || t.Class != None || r.Post != nil || r.Init != nil && !isCall(r.Cond)) {
		return
	}
	a := p.trigger(s, f, l, site)
	if t.Class == None && a.event == Notified {
		return
	}
	t.Class, t.Event, t.Of = Endless, a.event, a.of
	if a.stream {
		t.Few = "fanout.from-connection"
	}
}

func isCall(e ast.Expr) bool {
	_, ok := ast.Unparen(e).(*ast.CallExpr)
	return ok
}

// untilTold reports whether a condition asks if the loop should go on: a flag, or
// a context's error.
func (p *placer) untilTold(cond ast.Expr) bool {
	switch e := program.Condition(p.info, cond).(type) {
	case *ast.UnaryExpr:
		return e.Op == token.NOT && p.untilTold(e.X)
	case *ast.BinaryExpr:
		switch e.Op {
		case token.LAND, token.LOR:
			return p.untilTold(e.X) || p.untilTold(e.Y)
		case token.EQL, token.NEQ:
			c, ok := ast.Unparen(e.X).(*ast.CallExpr)
			return ok && len(c.Args) == 0 && isNamed(p.info.TypeOf(receiver(c)), "context", "Context")
		}
	case *ast.Ident, *ast.SelectorExpr:
		return p.prog.Variable(e) != nil
	case *ast.CallExpr: // an atomic.Bool
		return len(e.Args) == 0 && calledName(e) == "Load"
	}
	return false
}
