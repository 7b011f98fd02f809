package blockloop

import (
	"go/ast"
	"go/token"
	"go/types"

	"github.com/concurlint/concurlint/analyzers/contracts"
	"github.com/concurlint/concurlint/analyzers/effects"
	"github.com/concurlint/concurlint/analyzers/evidence"
	"github.com/concurlint/concurlint/analyzers/placement"
	"github.com/concurlint/concurlint/analyzers/report"
	"github.com/concurlint/concurlint/analyzers/settings"
)

// roomy is a buffer that a loop is not likely to fill in one turn.
const roomy = 64

// selfSend reports a send to a channel that the loop alone receives from, and
// reports whether it is one. A channel of the same name in another value, as a
// peer's inbox, is another channel.
func (c *checker) selfSend(d *contracts.Dispatcher, op *effects.Op, to ast.Expr) bool {
	source := d.Source(to, c.res.Effects.Variable)
	if source == nil || !c.sameValue(source, to) || !c.onlyReceiver(c.res.Effects.Variable(source), d) {
		return false
	}
	if op.Ready {
		return true // the loop alone sends, and there is room
	}
	most := evidence.Error
	if _, ends := op.Node.(*ast.SelectStmt); ends {
		most = evidence.Warning
	}
	c.ownSend(d, op, ownSend{step: step{repeats: op.Loop != d.Loop}, source: source, ch: to, node: op.Node}, report.Finding{
		Most:    most,
		Message: "the loop sends to " + types.ExprString(to) + ", which it alone receives from, and can block for ever",
		Chain:   report.Chain(op.Node.Pos(), chanEffect(op).Chain),
	})
	return true
}

// ownSend reports that op of the loop sends to the loop, unless that has just made room for
// it, and reports whether it does.
func (c *checker) ownSend(d *contracts.Dispatcher, op *effects.Op, s ownSend, f report.Finding) bool {
	f.Signals = c.fills(s.ch, s.repeats)
	own := d.Case(op.Node.Pos())
	if !s.repeats && c.buffered(s.ch) && (own != nil && own.Source == s.source || c.latched(d, op.Node, s.source)) {
		return false // the turn has just taken one out, or the last one was taken before this is sent
	}
	if s.sometimes {
		f.Signals = append(f.Signals, "blockloop.sometimes")
	}
	if f.Most == evidence.Error {
		f.Signals = append(f.Signals, "blockloop.itself")
	}
	if c.manyRun(d) {
		f.Signals = append(f.Signals, "blockloop.many-run")
	}
	f.Pos, f.End, f.Kind = op.Node.Pos(), op.Node.End(), "chan"
	f.Related = append(f.Related, report.Step{Pos: d.Select.Pos(), Message: "the loop's select"})
	c.reporter.Report(f)
	return true
}

// buffered reports whether a channel is seen to be made with a buffer, of whatever size.
func (c *checker) buffered(ch ast.Expr) bool {
	n, known := c.res.Effects.Capacity(ch)
	return known && n != 0
}

// fills returns what speaks against a send to an own channel going wrong: without a
// buffer it never returns; a small buffer overflows when one turn of the loop sends more than
// once, or when other turns come in between.
func (c *checker) fills(ch ast.Expr, repeats bool) []string {
	n, known := c.res.Effects.Capacity(ch)
	switch {
	case known && n == 0, known && n > 0 && n <= roomy && repeats:
		return nil
	case !known || n < 0:
		return []string{"blockloop.unknown-buffer"}
	case n > roomy:
		return []string{"blockloop.own-buffer", "blockloop.roomy"}
	}
	return []string{"blockloop.own-buffer"}
}

// sameValue reports whether two expressions name the same channel: spelt alike
// and with the same variable at the root.
func (c *checker) sameValue(a, b ast.Expr) bool {
	if types.ExprString(a) != types.ExprString(b) {
		return false
	}
	x, y := c.res.Effects.Program().Root(a), c.res.Effects.Program().Root(b)
	return x != nil && x == y
}

// ownField returns the source of d that method g, or a literal in it, sends to as to, when the
// method is called on recv.
func (c *checker) ownField(d *contracts.Dispatcher, recv ast.Expr, g *effects.Func, to ast.Expr) ast.Expr {
	ch, ok := ast.Unparen(to).(*ast.SelectorExpr)
	if !ok {
		return nil
	}
	root, ok := ast.Unparen(ch.X).(*ast.Ident)
	if v := c.res.Effects.Variable(root); !ok || v == nil || v != g.Outer().Obj.Signature().Recv() {
		return nil
	}
	source, ok := ast.Unparen(d.Source(to, c.res.Effects.Variable)).(*ast.SelectorExpr)
	if !ok || !c.sameValue(source.X, recv) {
		return nil
	}
	return source
}

// manyRun reports whether several goroutines run the loop: another one may
// receive.
func (c *checker) manyRun(d *contracts.Dispatcher) bool {
	for _, s := range c.sites {
		if s.Trip.Class == placement.Const && s.Trip.N <= 1 && s.Op.Loop == nil {
			continue
		}
		for _, f := range c.res.Effects.TaskFuncs(s.Func, s.Op, s.Arg) {
			if f == d.Func {
				return true
			}
		}
	}
	return false
}

// onlyReceiver reports whether nothing else in the package receives from ch: nothing that
// runs elsewhere.
func (c *checker) onlyReceiver(ch *types.Var, d *contracts.Dispatcher) bool {
	if ch == nil || ch.Exported() {
		return false
	}
	is := func(e ast.Expr) bool { return c.res.Effects.Variable(e) == ch }
	for _, file := range settings.Files(c.pass) {
		other, around := false, (*types.Func)(nil)
		receives := func(n ast.Node, from ast.Expr) bool { return is(from) && !c.receivesInLoop(d, around, n) }
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FuncDecl:
				around, _ = c.pass.TypesInfo.Defs[n.Name].(*types.Func)
			case *ast.UnaryExpr:
				other = other || n.Op == token.ARROW && receives(n, n.X)
			case *ast.RangeStmt:
				other = other || receives(n, n.X)
			case *ast.CallExpr: // passed on: someone else may receive
				for i, a := range n.Args {
					other = other || is(a) && !builtin(n) && !c.sendsOnly(n, i)
				}
			case *ast.ReturnStmt:
				for _, a := range n.Results {
					other = other || is(a)
				}
			case *ast.AssignStmt: // likewise under another name
				for _, a := range n.Rhs {
					other = other || is(a)
				}
			case *ast.KeyValueExpr:
				other = other || is(n.Value)
			}
			return n != d.Loop.Node && !other
		})
		if other {
			return false
		}
	}
	return true
}

// sendsOnly reports whether what a call gives as argument i is a channel to which the callee
// can only send.
func (c *checker) sendsOnly(call *ast.CallExpr, i int) bool {
	sig, ok := c.pass.TypesInfo.TypeOf(call.Fun).Underlying().(*types.Signature)
	if !ok || i >= sig.Params().Len() {
		return false
	}
	ch, ok := sig.Params().At(i).Type().Underlying().(*types.Chan)
	return ok && ch.Dir() == types.SendOnly
}

func builtin(c *ast.CallExpr) bool {
	id, ok := ast.Unparen(c.Fun).(*ast.Ident)
	return ok && (id.Name == "len" || id.Name == "cap" || id.Name == "close")
}
