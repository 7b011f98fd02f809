package sites

import (
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/types/typeutil"

	"github.com/concurlint/concurlint/analyzers/effects"
	"github.com/concurlint/concurlint/analyzers/placement"
)

// channels says where the channels of a package go: by variable the places that
// send and receive, and which variables get the value of which others.
type channels struct {
	l        *lister
	sends    map[*types.Var][]token.Pos
	receives map[*types.Var][]token.Pos
	out, in  map[*types.Var][]flow // by where the value comes from, and goes to
	closed   map[*types.Var]bool
	signals  map[*types.Var]bool // given to signal.Notify
}

// A flow is a copy of a channel: an assignment, an argument, a result.
type flow struct {
	from, to *types.Var
	value    ast.Expr
	param    bool // an argument
}

func newChannels(l *lister) *channels {
	c := &channels{l: l,
		sends: make(map[*types.Var][]token.Pos), receives: make(map[*types.Var][]token.Pos),
		out: make(map[*types.Var][]flow), in: make(map[*types.Var][]flow),
		closed: make(map[*types.Var]bool), signals: make(map[*types.Var]bool),
	}
	for _, file := range l.pass.Files {
		ast.Inspect(file, c.visit)
	}
	return c
}

func (c *channels) visit(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.SendStmt:
		c.use(c.sends, n.Chan, n.Pos())
	case *ast.UnaryExpr:
		if n.Op == token.ARROW {
			c.use(c.receives, n.X, n.Pos())
		}
	case *ast.RangeStmt:
		if isChan(c.l.pass.TypesInfo.TypeOf(n.X)) {
			c.use(c.receives, n.X, n.Pos())
		}
	case *ast.AssignStmt:
		for i := range n.Lhs {
			if len(n.Lhs) == len(n.Rhs) {
				c.copy(c.l.fx.Variable(n.Lhs[i]), n.Rhs[i], 0, false)
			} else if len(n.Rhs) == 1 {
				c.copy(c.l.fx.Variable(n.Lhs[i]), n.Rhs[0], i, false)
			}
		}
	case *ast.ValueSpec:
		for i := range min(len(n.Names), len(n.Values)) {
			c.copy(c.l.fx.Variable(n.Names[i]), n.Values[i], 0, false)
		}
	case *ast.KeyValueExpr:
		if id, ok := n.Key.(*ast.Ident); ok {
			if v, ok := c.l.pass.TypesInfo.Uses[id].(*types.Var); ok && v.IsField() {
				c.copy(v.Origin(), n.Value, 0, false)
			}
		}
	case *ast.CallExpr:
		c.call(n)
	}
	return true
}

// call follows channels into the parameters of what is called.
func (c *channels) call(n *ast.CallExpr) {
	info := c.l.pass.TypesInfo
	fn := typeutil.StaticCallee(info, n)
	if id, ok := ast.Unparen(n.Fun).(*ast.Ident); ok && id.Name == "close" && len(n.Args) == 1 {
		if v := c.l.fx.Variable(n.Args[0]); v != nil {
			c.closed[v] = true
		}
		return
	}
	if fn != nil && fn.FullName() == "os/signal.Notify" && len(n.Args) > 0 {
		if v := c.l.fx.Variable(n.Args[0]); v != nil {
			c.signals[v] = true
		}
		return
	}
	params := c.params(n, fn)
	for i, a := range n.Args {
		if i < len(params) {
			c.copy(params[i], a, 0, true)
		}
	}
}

// params are the parameters of a function of this package or of a literal.
func (c *channels) params(n *ast.CallExpr, fn *types.Func) []*types.Var {
	var sig *types.Signature
	if lit, ok := ast.Unparen(n.Fun).(*ast.FuncLit); ok {
		sig, _ = c.l.pass.TypesInfo.TypeOf(lit).(*types.Signature)
	} else if f := c.l.fx.Func(fn); f != nil {
		sig = f.Obj.Signature()
	}
	if sig == nil {
		return nil
	}
	list := make([]*types.Var, sig.Params().Len())
	for i := range list {
		list[i] = sig.Params().At(i)
	}
	return list
}

// copy notes that v gets the value e, or its result i.
func (c *channels) copy(v *types.Var, e ast.Expr, i int, param bool) {
	if v == nil || !isChan(v.Type()) {
		return
	}
	for _, from := range c.variables(e, i) {
		f := flow{from, v, e, param}
		c.out[from] = append(c.out[from], f)
		c.in[v] = append(c.in[v], f)
	}
}

