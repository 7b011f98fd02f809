package contracts

import (
	"go/ast"
	"go/types"
	"slices"
	"strconv"

	"github.com/concurlint/concurlint/analyzers/effects"
	"github.com/concurlint/concurlint/analyzers/knowledge"
)

// A Server is an endless loop that receives what many send and does what they ask
// for itself, one after the other. While it waits for one, it serves none.
type Server struct {
	Func   *effects.Func
	Loop   *effects.Loop
	Source string   // what it receives from, for people
	Stream bool     // it reads from a connection
	Count  int      // channels that it receives from
	Kinds  int      // kinds of messages that it tells apart
	Quick  bool     // one of them takes no time, unless it has to wait for the others
	Object bool     // each of several objects has a loop like it
	Calls  []*Call  // of functions that others have stored
	Waits  []*Serve // what it does itself for one kind of message

	// Answers are the places, as Frame.Where names them, where others wait for what the loop
	// alone gives. Each says that this is all there is to say: each of several objects has such
	// a loop, which may hold up its own.
	Answers []string
	Each    bool

	cases []*Case  // of its select, those that count
	from  ast.Expr // what Source names
}

// A Serve is an operation in the code for one kind of message.
type Serve struct {
	Func *effects.Func
	Op   *effects.Op
	// Other says that the operation is on one of many values, found by what the
	// message says, so that a slow one stops the others.
	Other bool
	// Each is the collection, for people, where the operation uses the connection of one
	// of its elements after the other, whatever the message says; "" elsewhere.
	Each string
}

// A Call is a call of a function that others have stored.
type Call struct {
	Func    *effects.Func
	Op      *effects.Op
	Places  []place
	Element bool // one of several
	// Unknown says that what was stored is out of sight, so that it may block.
	Unknown bool
}

// Who names the loop for people.
func (s *Server) Who() string { return "the loop of " + name(s.Func) }

// Why says who waits while the loop does.
func (s *Server) Why() string {
	if s.Count > 1 {
		return "it serves " + strconv.Itoa(s.Count) + " channels and calls this itself: meanwhile it serves none"
	}
	return "it receives from " + s.Source + " and calls this itself: meanwhile it receives nothing"
}

func name(f *effects.Func) string {
	d := f.Outer().Decl
	if d == nil {
		return "a function literal"
	}
	if d.Recv == nil || len(d.Recv.List) == 0 {
		return d.Name.Name
	}
	t := d.Recv.List[0].Type
	if x, ok := ast.Unparen(t).(*ast.StarExpr); ok {
		t = x.X
	}
	switch x := t.(type) {
	case *ast.IndexExpr:
		t = x.X
	case *ast.IndexListExpr:
		t = x.X
	}
	return types.ExprString(t) + "." + d.Name.Name
}

// servers finds the loops of one function that serve many. Of several goroutines
// that run one loop, as for each connection or in a crew of workers, each serves
// its own: one whose channel is made with its object serves many all the same.
func (f *finder) servers(fn *effects.Func) {
	for _, l := range fn.Loops {
		s := &Server{Func: fn, Loop: l}
		if !f.receives(s) {
			continue
		}
		switch crowd := f.crowd(fn, 0); {
		case crowd == single:
		case crowd == each && !s.Stream && f.madeWith(s.from), f.ofClient(s):
			s.Object = true
		case crowd == each:
			s.Each = true
		default:
			continue
		}
		own := f.region(s)
		s.Answers = f.answers(s.Func, own.seen)
		if !s.Each {
			s.Kinds, s.Quick, s.Waits = own.kinds, own.quick, own.waits
		}
		if !s.Object {
			s.Calls = own.calls
		}
		if !s.Each && len(s.Calls)+len(s.Waits) > 0 || len(s.Answers) > 0 {
			f.res.Servers = append(f.res.Servers, s)
		}
	}
}

// ofClient reports whether a loop receives from a stream that a handler is given: one
// client sends over it all that it wants, without waiting for an answer.
func (f *finder) ofClient(s *Server) bool {
	sel, ok := ast.Unparen(s.from).(*ast.SelectorExpr)
	if !ok || !s.Stream {
		return false
	}
	v := f.prog.Variable(sel.X)
	if v == nil || !f.fx.OfServer(v.Type()) {
		return false
	}
	_, _, param := f.prog.Parameter(v)
	return param
}

// madeWith reports whether a channel is a field that gets one of its own wherever it is
// set.
func (f *finder) madeWith(ch ast.Expr) bool {
	v := f.prog.Variable(ch)
	if v == nil || !v.IsField() {
		return false
	}
	values, known := f.fx.Values(v)
	return known && len(values) > 0 && !slices.ContainsFunc(values, func(e ast.Expr) bool {
		c, ok := ast.Unparen(e).(*ast.CallExpr)
		return !ok || f.prog.Builtin(c) != "make"
	})
}

