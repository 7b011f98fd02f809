package placement

import (
	"go/ast"
	"go/types"
	"slices"

	"github.com/concurlint/concurlint/analyzers/effects"
	"github.com/concurlint/concurlint/analyzers/program"
)

// This file tells where the elements come from that a loop goes over. Who writes a function
// knows how many its own object has, and how many it works out itself; not how many its
// callers hand it, nor how many a far end has.

// origin returns the signal for where the elements come from that decide how many tasks a site
// starts, or "".
func (p *placer) origin(s *Site) string {
	t := s.Trip
	if t.Class != None || t.Event != NoEvent {
		return ""
	}
	if t.Func == nil {
		t.Func = s.Func
	}
	switch x := t.bound(); {
	case p.decoded(t):
		return "fanout.from-outside"
	case t.Visit != nil && waitsToKnow(t.Visit), x != nil && p.asked(t.Func, x, maxGiven):
		return "fanout.found"
	case x != nil && p.handedIn(t.Func, x):
		return "fanout.handed-in"
	}
	return ""
}

// bound is the expression that decides how often a trip goes round, nil for none.
func (t Trip) bound() ast.Expr {
	if t.Expr == nil && t.Loop != nil {
		if s, ok := t.Loop.Node.(*ast.ForStmt); ok {
			return s.Cond
		}
	}
	return t.Expr
}

// handedIn reports whether the caller of f gives x: a number, a collection, or what one is made
// into, its parts, chunks of it, what is picked. What a caller writes out one by one is not that.
func (p *placer) handedIn(f *effects.Func, x ast.Expr) bool {
	return p.anyVariable(x, func(v *types.Var) bool {
		for g := f; g != nil; g = g.Parent {
			if p.givenTo(g, v) {
				return true
			}
		}
		return false
	})
}

func (p *placer) givenTo(f *effects.Func, v *types.Var) bool {
	for _, field := range f.Type().Params.List {
		t := p.info.TypeOf(field.Type)
		if _, variadic := field.Type.(*ast.Ellipsis); variadic || !program.Collects(t) && !isInteger(t) {
			continue
		}
		if slices.ContainsFunc(field.Names, func(name *ast.Ident) bool {
			w, ok := p.info.Defs[name].(*types.Var)
			return ok && (v == w || !isInteger(t) && p.derivedFrom(f, w).has(v))
		}) {
			return true
		}
	}
	return false
}

// maxGiven is through how many callers the elements are followed back.
const maxGiven = 3

// asked reports whether what gives x its value has been asked of a far end or a subprocess that
// lists what it has, or of files that are walked: by f before, or by what f stands in. Of a
// parameter it asks the callers.
//
//	machines, err := client.ListMachines(ctx)
//	for _, m := range machines { go describe(m) }
func (p *placer) asked(f *effects.Func, x ast.Expr, callers int) bool {
	for g := f; g != nil; g = g.Parent {
		if slices.ContainsFunc(g.Ops, func(op *effects.Op) bool { return op.Node.Pos() <= x.Pos() && waitsToKnow(op) && p.gives(g, op, x) }) {
			return true
		}
	}
	return callers > 0 && p.anyVariable(x, func(v *types.Var) bool {
		fn, i, ok := p.prog.Parameter(v)
		return ok && slices.ContainsFunc(p.fx.CallSites(fn), func(s effects.CallSite) bool {
			c := called(s.Op)
			return c != nil && i < len(c.Args) && p.asked(s.Func, c.Args[i], callers-1)
		})
	})
}

// waitsToKnow reports whether an op waits, in place, for a far end, a subprocess or files.
func waitsToKnow(op *effects.Op) bool {
	return op.Spawned == nil && slices.ContainsFunc(op.Effects, func(e effects.Effect) bool {
		return e.Kind <= effects.File && e.Certainty >= effects.Missed
	})
}

// gives reports whether x is what an op returns, is worked out from that, or is gathered by a
// literal that the op is given:
//
//	filepath.WalkDir(root, func(path string, …) error { files = append(files, path); … })
func (p *placer) gives(f *effects.Func, op *effects.Op, x ast.Expr) bool {
	if ast.Unparen(x) == op.Node || !contains(op.Node, x) && p.mentions(x, p.derived(f, op.Node)) {
		return true
	}
	c, ok := op.Node.(*ast.CallExpr)
	if !ok || !slices.ContainsFunc(c.Args, isLiteral) {
		return false
	}
	return slices.ContainsFunc(p.stepsOf(f).list, func(s step) bool {
		return s.node != c && contains(c, s.node) && slices.ContainsFunc(s.to, func(v *types.Var) bool { return p.prog.Mentions(x, v) })
	})
}

func isLiteral(e ast.Expr) bool {
	_, ok := ast.Unparen(e).(*ast.FuncLit)
	return ok
}

// called is the call of an op, also where that is started by go, or deferred.
func called(op *effects.Op) *ast.CallExpr {
	switch n := op.Node.(type) {
	case *ast.CallExpr:
		return n
	case *ast.GoStmt:
		return n.Call
	case *ast.DeferStmt:
		return n.Call
	}
	return nil
}