// variables are those that e may stand for: of a call of a function of this
// package what it returns as result i.
func (c *channels) variables(e ast.Expr, i int) []*types.Var {
	if v := c.l.fx.Variable(e); v != nil {
		return []*types.Var{v}
	}
	call, ok := ast.Unparen(e).(*ast.CallExpr)
	if !ok {
		return nil
	}
	f := c.l.fx.Func(typeutil.StaticCallee(c.l.pass.TypesInfo, call))
	if f == nil || f.Body() == nil {
		return nil
	}
	var list []*types.Var
	ast.Inspect(f.Body(), func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.ReturnStmt:
			if i < len(n.Results) {
				if v := c.l.fx.Variable(n.Results[i]); v != nil {
					list = append(list, v)
				}
			}
		}
		return true
	})
	return list
}

func (c *channels) use(m map[*types.Var][]token.Pos, ch ast.Expr, pos token.Pos) {
	for _, v := range c.variables(ch, 0) {
		m[v] = append(m[v], pos)
	}
}

// into returns a value that v gets as a parameter, or nil.
func (c *channels) into(v *types.Var) ast.Expr {
	if in := c.in[v]; len(in) > 0 {
		return in[0].value
	}
	return nil
}

func isChan(t types.Type) bool {
	if t == nil {
		return false
	}
	_, ok := t.Underlying().(*types.Chan)
	return ok
}

// queue finds the channel from which the workers of a site take their work.
func (l *lister) queue(s *placement.Site) *Queue {
	task := l.taskFuncs(s)
	for _, f := range task {
		for _, op := range f.Ops {
			for _, ch := range l.work(f, op) {
				same := l.channels.same(l.channels.variables(ch, 0), s.Op.Node, task)
				q := &Queue{
					Receives: l.places(l.channels.receives, same),
					Sends:    l.places(l.channels.sends, same),
				}
				if len(same) > 0 {
					return q
				}
			}
		}
	}
	return nil
}

// taskFuncs are the functions that the workers of a site run in their loops.
func (l *lister) taskFuncs(s *placement.Site) []*effects.Func {
	list := l.fx.TaskFuncs(s.Func, s.Op, s.Arg)
	for i := 0; i < len(list) && i < maxTask; i++ {
		for _, op := range list[i].Ops {
			for _, g := range l.fx.TaskFuncs(list[i], op, effects.GoCall) {
				if op.Spawned == nil && l.workers[g] {
					list = append(list, g)
				}
			}
		}
	}
	return list
}

// maxTask is how many functions are looked at for the loop of a worker.
const maxTask = 16

// work returns the channels that an op of a worker takes its work from.
func (l *lister) work(f *effects.Func, op *effects.Op) []ast.Expr {
	if op.Loop == nil || !l.fetches(f, op) {
		return nil
	}
	switch n := op.Node.(type) {
	case *ast.RangeStmt:
		return []ast.Expr{n.X}
	case *ast.UnaryExpr:
		return []ast.Expr{n.X}
	case *ast.SelectStmt:
		var list []ast.Expr
		for _, c := range comms(n) {
			if c.ch != nil && !c.sends && l.idleChannel(c.ch) == "" && !l.channels.stops(l.fx.Variable(c.ch)) {
				list = append(list, c.ch)
			}
		}
		return list
	}
	return nil
}

// same returns the variables that hold the channel of vars. What a worker is
// given is followed back through the site and its task alone, as other callers
// of the same function may give other channels.
func (c *channels) same(vars []*types.Var, site ast.Node, task []*effects.Func) map[*types.Var]bool {
	seen := make(map[*types.Var]bool)
	within := func(e ast.Expr) bool {
		if site.Pos() <= e.Pos() && e.End() <= site.End() {
			return true
		}
		for _, f := range task {
			if b := f.Body(); b != nil && b.Pos() <= e.Pos() && e.End() <= b.End() {
				return true
			}
		}
		return false
	}
	list := vars
	for ; len(list) > 0; list = list[1:] {
		if v := list[0]; !seen[v] {
			seen[v] = true
			for _, f := range c.in[v] {
				if !f.param || within(f.value) {
					list = append(list, f.from)
				}
			}
		}
	}
	for v := range seen {
		list = append(list, v)
	}
	for ; len(list) > 0; list = list[1:] {
		for _, f := range c.out[list[0]] {
			if !seen[f.to] {
				seen[f.to] = true
				list = append(list, f.to)
			}
		}
	}
	return seen
}

func (l *lister) places(m map[*types.Var][]token.Pos, vars map[*types.Var]bool) []Place {
	var all []token.Pos
	for v := range vars {
		all = append(all, m[v]...)
	}
	return l.sorted(all)
}
