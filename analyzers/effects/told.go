package effects

import "github.com/concurlint/concurlint/analyzers/knowledge"

// readTold looks up the functions of this package in the knowledge.
func (p *pkg) readTold() {
	if !p.base.Knows(p.types.Path()) {
		return
	}
	for obj, f := range p.decls {
		if k := p.known(obj); k != nil {
			f.Told = k.effect
		}
	}
}

// tell makes the summary of a function of this package that knowledge speaks
// of: what a line says wins over the body. It reports whether the summary is new.
func (p *pkg) tell(f *Func) bool {
	for _, op := range f.Ops {
		p.eval(f, op) // rules look at the ops all the same
	}
	s, e := &f.Summary, f.Told
	if s.Endless = e.Endless; len(s.Effects)+len(s.Uses) > 0 {
		return false
	}
	s.Effects = p.toldEffects(f, e)
	for _, c := range e.Calls {
		s.Uses = append(s.Uses, Use{Arg: c.Arg, Certainty: callCertainty(c), Each: c.Each, Goes: c.Goes, owner: f})
	}
	for _, n := range e.IO {
		for _, m := range streamMethods[:2] {
			s.Uses = append(s.Uses, Use{Arg: n, Method: m, Certainty: Usually, owner: f})
		}
	}
	return len(s.Effects)+len(s.Uses) > 0
}

func (p *pkg) toldEffects(f *Func, e *knowledge.Effect) []Effect {
	at := []Frame{p.frame(f.Decl.Name.Pos(), "knowledge of "+DisplayName(f.Obj, p.types))}
	var list []Effect
	for _, kind := range e.Kinds {
		out := effectOf(kind, e)
		if out.Chain = at; f.Decl.Recv != nil {
			out.Root = RootRecv
		}
		if e.Deadline {
			out.Bound = Deadline
		}
		merge(&list, out)
	}
	if e.CPU == "" || len(e.Wraps) > 0 {
		return list
	}
	w := LoopOnce
	if e.CPU == "heavy" {
		w = Costly
	}
	merge(&list, Effect{Kind: CPU, Weight: w, Certainty: certainty(e), Root: RootNone, Chain: at})
	return list
}
