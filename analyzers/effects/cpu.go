package effects

// This file weighs how much a function computes.

// computing adds the cpu effect of fn's own loops to its summary.
func (p *pkg) computing(fn *Func) {
	w, at := Light, (*Loop)(nil)
	for _, l := range fn.Loops {
		if !l.Data && !searches(l) || p.waits(fn, l) {
			continue
		}
		lw := LoopOnce
		if outer := l.Parent; outer != nil && dataAbove(outer) && !p.waits(fn, outer) {
			lw = Heavy
		}
		if lw > w {
			w, at = lw, l
		}
	}
	what := "loops over data"
	if w == Heavy {
		what = "loops over data within a loop"
	}
	node := fn.Body().Pos()
	certainty := Usually
	if at != nil {
		node = at.Node.Pos()
	}
	if w > Light {
		merge(&fn.Summary.Effects, Effect{Kind: CPU, Weight: w, Certainty: certainty, Root: RootNone, Chain: []Frame{p.frame(node, what)}})
	}
}

// recursion adds the cpu effect of a function that calls itself, directly or
// not: one weight above that of its loops.
func (p *pkg) recursion(fn *Func, direct bool) {
	if fn.Body() == nil || fn.Marked != nil || fn.Told != nil {
		return
	}
	w, what := fn.Summary.Weight(), "calls itself"
	if !direct {
		what = "is called by what it calls"
	}
	if w < Heavy {
		merge(&fn.Summary.Effects, Effect{Kind: CPU, Weight: w + 1, Certainty: Usually, Root: RootNone, Chain: []Frame{p.frame(fn.Body().Pos(), what)}})
	}
}

func dataAbove(l *Loop) bool {
	for ; l != nil; l = l.Parent {
		if l.Data {
			return true
		}
	}
	return false
}

// waits reports whether the main path of a loop's body waits for something: it
// then paces the loop, which is no computing.
func (p *pkg) waits(fn *Func, l *Loop) bool {
	for _, op := range fn.Ops[l.Ops:l.OpsEnd] {
		if op.Spawned != nil {
			continue
		}
		for i := range op.Effects {
			if e := &op.Effects[i]; e.Kind.Blocks() && e.Certainty >= Missed && !e.Is(Buffered) {
				return true
			}
		}
	}
	return false
}
