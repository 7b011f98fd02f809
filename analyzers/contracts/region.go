package contracts

import (
	"go/ast"
	"go/types"
	"slices"

	"github.com/concurlint/concurlint/analyzers/effects"
	"github.com/concurlint/concurlint/analyzers/program"
)

// A region is the code that a loop runs itself: its body, and the functions of the
// package that it calls.
type region struct {
	f     *finder
	s     *Server
	seen  map[*effects.Func]bool
	kinds int
	quick bool
	only  *effects.Func // what the loop does whatever comes, or nil
	waits []*Serve
	calls []*Call
}

func (f *finder) region(s *Server) *region {
	r := &region{f: f, s: s, seen: map[*effects.Func]bool{s.Func: true}}
	ops := s.Func.Ops[s.Loop.Ops:s.Loop.OpsEnd]
	kinds := f.kinds(s.Loop.Body(), s.Loop.Node, true)
	for _, op := range ops {
		if len(kinds) > 1 && within(kinds, op.Node.Pos()) {
			continue // for one kind of message
		}
		if g := f.fx.Func(op.Callee()); g != nil && one(s.cases, ops, op.Callee()) {
			r.seen[g], r.only = true, g
		}
	}
	r.ops(s.Func, ops, s.Loop.Body(), 0, false)
	return r
}

// ops looks at operations of fn that stand in body; told says that all of them are for
// one kind of message, and that what they wait for counts where fn is called.
func (r *region) ops(fn *effects.Func, ops []*effects.Op, body *ast.BlockStmt, depth int, told bool) {
	again, in := func(ast.Node) bool { return true }, ast.Node(body)
	if depth == 0 {
		again = r.f.prog.Flow(fn.Body()).Again(r.s.Loop.Node)
		in = r.s.Loop.Node // a range declares the message in front of its body
	}
	kinds := r.f.kinds(body, in, depth == 0)
	r.kinds = max(r.kinds, len(kinds))
	r.quick = r.quick || len(kinds) > 1 && quick(kinds, ops)
	for _, op := range ops {
		if op.Spawned != nil || op.Deferred || op.Certainty < effects.Missed || !again(op.Node) {
			continue // what runs last keeps nobody waiting
		}
		here := told || len(kinds) > 1 && within(kinds, op.Node.Pos())
		own := r.own(fn, op)
		if here && !told && (own == nil || own != r.only) || r.picks(fn, op) {
			r.serve(fn, op)
		} else if each := r.f.inTurn(fn, op, r.s.Loop); each != "" {
			r.waits = append(r.waits, &Serve{Func: fn, Op: op, Each: each})
			continue
		}
		c, ok := op.Node.(*ast.CallExpr)
		switch {
		case !ok:
		case own == nil:
			r.call(fn, op, c)
		case depth < maxDepth && !r.seen[own] && own.Body() != nil:
			r.seen[own] = true
			r.ops(own, own.Ops, own.Body(), depth+1, here && sameReceiver(fn, own))
		}
	}
}

// own returns the function of the package that an op calls, by its name or as the one literal
// of the function that a variable of it holds; nil for another.
func (r *region) own(fn *effects.Func, op *effects.Op) *effects.Func {
	if g := r.f.fx.Func(op.Callee()); g != nil || op.Callee() != nil {
		return g
	}
	c, ok := op.Node.(*ast.CallExpr)
	if !ok {
		return nil
	}
	if v := r.f.prog.Variable(c.Fun); v == nil || v.Kind() != types.LocalVar {
		return nil
	}
	if list := r.f.fx.Callees(fn, op); len(list) == 1 && list[0].Lit != nil && list[0].Outer() == fn.Outer() {
		return list[0]
	}
	return nil
}

// sameReceiver reports whether g is a method of the type whose method fn is, or
// stands in: it is the same code, cut in pieces.
func sameReceiver(fn, g *effects.Func) bool {
	outer := fn.Outer()
	if g == nil || g.Obj == nil || g.Decl.Recv == nil || outer.Obj == nil || outer.Decl.Recv == nil {
		return false
	}
	return effects.SymbolOf(outer.Obj).Type == effects.SymbolOf(g.Obj).Type
}

// serve adds an operation in the code for one kind of message.
func (r *region) serve(fn *effects.Func, op *effects.Op) {
	send, ok := op.Node.(*ast.SendStmt)
	r.waits = append(r.waits, &Serve{Func: fn, Op: op, Other: ok && r.f.lookUp(fn.Body(), send.Chan, 0) != nil})
}

