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
	loose   map[*types.Var]bool // given to calls or other variables, or closed: others may answer
}

func (f *finder) readTraffic() *traffic {
	t := &traffic{make(map[*effects.Func]map[*types.Var]bool), make(map[*types.Var][]*effects.Func), make(map[*types.Var][]start), make(map[*types.Var]bool)}
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
	for _, file := range f.pass.Files {
		ast.Inspect(file, func(n ast.Node) bool {
			f.loosens(n, t.loose)
			return true
		})
	}
	return t
}

// loosens notes the channels that a node gives to a call, to another field or to a caller, or
// closes: a field that is closed tells all who wait for it. What is kept for the loop, as an
// element of a collection, is not given away by that.
func (f *finder) loosens(n ast.Node, loose map[*types.Var]bool) {
	note := func(list []ast.Expr) {
		for _, x := range list {
			if v := f.prog.Variable(x); v != nil && isChannel(v.Type()) {
				loose[v] = true
			}
		}
	}
	switch n := n.(type) {
	case *ast.CallExpr:
		switch b := f.prog.Builtin(n); {
		case b == "close":
			if v := f.prog.Variable(n.Args[0]); v != nil && v.IsField() {
				loose[v] = true
			}
		case b == "":
			note(n.Args)
		}
	case *ast.ReturnStmt:
		note(n.Results)
	case *ast.SendStmt:
		note([]ast.Expr{n.Value})
	case *ast.CompositeLit:
		for _, el := range n.Elts {
			kv, ok := el.(*ast.KeyValueExpr)
			if !ok {
				note([]ast.Expr{el})
			} else if _, isField := kv.Key.(*ast.Ident); isField {
				note([]ast.Expr{kv.Value})
			}
		}
	case *ast.AssignStmt:
		for i, l := range n.Lhs {
			if v := f.prog.Variable(l); v != nil && v.IsField() && len(n.Lhs) == len(n.Rhs) {
				note(n.Rhs[i : i+1])
			}
		}
	}
}

func isChannel(t types.Type) bool {
	_, ok := t.Underlying().(*types.Chan)
	return ok
}

// answers returns where functions of the package receive what functions that run on a loop alone
// send, as Frame.Where names a place. The loop's own function, nil where that is of another
// package, receives what it has a queue for, and so do functions that run on the loop alone.
// Channels that a loop closes tell of its end, and those that carry nothing are tokens as a rule.
func (f *finder) answers(loop *effects.Func, on map[*effects.Func]bool) []string {
	if f.channelled == nil {
		f.channelled = f.readTraffic()
	}
	t := f.channelled
	alone := func(list []*effects.Func) bool {
		return !slices.ContainsFunc(list, func(g *effects.Func) bool { return !on[g] || g != loop && f.elsewhere(g, on) })
	}
	waits := make(map[*types.Var]bool)
	for fn := range on {
		for v := range t.sent[fn] {
			if t.loose[v] || bare(f.carried(v)) || !alone(t.senders[v]) {
				continue // somebody else answers as well
			}
			waits[v] = true
			for _, x := range f.prog.Stored(v) {
				if w := f.prog.Variable(x); w != nil && !t.loose[w] && alone(t.senders[w]) {
					waits[w] = true
				}
			}
		}
	}
	var at []string
	for v := range waits {
		for _, r := range t.taken[v] {
			if r.fn != loop && (!on[r.fn] || f.elsewhere(r.fn, on)) {
				at = append(at, f.where(r.op.Node.Pos()))
			}
		}
	}
	slices.Sort(at)
	return slices.Compact(at)
}

// carried is the channel that a variable is, or that its elements are.
func (f *finder) carried(v *types.Var) types.Type {
	if elem := program.Element(v.Type()); elem != nil {
		return elem
	}
	return v.Type()
}

// elsewhere reports whether a function runs for others as well than those that run on a loop:
// they call it, or may, as it is exported. A handler that the loop is given runs there.
func (f *finder) elsewhere(fn *effects.Func, on map[*effects.Func]bool) bool {
	if f.under[fn] != nil {
		return false
	}
	if fn.Obj == nil {
		return fn.Parent != nil && !on[fn.Parent]
	}
	if fn.Obj.Exported() {
		return true
	}
	return !f.prog.OnlyCalled(fn.Obj) || slices.ContainsFunc(f.fx.CallSites(fn.Obj), func(at effects.CallSite) bool {
		return at.Op.Spawned != nil || !on[at.Func]
	})
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
