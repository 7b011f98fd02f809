package placement

import (
	"go/ast"
	"go/types"

	"golang.org/x/tools/go/analysis"

	"github.com/concurlint/concurlint/analyzers/effects"
	"github.com/concurlint/concurlint/analyzers/knowledge"
	"github.com/concurlint/concurlint/analyzers/program"
)

// A Site is a place where work is handed to an executor.
type Site struct {
	Func    *effects.Func
	Op      *effects.Op
	Via     string // "go", or the submitting function's name
	Limit   Limit
	Vain    ast.Expr // the limit of the executor, where that is as large as the data
	Trip    Trip     // how often the site runs in one call of its function
	Arg     int      // argument that is the task; effects.GoCall for a go statement
	Blocks  bool     // handing over waits while the limit is reached
	Setter  string   // method of the group that limits it; "": none
	Effects []effects.Effect
	Apart   bool  // each task is for one of a few things that are written out
	Endless bool  // the task is a worker, server or actor
	Draws   bool  // the task takes one thing after the other from what the tasks share
	Late    bool  // the task itself takes a token before it works
	Inside  Limit // of Late: what bounds how many work at once
	Spreads bool  // the task starts more of its own kind: recursion
	Crew    bool  // workers that run the functions of other sites, where what these do is told
	Group   *types.Var
	Signals []string // what else speaks for few tasks, or for tasks that nobody minds

	exchange *exchange
}

type placer struct {
	pass    *analysis.Pass
	info    *types.Info
	prog    *program.Program
	fx      *effects.Result
	res     *Result
	waiting map[*effects.Func][]*effects.Op // see mayHold
	asking  map[*effects.Func][]*effects.Op // see knowing
	gates   map[*effects.Func]*gates
	locked  map[*effects.Func][]*Region
	strays  map[*types.Var]bool     // see stray
	started map[*effects.Func]*Site // see starts
	// imported is what startsElsewhere has found, nil for nothing.
	imported map[*types.Func]*Site
	steps    map[*effects.Func]*steps        // see stepsOf
	tests    map[*effects.Func][]limitTest   // see limitTests
	sized    map[*types.Func][]program.Sized // see sizedBy
	serving  []*effects.Func                 // see handlers; nil until asked for
	frames   map[*types.Named]bool           // see exchangeOf
}

// sites finds the sites of one function.
func (p *placer) sites(f *effects.Func) {
	for _, op := range f.Ops {
		list := p.sitesAt(f, op)
		if s := p.starter(f, op); s != nil && len(list) == 0 {
			list = append(list, s)
		}
		p.res.Sites = append(p.res.Sites, list...)
	}
}

// sitesAt returns what one op hands over.
func (p *placer) sitesAt(f *effects.Func, op *effects.Op) []*Site {
	if _, ok := op.Node.(*ast.GoStmt); ok {
		return []*Site{p.finish(&Site{Func: f, Op: op, Via: "go", Arg: effects.GoCall})}
	}
	c, ok := op.Node.(*ast.CallExpr)
	if !ok || op.Spawned != nil {
		return nil
	}
	return p.submit(f, op, c)
}

// finish fills in what holds for every kind of site.
func (p *placer) finish(s *Site) *Site {
	s.Effects, s.Endless = p.fx.Task(s.Func, s.Op, s.Arg)
	trip := p.trip(s)
	if s.Trip.Event == NoEvent && (s.Trip.Class != None || s.Trip.Of == "") {
		s.Trip = trip
	}
	if p.later(s.Op.Callee()) && !p.perItem(s) {
		s.Trip = Trip{Once: true, Class: Const, N: 1} // the timer of the loop, set again
	}
	s.Apart = s.Trip.Listed && p.perItem(s)
	s.Draws = !s.Endless && !s.Trip.Once && !s.Unbounded() && p.draws(s, p.fx.TaskFuncs(s.Func, s.Op, s.Arg), 0)
	if s.Limit.Class == None {
		if s.Limit.Expr != nil && s.Limit.N >= 0 {
			s.Vain = s.Limit.Expr
		}
		s.Limit = p.limiterBefore(s)
	}
	if s.Trip.Once && s.Limit.Class == None {
		s.Trip.Event, s.Trip.Of = p.entered(s)
	}
	if s.Limit.Class == None && s.Unbounded() && p.serialised(s) {
		s.Limit = Limit{Class: Const, N: 1, Lock: true}
	}
	s.Late = s.Late || p.fx.Token(s.Func, s.Op, s.Arg) != nil && !(s.Trip.Workers && p.drains(s))
	if s.Late && s.Inside.Class == None {
		for _, f := range p.fx.TaskFuncs(s.Func, s.Op, s.Arg) {
			if f.Body() != nil && s.Inside.Class == None {
				s.Inside = p.inside(f.Body())
			}
		}
	}
	s.Spreads = !s.Trip.Once && p.fx.Reaches(p.fx.TaskFuncs(s.Func, s.Op, s.Arg), s.Func.Outer())
	s.Signals = append(s.Signals, p.minor(s)...)
	return s
}

// Unbounded reports whether nothing but data, or what comes in, bounds how often
// the site runs, or a number that is no bound for being constant.
func (s *Site) Unbounded() bool {
	return !s.Trip.Once && (s.Trip.Class == None || s.Trip.Many) || s.Trip.Event == Arrived || s.Trip.Event == Requested
}

// drains reports whether the task is a worker that takes its work, rather than a
// token, from a channel.
func (p *placer) drains(s *Site) bool {
	for _, f := range p.fx.TaskFuncs(s.Func, s.Op, s.Arg) {
		for _, l := range f.Loops {
			if r, ok := l.Node.(*ast.RangeStmt); ok {
				if _, ok := p.info.TypeOf(r.X).Underlying().(*types.Chan); ok {
					return true
				}
			}
		}
	}
	return false
}

// executorLimit resolves the limit that a knowledge line names.
func (p *placer) executorLimit(s *Site, x *knowledge.Executor, c *ast.CallExpr) Limit {
	switch x.Limit {
	case "cores":
		return Limit{Class: Cores}
	case "const":
		return Limit{Class: Const, N: int64(x.Arg)}
	case "arg":
		if x.Arg < len(c.Args) {
			return p.limitOf(c.Args[x.Arg])
		}
	case "set":
		return p.setLimit(s.Group, x.Name)
	case "new":
		return p.constructed(s.Group, x)
	case "field", "found":
		return Limit{Class: Config}
	}
	return Limit{}
}

// constructed finds the constructor call that made the pool.
func (p *placer) constructed(pool *types.Var, x *knowledge.Executor) Limit {
	if pool == nil {
		return Limit{Class: Config}
	}
	values, _ := p.fx.Values(pool)
	for _, v := range values {
		c, ok := ast.Unparen(v).(*ast.CallExpr)
		if !ok || x.Arg >= len(c.Args) {
			continue
		}
		return p.limitOf(c.Args[x.Arg])
	}
	return Limit{Class: Config}
}
