package placement

import (
	"go/ast"
	"go/types"
	"slices"
	"sort"

	"github.com/concurlint/concurlint/analyzers/effects"
	"github.com/concurlint/concurlint/analyzers/program"
)

// This file tells where the elements come from that a loop goes over. Who writes a function
// knows how many its own object has, and how many it works out itself; not how many its
// callers hand it, nor how many a far end has.

// origin returns the signal, if there is one, for where the elements come from that decide how
// many tasks a site starts.
func (p *placer) origin(s *Site) []string {
	t := s.Trip
	if t.Class != None || t.Event != NoEvent {
		return nil
	}
	if t.Func == nil {
		t.Func = s.Func
	}
	switch x := t.bound(); {
	case p.decoded(t):
		return []string{"fanout.from-outside"}
	case t.Visit != nil && waitsToKnow(t.Visit), x != nil && p.search().asked(t.Func, x):
		return []string{"fanout.found"}
	case x != nil && p.search().handedIn(t.Func, x):
		return []string{"fanout.handed-in"}
	}
	return nil
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

// A search goes from the elements of one loop to those who give them, each parameter once.
type search struct {
	*placer
	seen map[*types.Var]bool
}

// mostGivers is how many variables a search looks at: the functions of a package may all call
// each other.
const mostGivers = 64

// visit reports whether a variable is still to be looked at.
func (s *search) visit(v *types.Var) bool {
	if s.seen[v] || len(s.seen) == mostGivers {
		return false
	}
	s.seen[v] = true
	return true
}

func (p *placer) search() *search { return &search{p, make(map[*types.Var]bool)} }

// handedIn reports whether the caller of f gives x: a collection, its parts, chunks of it, what
// is picked from it. What a caller writes out one by one is not that, and callers in sight
// have to be handed it themselves.
func (s *search) handedIn(f *effects.Func, x ast.Expr) bool {
	return s.anySource(x, func(v *types.Var) bool {
		for g := f; g != nil; g = g.Parent {
			if w := s.givenTo(g, v); w != nil && s.visit(w) {
				if calls, in := s.calls(w); !in || slices.ContainsFunc(calls, func(c given) bool { return s.handedIn(c.Func, c.x) }) {
					return true
				}
			}
		}
		return false
	})
}

// givenTo returns the parameter of a declared function from which a variable comes, if that is
// a collection; nil for none.
func (p *placer) givenTo(f *effects.Func, v *types.Var) *types.Var {
	if f.Decl == nil {
		return nil // whoever runs a literal, it is not known what it gives
	}
	for _, field := range f.Type().Params.List {
		if _, variadic := field.Type.(*ast.Ellipsis); variadic || !program.Collects(p.info.TypeOf(field.Type)) {
			continue
		}
		for _, name := range field.Names {
			if w, ok := p.info.Defs[name].(*types.Var); ok && (v == w || p.derivedFrom(f, w).has(v)) {
				return w
			}
		}
	}
	return nil
}

// A given is what a call gives for a parameter.
type given struct {
	effects.CallSite
	x ast.Expr
}

// calls returns what the calls in this package give for a parameter, and whether there are no
// others.
func (p *placer) calls(v *types.Var) (list []given, all bool) {
	fn, i, ok := p.prog.Parameter(v)
	if !ok {
		return nil, false
	}
	for _, s := range p.fx.CallSites(fn) {
		if c := called(s.Op); c != nil && !p.prog.MethodExpression(c) {
			for _, x := range program.Arguments(fn, i, c) {
				list = append(list, given{s, x})
			}
		}
	}
	return list, len(list) > 0 && p.prog.OnlyCalled(fn)
}

// asked reports whether what gives x its value has been asked of a far end, of a subprocess or
// of files: by f before, or by what f stands in. Of a parameter it asks the callers.
//
//	machines, err := client.ListMachines(ctx)
//	for _, m := range machines { go describe(m) }
func (s *search) asked(f *effects.Func, x ast.Expr) bool {
	for g := f; g != nil; g = g.Parent {
		if slices.ContainsFunc(s.knowing(g), func(op *effects.Op) bool { return op.Node.Pos() <= x.Pos() && s.gives(g, op, x) }) {
			return true
		}
	}
	return s.anySource(x, func(v *types.Var) bool {
		if !s.visit(v) {
			return false
		}
		calls, _ := s.calls(v)
		return slices.ContainsFunc(calls, func(c given) bool { return s.asked(c.Func, c.x) })
	})
}

// knowing returns the ops of a function that wait to know something.
func (p *placer) knowing(f *effects.Func) []*effects.Op {
	list, ok := p.asking[f]
	if !ok {
		for _, op := range f.Ops {
			if waitsToKnow(op) {
				list = append(list, op)
			}
		}
		p.asking[f] = list
	}
	return list
}

// waitsToKnow reports whether an op waits, in place, for a far end, a subprocess or files. What
// the literals wait for that it is given it does not want to know.
func waitsToKnow(op *effects.Op) bool {
	return op.Spawned == nil && slices.ContainsFunc(op.Effects, func(e effects.Effect) bool {
		return e.Kind <= effects.File && e.Certainty >= effects.Missed && !slices.ContainsFunc(literals(op), func(lit ast.Expr) bool {
			return slices.ContainsFunc(e.Chain, func(at effects.Frame) bool { return at.In(lit) })
		})
	})
}

// literals are the function literals that a call is given.
func literals(op *effects.Op) (list []ast.Expr) {
	if c, ok := op.Node.(*ast.CallExpr); ok {
		for _, a := range c.Args {
			if _, ok := ast.Unparen(a).(*ast.FuncLit); ok {
				list = append(list, a)
			}
		}
	}
	return list
}

// gives reports whether x is what an op returns, is worked out from that, or is gathered by a
// literal that the op is given:
//
//	filepath.WalkDir(root, func(path string, …) error { files = append(files, path); … })
func (p *placer) gives(f *effects.Func, op *effects.Op, x ast.Expr) bool {
	if ast.Unparen(x) == op.Node {
		return true
	}
	if contains(op.Node, x) {
		return false
	}
	if d := p.derived(f, op.Node); p.anySource(x, d.has) {
		return true
	}
	return slices.ContainsFunc(literals(op), func(lit ast.Expr) bool {
		return p.stepsOf(f).within(lit, func(v *types.Var) bool {
			return p.anySource(x, func(w *types.Var) bool { return v == w })
		})
	})
}

// within reports whether a step in a node gives a value to a variable for which is holds.
func (st *steps) within(n ast.Node, is func(*types.Var) bool) bool {
	for i := sort.Search(len(st.list), func(i int) bool { return st.list[i].from.Pos() >= n.Pos() }); i < len(st.list) && st.list[i].from.Pos() < n.End(); i++ {
		if slices.ContainsFunc(st.list[i].to, is) {
			return true
		}
	}
	return false
}

// anySource reports whether is holds for a variable that gives an expression its elements: not
// for what an index or key is worked out from, nor for what a method of something is told.
func (p *placer) anySource(x ast.Expr, is func(*types.Var) bool) bool {
	switch x := ast.Unparen(x).(type) {
	case *ast.Ident:
		v, ok := p.info.Uses[x].(*types.Var)
		return ok && is(v)
	case *ast.SelectorExpr:
		return p.anySource(x.X, is)
	case *ast.IndexExpr:
		return p.anySource(x.X, is)
	case *ast.SliceExpr:
		return p.anySource(x.X, is)
	case *ast.StarExpr:
		return p.anySource(x.X, is)
	case *ast.UnaryExpr:
		return p.anySource(x.X, is)
	case *ast.BinaryExpr:
		return p.anySource(x.X, is) || p.anySource(x.Y, is)
	case *ast.CallExpr:
		if sel, ok := ast.Unparen(x.Fun).(*ast.SelectorExpr); ok && p.info.Selections[sel] != nil {
			return p.anySource(sel.X, is)
		}
		return slices.ContainsFunc(x.Args, func(a ast.Expr) bool {
			t := p.info.TypeOf(a)
			return t != nil && !isContext(t) && p.anySource(a, is)
		})
	}
	return false
}

func isContext(t types.Type) bool { return isNamed(t, "context", "Context") }

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