// picks reports whether an operation of fn sends to one of many: the look-up tells
// messages apart, as a switch would. One that is taken out of the collection as well is
// sent a single answer, which its receiver waits for.
func (r *region) picks(fn *effects.Func, op *effects.Op) bool {
	send, ok := op.Node.(*ast.SendStmt)
	if !ok {
		return false
	}
	found := r.f.lookUp(fn.Body(), send.Chan, 0)
	return found != nil && !r.f.numbered(found.element) && !r.f.takesOut(found.in, found.element) && !r.f.takesOut(fn.Body(), send.Chan)
}

// numbered reports whether e is, or belongs to, the element of a list at some index: a
// worker among several that do the same.
func (f *finder) numbered(e ast.Expr) bool {
	x, ok := whole(e).(*ast.IndexExpr)
	if !ok {
		return false
	}
	_, isMap := f.info.TypeOf(x.X).Underlying().(*types.Map)
	return !isMap
}

// whole is what e is a field of, or of a field of; e itself where it is none.
func whole(e ast.Expr) ast.Expr {
	for {
		sel, ok := ast.Unparen(e).(*ast.SelectorExpr)
		if !ok {
			return ast.Unparen(e)
		}
		e = sel.X
	}
}

// deletes are the methods that take one element out of a collection.
var deletes = map[string]bool{"(*sync.Map).Delete": true, "(*sync.Map).LoadAndDelete": true, "(*sync.Map).CompareAndDelete": true}

// takesOut reports whether a body deletes elements where it has looked up ch.
func (f *finder) takesOut(body *ast.BlockStmt, ch ast.Expr) bool {
	from := f.prog.Holders(whole(ch))
	found := false
	ast.Inspect(body, func(n ast.Node) bool {
		c, ok := n.(*ast.CallExpr)
		if !ok || len(c.Args) == 0 {
			return !found
		}
		var v *types.Var
		if f.prog.Builtin(c) == "delete" {
			v = f.prog.Variable(c.Args[0])
		} else if callee := f.prog.Callee(c); callee != nil && deletes[callee.FullName()] {
			v = f.prog.Variable(ast.Unparen(c.Fun).(*ast.SelectorExpr).X)
		}
		found = found || v != nil && slices.ContainsFunc(from, func(h program.Value) bool { return h.From == v })
		return !found
	})
	return found
}

// lookedUp reports whether e is, or belongs to, an element of a collection.
func (f *finder) lookedUp(e ast.Expr) bool {
	return slices.ContainsFunc(f.prog.Holders(whole(e)), func(h program.Value) bool { return h.Element })
}

// A lookup is where an element of a collection has been found.
type lookup struct {
	element ast.Expr
	in      *ast.BlockStmt // the body that looks it up
}

// lookUp follows an expression in a body to the element of a collection that it is, or
// belongs to, through variables that are set once and what functions of the package return,
// so many of them deep:
//
//	func (c *Conn) pending(id string) chan *Message { return c.calls[id].answer }
func (f *finder) lookUp(in *ast.BlockStmt, e ast.Expr, depth int) *lookup {
	x := whole(e)
	if v := f.prog.Variable(x); v != nil && !v.IsField() {
		if values, known := f.fx.Values(v); known && len(values) == 1 {
			x = whole(values[0])
		}
	}
	if c, ok := x.(*ast.CallExpr); ok && depth < mostReturns {
		if d := f.prog.Declaration(f.prog.Callee(c)); d != nil && d.Body != nil {
			for _, r := range program.Returns(d.Body) {
				if len(r.Results) == 0 {
					continue
				}
				if found := f.lookUp(d.Body, r.Results[0], depth+1); found != nil {
					return found
				}
			}
		}
	}
	if f.lookedUp(e) {
		return &lookup{x, in}
	}
	return nil
}

// mostReturns is how many functions that only return what they have looked up may stand one
// behind the other. With 1, 2 and 4 the same is found in four programs of 18,000 to 116,000
// lines.
const mostReturns = 2

