package effects

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"github.com/concurlint/concurlint/analyzers/program"
)

// walker lists the ops of one function in source order, each with its
// certainty.
type walker struct {
	p        *pkg
	fn       *Func
	cert     Certainty // of the statement at hand
	sure     Certainty // likewise, taking for granted that loops turn
	guard    Guard     // likewise
	loop     *Loop
	deferred bool
	spawned  *ast.GoStmt
	inSelect *ast.SelectStmt
	tested   []*types.Var // channels whose length the conditions around or before have looked at
	closed   []ast.Expr   // channels that a statement on every way here has closed
	once     bool         // the statement list at hand leaves the loop at its end
	inSwitch bool         // a break leaves a switch or select, not the loop
	label    string       // of the statement at hand
}

func (w *walker) add(n ast.Node, c *call) *Op {
	if c != nil {
		c.gives = w.p.gives(c)
	}
	op := &Op{Node: n, Certainty: w.cert, Sure: w.sure, Guard: w.guard, Loop: w.loop, Deferred: w.deferred, Spawned: w.spawned, InSelect: w.inSelect, Once: w.once, call: c}
	op.Ready = w.ready(n)
	w.fn.Ops = append(w.fn.Ops, op)
	return op
}

// ready reports whether a channel operation follows a test of the channel's
// length: under the lock that the other goroutines take too, it does not wait.
func (w *walker) ready(n ast.Node) bool {
	var ch ast.Expr
	switch n := n.(type) {
	case *ast.SendStmt:
		ch = n.Chan
	case *ast.UnaryExpr:
		ch = n.X
	default:
		return false
	}
	v := w.p.prog.Variable(ch)
	return v != nil && slices.Contains(w.tested, v)
}

// testing walks what runs under a condition.
func (w *walker) testing(cond ast.Expr, f func()) {
	saved := w.tested
	if cond != nil {
		w.tested = w.p.lengths(saved, cond)
	}
	f()
	w.tested = saved
}

// lengths adds the channels whose length the condition looks at.
func (p *pkg) lengths(list []*types.Var, cond ast.Expr) []*types.Var {
	ast.Inspect(cond, func(n ast.Node) bool {
		c, ok := n.(*ast.CallExpr)
		if !ok || len(c.Args) != 1 || calledName(c) != "len" {
			return true
		}
		if v := p.prog.Variable(c.Args[0]); v != nil {
			if _, ok := v.Type().Underlying().(*types.Chan); ok {
				list = append(slices.Clip(list), v)
			}
		}
		return true
	})
	return list
}

// block walks a statement list. An early return makes what follows it less
// certain.
func (w *walker) block(list []ast.Stmt) {
	cert, sure, guard, once, closed, tested := w.cert, w.sure, w.guard, w.once, w.closed, w.tested
	w.once = once || w.loop != nil && w.endsLoop(list)
	for _, s := range list {
		w.stmt(s)
		after := w.afterStmt(s)
		w.cert, w.sure = min(w.cert, after), min(w.sure, after)
		if ifs, ok := s.(*ast.IfStmt); ok {
			if t := testOf(ifs); program.Leaves(t.Body.List) {
				w.guard = w.otherwise(t.Cond).or(w.guard)
				w.tested = w.p.lengths(w.tested, t.Cond)
			}
		}
	}
	w.cert, w.sure, w.guard, w.once, w.closed, w.tested = cert, sure, guard, once, closed, tested
}

// afterStmt returns the certainty of what follows s.
func (w *walker) afterStmt(s ast.Stmt) Certainty {
	ifs, ok := s.(*ast.IfStmt)
	if !ok {
		return Always
	}
	switch ifs = testOf(ifs).IfStmt; {
	case !program.Leaves(ifs.Body.List):
		if w.p.hitWithin(ifs) {
			return w.p.gap(ifs.Cond)
		}
		return Always
	case w.p.errorExit(ifs):
		return Always
	case w.p.nilError(ifs.Cond, token.EQL) && !w.awaitsFile(ifs):
		return Rarely // the error is handled below
	case w.settles(ifs):
		return Rarely // another attempt
	}
	if w.p.cacheHit(ifs) {
		return w.p.gap(ifs.Cond)
	}
	if w.recalls(ifs) {
		return Missed
	}
	return w.p.holdsNot(ifs.Cond)
}

