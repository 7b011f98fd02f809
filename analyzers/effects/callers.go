package effects

import (
	"go/types"
	"slices"
)

// Pays reports whether f calls g, directly or through others, on its main path: it does
// itself what g does.
func (r *Result) Pays(f, g *Func) bool {
	return slices.ContainsFunc(f.Ops, func(op *Op) bool {
		return op.Spawned == nil && op.Certainty >= Usually && r.Reaches(r.TaskFuncs(f, op, GoCall), g)
	})
}

// Reaches reports whether one of the functions can call target again. It looks down
// from them and up from target by turns, and stops where either way ends: few
// functions call much, or are called by many, but either is dear by itself in some
// program.
func (r *Result) Reaches(list []*Func, target *Func) bool {
	if len(list) == 0 {
		return false
	}
	up := r.p.ascent(target)
	below := make(map[*Func]bool)
	for todo := slices.Clone(list); len(todo) > 0; {
		if up.whole() {
			return slices.ContainsFunc(list, func(f *Func) bool { return up.seen[f] })
		}
		f := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		switch {
		case up.seen[f]:
			return true
		case below[f]:
			continue
		}
		below[f] = true
		calls := r.p.calledBy(f)
		todo = append(todo, calls...)
		up.climb(r.p.callers, 1+len(calls))
	}
	return false
}

// An ascent is the way up from one function to those that can call it. Rules ask of
// many functions whether they reach the same one, so it goes on where the last
// question left it.
type ascent struct {
	seen   map[*Func]bool
	behind map[*types.Func]bool // methods of interfaces
	todo   []*Func
}

func (p *pkg) ascent(target *Func) *ascent {
	if p.callers == nil {
		p.callers = p.newCallers()
	}
	if p.up[target] == nil {
		p.up[target] = &ascent{map[*Func]bool{target: true}, make(map[*types.Func]bool), []*Func{target}}
	}
	return p.up[target]
}

// whole reports whether all that can call the function have been seen.
func (a *ascent) whole() bool { return len(a.todo) == 0 }

// climb goes up along about so many calls.
func (a *ascent) climb(c *callers, calls int) {
	for calls > 0 && !a.whole() {
		f := a.todo[len(a.todo)-1]
		a.todo = a.todo[:len(a.todo)-1]
		calls -= 1 + a.add(c.of[f])
		for _, m := range c.methods[f] {
			if !a.behind[m] {
				a.behind[m] = true
				calls -= a.add(c.ofMethod[m])
			}
		}
	}
}

func (a *ascent) add(list []*Func) int {
	for _, f := range list {
		if !a.seen[f] {
			a.seen[f] = true
			a.todo = append(a.todo, f)
		}
	}
	return len(list)
}

// callers is the call graph of a package, upside down. Methods of interfaces have a
// place of their own in it: there may be thousands of functions behind one, and
// thousands of calls of it.
type callers struct {
	of       map[*Func][]*Func       // that call the function by name, or are given it
	methods  map[*Func][]*types.Func // of interfaces behind which the function is
	ofMethod map[*types.Func][]*Func // that call such a method
}

func (p *pkg) newCallers() *callers {
	c := &callers{of: make(map[*Func][]*Func), methods: make(map[*Func][]*types.Func), ofMethod: make(map[*types.Func][]*Func)}
	for _, f := range p.funcs {
		behind := func(m *types.Func) []*Func {
			if c.ofMethod[m] == nil {
				for _, g := range p.candidates(m) {
					c.methods[g] = append(c.methods[g], m)
				}
			}
			c.ofMethod[m] = append(c.ofMethod[m], f)
			return nil
		}
		for _, op := range f.Ops {
			if op.call == nil {
				continue
			}
			for _, g := range p.calleesAt(nil, f, op, behind) {
				c.of[g] = append(c.of[g], f)
			}
		}
	}
	return c
}

// Reached visits the functions and all that they can call in this package, each once,
// until visit returns false.
func (r *Result) Reached(list []*Func, visit func(*Func) bool) {
	seen := make(map[*Func]bool)
	for len(list) > 0 {
		f := list[len(list)-1]
		list = list[:len(list)-1]
		if seen[f] {
			continue
		}
		if seen[f] = true; !visit(f) {
			return
		}
		list = append(list, r.p.calledBy(f)...)
	}
}

// calledBy returns the functions of this package that f can call.
func (p *pkg) calledBy(f *Func) []*Func {
	calls, ok := p.called[f]
	if !ok {
		calls = p.callees(f, p.candidates)
		p.called[f] = calls
	}
	return calls
}

// A CallSite is an op that calls a function of the package, in place, by go or by defer.
type CallSite struct {
	Func *Func // in which it stands
	Op   *Op
}

// CallSites returns the calls of a function of this package. What tests call says nothing of
// the program.
func (r *Result) CallSites(fn *types.Func) []CallSite {
	if r.p == nil {
		return nil
	}
	if r.p.callSites == nil {
		r.p.callSites = make(map[*types.Func][]CallSite)
		for _, f := range r.Funcs() {
			if r.Program().InTest(f.Type().Pos()) {
				continue
			}
			for _, op := range f.Ops {
				if g := op.Callee(); r.Func(g) != nil {
					r.p.callSites[g] = append(r.p.callSites[g], CallSite{f, op})
				}
			}
		}
	}
	return r.p.callSites[fn]
}