// call adds a call of a function, or of a method of an interface, that others have
// stored. What a message brings along is what the loop is there to run.
func (r *region) call(fn *effects.Func, op *effects.Op, c *ast.CallExpr) {
	e := c.Fun
	callee := op.Callee()
	if callee != nil {
		sel, ok := ast.Unparen(c.Fun).(*ast.SelectorExpr)
		if !ok {
			return
		}
		e = sel.X
	}
	places := r.f.givers(c, callee)
	element := r.f.lookedUp(e)
	var list []place
	for _, at := range places {
		if !r.brought(e, at) && r.counts(at, element) {
			list = append(list, at)
		}
	}
	if len(list) == 0 {
		return
	}
	switch sig, ok := r.f.info.TypeOf(c.Fun).Underlying().(*types.Signature); {
	case element:
	case r.s.Count < 2 && !r.s.Stream:
		return // a worker that does its one kind of work
	case ok && program.Prints(sig):
		return // it tells people something; one of many may still be a handler
	}
	out := &Call{Func: fn, Op: op, Places: list, Element: element}
	for _, at := range list {
		out.Unknown = out.Unknown || r.f.unknown(at)
	}
	r.calls = append(r.calls, out)
}

// brought reports whether the function is what the loop received, or a field of it.
func (r *region) brought(e ast.Expr, at place) bool {
	if id, ok := ast.Unparen(e).(*ast.Ident); ok {
		v, ok := r.f.info.Uses[id].(*types.Var)
		return ok && r.f.prog.Received(v)
	}
	if !at.v.IsField() {
		return false
	}
	sel, ok := ast.Unparen(e).(*ast.SelectorExpr)
	if !ok {
		return false
	}
	for {
		inner, ok := ast.Unparen(sel.X).(*ast.SelectorExpr)
		if !ok {
			break
		}
		sel = inner
	}
	id, ok := ast.Unparen(sel.X).(*ast.Ident)
	if !ok {
		return false
	}
	v, ok := r.f.info.Uses[id].(*types.Var)
	if !ok {
		return false
	}
	if fn, i, param := r.f.prog.Parameter(v); param {
		return !slices.ContainsFunc(r.f.prog.Calls(fn), func(c *ast.CallExpr) bool { return i < len(c.Args) && r.f.lookedUp(c.Args[i]) })
	}
	return r.f.prog.Received(v)
}

// counts reports whether a place is one that others store into: of functions any,
// of interfaces a collection or a field whose implementations are out of sight.
func (r *region) counts(at place, element bool) bool {
	if at.v.Pkg() == nil {
		return false
	}
	if fn, _, param := r.f.prog.Parameter(at.v); param && !r.apart(fn) {
		return false // who calls the loop with it waits for it
	}
	return at.method == "" || listens(at.v.Type(), element)
}

// apart reports whether the loop runs on another goroutine than the calls of fn: who
// gives it a function goes on, and those who send to it know nothing of that function.
func (r *region) apart(fn *types.Func) bool {
	for f := r.s.Func; f != nil; f = f.Parent {
		if r.f.onlyStarted(f) {
			return f.Outer().Obj == fn
		}
	}
	return false
}

// onlyStarted reports whether fn runs on goroutines of its own alone.
func (f *finder) onlyStarted(fn *effects.Func) bool {
	starts := f.starts(fn)
	return len(starts) > 0 && !slices.ContainsFunc(starts, func(at start) bool {
		if at.op.Spawned != nil {
			return false
		}
		c, ok := at.op.Node.(*ast.CallExpr)
		return !ok || fn.Lit == nil || !slices.ContainsFunc(f.fx.Uses(at.op.Callee()), func(u effects.Use) bool {
			return u.Goes && u.Arg >= 0 && u.Arg < len(c.Args) && ast.Unparen(c.Args[u.Arg]) == fn.Lit
		})
	})
}

// listens reports whether the methods of an interface only tell: they return
// nothing, or where there are many listeners whether they liked it. What answers
// is a part that the loop needs, rather than a handler.
func listens(t types.Type, verdict bool) bool {
	for {
		c, ok := t.Underlying().(interface{ Elem() types.Type })
		if !ok {
			break
		}
		t = c.Elem()
	}
	iface, ok := t.Underlying().(*types.Interface)
	if !ok {
		return false
	}
	for m := range iface.Methods() {
		for v := range m.Signature().Results().Variables() {
			b, basic := v.Type().Underlying().(*types.Basic)
			told := types.Identical(v.Type(), types.Universe.Lookup("error").Type()) || basic && b.Kind() == types.Bool
			if !verdict || !told {
				return false
			}
		}
	}
	return true
}

// unknown reports whether other packages store what is at the place, or nobody
// does here.
func (f *finder) unknown(at place) bool {
	values := f.prog.Held(at.v)
	for _, v := range values {
		if v.From != nil {
			return true
		}
	}
	return len(values) == 0
}
