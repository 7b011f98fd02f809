package contracts

import (
	"go/ast"
	"go/token"
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
	Calls  []*Call  // of functions that others have stored
	Waits  []*Serve // what it does itself for one kind of message

	cases []*Case // of its select, those that count
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
// its own.
func (f *finder) servers(fn *effects.Func) {
	for _, l := range fn.Loops {
		s := &Server{Func: fn, Loop: l}
		if !f.receives(s) || f.several(fn, 0) {
			continue
		}
		own := f.region(s)
		s.Kinds, s.Quick, s.Waits, s.Calls = own.kinds, own.quick, own.waits, own.calls
		if len(s.Calls)+len(s.Waits) > 0 {
			f.res.Servers = append(f.res.Servers, s)
		}
	}
}

// receives fills in what the loop receives from, and reports whether it does.
func (f *finder) receives(s *Server) bool {
	if r, ok := s.Loop.Node.(*ast.RangeStmt); ok {
		s.Source, s.Count = types.ExprString(r.X), 1
		return s.Loop.Endless(f.info) && !f.passes(r.X)
	}
	loop := s.Loop.Node.(*ast.ForStmt)
	if loop.Post != nil {
		return false
	}
	for _, op := range s.Func.Ops[s.Loop.Ops:s.Loop.OpsEnd] {
		if op.Loop != s.Loop || op.Spawned != nil || op.Deferred {
			continue
		}
		switch n := op.Node.(type) {
		case *ast.SelectStmt:
			if !polls(n) && op.InSelect == nil {
				f.selects(s, n)
			}
		case *ast.UnaryExpr:
			if n.Op == token.ARROW && !f.passes(n.X) {
				s.Source, s.Count = types.ExprString(n.X), 1
			}
		case *ast.CallExpr:
			f.reads(s, op, n, loop)
		}
		if s.Count > 0 {
			return true
		}
	}
	return false
}

func (f *finder) selects(s *Server, sel *ast.SelectStmt) {
	for _, c := range sel.Body.List {
		if k := f.caseOf(c.(*ast.CommClause)); k.Source != nil {
			s.Count++
			s.cases = append(s.cases, k)
			s.Source = types.ExprString(k.Source)
		}
	}
}

// reads takes a call for the loop's source: one that reads from a connection or
// receives from a channel, or an unknown one of which an error ends the loop.
func (f *finder) reads(s *Server, op *effects.Op, c *ast.CallExpr, loop *ast.ForStmt) {
	net, ch := op.Effect(effects.Net), op.Effect(effects.Chan)
	switch {
	case net != nil && net.Is(effects.Stream) && net.Label == "" && net.Certainty >= effects.Usually && !accepts(op):
		s.Stream = true
	case ch != nil && ch.Is(effects.Receive) && ch.Certainty >= effects.Usually && len(ch.Chain) <= 2 && f.yields(s, op, c):
	case loop.Cond == nil && op.Effect(effects.Dynamic) != nil && f.endsOn(s, c):
		s.Stream = true
	default:
		return
	}
	s.Count = 1
	s.Source = types.ExprString(c.Fun)
}

// yields reports whether a call that receives from a channel gives the loop what it
// received, or is a piece of the loop itself.
func (f *finder) yields(s *Server, op *effects.Op, c *ast.CallExpr) bool {
	if sameReceiver(s.Func, f.fx.Func(op.Callee())) {
		return true
	}
	t := f.info.TypeOf(c)
	if tuple, ok := t.(*types.Tuple); ok {
		if tuple.Len() == 0 {
			return false
		}
		t = tuple.At(0).Type()
	}
	return t != nil && !isError(t)
}

// accepts reports whether op accepts a connection.
func accepts(op *effects.Op) bool {
	fn := op.Callee()
	if fn == nil || fn.Signature().Results().Len() == 0 {
		return false
	}
	n, ok := types.Unalias(fn.Signature().Results().At(0).Type()).(*types.Named)
	return ok && n.Obj().Pkg() != nil && n.Obj().Pkg().Path() == "net" && n.Obj().Name() == "Conn"
}

// endsOn reports whether c gives a message and an error, and the loop is left on
// the error.
func (f *finder) endsOn(s *Server, c *ast.CallExpr) bool {
	t, ok := f.info.TypeOf(c).(*types.Tuple)
	if !ok || t.Len() < 2 || !isError(t.At(t.Len()-1).Type()) {
		return false
	}
	body := s.Loop.Body().List
	for i, stmt := range body {
		a, ok := stmt.(*ast.AssignStmt)
		if !ok || len(a.Rhs) != 1 || ast.Unparen(a.Rhs[0]) != c || i+1 == len(body) {
			continue
		}
		test, ok := body[i+1].(*ast.IfStmt)
		return ok && !f.succeeded(test.Cond) && leaves(test.Body) && !f.outlives(s, f.prog.Variable(a.Lhs[0]))
	}
	return false
}

// outlives reports whether what the loop gets is read after the loop, or returned from
// it: then the loop goes on until it has that, as one that tries a request again.
func (f *finder) outlives(s *Server, v *types.Var) bool {
	if v == nil {
		return false
	}
	kept := false
	uses := func(n ast.Node) {
		ast.Inspect(n, func(n ast.Node) bool {
			id, ok := n.(*ast.Ident)
			kept = kept || ok && f.info.Uses[id] == v
			return !kept
		})
	}
	ast.Inspect(s.Func.Body(), func(n ast.Node) bool {
		switch n := n.(type) {
		case nil, *ast.FuncLit:
			return false
		case ast.Stmt:
			r, ok := n.(*ast.ReturnStmt)
			done := ok && len(r.Results) > 1 && f.info.Types[r.Results[len(r.Results)-1]].IsNil()
			if n.Pos() >= s.Loop.Node.End() || done && n.Pos() > s.Loop.Node.Pos() {
				uses(n)
			}
		}
		return !kept
	})
	return kept
}

// succeeded reports whether a condition asks that there is no error, as a loop does that
// tries again until it has one result.
func (f *finder) succeeded(cond ast.Expr) bool {
	b, ok := ast.Unparen(cond).(*ast.BinaryExpr)
	return ok && b.Op == token.EQL && f.info.Types[b.Y].IsNil() && isError(f.info.TypeOf(b.X))
}

func isError(t types.Type) bool { return types.Identical(t, types.Universe.Lookup("error").Type()) }

// leaves reports whether a block returns or breaks.
func leaves(b *ast.BlockStmt) bool {
	found := false
	ast.Inspect(b, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.ReturnStmt:
			found = true
		case *ast.BranchStmt:
			found = found || n.Tok == token.BREAK
		}
		return !found
	})
	return found
}

// several reports whether many goroutines run fn: one is started in a loop, or for
// each request.
func (f *finder) several(fn *effects.Func, depth int) bool {
	if depth > maxDepth {
		return false
	}
	if f.fx.Serves(fn) {
		return true
	}
	for _, at := range f.starts(fn) {
		l := at.op.Loop
		if l != nil && l.Data() || l != nil && at.op.Spawned != nil || f.several(at.fn, depth+1) {
			return true
		}
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
			by := promise{s.Who(), &knowledge.Loop{Severity: severity, Text: s.Why(), Own: true}}
			for _, at := range c.Places {
				f.put(at, by)
			}
		}
	}
}
