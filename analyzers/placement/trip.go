package placement

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"

	"github.com/concurlint/concurlint/analyzers/effects"
)

// A Trip says how often a site runs in one call of its function.
type Trip struct {
	Once  bool // not in a loop
	Class Class
	N     int64  // of Const
	Of    string // what is iterated over, for people
	Loop  *effects.Loop
	Expr  ast.Expr // what bounds the loop, where something does
}

// smallTrip is the largest constant trip count that counts as small.
const smallTrip = 64

// trip works out how often the site runs: the loops around it, outwards, also
// through a literal that a Walk-like function calls for each element.
func (p *placer) trip(s *Site) Trip {
	t := Trip{Once: true, Class: Const, N: 1}
	f, op := s.Func, s.Op
	for range maxDepth {
		for l := op.Loop; l != nil; l = l.Parent {
			lt := p.loopTrip(f, l)
			if p.batched(f, l, op) {
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
		if each {
			t = widest(t, Trip{Class: None, Of: "what " + p.callName(call) + " visits"})
		}
		f, op = parent, call
	}
	return t
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
	case a.Class == None:
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
		return p.rangeTrip(r, l)
	}
	s := l.Node.(*ast.ForStmt)
	t := Trip{Loop: l}
	if s.Cond == nil {
		t.Class, t.Of = Endless, "an endless loop"
		return t
	}
	b, ok := ast.Unparen(s.Cond).(*ast.BinaryExpr)
	if !ok || s.Post == nil && s.Init == nil {
		t.Of = types.ExprString(s.Cond)
		if waitsFor(s.Cond) {
			t.Class = Endless
		}
		return t
	}
	bound := b.Y
	if b.Op == token.GTR || b.Op == token.GEQ {
		if _, isConst := constInt(p.info, b.Y); !isConst || p.fx.Variable(b.X) == nil {
			bound = b.X
		} else {
			bound = initValue(s, b.X)
		}
	}
	t.Expr, t.Of = bound, types.ExprString(bound)
	t.Class, t.N = p.classify(bound, 0)
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

func constInt(info *types.Info, e ast.Expr) (types.TypeAndValue, bool) {
	tv := info.Types[e]
	return tv, tv.Value != nil
}

func (p *placer) rangeTrip(r *ast.RangeStmt, l *effects.Loop) Trip {
	t := Trip{Loop: l, Of: types.ExprString(r.X), Expr: r.X}
	x := p.info.TypeOf(r.X)
	if x == nil {
		return t
	}
	u := x.Underlying()
	if ptr, ok := u.(*types.Pointer); ok {
		u = ptr.Elem().Underlying()
	}
	switch u := u.(type) {
	case *types.Chan:
		t.Class = Endless
	case *types.Basic:
		if u.Info()&types.IsInteger != 0 {
			t.Class, t.N = p.classify(r.X, 0)
		}
	case *types.Array:
		t.Class, t.N = Const, u.Len()
	case *types.Slice, *types.Map:
		if n, ok := p.literalSize(r.X); ok {
			t.Class, t.N = Const, n
		}
	}
	return t
}

// literalSize returns the number of elements where the collection is a literal
// that is never appended to.
func (p *placer) literalSize(e ast.Expr) (int64, bool) {
	if lit, ok := ast.Unparen(e).(*ast.CompositeLit); ok {
		return int64(len(lit.Elts)), true
	}
	v := p.fx.Variable(e)
	if v == nil || v.IsField() {
		return 0, false
	}
	if p.slices == nil {
		p.slices = p.collectSlices()
	}
	n, ok := p.slices[v]
	return n, ok && n >= 0
}

// collectSlices returns for each local or package variable the size of the
// literal it is assigned, -1 where anything else is assigned to it.
func (p *placer) collectSlices() map[*types.Var]int64 {
	m := make(map[*types.Var]int64)
	add := func(l, r ast.Expr) {
		v := p.fx.Variable(l)
		if v == nil {
			return
		}
		switch v.Type().Underlying().(type) {
		case *types.Slice, *types.Map:
		default:
			return
		}
		lit, ok := ast.Unparen(r).(*ast.CompositeLit)
		if _, seen := m[v]; seen || !ok {
			m[v] = -1
			return
		}
		m[v] = int64(len(lit.Elts))
	}
	for _, f := range p.pass.Files {
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.AssignStmt:
				for i := range n.Lhs {
					add(n.Lhs[i], n.Rhs[min(i, len(n.Rhs)-1)])
				}
			case *ast.ValueSpec:
				for i := range n.Names {
					if i < len(n.Values) {
						add(n.Names[i], n.Values[i])
					}
				}
			}
			return true
		})
	}
	return m
}

// batched reports whether the loop waits in each iteration for what it has
// started there.
func (p *placer) batched(f *effects.Func, l *effects.Loop, site *effects.Op) bool {
	for _, op := range f.Ops[l.Ops:l.OpsEnd] {
		if op == site || op.Spawned != nil || within(op, site, l) {
			continue
		}
		if e := op.Effect(effects.Wait); e != nil && e.Certainty >= effects.Missed {
			return true
		}
	}
	return false
}

// within reports whether op lies in the same inner loop of l as site.
func within(op, site *effects.Op, l *effects.Loop) bool {
	inner := func(o *effects.Op) *effects.Loop {
		var last *effects.Loop
		for x := o.Loop; x != nil && x != l; x = x.Parent {
			last = x
		}
		return last
	}
	s := inner(site)
	return s != nil && s == inner(op)
}
