package placement

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/types/typeutil"

	"github.com/concurlint/concurlint/analyzers/effects"
	"github.com/concurlint/concurlint/analyzers/program"
)

// An exchange is what a task does with the channels, groups and counters that it
// shares with the code that starts it. Who waits for one of these things is held
// back by the task; who waits for anything else is not.
type exchange struct {
	p        *placer
	same     map[*types.Var]*types.Var // parameters, by what the task is given
	sent     map[*types.Var]bool
	received map[*types.Var]bool
	closed   map[*types.Var]bool
	lowered  map[*types.Var]bool            // counters
	called   map[*types.Var]map[string]bool // methods
	funcs    []*effects.Func                // that the task runs
}

// exchange follows the task of a site through the functions of the package.
func (p *placer) exchange(s *Site) *exchange {
	if s.exchange != nil {
		return s.exchange
	}
	x := p.newExchange()
	s.exchange = x
	task, call := p.task(s)
	for _, f := range task {
		x.bind(f, call)
		x.follow(f, 0)
	}
	return x
}

func (p *placer) newExchange() *exchange {
	set := func() map[*types.Var]bool { return make(map[*types.Var]bool) }
	return &exchange{p: p, same: make(map[*types.Var]*types.Var), sent: set(), received: set(), closed: set(), lowered: set(), called: make(map[*types.Var]map[string]bool)}
}

// task returns the functions that a site's task runs first, and the call that
// gives them arguments, or nil. For a call of what starts a goroutine these are
// that function: what it gets, it hands on.
func (p *placer) task(s *Site) ([]*effects.Func, *ast.CallExpr) {
	call, _ := s.Op.Node.(*ast.CallExpr)
	if g, ok := s.Op.Node.(*ast.GoStmt); ok {
		call = g.Call
	}
	if s.Arg != effects.GoCall {
		call = nil
	}
	return p.fx.TaskFuncs(s.Func, s.Op, s.Arg), call
}

// bind notes what a call gives the parameters of f.
func (x *exchange) bind(f *effects.Func, c *ast.CallExpr) {
	if c == nil {
		return
	}
	if f.Decl != nil && f.Decl.Recv != nil && len(f.Decl.Recv.List[0].Names) > 0 {
		v, _ := x.p.info.Defs[f.Decl.Recv.List[0].Names[0]].(*types.Var)
		if recv := x.variable(receiver(c)); recv != nil && v != nil && recv != v && !recv.IsField() {
			x.same[v] = recv
		}
	}
	i := 0
	for _, list := range f.Type().Params.List {
		for _, name := range list.Names {
			v, _ := x.p.info.Defs[name].(*types.Var)
			if i < len(c.Args) && v != nil {
				if arg := x.variable(c.Args[i]); arg != nil && arg != v {
					x.same[v] = arg
				}
			}
			i++
		}
		if len(list.Names) == 0 {
			i++
		}
	}
}

// variable returns what an expression names, whatever it is called on the way.
func (x *exchange) variable(e ast.Expr) *types.Var {
	v := x.p.shared(e)
	for range maxDepth {
		outer := x.same[v]
		if outer == nil {
			break
		}
		v = outer
	}
	return v
}

// shared returns the variable that an expression names, also through its address
// or an element of it.
func (p *placer) shared(e ast.Expr) *types.Var {
	switch e := ast.Unparen(e).(type) {
	case *ast.UnaryExpr:
		return p.shared(e.X)
	case *ast.StarExpr:
		return p.shared(e.X)
	case *ast.IndexExpr:
		return p.shared(e.X)
	}
	return p.prog.Variable(e)
}

// maxTask is how many functions of a task are looked into.
const maxTask = 32

