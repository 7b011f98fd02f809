package sites

import (
	"cmp"
	"go/ast"
	"go/token"
	"slices"
	"strings"

	"github.com/concurlint/concurlint/analyzers/classify"
	"github.com/concurlint/concurlint/analyzers/contracts"
	"github.com/concurlint/concurlint/analyzers/effects"
	"github.com/concurlint/concurlint/analyzers/knowledge"
	"github.com/concurlint/concurlint/analyzers/module"
	"github.com/concurlint/concurlint/analyzers/placement"
)

// A found site is one to be reported at a node.
type found struct {
	node ast.Node
	site *Site
}

// sites lists the hand-overs, the callbacks and the serial loops, also those that
// callees run, in source order.
func (l *lister) sites() []found {
	var out []found
	add := func(node ast.Node, s *Site) {
		if s != nil && l.wanted(node.Pos()) {
			out = append(out, found{node, s})
		}
	}
	starters := l.starters()
	for _, s := range l.res.Sites {
		if isStarter(s) {
			continue // what it starts is a site itself
		}
		add(s.Op.Node, l.handOver(s, starters[s.Func]))
	}
	for _, c := range l.contexts {
		node, s := l.callback(c)
		add(node, s)
	}
	for _, f := range l.fx.Funcs() {
		for _, loop := range f.Loops {
			add(loop.Node, l.serial(f, loop))
		}
		for _, op := range f.Ops {
			add(op.Node, l.each(f, op))
		}
	}
	slices.SortStableFunc(out, func(a, b found) int { return cmp.Compare(a.node.Pos(), b.node.Pos()) })
	return out
}

// isStarter reports whether the site is the call of a function that starts a
// goroutine, rather than the go statement itself.
func isStarter(s *placement.Site) bool {
	_, isGo := s.Op.Node.(*ast.GoStmt)
	return s.Arg == effects.GoCall && !isGo
}

// starters returns, by the function that starts a goroutine, the loop from which
// it is called: the go statement runs as often.
func (l *lister) starters() map[*effects.Func]*placement.Site {
	m := make(map[*effects.Func]*placement.Site)
	for _, s := range l.res.Sites {
		if g := l.fx.Func(s.Op.Callee()); isStarter(s) && g != nil && m[g] == nil {
			m[g] = s
		}
	}
	return m
}

// handOver describes a site. The loop that bounds it may be in its caller.
func (l *lister) handOver(s *placement.Site, starter *placement.Site) *Site {
	bodies := l.bodies(s)
	if len(bodies) == 0 && l.executorLine(s) == nil && s.Arg != effects.GoCall {
		return nil // what a function of the program starts with a value that nobody sees
	}
	out := l.at(s.Func, s.Op.Node)
	out.Via, out.Endless = l.via(s), s.Endless
	trip := s.Trip
	if starter != nil && trip.Once {
		trip = starter.Trip
	}
	out.Trip, out.Once = l.tripText(trip), trip.Once
	out.Executor = l.executor(s)
	out.Task = l.task(s.Effects)
	out.Task.Bodies = bodies
	if out.Executor == "workers" {
		out.Limit = l.workerCount(s)
		if out.Queue = l.queue(s); out.Queue != nil {
			out.Limit.Waits = out.Queue.Sends
		}
		return out
	}
	out.Limit = l.limit(s)
	if starter != nil && out.Limit.Class == "none" {
		out.Limit = l.limit(starter)
	}
	return out
}

// at begins the description of a site at a node.
func (l *lister) at(f *effects.Func, node ast.Node) *Site {
	return &Site{
		Package:  l.path(),
		Function: functionName(f),
		Place:    l.place(node.Pos()),
		EndLine:  l.line(node.End() - 1),
	}
}

func (l *lister) via(s *placement.Site) string {
	if fn := s.Op.Callee(); fn != nil && s.Arg != effects.GoCall {
		return effects.DisplayName(fn, nil)
	}
	return "go"
}

func (l *lister) tripText(t placement.Trip) string {
	switch {
	case t.Once:
		return ""
	case t.Expr != nil:
		return l.source(t.Expr)
	}
	return t.Of
}

// executor names the kind of executor.
func (l *lister) executor(s *placement.Site) string {
	kind := "goroutine"
	if x := l.executorLine(s); x != nil {
		symbol := effects.SymbolOf(s.Op.Callee())
		unlimited := x.Limit == "none"
		switch {
		case symbol.Path == "sync", unlimited && x.Wait == "":
		case (unlimited || x.Limit == "set") && !strings.HasSuffix(symbol.Type, "Pool"):
			kind = "group"
		default:
			return "pool"
		}
	}
	if s.Endless && counted(s.Trip) {
		return "workers"
	}
	return kind
}

