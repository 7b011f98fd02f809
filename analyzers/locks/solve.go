package locks

import (
	"go/ast"
	"go/types"
	"slices"

	"github.com/concurlint/concurlint/analyzers/effects"
	"github.com/concurlint/concurlint/analyzers/module"
	"github.com/concurlint/concurlint/analyzers/placement"
	"github.com/concurlint/concurlint/analyzers/program"
)

// A place is a parameter, field or variable whose functions are called; of an
// interface it is the method that is.
type place struct {
	v      *types.Var
	method string
	in     string // the Instance that keeps it, "" for any
}

// conduct is what a function does before it returns, itself or in what it calls.
type conduct struct {
	runs  map[place]bool // what it calls
	takes takings        // locks, and whether each time to read
}

// taken is a lock that is taken, and whose it is: see Taken.
type taken struct {
	name, in string
	of       int
}

func newConduct() *conduct { return &conduct{make(map[place]bool), make(takings)} }

// takings says of locks whether they are taken to read each time.
type takings map[taken]bool

// add takes a lock once more, and reports whether that is news.
func (m takings) add(k taken, read bool) bool {
	before, met := m[k]
	m[k] = read && (before || !met)
	return !met || before && !read
}

// A solver finds the conduct of functions: the least one that holds what each does by
// itself and, for each call of a function of the package, what that does. Sets only
// grow, so that the order does not matter, in recursion neither.
type solver struct {
	*Result
	fx       *effects.Result
	prog     *program.Program
	acquired map[*effects.Op]*placement.Region
	known    map[*effects.Func]*conduct
	callers  map[*effects.Func][]callSite
	called   map[*effects.Op][]*effects.Func // see callees
}

// A callSite is an op of f that calls a function of the package.
type callSite struct {
	f  *effects.Func
	op *effects.Op
}

// solve finds the conduct of functions and of all that they call. What has been found
// before is not touched: its callees are known as well.
func (s *solver) solve(funcs []*effects.Func) {
	var open []*effects.Func
	for todo := slices.Clone(funcs); len(todo) > 0; {
		f := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if s.known[f] != nil {
			continue
		}
		s.known[f] = newConduct()
		open = append(open, f)
		for _, op := range f.Ops {
			if !counts(op) {
				continue
			}
			for _, g := range s.callees(f, op) {
				s.callers[g] = append(s.callers[g], callSite{f, op})
				todo = append(todo, g)
			}
		}
	}
	changed := make(map[*effects.Func]bool)
	for _, f := range open {
		for _, op := range f.Ops {
			if counts(op) {
				s.absorb(f, op)
			}
		}
		changed[f] = true
	}
	for len(open) > 0 {
		g := open[len(open)-1]
		open = open[:len(open)-1]
		changed[g] = false
		for _, c := range s.callers[g] {
			if s.absorb(c.f, c.op) && !changed[c.f] {
				changed[c.f] = true
				open = append(open, c.f)
			}
		}
	}
}

// counts reports whether an op belongs to the main path of its function, and runs with
// the locks of the caller held.
func counts(op *effects.Op) bool {
	return op.Spawned == nil && op.Certainty >= effects.Missed &&
		!slices.ContainsFunc(op.Effects, func(e effects.Effect) bool { return e.Is(effects.Released) })
}

// callees returns the functions of the package that an op calls: by name, and literals,
// also those that it gives to what calls them before it returns.
func (s *solver) callees(f *effects.Func, op *effects.Op) []*effects.Func {
	list, asked := s.called[op]
	if !asked {
		list = s.findCallees(f, op)
		s.called[op] = list
	}
	return list
}

func (s *solver) findCallees(f *effects.Func, op *effects.Op) (list []*effects.Func) {
	c, ok := op.Node.(*ast.CallExpr)
	if !ok {
		return nil
	}
	if g := s.fx.Func(op.Callee()); g != nil {
		list = append(list, g)
	}
	if lit, ok := ast.Unparen(c.Fun).(*ast.FuncLit); ok {
		list = append(list, s.fx.Literal(lit))
	}
	for i, a := range c.Args {
		if _, isFunc := s.prog.TypeOf(a).(*types.Signature); isFunc && s.callsBack(op.Callee(), i) {
			list = append(list, s.literals(f, a)...)
		}
	}
	return slices.DeleteFunc(list, func(g *effects.Func) bool { return g == nil || g.Body() == nil })
}

// literals returns the literals that e stands for.
func (s *solver) literals(f *effects.Func, e ast.Expr) (list []*effects.Func) {
	for _, t := range s.fx.Targets(f, e) {
		if t.Func != nil && t.Func.Lit != nil {
			list = append(list, t.Func)
		}
	}
	return list
}

func (s *solver) callsBack(fn *types.Func, arg int) bool {
	return slices.ContainsFunc(s.fx.Uses(fn), func(u effects.Use) bool {
		return u.Arg == arg && u.Method == "" && !u.Goes && u.Certainty >= effects.Missed
	})
}