func (x *exchange) follow(f *effects.Func, depth int) {
	if f.Body() == nil || len(x.funcs) == maxTask || slices.Contains(x.funcs, f) {
		return
	}
	x.funcs = append(x.funcs, f)
	ast.Inspect(f.Body(), func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.SendStmt:
			x.note(x.sent, n.Chan)
		case *ast.UnaryExpr:
			if n.Op == token.ARROW {
				x.note(x.received, n.X)
			}
		case *ast.RangeStmt:
			if isChan(x.p.info.TypeOf(n.X)) {
				x.note(x.received, n.X)
			}
		case *ast.IncDecStmt:
			if n.Tok == token.DEC {
				x.note(x.lowered, n.X)
			}
		case *ast.AssignStmt:
			if n.Tok == token.SUB_ASSIGN {
				x.note(x.lowered, n.Lhs[0])
			}
		case *ast.CallExpr:
			x.call(n, depth)
		}
		return true
	})
}

// runs reports whether f is a function of the task or a literal in one.
func (x *exchange) runs(f *effects.Func) bool {
	for ; f != nil; f = f.Parent {
		if slices.Contains(x.funcs, f) {
			return true
		}
	}
	return false
}

func (x *exchange) note(set map[*types.Var]bool, e ast.Expr) {
	if v := x.variable(e); v != nil {
		set[v] = true
	}
}

func (x *exchange) call(c *ast.CallExpr, depth int) {
	switch fun := ast.Unparen(c.Fun).(type) {
	case *ast.Ident:
		if _, builtin := x.p.info.Uses[fun].(*types.Builtin); builtin {
			switch fun.Name {
			case "close":
				x.note(x.closed, c.Args[0])
			case "delete":
				x.note(x.lowered, c.Args[0])
			}
			return
		}
	case *ast.SelectorExpr:
		if v := x.variable(fun.X); v != nil {
			if x.called[v] == nil {
				x.called[v] = make(map[string]bool)
			}
			x.called[v][fun.Sel.Name] = true
		}
	}
	if v := x.p.addsNegative(c); v != nil {
		x.note(x.lowered, v)
	}
	if depth < maxDepth {
		for _, g := range x.p.callees(c) {
			x.bind(g, c)
			x.follow(g, depth+1)
		}
	}
}

// addsNegative returns the counter that a call of package sync/atomic lowers:
// n.Add(-1), atomic.AddInt32(&n, -1).
func (p *placer) addsNegative(c *ast.CallExpr) ast.Expr {
	fun, ok := ast.Unparen(c.Fun).(*ast.SelectorExpr)
	if !ok || len(c.Args) == 0 {
		return nil
	}
	fn, _ := p.info.Uses[fun.Sel].(*types.Func)
	if !program.From(fn, "sync/atomic") {
		return nil
	}
	v := p.info.Types[c.Args[len(c.Args)-1]].Value
	if _, complement := ast.Unparen(c.Args[len(c.Args)-1]).(*ast.UnaryExpr); v == nil || v.String()[0] != '-' && !complement {
		return nil // to an unsigned one ^0 is added
	}
	if len(c.Args) == 2 {
		return c.Args[0]
	}
	return fun.X
}

// callees returns the functions of this package that a call surely runs.
func (p *placer) callees(c *ast.CallExpr) []*effects.Func {
	switch fun := ast.Unparen(c.Fun).(type) {
	case *ast.FuncLit:
		return nil // part of the body that is looked through
	case *ast.Ident:
		if v, ok := p.info.Uses[fun].(*types.Var); ok {
			return p.held(v)
		}
	}
	if fn := typeutil.StaticCallee(p.info, c); fn != nil {
		if g := p.fx.Func(fn); g != nil {
			return []*effects.Func{g}
		}
	}
	return nil
}

// held returns the functions that a local variable may hold.
func (p *placer) held(v *types.Var) []*effects.Func {
	if _, ok := v.Type().Underlying().(*types.Signature); !ok {
		return nil
	}
	var list []*effects.Func
	values, _ := p.fx.Values(v)
	for _, e := range values {
		for _, t := range p.fx.Targets(nil, e) {
			if t.Func != nil {
				list = append(list, t.Func)
			}
		}
	}
	return list
}

func isChan(t types.Type) bool {
	if t == nil {
		return false
	}
	_, ok := t.Underlying().(*types.Chan)
	return ok
}
