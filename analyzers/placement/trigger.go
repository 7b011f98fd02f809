package placement

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"github.com/concurlint/concurlint/analyzers/effects"
	"github.com/concurlint/concurlint/analyzers/program"
)

// An Event is what makes a loop that never ends, or a function that is called from
// outside, start one more task.
type Event uint8

// The events.
const (
	NoEvent Event = iota
	// Connected is a connection that a peer keeps open: it has one task, and there
	// are as many as peers.
	Connected
	// Notified is a tick, a signal, a wake-up: something that happens now and then.
	Notified
	// Arrived is a message, a file, a row: one task for each, however fast they come.
	Arrived
	// Requested is a call of a handler that returns while its task goes on.
	Requested
)

// trigger says what an endless loop waits for between one task and the next, and
// what it is called. It is what the task gets: a loop over a channel of jobs whose
// task is given no job is woken up by them.
func (p *placer) trigger(s *Site, f *effects.Func, l *effects.Loop, site *effects.Op) arrival {
	flow := p.prog.Flow(f.Body())
	ops := f.Ops[l.Ops:l.OpsEnd]
	var pauses []ast.Node
	for _, op := range ops {
		// One that sleeps before it tries again, after a failure, paces nothing.
		if e := op.Effect(effects.Sleep); e != nil && op.Spawned == nil && e.Certainty >= min(op.Certainty, effects.Usually) {
			pauses = append(pauses, op.Node)
		}
	}
	if len(pauses) > 0 && !flow.Repeats(site.Node, l.Node, pauses) {
		return arrival{event: Notified, of: "the ticks"}
	}
	last := arrival{event: Notified, of: "an endless loop"}
	woken := p.woken(flow, l, ops, site)
	for _, op := range ops {
		if op == site || op.Spawned != nil || op.Deferred {
			continue
		}
		if _, call := op.Node.(*ast.CallExpr); call && flow.Excludes(op.Node, site.Node, l.Node) {
			continue // another case of a select asks for something else
		}
		for _, src := range p.sources(op) {
			if src.event == Connected && p.takes(s, f, src.node) {
				return src
			}
			switch {
			case src.event != Arrived || !p.takes(s, f, src.node):
			case src.guess && p.reads(f, src.node, last.node):
			case src.lacks && (woken || p.tellsBack(s, src.node.(*ast.CallExpr))):
			default:
				last = src
			}
		}
	}
	return last
}

// An arrival is a place where something comes in.
type arrival struct {
	node  ast.Node
	event Event
	of    string
	// stream says that it is read from an open connection. A peer that waits for its
	// answers sends little, and nobody wants the others on the connection to wait.
	stream bool
	// guess says that nothing is known but that it can fail, as a parser can.
	guess bool
	// lacks says that nothing is known but that it may have nothing, as a list that the loop
	// takes from, or as a table that it looks things up in.
	lacks bool
}

// woken reports whether a channel has to bring something, be it a tick, between one task of
// a loop and the next: then what the loop looks up meanwhile does not come in.
func (p *placer) woken(flow *program.Flow, l *effects.Loop, ops []*effects.Op, site *effects.Op) bool {
	if _, ok := l.Node.(*ast.RangeStmt); ok {
		return true
	}
	var waits []ast.Node
	for _, op := range ops {
		switch n := op.Node.(type) {
		case *ast.UnaryExpr:
			waits = append(waits, n)
		case *ast.SelectStmt:
			if hasDefaultComm(n) {
				continue
			}
			for _, c := range n.Body.List {
				waits = append(waits, c.(*ast.CommClause).Comm)
			}
		}
	}
	return len(waits) > 0 && !flow.Repeats(site.Node, l.Node, waits)
}

func hasDefaultComm(s *ast.SelectStmt) bool {
	return slices.ContainsFunc(s.Body.List, func(c ast.Stmt) bool { return c.(*ast.CommClause).Comm == nil })
}

// tellsBack reports whether the task of a site calls another method of what a call takes
// the next thing from, as it ends: it is done, or gives back what was lent. Of such
// there may be no more than a few.
func (p *placer) tellsBack(s *Site, c *ast.CallExpr) bool {
	sel, ok := ast.Unparen(c.Fun).(*ast.SelectorExpr)
	if !ok {
		return false
	}
	x, v := p.exchange(s), p.shared(sel.X)
	return v != nil && slices.ContainsFunc(x.funcs, func(f *effects.Func) bool {
		return slices.ContainsFunc(f.Ops, func(o *effects.Op) bool {
			back, ok := o.Node.(*ast.CallExpr)
			if !ok || !o.Deferred || o.Callee() == nil || o.Callee() == p.prog.Callee(c) || o.Callee().Signature().Results().Len() > 0 {
				return false
			}
			inner, ok := ast.Unparen(back.Fun).(*ast.SelectorExpr)
			return ok && x.variable(inner.X) == v
		})
	})
}

// reads reports whether a node in f works on what came in at another, nil for none:
// that is where it comes from, and the node is a step on its way.
func (p *placer) reads(f *effects.Func, n, from ast.Node) bool {
	return from != nil && p.mentions(n, p.derived(f, from))
}

// sources returns what an op brings in.
func (p *placer) sources(op *effects.Op) []arrival {
	switch n := op.Node.(type) {
	case *ast.RangeStmt:
		if isChan(p.info.TypeOf(n.X)) {
			return p.receives(n, n.X)
		}
	case *ast.UnaryExpr:
		if n.Op == token.ARROW {
			return p.receives(n, n.X)
		}
	case *ast.SelectStmt:
		var list []arrival
		for _, c := range n.Body.List {
			if comm := c.(*ast.CommClause).Comm; comm != nil {
				if ch := program.ReceivedFrom(comm); ch != nil {
					list = append(list, p.receives(comm, ch)...)
				}
			}
		}
		return list
	case *ast.CallExpr:
		return p.asks(op, n)
	}
	return nil
}