// executorLine is what knowledge says of the function that is handed the task,
// nil for go statements and functions of the program.
func (l *lister) executorLine(s *placement.Site) *knowledge.Executor {
	fn := s.Op.Callee()
	if s.Arg == effects.GoCall || fn == nil {
		return nil
	}
	return l.fx.Knowledge().Executor(effects.SymbolOf(fn))
}

// counted reports whether a loop counts up to a number of workers, rather than
// over things that each want one.
func counted(t placement.Trip) bool {
	if t.Once || t.Loop == nil || t.Expr == nil {
		return false
	}
	switch t.Class {
	case placement.Const, placement.Cores, placement.Config:
	default:
		return false
	}
	r, ok := t.Loop.Node.(*ast.RangeStmt)
	return !ok || r.Value == nil
}

// callback describes a function that a library runs on its one loop. The place
// is that of the function: it may be registered in several ways.
func (l *lister) callback(c *contracts.Context) (ast.Node, *Site) {
	library, ok := strings.CutSuffix(c.Who, "'s loop")
	if c.Directive || c.Func.Body() == nil || !ok || module.Standard(library) {
		return c.Func.Type(), nil // sort runs its callbacks in place
	}
	out := l.at(c.Func, c.Func.Type())
	out.EndLine = l.line(c.Func.Body().End() - 1)
	out.Via, out.Executor, out.Once = c.Who, "callback", true
	out.Limit = Limit{Class: "const", Text: "1", Place: out.Place, N: 1}
	out.Task = l.task(c.Func.Summary.Effects)
	out.Task.Bodies = []Body{l.body(c.Func)}
	return c.Func.Type(), out
}

// task says what the effects make of a task.
func (l *lister) task(list []effects.Effect) Task {
	sum := effects.Summary{Effects: list}
	t := Task{Class: sum.TaskClass(), Effects: []string{}, Bodies: []Body{}}
	sorted := effects.Leading(list)
	slices.SortFunc(sorted, func(a, b effects.Effect) int { return int(a.Kind) - int(b.Kind) })
	for i := range sorted {
		e := &sorted[i]
		if e.Certainty < effects.Missed || e.Kind == effects.Dynamic {
			continue // a way that is seldom taken says little of the task
		}
		name := e.Kind.String()
		if e.Is(effects.Hint) {
			name += "?"
		}
		t.Effects = append(t.Effects, name)
		if t.Chain == nil && (t.Class != "cpu" || e.Kind == effects.CPU) {
			t.Chain = classify.Chain(l.pass, e.Chain)
		}
	}
	return t
}

// bodies are the functions that the task runs first.
func (l *lister) bodies(s *placement.Site) []Body {
	out := []Body{}
	for _, f := range l.fx.TaskFuncs(s.Func, s.Op, s.Arg) {
		if f.Body() != nil {
			out = append(out, l.body(f))
		}
	}
	fn := s.Op.Callee()
	if s.Arg == effects.GoCall && fn != nil && l.fx.Func(fn) == nil && module.Home(l.pass, fn.Pkg()) && !isInterface(fn) {
		at := l.place(fn.Pos())
		out = append(out, Body{Package: fn.Pkg().Path(), Function: declared(fn), File: at.File, Line: at.Line})
	}
	return slices.Compact(out)
}

func (l *lister) body(f *effects.Func) Body {
	b := Body{Package: l.path(), Function: functionName(f), Part: f.Lit != nil}
	from, to := f.Body().Pos(), f.Body().End()
	if f.Lit != nil {
		from = f.Lit.Pos()
	} else {
		from = f.Decl.Type.Func
	}
	return l.stretch(b, from, to)
}

func (l *lister) stretch(b Body, from, to token.Pos) Body {
	at := l.place(from)
	b.File, b.Line, b.EndLine = at.File, at.Line, l.line(to-1)
	return b
}

// findWorkers returns the functions that run endless tasks, and the endless
// functions that those call.
func (l *lister) findWorkers() map[*effects.Func]bool {
	m := make(map[*effects.Func]bool)
	var visit func(f *effects.Func)
	visit = func(f *effects.Func) {
		if m[f] || !f.Summary.Endless {
			return
		}
		m[f] = true
		for _, op := range f.Ops {
			if op.Spawned != nil {
				continue
			}
			for _, g := range l.fx.TaskFuncs(f, op, effects.GoCall) {
				visit(g)
			}
		}
	}
	for _, s := range l.res.Sites {
		for _, f := range l.fx.TaskFuncs(s.Func, s.Op, s.Arg) {
			visit(f)
		}
	}
	return m
}
