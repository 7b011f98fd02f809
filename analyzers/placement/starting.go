package placement

import (
	"go/ast"
	"go/types"
	"slices"

	"github.com/concurlint/concurlint/analyzers/effects"
	"github.com/concurlint/concurlint/analyzers/module"
)

// This file tells the packages above of functions that start a task in each call. Facts
// go from a package to those that import it, and the loop that calls such a function for
// each message may be in one of these.

// starting is the fact of a function that starts a task in each call, bounded by nothing,
// and returns without waiting for it.
type starting struct {
	Task *effects.Summary // what the task does
	Late bool             // as of Site
}

// AFact marks starting as a fact.
func (*starting) AFact() {}

// String is for tests.
func (s *starting) String() string { return "starts " + s.Task.String() }

// tellStarts exports the fact for what other packages can call. Tasks that wait for nothing
// outside of the program are left out: nobody would be told of them. So are those of
// handlers, which are told where they stand.
func (p *placer) tellStarts() {
	asked := make(map[*effects.Func]bool)
	for _, s := range p.res.Sites {
		g := s.Func
		if asked[g] || g.Obj == nil || !g.Obj.Exported() {
			continue
		}
		asked[g] = true
		inner := p.starts(g)
		if inner == nil || !waits(inner.Effects) || p.answered(g.Obj.Signature()) || p.oneAtATime(g, inner) {
			continue
		}
		if event, _ := p.entered(inner); event != Requested {
			p.pass.ExportObjectFact(g.Obj, &starting{p.fx.Exported(inner.Effects), inner.Late})
		}
	}
}

// oneAtATime reports whether a function may start the task of a site in its first call
// alone, or while no other runs: on a condition, or behind one that asks a lock or an atomic
// and leaves. A task that sleeps is one that goes on.
//
//	if len(s.peers) == 0 { go s.serve() }
//	if !s.mu.TryLock() { return }
func (p *placer) oneAtATime(f *effects.Func, s *Site) bool {
	if slices.ContainsFunc(s.Effects, func(e effects.Effect) bool { return e.Kind == effects.Sleep && e.Certainty >= effects.Missed }) {
		return true
	}
	for _, step := range f.Body().List {
		check, ok := step.(*ast.IfStmt)
		switch {
		case ok && p.asksSync(check):
			return true
		case contains(step, s.Op.Node):
			switch step.(type) {
			case *ast.IfStmt, *ast.SwitchStmt, *ast.TypeSwitchStmt, *ast.SelectStmt:
				return true
			}
			return false
		}
	}
	return true
}

// asksSync reports whether a condition calls something of package sync or sync/atomic.
func (p *placer) asksSync(s *ast.IfStmt) bool {
	found := false
	ask := func(n ast.Node) bool {
		if c, ok := n.(*ast.CallExpr); ok {
			fn := p.prog.Callee(c)
			found = found || fn != nil && fn.Pkg() != nil && (fn.Pkg().Path() == "sync" || fn.Pkg().Path() == "sync/atomic")
		}
		return !found
	}
	ast.Inspect(s.Cond, ask)
	if s.Init != nil {
		ast.Inspect(s.Init, ask)
	}
	return found
}

// startsElsewhere returns what is known of the site of a function that another package of
// the module tells of.
func (p *placer) startsElsewhere(fn *types.Func) *Site {
	if fn == nil || fn.Pkg() == nil || fn.Pkg() == p.pass.Pkg {
		return nil
	}
	s, ok := p.imported[fn]
	if !ok {
		var fact starting
		if module.Tells(p.pass, fn.Pkg()) && p.pass.ImportObjectFact(fn.Origin(), &fact) {
			s = &Site{Effects: fact.Task.Effects, Late: fact.Late}
		}
		p.imported[fn] = s // every call of the function asks
	}
	return s
}

// waits reports whether a task waits for something outside of the program.
func waits(list []effects.Effect) bool {
	return slices.ContainsFunc(list, func(e effects.Effect) bool { return e.Kind.IO() && e.Certainty >= effects.Missed })
}