func (w *walker) with(c Certainty, f func()) {
	cert, sure := w.cert, w.sure
	w.cert, w.sure = min(w.cert, c), min(w.sure, c)
	f()
	w.cert, w.sure = cert, sure
}

func (w *walker) stmt(s ast.Stmt) {
	switch s := s.(type) {
	case *ast.BlockStmt:
		w.block(s.List)
	case *ast.LabeledStmt:
		w.label = s.Label.Name
		w.stmt(s.Stmt)
		w.label = ""
	case *ast.IfStmt:
		w.ifStmt(s)
	case *ast.ForStmt:
		w.forStmt(s)
	case *ast.RangeStmt:
		w.rangeStmt(s)
	case *ast.SwitchStmt:
		w.simple(s.Init)
		w.expr(s.Tag)
		w.clauses(s.Body)
	case *ast.TypeSwitchStmt:
		w.simple(s.Init)
		w.stmt(s.Assign)
		w.clauses(s.Body)
	case *ast.SelectStmt:
		w.selectStmt(s)
	case *ast.SendStmt:
		w.sends(s)
		w.add(s, nil)
	case *ast.GoStmt:
		w.goStmt(s)
	case *ast.DeferStmt:
		saved := w.deferred
		w.deferred = true
		w.expr(s.Call)
		w.deferred = saved
	case *ast.ReturnStmt:
		for _, e := range s.Results {
			w.expr(e)
		}
	case *ast.AssignStmt:
		w.p.collectAssign(s)
		for _, e := range s.Rhs {
			w.expr(e)
		}
		for _, e := range s.Lhs {
			w.expr(e)
		}
		w.replace(s.Lhs)
	case *ast.ExprStmt:
		w.expr(s.X)
	case *ast.DeclStmt:
		w.decl(s)
	case *ast.IncDecStmt:
		w.expr(s.X)
	}
}

func (w *walker) decl(s *ast.DeclStmt) {
	for _, spec := range s.Decl.(*ast.GenDecl).Specs {
		if v, ok := spec.(*ast.ValueSpec); ok {
			w.p.collectSpec(v)
			for _, e := range v.Values {
				w.expr(e)
			}
		}
	}
}

func (w *walker) simple(s ast.Stmt) {
	if s != nil {
		w.stmt(s)
	}
}

func (w *walker) ifStmt(s *ast.IfStmt) {
	w.simple(s.Init)
	w.expr(s.Cond)
	t := testOf(s)
	then, other := w.p.branches(t.IfStmt)
	if w.again(t.Cond) {
		then = Rarely
	}
	if t.Else != nil && program.Leaves(t.Body.List) {
		other = w.afterStmt(t.IfStmt) // it is all that follows
		if otherWay := t.otherWay(); otherWay != nil {
			then = min(then, w.afterStmt(otherWay))
		}
	}
	w.testing(t.Cond, func() {
		body := func() { w.guarded(w.given(t.Cond), func() { w.branch(then, t.Body.List) }) }
		rest := func() {
			if t.Else != nil {
				w.guarded(w.otherwise(t.Cond), func() { w.with(other, func() { w.stmt(t.Else) }) })
			}
		}
		if t.turned { // ops are listed as they stand
			body, rest = rest, body
		}
		body()
		rest()
	})
}

// branch walks statements that run on one way, and notes the ops of those that
// do not come back to it.
func (w *walker) branch(c Certainty, list []ast.Stmt) {
	if !program.Leaves(list) {
		w.with(c, func() { w.block(list) })
		return
	}
	i := len(w.fn.exits)
	w.fn.exits = append(w.fn.exits, span{from: len(w.fn.Ops)})
	w.with(c, func() { w.block(list) })
	w.fn.exits[i].to = len(w.fn.Ops)
}

func (w *walker) clauses(body *ast.BlockStmt) {
	defer func(saved bool) { w.inSwitch = saved }(w.inSwitch)
	w.inSwitch = true
	for _, c := range body.List {
		if cc, ok := c.(*ast.CaseClause); ok {
			for _, e := range cc.List {
				w.expr(e)
			}
			w.branch(Usually, cc.Body)
		}
	}
}

func (w *walker) goStmt(s *ast.GoStmt) {
	w.p.collectIn(w.fn, s.Call.Fun)
	for _, a := range s.Call.Args {
		w.expr(a)
	}
	saved := w.spawned
	w.spawned = s
	w.add(s, w.p.resolve(w.fn, s.Call))
	w.spawned = saved
}
