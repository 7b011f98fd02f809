package effects

import "go/types"

// Reaches reports whether one of the functions can call target again.
func (r *Result) Reaches(list []*Func, target *Func) bool {
	if len(list) == 0 {
		return false
	}
	up := r.p.upward(target)
	for _, f := range list {
		if up[f] {
			return true
		}
	}
	return false
}

// upward returns target and all functions of this package that can call it, by
// whatever way. Rules ask of many functions whether they reach one, so the way up
// from that one is gone once, and not the way down from each.
func (p *pkg) upward(target *Func) map[*Func]bool {
	if up, ok := p.up[target]; ok {
		return up
	}
	if p.callers == nil {
		p.callers = p.newCallers()
	}
	up := map[*Func]bool{target: true}
	behind := make(map[*types.Func]bool)
	for todo := []*Func{target}; len(todo) > 0; {
		f := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		next := p.callers.of[f]
		for _, m := range p.callers.methods[f] {
			if !behind[m] {
				behind[m] = true
				next = append(next[:len(next):len(next)], p.callers.ofMethod[m]...)
			}
		}
		for _, g := range next {
			if !up[g] {
				up[g] = true
				todo = append(todo, g)
			}
		}
	}
	p.up[target] = up
	return up
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
		calls, ok := r.p.called[f]
		if !ok {
			calls = r.p.callees(f, r.p.candidates)
			r.p.called[f] = calls
		}
		list = append(list, calls...)
	}
}
