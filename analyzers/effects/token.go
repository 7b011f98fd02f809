package effects

import (
	"go/ast"
	"go/types"
	"slices"

	"github.com/concurlint/concurlint/analyzers/program"
)

// This file tells which tasks wait for a place before they work.

// Token returns the op with which a task waits for a place before it works: of a limiter,
// or of a channel of tokens, or a call that comes to one. It is nil for a task that waits
// for others, or has a result to send.
func (r *Result) Token(f *Func, op *Op, arg int) *Op {
	seen := make(map[*Func]bool)
	for _, g := range r.TaskFuncs(f, op, arg) {
		if o, _ := r.tokenIn(g, g, 0, false, seen); o != nil {
			return o
		}
	}
	return nil
}

// tokenIn returns the op of f, a part of a task, that takes a token, and reports whether f
// has worked before. Each function is looked into once: function variables may stand for
// many. More says that the task goes on behind f: what it sends at its very end tells those
// who collect that it is done.
func (r *Result) tokenIn(task, f *Func, depth int, more bool, seen map[*Func]bool) (takes *Op, works bool) {
	if seen[f] {
		return nil, false
	}
	seen[f] = true
	for i, o := range f.Ops {
		if o.Deferred || o.Spawned != nil || o.Certainty < Usually {
			continue
		}
		if o.Loop != nil && o.Loop.Endless(r.p.info) {
			return nil, true // one place after another: for those that it starts
		}
		if fn := o.Callee(); fn != nil && r.Limiter(fn) == "acquire" {
			return o, false
		}
		if own := r.TaskFuncs(f, o, GoCall); len(own) > 0 && depth < maxDepth {
			for _, g := range own {
				if inner, works := r.tokenIn(task, g, depth+1, more || f.goesOn(i), seen); inner != nil {
					return o, works
				} else if works {
					return nil, true
				}
			}
			continue
		}
		if e := strongest(o.Effects); e != nil && e.Kind.IO() && e.Certainty >= Missed {
			return nil, true
		}
		if (more || f.goesOn(i)) && r.onTokens(task, f, o) {
			return o, false
		}
	}
	return nil, false
}

// goesOn reports whether f calls something behind op i, or may come to it again. That its
// group is told is no work.
func (f *Func) goesOn(i int) bool {
	return f.Ops[i].Loop != nil || slices.ContainsFunc(f.Ops[i+1:], func(o *Op) bool {
		return !o.Deferred && o.call != nil && OnGroup(o.call.fn) != LeavesGroup
	})
}

// onTokens reports whether an op of f, a part of a task, waits for a place: it sends what
// tells nothing, or the task gives back what it takes. What it sends otherwise is a result,
// and what it only receives a signal to begin.
func (r *Result) onTokens(task, f *Func, o *Op) bool {
	e := o.Effect(Chan)
	if e == nil || e.Certainty < Usually {
		return false
	}
	sent, received := Sends(o.Node), receives(o.Node)
	for _, s := range sent {
		ch, ok := r.p.prog.TypeOf(s.Chan).Underlying().(*types.Chan)
		if ok && program.Empty(ch.Elem()) || r.touches(task, r.p.prog.Variable(s.Chan), false, below) {
			return true
		}
	}
	for _, ch := range received {
		if v := r.p.prog.Variable(ch); r.p.prog.Semaphore(ch) || v != nil && !declares(f, v) && r.touches(task, v, true, below) {
			return true
		}
	}
	// A call into another package, which tells no more than how near the channel is.
	return len(sent)+len(received) == 0 && (e.Is(Token) || len(e.Chain) <= 2 && !e.Is(Hint))
}

// declares reports whether each call of f has a variable of its own.
func declares(f *Func, v *types.Var) bool {
	return f.Body() != nil && f.Body().Pos() <= v.Pos() && v.Pos() < f.Body().End()
}

// below is how many calls below a task what it takes is given back: by a method of the pool,
// which a deferred literal calls.
const below = 2

// touches reports whether a task sends to a channel, or else receives from it, itself or in
// what it calls, so many calls deep.
func (r *Result) touches(f *Func, ch *types.Var, send bool, depth int) bool {
	if ch == nil || depth < 0 {
		return false
	}
	is := func(x ast.Expr) bool { return r.p.prog.Variable(x) == ch }
	for _, o := range f.Ops {
		if send && slices.ContainsFunc(Sends(o.Node), func(s *ast.SendStmt) bool { return is(s.Chan) }) || !send && slices.ContainsFunc(receives(o.Node), is) {
			return true
		}
		for _, g := range r.TaskFuncs(f, o, GoCall) {
			if !declares(g, ch) && r.touches(g, ch, send, depth-1) {
				return true
			}
		}
	}
	return false
}
