package lockio

import (
	"go/ast"
	"go/token"
	"go/types"
	"iter"
	"slices"

	"github.com/concurlint/concurlint/analyzers/effects"
	"github.com/concurlint/concurlint/analyzers/internal/lexicon"
	"github.com/concurlint/concurlint/analyzers/program"
)

// This file finds the other side of channels and servers.

// roomy is a buffer that is not likely to be full, unless its reader is slow.
const roomy = 64

// awaited returns the WaitGroup or channel that the op waits on, also through
// calls within the package, and who would end the wait.
func (c *checker) awaited(op *effects.Op, kind effects.Kind, depth int) (*types.Var, []far) {
	x := operand(op.Node)
	switch n := op.Node.(type) {
	case *ast.SendStmt:
		return c.readers(n.Chan)
	case *ast.SelectStmt:
		return c.readers(c.prog().OnlySend(n))
	case *ast.UnaryExpr, *ast.RangeStmt:
		v := c.prog().MustAlias(x)
		return v, c.holders(x, v, c.senders(v), false)
	case *ast.CallExpr:
		if kind == effects.Wait && effects.OnGroup(op.Callee()) == effects.WaitsForGroup {
			v := c.prog().MustAlias(x)
			return v, c.ofThisRound(c.members(v), v, n)
		}
		if kind == effects.Wait && shutsDown(op) {
			v := c.prog().MustAlias(x)
			return v, c.handlers(v)
		}
		if kind == effects.Wait && isCondWait(op) {
			v := c.prog().MustAlias(x)
			return v, c.signalers(v)
		}
	}
	for o := range c.within(op, kind, depth) {
		if v, sides := c.awaited(o, kind, depth-1); v != nil {
			return v, sides
		}
	}
	return nil, nil
}

// within gives the ops by which a function of the package that op calls waits.
func (c *checker) within(op *effects.Op, kind effects.Kind, depth int) iter.Seq[*effects.Op] {
	return func(yield func(*effects.Op) bool) {
		f := c.res.Effects.Func(op.Callee())
		if f == nil || depth == 0 {
			return
		}
		for _, o := range f.Ops {
			e := o.Effect(kind)
			if e == nil || o.Spawned != nil || e.Is(effects.Released) || c.givesOwn(f, o) || e.Certainty < effects.Missed || e.Bound != effects.Unbounded && !c.sendsOnly(o) {
				continue
			}
			if !yield(o) {
				return
			}
		}
	}
}

// maxCalls is how many calls are followed to what they wait for.
const maxCalls = 3

// readers returns the channel that is sent to and who receives from it, if what is
// sent waits for them in the end.
func (c *checker) readers(ch ast.Expr) (*types.Var, []far) {
	if ch == nil {
		return nil, nil
	}
	size, ok := c.res.Effects.Capacity(ch)
	if !ok || size < 0 {
		size = c.chosen(ch)
	}
	v := c.prog().MustAlias(ch)
	if size < 0 || size > roomy && !c.fills(v) || v == nil || size == 1 && (c.prog().Semaphore(ch) || signals(c.prog().TypeOf(ch))) {
		return nil, nil // what one place is for is a lock, or a wake-up that a flag is kept for
	}
	list := c.receivers(v)
	if c.prog().Semaphore(ch) {
		return v, c.holders(ch, v, list, true)
	}
	if size > 0 && !slices.ContainsFunc(list, func(s far) bool { return c.receivesAgain(s, v, size) }) {
		return nil, nil // once: the buffer is for that
	}
	return v, list
}

// fills reports whether a channel becomes full in the end, however large it is.
func (c *checker) fills(v *types.Var) bool {
	op, _ := c.slowReader(v)
	return op != nil
}

// signals reports whether a channel carries nothing but the moment.
func signals(t types.Type) bool {
	ch, ok := t.Underlying().(*types.Chan)
	return ok && program.Empty(ch.Elem())
}

// receivesAgain reports whether a reader receives from a channel more than once, rather than
// empty it of what is there. A buffer of one that it has made itself is for one answer, in
// each turn of a loop another one.
func (c *checker) receivesAgain(s far, v *types.Var, size int64) bool {
	if s.loop == nil || size == 1 && c.prog().MadeIn(s.f.Node(), v) {
		return false
	}
	var tested []ast.Node
	if u, ok := c.use(s.at); ok {
		tested = c.prog().Opens(&newFrame(s.f, nil, nil).Frame, s.at, u)
	}
	return c.prog().Flow(s.f.Body()).Repeats(s.at, s.loop.Node, tested)
}