// absorb adds what an op does to the conduct of its function, and reports whether that
// is news.
func (s *solver) absorb(f *effects.Func, op *effects.Op) bool {
	own, news := s.known[f], false
	for p := range s.at(f, op) {
		news = news || !own.runs[p]
		own.runs[p] = true
	}
	if r := s.acquired[op]; r != nil {
		name := s.Name(r.Lock)
		if of, one := s.owner(f, calledOn(op)); one && name != "" && !r.Local && !s.gaveBack(f, r) {
			news = own.takes.add(taken{name, "", of}, r.Read) || news
		}
	}
	for _, g := range s.callees(f, op) {
		if s.known[g] == nil {
			continue
		}
		for l, read := range s.known[g].takes {
			of, one := l.of, true // a literal has what the function around it has
			if g.Lit == nil {
				of, one = s.passed(f, op, l.of)
			}
			if one {
				at := s.instance(op, Taken{Lock{Name: l.name, In: l.in}, l.of})
				news = own.takes.add(taken{l.name, at.In, of}, read) || news
			}
		}
	}
	if d := s.Callee(op); d != nil {
		for _, l := range d.Takes {
			if of, one := s.passed(f, op, l.Of); one {
				news = own.takes.add(taken{l.Name, s.instance(op, l).In, of}, l.Read) || news
			}
		}
	}
	return news
}

// gaveBack reports whether a function has unlocked the mutex of r before r, and has not
// locked it before that: its caller holds it, and it takes none.
func (s *solver) gaveBack(f *effects.Func, r *placement.Region) bool {
	for _, op := range f.Ops {
		if op == r.Acquire {
			return false
		}
		if o := s.acquired[op]; o != nil && o.Lock == r.Lock {
			return false
		}
		if !op.Deferred && s.unlocks(op, r.Lock) {
			return true
		}
	}
	return false
}

// unlocks reports whether an op unlocks a mutex, itself or by a wrapper.
func (s *solver) unlocks(op *effects.Op, mutex *types.Var) bool {
	c, ok := op.Node.(*ast.CallExpr)
	fn := op.Callee()
	if !ok || fn == nil || fn.Pkg() == nil {
		return false
	}
	if s.fx.LockMethod(fn) != "" {
		return s.fx.Unlocks(fn) && s.prog.Receiver(c) == mutex
	}
	sum := s.fx.Summary(fn)
	return sum != nil && sum.Lock.Verb() == effects.LockReleases && placement.LockOf(s.fx, fn) == mutex
}

// at returns the places whose functions an op of f calls, itself or in the functions of
// the package, or of others, that it calls.
func (s *solver) at(f *effects.Func, op *effects.Op) map[place]bool {
	c, ok := op.Node.(*ast.CallExpr)
	if !ok || !counts(op) {
		return nil
	}
	all := make(map[place]bool)
	for _, p := range s.held(c, op.Callee()) {
		all[p] = true
	}
	if d := s.Callee(op); d != nil {
		for _, g := range d.Given {
			if g.Place == "" && g.Arg >= 0 {
				for _, p := range s.holders(program.Arguments(op.Callee(), g.Arg, c), g.Method) {
					all[p] = true
				}
			}
		}
	}
	for _, g := range s.callees(f, op) {
		if s.known[g] == nil {
			continue
		}
		for at := range s.known[g].runs {
			for _, p := range s.from(at, g, c) {
				all[p] = true
			}
		}
	}
	return all
}

// held returns the places that hold the function that c calls, or the interface whose
// method it calls. Interfaces of the standard library say nothing of who implements them.
func (s *solver) held(c *ast.CallExpr, fn *types.Func) []place {
	if fn == nil {
		if tv := s.pass.TypesInfo.Types[c.Fun]; tv.IsType() || tv.IsBuiltin() {
			return nil
		}
		return s.holders([]ast.Expr{c.Fun}, "")
	}
	sel, ok := ast.Unparen(c.Fun).(*ast.SelectorExpr)
	recv := fn.Signature().Recv()
	if !ok || recv == nil || !types.IsInterface(recv.Type()) || fn.Pkg() == nil || module.Standard(fn.Pkg().Path()) {
		return nil
	}
	return s.holders([]ast.Expr{sel.X}, fn.Name())
}

func (s *solver) holders(exprs []ast.Expr, method string) (list []place) {
	for _, e := range exprs {
		for _, h := range s.prog.Holders(e) {
			if h.From != nil && h.From.Pkg() == s.pass.Pkg {
				list = append(list, place{v: h.From.Origin(), method: method})
			}
		}
	}
	return list
}

// from is a place of g as c, which calls g, has it: of a parameter what it is given, of a method
// of a generic type the place of its instance.
func (s *solver) from(p place, g *effects.Func, c *ast.CallExpr) []place {
	i, ok := g.Param(p.v)
	switch {
	case !ok:
		if sel, method := ast.Unparen(c.Fun).(*ast.SelectorExpr); method && p.in == "" {
			p.in = Instance(s.prog.TypeOf(sel.X))
		}
		return []place{p}
	case i < 0 || g.Obj == nil:
		return nil
	}
	return s.holders(program.Arguments(g.Obj, i, c), p.method)
}
