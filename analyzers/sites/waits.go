package sites

import (
	"cmp"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"github.com/concurlint/concurlint/analyzers/effects"
	"github.com/concurlint/concurlint/analyzers/module"
	"github.com/concurlint/concurlint/analyzers/placement"
)

// A Wait says what a line of source waits for. Of a lock that the function
// gives back itself, Until is the last line at which it may hold it.
type Wait struct {
	Line  int    `json:"line"`
	Kind  string `json:"kind"`
	Call  string `json:"call"`
	Idle  string `json:"idle,omitempty"`
	Of    string `json:"of,omitempty"`
	Until int    `json:"until,omitempty"`
	Under string `json:"under,omitempty"`
}

// waits lists the lines of f, without its literals, that wait themselves: what
// they call is no function of the module, whose own lines would say it.
func (l *lister) waits(f *effects.Func) []Wait {
	var list []Wait
	for _, op := range f.Ops {
		e := l.ownWait(op)
		if e == nil {
			continue
		}
		w := Wait{Line: l.line(op.Node.Pos()), Kind: e.Kind.String(), Call: e.Chain[0].Call}
		switch n := op.Node.(type) {
		case *ast.SelectStmt:
			w.Idle, w.Of = l.selectWait(f, op, n)
			if len(n.Body.List) == 1 { // compiled to the communication alone
				w.Line = l.line(n.Body.List[0].Pos())
			}
		case *ast.UnaryExpr:
			w.Idle, w.Of = l.receiveWait(f, op, n.X), l.name(f, n.X)
		case *ast.RangeStmt:
			w.Idle, w.Of = l.receiveWait(f, op, n.X), l.name(f, n.X)
		case *ast.SendStmt:
			w.Of = l.name(f, n.Chan)
		case *ast.CallExpr:
			w.Idle = l.serves(op)
			if e.Kind == effects.Lock || e.Kind == effects.Wait {
				w.Of = l.lockName(f, n)
			}
			if r := l.regions[op]; r != nil && r.Until.IsValid() {
				w.Until, w.Under = l.line(r.Until-1), l.under(r)
			}
		}
		list = append(list, w)
	}
	return list
}

// ownWait returns the strongest effect for which the op itself waits, or nil.
func (l *lister) ownWait(op *effects.Op) *effects.Effect {
	if op.Spawned != nil {
		return nil
	}
	if fn := op.Callee(); fn != nil && module.Home(l.pass, fn.Pkg()) || slices.ContainsFunc(op.Tasks(), l.ours) {
		return nil
	}
	var best *effects.Effect
	for i := range op.Effects {
		e := &op.Effects[i]
		if e.Kind > effects.Lock || e.Is(effects.Hint) || len(e.Chain) == 0 || best != nil && best.Kind <= e.Kind {
			continue
		}
		// Further frames in this package: a function of ours that a library runs.
		if slices.ContainsFunc(e.Chain[1:], func(f effects.Frame) bool { return f.Pos.IsValid() }) {
			continue
		}
		best = e
	}
	return best
}

// ours reports whether a function that a call may reach is of the module.
func (l *lister) ours(t effects.Target) bool {
	return t.Func != nil || t.Obj != nil && module.Home(l.pass, t.Obj.Pkg())
}

// The reasons why a wait is no cost, from weakest to strongest: the strongest
// says most of what a goroutine is there for.
var reasons = []string{"", "ctx", "ticker", "signal", "accept", "queue"}

// serves reports whether a call waits for clients.
func (l *lister) serves(op *effects.Op) string {
	fn := op.Callee()
	if fn == nil || fn.Pkg() == nil {
		return ""
	}
	if strings.HasPrefix(fn.Name(), "Accept") && op.Effect(effects.Net) != nil {
		return "accept"
	}
	if e := l.fx.Knowledge().Effect(effects.SymbolOf(fn)); e != nil && e.Endless {
		return "accept"
	}
	return ""
}

// receiveWait says why a receive is no cost, if so.
func (l *lister) receiveWait(f *effects.Func, op *effects.Op, ch ast.Expr) string {
	if why := l.idleChannel(ch); why != "" {
		return why
	}
	if l.fetches(f, op) {
		return "queue"
	}
	return ""
}

