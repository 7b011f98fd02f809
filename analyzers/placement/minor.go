package placement

import (
	"go/ast"
	"go/types"
	"slices"

	"github.com/concurlint/concurlint/analyzers/effects"
	"github.com/concurlint/concurlint/analyzers/internal/lexicon"
	"github.com/concurlint/concurlint/analyzers/module"
)

// minor returns the signals that a site starts few tasks, or some that are meant to
// be there: at start-up, at the end, one actor for each of something.
func (p *placer) minor(s *Site) []string {
	hits := p.origin(s)
	for _, o := range []struct {
		signal string
		hits   bool
	}{
		{s.Trip.Few, s.Trip.Few != "" && !(s.Trip.Few == "fanout.configured" && p.oneFarEnd(s))},
		{"fanout.startup", s.Trip.Event == NoEvent && startUp(s.Func)},
		{"fanout.ends", named(s, lexicon.Ends) || named(s, lexicon.Tells) && !asksAnew(s.Effects)},
		{"fanout.actor", p.actor(s)},
		{"fanout.keyed", p.overMap(s)},
		{"fanout.kept", p.kept(s)},
		{"fanout.paced", p.paced(s)},
		{"fanout.settled", s.Trip.Expr != nil && p.prog.Settled(p.fx.Variable(p.fx.Local(s.Func, s.Trip.Expr)))},
	} {
		if o.hits {
			hits = append(hits, o.signal)
		}
	}
	return hits
}

// paced reports whether the loop sleeps between two tasks. That it sleeps where there is
// nothing to do says nothing of how fast the tasks come where there is.
func (p *placer) paced(s *Site) bool {
	l, f := s.Trip.Loop, s.Trip.Func
	return l != nil && slices.ContainsFunc(f.Ops[l.Ops:l.OpsEnd], func(op *effects.Op) bool {
		e := op.Effect(effects.Sleep)
		return op.Spawned == nil && e != nil && e.Certainty >= effects.Usually && !(f == s.Func && p.prog.Flow(f.Body()).Excludes(op.Node, s.Op.Node, l.Node))
	})
}

// overMap reports whether the site's loop goes over a map: what has a name each is
// seldom read in by the thousand.
func (p *placer) overMap(s *Site) bool {
	if s.Trip.Loop == nil {
		return s.Trip.Expr != nil && isNamed(deref(p.info.TypeOf(s.Trip.Expr)), "sync", "Map")
	}
	r, ok := s.Trip.Loop.Node.(*ast.RangeStmt)
	if !ok {
		return false
	}
	_, ok = p.info.TypeOf(r.X).Underlying().(*types.Map)
	return ok
}

// startUp reports whether f is in main, init or a package-level literal, which
// start what the program is made of.
func startUp(f *effects.Func) bool {
	return f.Outer().Decl == nil || f.Outer().Starts()
}

// taskName is the name of what the task calls, if that is one function.
func taskName(s *Site) string {
	if c := taskCall(s); c != nil {
		return calledName(c)
	}
	return ""
}

// actor reports whether the task is named like one that runs for as long as its
// owner: of those there are as many as there are owners. Workers that the function counts out
// have that name, too, and are as many as it counts.
func (p *placer) actor(s *Site) bool {
	c := taskCall(s)
	return c != nil && !s.Trip.Workers && lexicon.Is(lexicon.Actor, calledName(c)) && !p.fromElsewhere(c)
}

// fromElsewhere reports whether a call is of a function that the program only
// uses: what exec.(*Cmd).Run is, its name does not say.
func (p *placer) fromElsewhere(c *ast.CallExpr) bool {
	sel, ok := ast.Unparen(c.Fun).(*ast.SelectorExpr)
	if !ok {
		return false
	}
	fn, ok := p.info.Uses[sel.Sel].(*types.Func)
	return ok && fn.Pkg() != nil && !module.Home(p.pass, fn.Pkg())
}

// named reports whether the function of a site, or what its task calls, has a name that
// says it ends or tells what there is already.
func named(s *Site, role lexicon.Role) bool {
	d := s.Func.Outer().Decl
	return d != nil && lexicon.Is(role, d.Name.Name) || lexicon.Is(role, taskName(s))
}

// asksAnew reports whether a task is seen to begin a request, or a process: whatever it is
// called, that is more than to tell those who listen already. What ends is no matter of
// this: it ends once.
func asksAnew(list []effects.Effect) bool {
	return slices.ContainsFunc(list, func(e effects.Effect) bool {
		return (e.Kind == effects.Net || e.Kind == effects.Proc) && e.Certainty >= effects.Missed && !e.Connected() && !e.Is(effects.Hint)
	})
}

// taskCall returns the call that the task consists of: that of the go
// statement, or the only one in its literal that is not about waiting.
func taskCall(s *Site) *ast.CallExpr {
	var lit *ast.FuncLit
	switch n := s.Op.Node.(type) {
	case *ast.GoStmt:
		l, ok := ast.Unparen(n.Call.Fun).(*ast.FuncLit)
		if !ok {
			return n.Call
		}
		lit = l
	case *ast.CallExpr:
		l, ok := ast.Unparen(n.Args[s.Arg]).(*ast.FuncLit)
		if !ok {
			return &ast.CallExpr{Fun: n.Args[s.Arg]}
		}
		lit = l
	}
	return onlyCall(lit)
}

func onlyCall(lit *ast.FuncLit) *ast.CallExpr {
	var only *ast.CallExpr
	n := 0
	for _, s := range lit.Body.List {
		var x ast.Expr
		switch s := s.(type) {
		case *ast.ExprStmt:
			x = s.X
		case *ast.AssignStmt:
			x = s.Rhs[0]
		case *ast.ReturnStmt:
			if len(s.Results) > 0 {
				x = s.Results[0]
			}
		case *ast.IfStmt:
			if a, ok := s.Init.(*ast.AssignStmt); ok {
				x = a.Rhs[0]
			}
		}
		c, ok := ast.Unparen(x).(*ast.CallExpr)
		if !ok || calledName(c) == "Done" || calledName(c) == "Add" {
			continue
		}
		only = c
		n++
	}
	if n == 1 {
		return only
	}
	return nil
}
