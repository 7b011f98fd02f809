package sites

import (
	"go/ast"
	"go/token"
	"go/types"

	"github.com/concurlint/concurlint/analyzers/effects"
	"github.com/concurlint/concurlint/analyzers/placement"
)

// queue finds the channel from which the workers of a site take their work.
func (l *lister) queue(s *placement.Site) *Queue {
	task := l.taskFuncs(s)
	for _, f := range task {
		for _, op := range f.Ops {
			for _, ch := range l.work(f, op) {
				same := l.channels.same(l.channels.variables(ch, 0), s.Op.Node, task)
				q := &Queue{
					Receives: l.places(l.channels.receives, same),
					Sends:    l.places(l.channels.sends, same),
				}
				if len(same) > 0 {
					return q
				}
			}
		}
	}
	return nil
}

// taskFuncs are the functions that the workers of a site run in their loops.
func (l *lister) taskFuncs(s *placement.Site) []*effects.Func {
	list := l.fx.TaskFuncs(s.Func, s.Op, s.Arg)
	for i := 0; i < len(list) && i < maxTask; i++ {
		for _, op := range list[i].Ops {
			for _, g := range l.fx.TaskFuncs(list[i], op, effects.GoCall) {
				if op.Spawned == nil && l.workers[g] {
					list = append(list, g)
				}
			}
		}
	}
	return list
}

// maxTask is how many functions are looked at for the loop of a worker.
const maxTask = 16

// work returns the channels that an op of a worker takes its work from.
func (l *lister) work(f *effects.Func, op *effects.Op) []ast.Expr {
	if op.Loop == nil || !l.fetches(f, op) {
		return nil
	}
	switch n := op.Node.(type) {
	case *ast.RangeStmt:
		return []ast.Expr{n.X}
	case *ast.UnaryExpr:
		return []ast.Expr{n.X}
	case *ast.SelectStmt:
		var list []ast.Expr
		for _, c := range comms(n) {
			if c.ch != nil && !c.sends && l.idleChannel(c.ch) == "" && !l.channels.stops(l.fx.Variable(c.ch)) {
				list = append(list, c.ch)
			}
		}
		return list
	}
	return nil
}

// same returns the variables that hold the channel of vars. What a worker is
// given is followed back through the site and its task alone, as other callers
// of the same function may give other channels.
func (c *channels) same(vars []*types.Var, site ast.Node, task []*effects.Func) map[*types.Var]bool {
	seen := make(map[*types.Var]bool)
	within := func(e ast.Expr) bool {
		if site.Pos() <= e.Pos() && e.End() <= site.End() {
			return true
		}
		for _, f := range task {
			if b := f.Body(); b != nil && b.Pos() <= e.Pos() && e.End() <= b.End() {
				return true
			}
		}
		return false
	}
	list := vars
	for ; len(list) > 0; list = list[1:] {
		if v := list[0]; !seen[v] {
			seen[v] = true
			for _, f := range c.in[v] {
				if !f.param || within(f.value) {
					list = append(list, f.from)
				}
			}
		}
	}
	for v := range seen {
		list = append(list, v)
	}
	for ; len(list) > 0; list = list[1:] {
		for _, f := range c.out[list[0]] {
			if !seen[f.to] {
				seen[f.to] = true
				list = append(list, f.to)
			}
		}
	}
	return seen
}

func (l *lister) places(m map[*types.Var][]token.Pos, vars map[*types.Var]bool) []Place {
	var all []token.Pos
	for v := range vars {
		all = append(all, m[v]...)
	}
	return l.sorted(all)
}