// selectWait says why a select is no cost, if all of its cases agree, and what
// it waits for: its most telling case, or the first one that costs.
func (l *lister) selectWait(f *effects.Func, op *effects.Op, s *ast.SelectStmt) (idle, of string) {
	queue := l.fetches(f, op)
	for _, c := range comms(s) {
		if c.ch == nil {
			continue
		}
		why := l.idleChannel(c.ch)
		switch {
		case c.sends:
			return "", l.name(f, c.ch)
		case why == "" && l.channels.stops(l.fx.Variable(c.ch)):
			continue
		case why == "" && queue:
			why = "queue"
		case why == "":
			return "", l.name(f, c.ch)
		}
		if slices.Index(reasons, why) > slices.Index(reasons, idle) {
			idle, of = why, l.name(f, c.ch)
		}
	}
	if join := l.join(s); (idle == "" || idle == "ctx") && join != nil && !queue {
		return "", l.name(f, join)
	}
	return idle, of
}

// join returns the first channel of a select that is closed when something is
// done, or nil: with nothing but a context beside it, that is what is waited for.
func (l *lister) join(s *ast.SelectStmt) ast.Expr {
	for _, c := range comms(s) {
		if c.ch != nil && l.idleChannel(c.ch) == "" {
			return c.ch
		}
	}
	return nil
}

// fetches reports whether the op is where an endless loop takes its next piece of
// work: the first receive of the loop of a worker, or of a loop over a select.
func (l *lister) fetches(f *effects.Func, op *effects.Op) bool {
	loop := op.Loop
	if loop == nil {
		return false
	}
	if !loop.Endless(l.pass.TypesInfo) && !f.Summary.Endless {
		return false
	}
	if _, isSelect := op.Node.(*ast.SelectStmt); !isSelect && !l.workers[f] {
		return false
	}
	if l.coordinates(f, loop) {
		return false
	}
	for _, first := range f.Ops[loop.Ops:loop.OpsEnd] {
		switch first.Node.(type) {
		case *ast.SelectStmt, *ast.UnaryExpr, *ast.RangeStmt:
			return first == op
		}
	}
	return false
}

// coordinates reports whether f has handed something over before the loop: what
// comes in there are results, and the loop waits for its own tasks.
func (l *lister) coordinates(f *effects.Func, loop *effects.Loop) bool {
	return slices.ContainsFunc(l.res.Sites, func(s *placement.Site) bool {
		return s.Func == f && s.Op.Node.End() <= loop.Node.Pos()
	})
}

// idleChannel says why nobody loses by a receive from the channel, if so.
func (l *lister) idleChannel(ch ast.Expr) string { return l.idleAt(ch, 0) }

func (l *lister) idleAt(ch ast.Expr, depth int) string {
	if depth == maxDepth {
		return ""
	}
	switch x := ast.Unparen(ch).(type) {
	case *ast.CallExpr:
		return l.idleCall(x)
	case *ast.SelectorExpr:
		if t := l.pass.TypesInfo.TypeOf(x.X); x.Sel.Name == "C" && isTimer(t) {
			return "ticker"
		}
	}
	v := l.fx.Variable(ch)
	if v == nil {
		return ""
	}
	if l.channels.signals[v] {
		return "signal"
	}
	if values, _ := l.fx.Values(v); len(values) == 1 {
		return l.idleAt(values[0], depth+1)
	}
	// A parameter is what all callers give.
	why := ""
	for i, f := range l.channels.in[v] {
		given := l.idleAt(f.value, depth+1)
		if i > 0 && given != why {
			return ""
		}
		why = given
	}
	return why
}

func (l *lister) idleCall(c *ast.CallExpr) string {
	fn := callee(l.pass.TypesInfo, c)
	if fn == nil || fn.Pkg() == nil {
		return ""
	}
	switch fn.Pkg().Path() {
	case "context":
		if fn.Name() == "Done" {
			return "ctx"
		}
	case "time":
		if fn.Name() == "After" || fn.Name() == "Tick" {
			return "ticker"
		}
	}
	return ""
}

// stops reports whether the channel carries nothing but its closing: of an
// endless loop the sign to end.
func (c *channels) stops(v *types.Var) bool {
	return v != nil && c.closed[v] && len(c.sends[v]) == 0
}

// sorted returns the places of the positions, each once.
func (l *lister) sorted(list []token.Pos) []Place {
	slices.Sort(list)
	out := []Place{}
	for _, pos := range slices.Compact(list) {
		if l.wanted(pos) {
			out = append(out, l.place(pos))
		}
	}
	slices.SortStableFunc(out, func(a, b Place) int {
		return cmp.Or(strings.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line))
	})
	return out
}
