package locks

import (
	"go/ast"
	"slices"

	"github.com/concurlint/concurlint/analyzers/effects"
	"github.com/concurlint/concurlint/analyzers/program"
)

// This file finds locks that whoever comes back does not come to: who calls something of
// others under the lock has set a flag before, and who finds it set turns round.
//
//	s.ended.Store(true); s.mu.Lock(); s.onEnd(); s.mu.Unlock()
//	if s.ended.Load() { return }; s.mu.Lock()

// turnsRound reports whether an op that takes a lock, itself or in what it calls, is reached
// only while a flag has not been set that all set who call something of others under it.
func (s *solver) turnsRound(op *effects.Op, lock string) bool {
	flags := s.raised()[lock]
	return len(flags) > 0 && slices.ContainsFunc(s.prog.Asked(op.Node), func(f program.Flag) bool {
		return slices.Contains(flags, program.Flag{Var: f.Var, On: !f.On})
	})
}

// raised returns, by lock, the flags that are set wherever something of others is called
// under it.
func (s *solver) raised() map[string][]program.Flag {
	if s.flags != nil {
		return s.flags
	}
	s.flags = make(map[string][]program.Flag)
	hosts := make(map[string]bool)
	for _, r := range s.regions {
		name := s.Name(r.Lock)
		if name == "" || r.Local || hosts[name] && len(s.flags[name]) == 0 {
			continue
		}
		for _, h := range r.Held {
			c, ok := h.Op.Node.(*ast.CallExpr)
			if !ok || len(s.held(c, h.Op.Callee())) == 0 {
				continue
			}
			set := s.prog.Raised(r.Func.Body(), c)
			if hosts[name] {
				set = slices.DeleteFunc(set, func(f program.Flag) bool { return !slices.Contains(s.flags[name], f) })
			}
			hosts[name], s.flags[name] = true, set
		}
	}
	return s.flags
}
