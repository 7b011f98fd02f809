package blockloop

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"time"

	"github.com/concurlint/concurlint/analyzers/contracts"
	"github.com/concurlint/concurlint/analyzers/effects"
	"github.com/concurlint/concurlint/analyzers/program"
)

// due is how often a job may be due that a request of ordinary length delays: not fitted.
// In a server of 150,000 lines 1 s and 60 s find the same.
const due = 10 * time.Second

// suffer returns who suffers while op waits in the case given: the other cases of the loop
// that do something, except those that do the same.
func (c *checker) suffer(d *contracts.Dispatcher, own *contracts.Case, op *effects.Op) (list []*contracts.Case) {
	for _, k := range d.Cases {
		if k != own && (k.Source != nil || k.Job) && c.works(k) && !c.does(d, k, op.Callee()) {
			list = append(list, k)
		}
	}
	return list
}

// suffering are the signals that tell how much those cases suffer.
func (c *checker) suffering(d *contracts.Dispatcher, cases []*contracts.Case) (signals []string) {
	if len(cases) == 0 {
		return []string{"blockloop.none-suffers"}
	}
	if slices.ContainsFunc(cases, func(k *contracts.Case) bool { return k.Source != nil && c.queues(d, k.Source) }) {
		signals = append(signals, "blockloop.sender-waits")
	}
	if !slices.ContainsFunc(cases, func(k *contracts.Case) bool { return !c.asks(d, k) }) {
		signals = append(signals, "blockloop.all-wait")
	}
	return signals
}

// works reports whether a case does more than to tell people of something.
func (c *checker) works(k *contracts.Case) bool {
	found := false
	for _, s := range k.Clause.Body {
		ast.Inspect(s, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.AssignStmt, *ast.IncDecStmt, *ast.SendStmt, *ast.GoStmt, *ast.SelectStmt:
				found = true
			case *ast.UnaryExpr:
				found = found || n.Op == token.ARROW
			case *ast.CallExpr:
				found = found || !c.tells(n)
			}
			return !found
		})
	}
	return found
}

// tells reports whether a call writes to a log or the like, or is no call at all.
func (c *checker) tells(call *ast.CallExpr) bool {
	if c.pass.TypesInfo.Types[call.Fun].IsType() || c.res.Effects.Program().Builtin(call) != "" {
		return true
	}
	fn := c.res.Effects.Program().Callee(call)
	return fn != nil && fn.Pkg() != nil && c.res.Effects.Knowledge().Quiet(effects.SymbolOf(fn))
}

// does reports whether a case calls a function itself.
func (c *checker) does(d *contracts.Dispatcher, k *contracts.Case, fn *types.Func) bool {
	return fn != nil && slices.ContainsFunc(d.Ops(), func(op *effects.Op) bool {
		return k.Holds(op.Node.Pos()) && op.Callee() == fn
	})
}

// queues reports whether somebody else sends to a channel that is seen to have no buffer,
// and has no other way to go.
func (c *checker) queues(d *contracts.Dispatcher, ch ast.Expr) bool {
	v := c.res.Effects.Variable(ch)
	if n, known := c.res.Effects.Capacity(ch); v == nil || !known || n != 0 {
		return false
	}
	return slices.ContainsFunc(c.sends()[v], func(s sending) bool {
		return !s.selected && (s.Pos() < d.Loop.Node.Pos() || d.Loop.Node.End() <= s.Pos())
	})
}

// A sending is a send statement of the package.
type sending struct {
	*ast.SendStmt
	by       *effects.Func
	selected bool // in a select, where it has another way to go
}

// sends returns the sends of the package by the channel. They are found once.
func (c *checker) sends() map[*types.Var][]sending {
	if c.senders != nil {
		return c.senders
	}
	c.senders = make(map[*types.Var][]sending)
	add := func(f *effects.Func, s ast.Stmt, selected bool) {
		if s, ok := s.(*ast.SendStmt); ok {
			to := c.res.Effects.Variable(s.Chan)
			c.senders[to] = append(c.senders[to], sending{s, f, selected})
		}
	}
	for _, f := range c.res.Effects.Funcs() {
		for _, op := range f.Ops {
			switch n := op.Node.(type) {
			case *ast.SendStmt:
				add(f, n, false)
			case *ast.SelectStmt:
				for _, cl := range n.Body.List {
					add(f, cl.(*ast.CommClause).Comm, true)
				}
			}
		}
	}
	return c.senders
}

// soon reports whether the ticker of a case is seen to tick every few seconds.
func (c *checker) soon(k *contracts.Case) bool {
	return slices.ContainsFunc(c.tickers(program.ReceivedFrom(k.Clause.Comm)), func(t *types.Var) bool {
		values, _ := c.res.Effects.Values(t)
		return slices.ContainsFunc(values, func(value ast.Expr) bool {
			call, ok := ast.Unparen(value).(*ast.CallExpr)
			if !ok || len(call.Args) != 1 {
				return false
			}
			fn := c.res.Effects.Program().Callee(call)
			if fn == nil || fn.FullName() != "time.NewTicker" && fn.FullName() != "time.Tick" {
				return false
			}
			every, known := c.res.Effects.Duration(call.Args[0])
			return known && every <= due
		})
	})
}

// tickers are the variables of which a channel may be the field, or that themselves hold it.
func (c *checker) tickers(ch ast.Expr) (list []*types.Var) {
	add := func(e ast.Expr) {
		if sel, ok := ast.Unparen(e).(*ast.SelectorExpr); ok {
			e = sel.X
		}
		if v := c.res.Effects.Variable(e); v != nil {
			list = append(list, v)
		}
	}
	add(ch)
	if v := c.res.Effects.Variable(ch); v != nil {
		values, _ := c.res.Effects.Values(v)
		for _, value := range values {
			add(value)
		}
	}
	return list
}