// chosen is roomy if who runs the program chooses the buffer of a channel, which then has
// nothing to do with how much is sent, and otherwise -1.
func (c *checker) chosen(ch ast.Expr) int64 {
	if pl, ok := c.prog().Capacity(ch); ok && pl.By == program.Setting {
		return roomy
	}
	return -1
}

func (c *checker) sendsOnly(op *effects.Op) bool {
	s, ok := op.Node.(*ast.SelectStmt)
	return ok && c.prog().OnlySend(s) != nil
}

// quits reports whether a channel is named as one that is closed when all ends.
func quits(ch ast.Expr) bool {
	name := ""
	switch x := ast.Unparen(ch).(type) {
	case *ast.Ident:
		name = x.Name
	case *ast.SelectorExpr:
		name = x.Sel.Name
	case *ast.CallExpr:
		name = calledName(x)
	}
	return lexicon.Is(lexicon.Quits, name)
}

// calls visits the calls of methods of v, by whatever name, in this package.
func (c *checker) calls(v *types.Var, visit func(*effects.Func, *effects.Op)) {
	if v == nil {
		return
	}
	for _, f := range c.res.Effects.Funcs() {
		for _, op := range f.Ops {
			if op.Callee() != nil && c.prog().MustAlias(operand(op.Node)) == v {
				visit(f, op)
			}
		}
	}
}

// receivers returns the functions that receive from the channel, by whatever name.
func (c *checker) receivers(v *types.Var) []far {
	if v == nil {
		return nil
	}
	if c.receipts == nil { // one walk answers for all channels of the package
		c.receipts = make(map[*types.Var][]far)
		for _, f := range c.res.Effects.Funcs() {
			c.collectReceives(f)
		}
	}
	return slices.Clone(c.receipts[v])
}

func (c *checker) collectReceives(f *effects.Func) {
	for _, op := range f.Ops {
		for x, at := range receives(op.Node) {
			v := c.prog().MustAlias(x)
			loop := op.Loop
			if _, ok := op.Node.(*ast.RangeStmt); v == nil || ok && loop == nil {
				continue
			}
			c.receipts[v] = append(c.receipts[v], far{f: f, from: c.offered(f, x, loop), limit: op.Node.Pos(), at: at, loop: loop})
		}
	}
}

// receives gives the channels that a node receives from, with where it does.
func receives(n ast.Node) iter.Seq2[ast.Expr, ast.Node] {
	return func(yield func(ast.Expr, ast.Node) bool) {
		switch n := n.(type) {
		case *ast.UnaryExpr:
			if n.Op == token.ARROW {
				yield(n.X, n)
			}
		case *ast.RangeStmt:
			yield(n.X, n)
		case *ast.SelectStmt:
			for _, cl := range n.Body.List {
				if u := program.Receive(cl.(*ast.CommClause).Comm); u != nil && !yield(u.X, u) {
					return
				}
			}
		}
	}
}

// senders returns the functions that send to the channel or close it, by whatever name.
func (c *checker) senders(v *types.Var) []far {
	if v == nil {
		return nil
	}
	if c.sends == nil { // one walk answers for all channels of the package
		c.sends = make(map[*types.Var][]far)
		for _, f := range c.res.Effects.Funcs() {
			if f.Body() != nil {
				c.collectSends(f)
			}
		}
	}
	return c.sends[v]
}

func (c *checker) collectSends(f *effects.Func) {
	add := func(x ast.Expr, s far) {
		if v := c.prog().MustAlias(x); v != nil {
			c.sends[v] = append(c.sends[v], s)
		}
	}
	ast.Inspect(f.Body(), func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.DeferStmt:
			if c.isClose(n.Call) {
				add(n.Call.Args[0], far{f: f, last: n.Call.Pos(), closes: true})
			}
			return false
		case *ast.SendStmt:
			add(n.Chan, far{f: f, limit: n.Chan.Pos(), at: n})
		case *ast.CallExpr:
			if c.isClose(n) {
				add(n.Args[0], far{f: f, limit: n.Args[0].Pos(), closes: true})
			}
		}
		return true
	})
}

func (c *checker) isClose(n *ast.CallExpr) bool {
	return c.prog().Builtin(n) == "close" && len(n.Args) == 1
}