// A crowd says how many goroutines run a function.
type crowd int

const (
	single crowd = iota // one, as far as is seen
	each                // one for each of several objects
	crew                // several for the same, or one for each request
)

// crowd tells how many goroutines run fn: one that is started in a loop, or for each
// request, is one of several.
func (f *finder) crowd(fn *effects.Func, depth int) crowd {
	if depth > maxDepth {
		return single
	}
	if f.fx.Serves(fn) {
		return crew
	}
	most := single
	for _, at := range f.starts(fn) {
		l := at.op.Loop
		repeated := l != nil && (l.Data() || at.op.Spawned != nil)
		if repeated && !f.fresh(at, l.Node) {
			return crew
		}
		n := each
		if !repeated {
			n = f.crowd(at.fn, depth+1)
		}
		if n == crew && (f.fresh(at, at.fn.Body()) || f.freshAround(at)) {
			n = each
		}
		most = max(most, n)
	}
	return most
}

// fresh reports whether a function is started as a method of an object that is made
// within n: by a literal, or by a call.
func (f *finder) fresh(at start, n ast.Node) bool {
	var call *ast.CallExpr
	switch op := at.op.Node.(type) {
	case *ast.GoStmt:
		call = op.Call
	case *ast.CallExpr:
		call = op
	default:
		return false
	}
	sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	if !ok {
		return false
	}
	v := f.prog.Variable(sel.X)
	if v == nil {
		return n.Pos() <= call.Pos() && call.End() <= n.End() && madeHere(sel.X)
	}
	if v.IsField() {
		return false
	}
	values, known := f.fx.Values(v)
	return known && len(values) > 0 && !slices.ContainsFunc(values, func(e ast.Expr) bool {
		return e.Pos() < n.Pos() || n.End() <= e.Pos() || !madeHere(e)
	})
}

// freshAround reports whether the object is made in the loop that starts the literal which
// runs its method:
//
//	for _, a := range addrs { p := newPeer(a); go func() { defer wg.Done(); p.run() }() }
func (f *finder) freshAround(at start) bool {
	starts := f.starts(at.fn)
	return at.fn.Lit != nil && len(starts) > 0 && !slices.ContainsFunc(starts, func(s start) bool {
		return s.op.Loop == nil || !f.fresh(at, s.op.Loop.Node)
	})
}

// madeHere reports whether an expression makes an object.
func madeHere(e ast.Expr) bool {
	switch e := ast.Unparen(e).(type) {
	case *ast.CompositeLit, *ast.CallExpr:
		return true
	case *ast.UnaryExpr:
		return madeHere(e.X)
	}
	return false
}

// A start is an op that runs a function, in place or as a goroutine.
type start struct {
	fn *effects.Func
	op *effects.Op
}

// starts returns where other functions run fn.
func (f *finder) starts(fn *effects.Func) []start {
	if f.started == nil {
		f.readStarts()
	}
	list := slices.Clone(f.started[fn])
	if fn.Obj != nil {
		list = append(list, f.started[fn.Obj]...)
	}
	if fn.Lit != nil {
		list = append(list, f.started[fn.Lit]...)
	}
	return slices.DeleteFunc(list, func(s start) bool { return s.fn == fn })
}

// readStarts lists the starts of the package by what is known of the function: that
// it is declared, a task of the op, or a literal that is an argument.
func (f *finder) readStarts() {
	f.started = make(map[any][]start)
	for _, g := range f.fx.Funcs() {
		for _, op := range g.Ops {
			add := func(key any) { f.started[key] = append(f.started[key], start{g, op}) }
			if fn := op.Callee(); fn != nil && fn.Pkg() == f.pass.Pkg {
				add(fn)
			}
			for _, t := range op.Tasks() {
				if t.Func != nil {
					add(t.Func)
				}
			}
			c, ok := op.Node.(*ast.CallExpr)
			if !ok {
				continue
			}
			for _, a := range c.Args {
				if lit, ok := ast.Unparen(a).(*ast.FuncLit); ok {
					add(lit)
				}
			}
		}
	}
}

// stored puts what others have stored for a loop under contract.
func (f *finder) stored() {
	for _, s := range f.res.Servers {
		for _, c := range s.Calls {
			severity := "note"
			if c.Element || s.Count > 1 || s.Kinds > 1 {
				severity = "warning"
			}
			by := promise{who: s.Who(), loop: &knowledge.Loop{
				Severity: severity, Text: s.Why(), Own: true, Peer: s.Stream, Owner: !c.Element, Answers: s.Answers, Each: s.Each,
			}}
			for _, at := range c.Places {
				f.put(at, by)
			}
		}
	}
}
