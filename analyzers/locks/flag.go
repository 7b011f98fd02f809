package locks

import (
	"slices"

	"github.com/concurlint/concurlint/analyzers/effects"
	"github.com/concurlint/concurlint/analyzers/placement"
	"github.com/concurlint/concurlint/analyzers/program"
)

// This file finds locks that whoever comes back does not come to: who calls something of
// others under the lock has set a flag before, for good, and who finds it set turns round.
//
//	s.ended.Store(true); s.mu.Lock(); s.onEnd(); s.mu.Unlock()
//	if s.ended.Load() { return }; s.mu.Lock()

// comesBack reports whether a function still comes to a lock that it takes while something of
// others runs under it.
func (t *teller) comesBack(f *effects.Func, lock string) bool {
	if t.flags == nil {
		t.readFlags()
	}
	flags := t.flags[lock]
	return len(flags) == 0 || t.comesTo(f, lock, flags, make(map[*effects.Func]bool))
}

// comesTo is comesBack for a function and those that it calls, with the flags that are set.
func (t *teller) comesTo(f *effects.Func, lock string, flags []program.Flag, seen map[*effects.Func]bool) bool {
	if seen[f] {
		return false
	}
	seen[f] = true
	for _, op := range f.Ops {
		if !counts(op) || slices.ContainsFunc(t.prog.Asked(op.Node), func(asked program.Flag) bool {
			return slices.Contains(flags, program.Flag{Var: asked.Var, On: !asked.On})
		}) {
			continue
		}
		if r := t.solver.acquired[op]; r != nil && t.Name(r.Lock) == lock && !t.solver.gaveBack(f, r) {
			return true
		}
		if d := t.Callee(op); d != nil && slices.ContainsFunc(d.Takes, func(l Taken) bool { return l.Name == lock }) {
			return true
		}
		if slices.ContainsFunc(t.solver.callees(f, op), func(g *effects.Func) bool { return t.comesTo(g, lock, flags, seen) }) {
			return true
		}
	}
	return false
}

// mostCalled is how many calls of others in one region are looked at: each asks for all flags
// that are set before it, and 800 of both took 5 s. Who tells more has something else in mind
// than an end.
const mostCalled = 8

// readFlags finds, by lock, the flags that are set wherever something of others is called
// under it.
func (t *teller) readFlags() {
	t.flags = make(map[string][]program.Flag)
	hosts := make(map[string]bool)
	for _, r := range t.regions {
		name := t.Name(r.Lock)
		if name == "" || r.Local || hosts[name] && len(t.flags[name]) == 0 {
			continue
		}
		called := slices.DeleteFunc(slices.Clone(r.Held), func(h placement.Held) bool { return len(t.solver.at(r.Func, h.Op)) == 0 })
		if len(called) > mostCalled {
			hosts[name], t.flags[name] = true, nil
			continue
		}
		for _, h := range called {
			set := t.prog.Raised(r.Func.Body(), h.Op.Node)
			if hosts[name] {
				set = slices.DeleteFunc(set, func(f program.Flag) bool { return !slices.Contains(t.flags[name], f) })
			}
			hosts[name], t.flags[name] = true, set
		}
	}
}
