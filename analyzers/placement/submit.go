package placement

import (
	"go/ast"
	"go/types"

	"github.com/concurlint/concurlint/analyzers/bounds"
	"github.com/concurlint/concurlint/analyzers/effects"
	"github.com/concurlint/concurlint/analyzers/program"
)

// This file finds calls that are given a function and run it elsewhere.

// submit returns a site if the call hands a function over.
func (p *placer) submit(f *effects.Func, op *effects.Op, c *ast.CallExpr) []*Site {
	fn := op.Callee()
	if fn == nil {
		return p.handsOn(f, op, c, p.usesOf(f, op))
	}
	if fn.Pkg() == nil {
		return nil
	}
	if x := p.fx.Knowledge().Executor(effects.SymbolOf(fn)); x != nil {
		if x.Task >= len(c.Args) {
			return nil
		}
		s := &Site{Func: f, Op: op, Via: effects.DisplayName(fn, p.pass.Pkg), Arg: x.Task, Blocks: x.Blocks}
		s.Group = p.groupOf(c)
		s.Limit = p.executorLimit(s, x, c)
		if x.Limit == "set" {
			s.Setter = x.Name
		}
		if x.Each {
			s.Trip = Trip{Class: None, Of: "the collection"}
		}
		return []*Site{p.finish(s)}
	}
	return p.handsOn(f, op, c, p.fx.Uses(fn))
}

// usesOf returns what a call does with its arguments that is not of a declared function,
// but of the one literal that a variable holds:
//
//	start := func(f func()) { go f() }
func (p *placer) usesOf(f *effects.Func, op *effects.Op) []effects.Use {
	list := p.fx.TaskFuncs(f, op, effects.GoCall)
	if len(list) != 1 {
		return nil
	}
	return p.fx.OwnUses(list[0])
}

// handsOn returns the sites of a call of a function that is an executor, too: it runs
// its argument in a goroutine.
func (p *placer) handsOn(f *effects.Func, op *effects.Op, c *ast.CallExpr, uses []effects.Use) (list []*Site) {
	fn := op.Callee()
	for _, u := range uses {
		if u.Method != "" || !u.Goes || u.Awaited || u.Arg < 0 || u.Arg >= len(c.Args) {
			continue
		}
		if p.later(fn) {
			continue
		}
		s := &Site{Func: f, Op: op, Via: p.startName(op), Arg: u.Arg}
		if u.Limited {
			s.Limit = Limit{Class: Semaphore}
			p.countTokens(&s.Limit, op, op.Node)
		} else if group := p.fx.Variable(receiver(c)); group != nil && limitable(group.Type()) {
			s.Limit = p.setLimit(group, "SetLimit")
		}
		if u.Each {
			s.Trip = p.over(f, u, c)
		}
		if limit, ok := p.limitArg(fn, c); ok {
			s.Limit = limit
			if limit.Class != None {
				s.Trip = hidden
			}
		}
		if s.Late = u.Late && !u.Limited; s.Late {
			s.Inside = p.inside(c)
		}
		list = append(list, p.finish(s))
	}
	return list
}

// hidden is the trip of a function whose loop is not seen here: it may be over few
// things.
var hidden = Trip{Class: None, Of: "the collection", Few: "fanout.hidden-count"}

// over is the trip of the loop in a function that starts a task for each of what
// an argument holds, brings or counts.
func (p *placer) over(f *effects.Func, u effects.Use, c *ast.CallExpr) Trip {
	if u.Over == 0 || u.Over > len(c.Args) {
		return hidden
	}
	arg := c.Args[u.Over-1]
	if isChan(p.info.TypeOf(arg)) {
		t := Trip{Class: Endless, Event: Notified, Of: source(arg)}
		for _, a := range p.receives(arg, arg) {
			t.Event = a.event
		}
		return t
	}
	n := program.Count{Number: p.prog.Size(arg, program.Package), Bound: arg}
	few := arg
	if t := p.info.TypeOf(arg); t != nil && isInteger(t) {
		n.Number = p.prog.Number(arg, program.Package)
		if l, ok := ast.Unparen(arg).(*ast.CallExpr); ok && len(l.Args) == 1 {
			few = l.Args[0]
		}
	}
	return p.counting(Trip{Few: p.few(f, few, p.info.TypeOf(few).Underlying())}, n)
}

// limitable reports whether values of the type have the SetLimit of the errgroup
// that the type embeds.
func limitable(t types.Type) bool {
	obj, _, _ := types.LookupFieldOrMethod(t, true, nil, "SetLimit")
	fn, ok := obj.(*types.Func)
	return ok && fn.FullName() == "(*golang.org/x/sync/errgroup.Group).SetLimit"
}

// limitArg returns the limit that a function which runs its argument on other
// goroutines is given, by what it does with its arguments. Of several, as of
// min(limit, jobs), the least certain to grow counts.
func (p *placer) limitArg(fn *types.Func, c *ast.CallExpr) (limit Limit, ok bool) {
	for _, z := range p.sizedBy(fn) {
		if limit.Class == None && z.Arg >= 0 && z.Arg < len(c.Args) {
			limit, ok = p.limitOf(c.Args[z.Arg]), true
		}
	}
	return limit, ok
}

// sizedBy returns what a function sizes by its arguments.
func (p *placer) sizedBy(fn *types.Func) []program.Sized {
	if fn == nil {
		return nil
	}
	fn = fn.Origin()
	if fn.Pkg() != p.pass.Pkg {
		return p.prog.Sized(fn)
	}
	if p.sized == nil {
		p.sized = bounds.Functions(p.prog, p.fx.Bounds())
	}
	return p.sized[fn]
}

func receiver(c *ast.CallExpr) ast.Expr {
	if sel, ok := ast.Unparen(c.Fun).(*ast.SelectorExpr); ok {
		return sel.X
	}
	return &ast.BadExpr{}
}
