package effects

import (
	"go/ast"
	"go/types"
	"slices"

	"github.com/concurlint/concurlint/analyzers/program"
)

// This file tells which tasks wait for a place before they work.

// TakesToken reports whether a task waits for a place before it works: of a limiter, or
// of a channel of tokens. One that waits for others, or has a result to send, takes none.
func (r *Result) TakesToken(f *Func, op *Op, arg int) bool {
	seen := make(map[*Func]bool)
	for _, g := range r.TaskFuncs(f, op, arg) {
		if takes, _ := r.tokenIn(g, g, 0, seen); takes {
			return true
		}
	}
	return false
}

// tokenIn reports whether f, a part of a task, takes a token, and whether it has worked
// before. Each function is looked into once: function variables may stand for many.
func (r *Result) tokenIn(task, f *Func, depth int, seen map[*Func]bool) (takes, works bool) {
	if seen[f] {
		return false, false
	}
	seen[f] = true
	for _, o := range f.Ops {
		if o.Deferred || o.Spawned != nil || o.Certainty < Usually {
			continue
		}
		if fn := o.Callee(); fn != nil && r.Limiter(fn) == "acquire" {
			return true, false
		}
		if own := r.TaskFuncs(f, o, GoCall); len(own) > 0 && depth < maxDepth {
			for _, g := range own {
				if takes, works = r.tokenIn(task, g, depth+1, seen); takes || works {
					return takes, works
				}
			}
			continue
		}
		if e := strongest(o.Effects); e != nil && e.Kind.IO() && e.Certainty >= Missed {
			return false, true
		}
		if r.onTokens(task, f, o) {
			return true, false
		}
	}
	return false, false
}

// onTokens reports whether an op of f, a part of a task, waits for a place: it sends what tells nothing,
// or the task gives back what it takes. What it sends otherwise is a result, and what it
// only receives a signal to begin.
func (r *Result) onTokens(task, f *Func, o *Op) bool {
	e := o.Effect(Chan)
	if e == nil || e.Certainty < Usually {
		return false
	}
	sent, received := ends(o.Node)
	for _, ch := range sent {
		if empty(r.p.prog.TypeOf(ch)) || r.gives(task, r.p.prog.Variable(ch), false, 0) {
			return true
		}
	}
	for _, ch := range received {
		if v := r.p.prog.Variable(ch); r.p.prog.Semaphore(ch) || v != nil && !declares(f, v) && r.gives(task, v, true, 0) {
			return true
		}
	}
	// A call into another package, which tells no more than how near the channel is.
	return len(sent)+len(received) == 0 && (e.Is(Token) || len(e.Chain) <= 2 && !e.Is(Hint))
}

// ends returns the channels to which a statement sends, and those from which it receives.
func ends(n ast.Node) (sent, received []ast.Expr) {
	for _, s := range Sends(n) {
		sent = append(sent, s.Chan)
	}
	switch n := n.(type) {
	case *ast.UnaryExpr:
		received = append(received, n.X)
	case *ast.SelectStmt:
		for _, c := range n.Body.List {
			if ch := program.ReceivedFrom(c.(*ast.CommClause).Comm); ch != nil {
				received = append(received, ch)
			}
		}
	}
	return sent, received
}

// empty reports whether what goes through a channel of the type has no parts.
func empty(t types.Type) bool {
	ch, ok := t.Underlying().(*types.Chan)
	if !ok {
		return false
	}
	st, ok := ch.Elem().Underlying().(*types.Struct)
	return ok && st.NumFields() == 0
}

// declares reports whether each call of f has a variable of its own.
func declares(f *Func, v *types.Var) bool {
	return f.Body() != nil && f.Body().Pos() <= v.Pos() && v.Pos() < f.Body().End()
}

// gives reports whether a task sends to a channel, or receives from it, itself or in what
// it calls.
func (r *Result) gives(f *Func, ch *types.Var, send bool, depth int) bool {
	if ch == nil || depth > 2 {
		return false
	}
	for _, o := range f.Ops {
		sent, received := ends(o.Node)
		list := received
		if send {
			list = sent
		}
		if slices.ContainsFunc(list, func(x ast.Expr) bool { return r.p.prog.Variable(x) == ch }) {
			return true
		}
		for _, g := range r.TaskFuncs(f, o, GoCall) {
			if !declares(g, ch) && r.gives(g, ch, send, depth+1) {
				return true
			}
		}
	}
	return false
}
