package placement

import (
	"cmp"
	"go/ast"
	"go/types"
	"slices"

	"github.com/concurlint/concurlint/analyzers/effects"
	"github.com/concurlint/concurlint/analyzers/program"
)

// This file finds worker groups of a program's own: workers that take functions
// from a channel, and the functions that put their argument there.

// crews adds a site for each call that hands a function to workers.
func (p *placer) crews() {
	workers := p.crewSites()
	if len(workers) == 0 {
		return
	}
	for _, f := range p.fx.Funcs() {
		if f.Obj == nil {
			continue
		}
		for _, op := range f.Ops {
			if w, arg := p.puts(f, op, workers); w != nil {
				p.handedTo(f.Obj, arg, w)
			}
		}
	}
	slices.SortStableFunc(p.res.Sites, func(a, b *Site) int { return cmp.Compare(a.Op.Node.Pos(), b.Op.Node.Pos()) })
}

// crewSites returns, by the channel, the sites that start workers which receive
// functions. A pool may be made in several ways.
func (p *placer) crewSites() map[*types.Var][]*Site {
	m := make(map[*types.Var][]*Site)
	for _, s := range p.res.Sites {
		if s.Trip.Once || s.Trip.Class == None || s.Trip.Class == Endless {
			continue
		}
		for _, f := range p.fx.TaskFuncs(s.Func, s.Op, s.Arg) {
			for _, op := range f.Ops {
				if ch := p.takesFunc(op); ch != nil && !slices.Contains(m[ch], s) {
					m[ch] = append(m[ch], s)
				}
			}
		}
	}
	return m
}

// takesFunc returns the channel from which an op in a loop receives functions.
func (p *placer) takesFunc(op *effects.Op) *types.Var {
	var from ast.Expr
	switch n := op.Node.(type) {
	case *ast.RangeStmt:
		from = n.X
	case *ast.UnaryExpr:
		if op.Loop != nil {
			from = n.X
		}
	case *ast.SelectStmt:
		for _, c := range n.Body.List {
			if ch := program.ReceivedFrom(c.(*ast.CommClause).Comm); ch != nil && op.Loop != nil && p.carriesFuncs(ch) {
				from = ch
			}
		}
	}
	if from == nil || !p.carriesFuncs(from) {
		return nil
	}
	return p.fx.Variable(from)
}

func (p *placer) carriesFuncs(ch ast.Expr) bool {
	t := p.info.TypeOf(ch)
	if t == nil {
		return false
	}
	c, ok := t.Underlying().(*types.Chan)
	if !ok {
		return false
	}
	_, ok = c.Elem().Underlying().(*types.Signature)
	return ok
}

// puts returns the workers to which an op of f sends one of its parameters, and
// which one that is.
func (p *placer) puts(f *effects.Func, op *effects.Op, workers map[*types.Var][]*Site) ([]*Site, int) {
	for _, s := range effects.Sends(op.Node) {
		w := workers[p.fx.Variable(s.Chan)]
		if v := p.fx.Variable(s.Value); w != nil && v != nil {
			if arg, ok := f.Param(v); ok && arg >= 0 {
				return w, arg
			}
		}
	}
	return nil, 0
}

// handedTo adds the calls of fn, whose argument the workers run.
func (p *placer) handedTo(fn *types.Func, arg int, workers []*Site) {
	for _, f := range p.fx.Funcs() {
		for _, op := range f.Ops {
			c, ok := op.Node.(*ast.CallExpr)
			if !ok || op.Callee() == nil || op.Callee().Origin() != fn || op.Spawned != nil || arg >= len(c.Args) {
				continue
			}
			s := &Site{Func: f, Op: op, Via: effects.DisplayName(fn, p.pass.Pkg), Arg: arg, Blocks: true}
			s.Limit = p.crewLimit(receiver(c), workers)
			p.res.Sites = append(p.res.Sites, p.finish(s))
		}
	}
}

// crewLimit returns how many workers run what a value is given. Where it is not seen
// how the value is made, it may have been in any of the ways.
func (p *placer) crewLimit(x ast.Expr, workers []*Site) Limit {
	var numbers []ast.Expr
	for _, w := range workers {
		w.Crew = true
		if w.Trip.Expr != nil {
			numbers = append(numbers, w.Trip.Expr)
		}
	}
	if l, ok := p.byOption(x); ok {
		return l
	}
	if n, ok := p.prog.SizeOf(x, numbers); ok && len(numbers) == len(workers) {
		l := Limit{Expr: numbers[0], Cores: n.TimesCores(), Usual: n.UsuallyTimesCores()}
		l.Class, l.N = classOf(n)
		return l
	}
	t := workers[len(workers)-1].Trip
	return Limit{Class: t.Class, N: t.N, Expr: t.Expr, Cores: t.Cores, Usual: t.Usual}
}

// byOption returns the size that an option chooses which a value is made with.
func (p *placer) byOption(x ast.Expr) (Limit, bool) {
	v := p.fx.Variable(x)
	if v == nil {
		return Limit{}, false
	}
	values, _ := p.fx.Values(v)
	for _, made := range values {
		c, ok := ast.Unparen(made).(*ast.CallExpr)
		if !ok {
			continue
		}
		for _, a := range c.Args {
			option, ok := ast.Unparen(a).(*ast.CallExpr)
			if !ok {
				continue
			}
			if fn := p.prog.Callee(option); fn != nil && fn.Pkg() == p.pass.Pkg {
				if l, ok := p.limitArg(fn, option); ok {
					return l, true
				}
			}
		}
	}
	return Limit{}, false
}
