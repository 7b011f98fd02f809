package placement

import (
	"go/ast"
	"go/types"
	"slices"

	"github.com/concurlint/concurlint/analyzers/effects"
)

// starter returns a site if a call runs a function that starts one task each time, and is
// in a loop or in a function that is called for each thing that comes in: a function may
// hide the hand-over.
func (p *placer) starter(f *effects.Func, op *effects.Op) *Site {
	c, ok := op.Node.(*ast.CallExpr)
	if !ok || op.Spawned != nil || op.Deferred {
		return nil
	}
	for _, g := range p.fx.TaskFuncs(f, op, effects.GoCall) {
		if g == f || p.answered(p.signatureOf(g)) {
			continue
		}
		if inner := p.starts(g); inner != nil {
			// The starter may have a handler's shape: then it is told there.
			requested := func() bool { event, _ := p.entered(inner); return event == Requested }
			return p.startedBy(f, op, c, inner, requested, func(s *Site) bool { return p.inSight(s, g, inner) })
		}
	}
	if inner := p.startsElsewhere(op.Callee()); inner != nil {
		never := func() bool { return false }
		return p.startedBy(f, op, c, inner, never, func(*Site) bool { return false })
	}
	return nil
}

// startedBy is the site of a call of a function that starts the task of inner.
func (p *placer) startedBy(f *effects.Func, op *effects.Op, c *ast.CallExpr, inner *Site, requested func() bool, inSight func(*Site) bool) *Site {
	s := &Site{Func: f, Op: op, Via: p.startName(op), Arg: effects.GoCall, Effects: inner.Effects, Late: inner.Late}
	s.Trip = p.trip(s)
	if !p.perItem(s) {
		return nil
	}
	s.Limit = p.limiterBefore(s)
	if s.Trip.Once {
		if s.Trip.Event, s.Trip.Of = p.entered(s); s.Trip.Event != Requested || requested() {
			return nil
		}
	}
	if s.Trip.Few != "" {
		s.Signals = append(s.Signals, s.Trip.Few)
	}
	s.Signals = append(s.Signals, p.origin(s)...)
	if p.paced(s) {
		s.Signals = append(s.Signals, "fanout.paced")
	}
	// The caller may wait for it, by means of what it is given.
	if s.Trip.Event == NoEvent && !inSight(s) || p.givesMeans(c) {
		s.Signals = append(s.Signals, "fanout.hidden-start")
	}
	return s
}

// inSight reports whether g is a literal of the function that calls it in a loop, which
// always starts the task of inner, and nothing in that loop waits for others.
func (p *placer) inSight(s *Site, g *effects.Func, inner *Site) bool {
	l := s.Trip.Loop
	return inner.Op.Certainty == effects.Always && g.Lit != nil && g.Parent == s.Func && l != nil && !slices.ContainsFunc(s.Func.Ops[l.Ops:l.OpsEnd], func(op *effects.Op) bool {
		return op != s.Op && (op.Effect(effects.Wait) != nil || op.Effect(effects.Chan) != nil)
	})
}

// perItem reports whether what a site in a loop hands over mentions something that
// is new in each iteration. When it is to run is no part of it.
func (p *placer) perItem(s *Site) bool {
	l, task := s.Trip.Loop, s.Op.Node
	if c, ok := task.(*ast.CallExpr); ok && s.Arg >= 0 && s.Arg < len(c.Args) {
		task = c.Args[s.Arg]
	}
	return l == nil || p.anyVariable(task, func(v *types.Var) bool {
		return !v.IsField() && l.Node.Pos() <= v.Pos() && v.Pos() < s.Op.Node.Pos()
	})
}

// answered reports whether a function returns more than an error: it has done what
// it is called for when it returns, whatever it started for that.
func (p *placer) answered(sig *types.Signature) bool {
	if sig == nil {
		return false
	}
	for v := range sig.Results().Variables() {
		if !types.Identical(v.Type(), types.Universe.Lookup("error").Type()) {
			return true
		}
	}
	return false
}

// startName names what a call runs, also a closure.
func (p *placer) startName(op *effects.Op) string {
	if op.Callee() == nil {
		return types.ExprString(op.Node.(*ast.CallExpr).Fun)
	}
	return p.callName(op)
}

// starts returns the site of a function that hands over once in each call, or a constant
// number of times, at once and bounded by nothing: of several the first whose task waits for
// something outside the program. A worker is none.
func (p *placer) starts(g *effects.Func) *Site {
	s, ok := p.started[g]
	if !ok && g.Body() != nil {
		s = p.findStart(g)
		p.started[g] = s // every call of the function asks
	}
	return s
}

func (p *placer) findStart(g *effects.Func) *Site {
	var first *Site
	for _, op := range g.Ops {
		if op.Deferred || op.Certainty < effects.Usually || p.later(op.Callee()) {
			continue
		}
		for _, s := range p.sitesAt(g, op) {
			times := s.Trip.Once || s.Trip.Class == Const && !s.Trip.Many
			if !times || s.Limit.Class != None || s.Endless || p.collected(s) {
				continue
			}
			if waits(s.Effects) {
				return s
			}
			if first == nil {
				first = s
			}
		}
	}
	return first
}

// later reports whether a function runs what it is given when time has passed, if
// ever.
func (p *placer) later(fn *types.Func) bool {
	return fn != nil && fn.Pkg() != nil && (fn.Pkg().Path() == "time" || fn.Pkg().Path() == "context")
}

// collected reports whether the function of a site waits for its task before it
// returns.
func (p *placer) collected(s *Site) bool {
	var waits []ast.Node
	for _, op := range s.Func.Ops {
		if op == s.Op || op.Spawned != nil {
			continue
		}
		if op.Deferred {
			if op.Effect(effects.Wait) != nil || op.Effect(effects.Chan) != nil {
				return true
			}
			continue
		}
		if e := op.Effect(effects.Wait); e != nil && e.Certainty >= effects.Missed {
			waits = append(waits, op.Node)
		}
		waits = append(waits, p.awaits(s, op)...)
	}
	return len(waits) > 0 && !p.prog.Flow(s.Func.Body()).Leaves(s.Op.Node, waits)
}

// givesMeans reports whether a call hands over something by which its end can be
// told: a channel, a group, a function.
func (p *placer) givesMeans(c *ast.CallExpr) bool {
	for _, a := range c.Args {
		t := p.info.TypeOf(a)
		if t == nil {
			continue
		}
		switch t.Underlying().(type) {
		case *types.Chan, *types.Signature:
			return true
		}
		if isNamed(deref(t), "sync", "WaitGroup") {
			return true
		}
	}
	return false
}
