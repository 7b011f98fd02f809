package contracts

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"github.com/concurlint/concurlint/analyzers/effects"
	"github.com/concurlint/concurlint/analyzers/program"
)

// This file finds who waits for a loop: for an answer that nothing but the loop gives. What
// the loop runs itself must not wait so, since it waits for itself.
//
//	func (c *conn) call(m message) message {
//		answer := make(chan message, 1)
//		c.pending[m.id] = answer
//		c.write(m)
//		return <-answer
//	}
//
//	func (c *conn) read() { for { m := c.next(); c.pending[m.id] <- m } }

// A traffic is who sends and receives by the channels of a package, by the variables that
// functions have them in common by.
type traffic struct {
	sent    map[*effects.Func]map[*types.Var]bool
	senders map[*types.Var][]*effects.Func
	taken   map[*types.Var][]start
}

func (f *finder) readTraffic() *traffic {
	t := &traffic{make(map[*effects.Func]map[*types.Var]bool), make(map[*types.Var][]*effects.Func), make(map[*types.Var][]start)}
	for _, fn := range f.fx.Funcs() {
		for _, op := range fn.Ops {
			for _, ch := range sentAt(op) {
				for _, v := range f.channels(ch) {
					if t.sent[fn] == nil {
						t.sent[fn] = make(map[*types.Var]bool)
					}
					if !t.sent[fn][v] {
						t.sent[fn][v] = true
						t.senders[v] = append(t.senders[v], fn)
					}
				}
			}
			if ch := f.received(op); ch != nil && op.Spawned == nil {
				if v := f.prog.Variable(ch); v != nil {
					t.taken[v] = append(t.taken[v], start{fn, op})
				}
			}
		}
	}
	return t
}

// answers returns where functions of the package receive what functions that run on a loop alone
// send, as Frame.Where names a place. The loop's own function, nil where that is of another
// package, receives what it has a queue for. Channels that a loop closes tell of its end.
func (f *finder) answers(loop *effects.Func, on map[*effects.Func]bool) []string {
	if f.channelled == nil {
		f.channelled = f.readTraffic()
	}
	waits := make(map[*types.Var]bool)
	for fn := range on {
		for v := range f.channelled.sent[fn] {
			if slices.ContainsFunc(f.channelled.senders[v], func(g *effects.Func) bool { return !on[g] }) {
				continue // somebody else answers as well
			}
			waits[v] = true
			for _, x := range f.prog.Stored(v) {
				waits[f.prog.Variable(x)] = true
			}
		}
	}
	var at []string
	for v := range waits {
		for _, r := range f.channelled.taken[v] {
			if r.fn != loop {
				at = append(at, f.where(r.op.Node.Pos()))
			}
		}
	}
	slices.Sort(at)
	return slices.Compact(at)
}

// sentAt returns the channels that an op sends to.
func sentAt(op *effects.Op) (list []ast.Expr) {
	switch n := op.Node.(type) {
	case *ast.SendStmt:
		list = append(list, n.Chan)
	case *ast.SelectStmt:
		for _, c := range n.Body.List {
			if s, ok := c.(*ast.CommClause).Comm.(*ast.SendStmt); ok {
				list = append(list, s.Chan)
			}
		}
	}
	return list
}

// channels returns the variables by which functions have a channel in common: the field or
// variable that it is, and the collections that it may be an element of.
func (f *finder) channels(ch ast.Expr) []*types.Var {
	var list []*types.Var
	if v := f.prog.Variable(ch); v != nil && (v.IsField() || v.Parent() == f.pass.Pkg.Scope()) {
		list = append(list, v)
	}
	for _, h := range f.prog.Holders(ch) {
		if h.From != nil && h.Element {
			list = append(list, h.From)
		}
	}
	return list
}

// received returns the channel of which an op waits for one value; of a select that of its one
// case that gives something, beside those that tell of an end or of the time.
func (f *finder) received(op *effects.Op) ast.Expr {
	switch n := op.Node.(type) {
	case *ast.UnaryExpr:
		if n.Op == token.ARROW {
			return n.X
		}
	case *ast.SelectStmt:
		var one ast.Expr
		for _, c := range n.Body.List {
			ch := program.ReceivedFrom(c.(*ast.CommClause).Comm)
			if ch == nil || f.passes(ch) || bare(f.info.TypeOf(ch)) {
				continue
			}
			if one != nil {
				return nil
			}
			one = ch
		}
		return one
	}
	return nil
}

// bare reports whether a channel carries nothing but the moment, as one that tells of an end.
func bare(t types.Type) bool {
	ch, ok := t.Underlying().(*types.Chan)
	return ok && program.Bare(ch.Elem())
}

// runsOn returns functions of the package and all those that they call in place.
func (f *finder) runsOn(list []*effects.Func) map[*effects.Func]bool {
	on := make(map[*effects.Func]bool)
	for len(list) > 0 {
		fn := list[0]
		list = list[1:]
		if on[fn] {
			continue
		}
		on[fn] = true
		for _, op := range fn.Ops {
			if g := f.fx.Func(op.Callee()); g != nil && op.Spawned == nil {
				list = append(list, g)
			}
		}
	}
	return on
}

// answer fills in who waits for the loops that run functions of the package: those that other
// packages have told, and those here.
func (f *finder) answer() {
	whose := make(map[string][]*effects.Func)
	for _, ctx := range f.res.Contexts {
		if ctx.Loop.Own {
			whose[ctx.Who] = append(whose[ctx.Who], ctx.Func)
		}
	}
	here := make(map[string][]string)
	for who, list := range whose {
		here[who] = f.answers(nil, f.runsOn(list))
	}
	for _, ctx := range f.res.Contexts {
		if ctx.Loop.Own {
			ctx.Answers = append(slices.Clone(ctx.Loop.Answers), here[ctx.Who]...)
		}
	}
}