func (p *placer) receives(n ast.Node, ch ast.Expr) []arrival {
	t, ok := p.info.TypeOf(ch).Underlying().(*types.Chan)
	if !ok || program.Bare(t.Elem()) || p.ticks(ch) || isNamed(t.Elem(), "os", "Signal") || signature(t.Elem()) {
		return nil
	}
	return []arrival{{node: n, event: p.kindOf(t.Elem()), of: source(ch)}}
}

func signature(t types.Type) bool {
	_, ok := t.Underlying().(*types.Signature)
	return ok
}

// asks describes a call that waits for the next thing to come in.
func (p *placer) asks(op *effects.Op, c *ast.CallExpr) []arrival {
	fn := op.Callee()
	if fn == nil {
		return nil
	}
	results := fn.Signature().Results()
	// What can fail, or have nothing, asks somebody, also where it is not known whom.
	guess := (failing(results) || mayLack(results)) && !p.fx.Computes(fn)
	waits, stream := false, false
	for i := range op.Effects {
		e := &op.Effects[i]
		if e.Certainty >= effects.Missed && (e.Kind.IO() && e.Kind != effects.Sleep || e.Kind == effects.Chan) {
			waits, stream = true, stream || e.Kind == effects.Net && e.Is(effects.Stream)
		}
	}
	if !waits && !guess {
		return nil
	}
	stream = stream && !slices.ContainsFunc(slices.Collect(results.Variables()), isAddress) // a packet is from anybody
	a := arrival{c, Arrived, "what " + effects.DisplayName(fn, p.pass.Pkg) + " returns", stream, !waits, !waits && !failing(results)}
	if advances(results) {
		a.of = "what " + effects.DisplayName(fn, p.pass.Pkg) + " finds"
	}
	if strings.HasPrefix(fn.Name(), "Accept") {
		a.event = Connected
	}
	for v := range results.Variables() {
		if p.kindOf(v.Type()) == Connected {
			a.event = Connected
		}
	}
	return []arrival{a}
}

// isAddress reports whether a variable holds the address of a peer.
func isAddress(v *types.Var) bool {
	n, ok := types.Unalias(deref(v.Type())).(*types.Named)
	if !ok || n.Obj().Pkg() == nil {
		return false
	}
	switch n.Obj().Pkg().Path() + "." + n.Obj().Name() {
	case "net.Addr", "net.UDPAddr", "net.IPAddr", "net.UnixAddr", "net/netip.AddrPort":
		return true
	}
	return false
}

// failing reports whether a function may tell that it has failed.
func failing(results *types.Tuple) bool {
	return results.Len() > 0 && types.Identical(results.At(results.Len()-1).Type(), types.Universe.Lookup("error").Type())
}

// mayLack reports whether a function gives something or says that it has nothing, as the
// one that takes the next thing from a list does.
func mayLack(results *types.Tuple) bool {
	return results.Len() > 1 && types.Identical(results.At(results.Len()-1).Type(), types.Typ[types.Bool])
}

// advances reports whether a method says nothing but whether there is more, as those do
// that leave what comes in with their receiver.
func advances(results *types.Tuple) bool {
	return results.Len() == 1 && types.Identical(results.At(0).Type(), types.Typ[types.Bool])
}

// kindOf tells connections, and what holds or accepts one, from other things.
func (p *placer) kindOf(t types.Type) Event {
	if p.isConn(t) {
		return Connected
	}
	if obj, _, _ := types.LookupFieldOrMethod(t, true, p.pass.Pkg, "Accept"); obj != nil {
		return Connected
	}
	if ptr, ok := t.Underlying().(*types.Pointer); ok {
		t = ptr.Elem()
	}
	if st, ok := t.Underlying().(*types.Struct); ok {
		for f := range st.Fields() {
			if p.isConn(f.Type()) {
				return Connected
			}
		}
	}
	return Arrived
}

// isConn reports whether a value can be read, written and closed, and has another
// end, as a net.Conn has.
func (p *placer) isConn(t types.Type) bool {
	has := func(name string) bool {
		obj, _, _ := types.LookupFieldOrMethod(t, true, p.pass.Pkg, name)
		_, ok := obj.(*types.Func)
		return ok
	}
	return has("Close") && (has("Read") && has("Write") || has("ReadMessage") && has("WriteMessage")) && !isNamed(deref(t), "os", "File")
}

func deref(t types.Type) types.Type {
	if ptr, ok := types.Unalias(t).(*types.Pointer); ok {
		return ptr.Elem()
	}
	return t
}

// takes reports whether what is handed over at a site mentions a value that comes
// from a node in f.
func (p *placer) takes(s *Site, f *effects.Func, from ast.Node) bool {
	if s.Op.Node.Pos() <= from.Pos() && from.End() <= s.Op.Node.End() {
		return true // go handle(<-jobs)
	}
	values := p.derived(f, from)
	return p.mentions(s.Op.Node, values) || slices.ContainsFunc(p.exchange(s).funcs, func(g *effects.Func) bool {
		return g.Lit != nil && p.mentions(g.Body(), values) // it has a name there
	})
}

// mentions reports whether a node uses one of the variables.
func (p *placer) mentions(n ast.Node, of *derivation) bool { return p.anyVariable(n, of.has) }

// anyVariable reports whether a node uses a variable for which is holds.
func (p *placer) anyVariable(n ast.Node, is func(*types.Var) bool) bool {
	found := false
	ast.Inspect(n, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			v, _ := p.info.Uses[id].(*types.Var)
			found = found || v != nil && is(v)
		}
		return !found
	})
	return found
}
