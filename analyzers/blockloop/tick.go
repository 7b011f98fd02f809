package blockloop

import (
	"go/ast"
	"go/types"
	"slices"

	"github.com/concurlint/concurlint/analyzers/contracts"
	"github.com/concurlint/concurlint/analyzers/effects"
	"github.com/concurlint/concurlint/analyzers/evidence"
	"github.com/concurlint/concurlint/analyzers/program"
	"github.com/concurlint/concurlint/analyzers/report"
)

// onTick notes a request, or the making of a connection, in the case of a timer where one
// other case takes what others send, or others have times of their own:
//
//	select {
//	case e := <-m.events:
//		m.state = e
//	case <-often.C:
//		m.expire()
//	case <-seldom.C:
//		m.dial()
//	}
//
// A loop whose tick sends what the other case has gathered is there for that, and slows
// down those who send for good reason.
func (c *checker) onTick(d *contracts.Dispatcher, op *effects.Op) {
	k := d.Case(op.Node.Pos())
	if k == nil || !c.isTick(k) {
		return
	}
	w, ok := c.requests(d, op)
	if !ok {
		return
	}
	late := slices.DeleteFunc(c.suffer(d, k, op), func(other *contracts.Case) bool {
		return !other.Job && c.signals(other) || c.gathers(d, other, op)
	})
	if len(late) == 0 {
		return
	}
	first, signal, meanwhile := late[0], "blockloop.late", "is late for the job of "
	if i := slices.IndexFunc(late, func(k *contracts.Case) bool { return k.Source != nil }); i >= 0 {
		first, signal, meanwhile = late[i], "blockloop.tick", "takes nothing from "
	}
	signals := slices.Concat([]string{signal}, w.signals, c.suffering(d, late))
	if slices.ContainsFunc(late, func(k *contracts.Case) bool { return k.Job && c.soon(k) }) {
		signals = append(signals, "blockloop.soon")
	}
	c.reporter.Report(report.Finding{
		Pos:     op.Node.Pos(),
		End:     op.Node.End(),
		Most:    evidence.Warning,
		Signals: signals,
		Kind:    w.effect.Name(),
		Message: w.text + " on a tick while the loop " + meanwhile + types.ExprString(program.ReceivedFrom(first.Clause.Comm)) + ", hand it to a goroutine",
		Chain:   report.Chain(op.Node.Pos(), w.effect.Chain),
		Related: []report.Step{{Pos: d.Select.Pos(), Message: "the loop's select"}},
	})
}

// requests returns what op asks a peer for without an end in sight.
func (c *checker) requests(d *contracts.Dispatcher, op *effects.Op) (wait, bool) {
	if w, ok := c.triesAgain(d.Func, op); ok {
		return w, true
	}
	e := request(op, effects.Usually)
	if e == nil || e.Is(effects.Hint) || e.Bound != effects.Unbounded || c.endsWith(op) {
		return wait{}, false
	}
	return wait{e, report.Subject(e) + " " + report.Verb(e), nil}, true
}

// request returns what an op asks a peer for, other than over a connection that is open
// or a database, whose driver gives up in time; nil where it does not.
func request(op *effects.Op, least effects.Certainty) *effects.Effect {
	i := slices.IndexFunc(op.Effects, func(e effects.Effect) bool {
		return e.Kind == effects.Net && e.Label == "" && !e.Is(effects.Stream) && e.Certainty >= least
	})
	if i < 0 {
		return nil
	}
	return &op.Effects[i]
}

// endsWith reports whether an op is given a context that somebody may end.
func (c *checker) endsWith(op *effects.Op) bool {
	call, ok := op.Node.(*ast.CallExpr)
	return ok && slices.ContainsFunc(call.Args, func(a ast.Expr) bool {
		t := c.pass.TypesInfo.TypeOf(a)
		_, made := ast.Unparen(a).(*ast.CallExpr) // context.Background()
		return t != nil && effects.IsContext(t) && !made
	})
}

// isTick reports whether a case receives the time.
func (c *checker) isTick(k *contracts.Case) bool {
	t := c.received(k)
	return t != nil && types.TypeString(types.Unalias(t), nil) == "time.Time"
}

// signals reports whether what a case receives says nothing but that it is time.
func (c *checker) signals(k *contracts.Case) bool {
	t := c.received(k)
	return t == nil || program.Empty(t)
}

// received is the type of what a case receives, nil for one that sends.
func (c *checker) received(k *contracts.Case) types.Type {
	ch := program.ReceivedFrom(k.Clause.Comm)
	if ch == nil {
		return nil
	}
	t, ok := c.pass.TypesInfo.TypeOf(ch).Underlying().(*types.Chan)
	if !ok {
		return nil
	}
	return t.Elem()
}

// asks reports whether a case itself asks a peer or a database for something.
func (c *checker) asks(d *contracts.Dispatcher, k *contracts.Case) bool {
	return slices.ContainsFunc(d.Ops(), func(op *effects.Op) bool {
		e := op.Effect(effects.Net)
		return k.Holds(op.Node.Pos()) && op.Spawned == nil && e != nil && (e.Label == "db" || request(op, effects.Missed) != nil)
	})
}

// gathers reports whether a case puts something into a list or map that op uses: here or
// in the functions of the package that the two call.
func (c *checker) gathers(d *contracts.Dispatcher, k *contracts.Case, op *effects.Op) bool {
	filled := make(map[*types.Var]bool)
	for _, n := range c.code(d, func(op *effects.Op) bool { return k.Holds(op.Node.Pos()) }, k.Clause) {
		ast.Inspect(n, func(n ast.Node) bool {
			if a, ok := n.(*ast.AssignStmt); ok {
				for _, l := range a.Lhs {
					if v := c.collection(l); v != nil {
						filled[v] = true
					}
				}
			}
			return true
		})
	}
	found := false
	for _, n := range c.code(d, func(o *effects.Op) bool { return o == op }, op.Node) {
		ast.Inspect(n, func(n ast.Node) bool {
			e, ok := n.(ast.Expr)
			found = found || ok && len(filled) > 0 && filled[c.res.Effects.Variable(e)]
			return !found
		})
	}
	return found
}

// code returns a node of the loop with the bodies of the functions of the package that
// those of its ops call which are meant.
func (c *checker) code(d *contracts.Dispatcher, meant func(*effects.Op) bool, n ast.Node) []ast.Node {
	list := []ast.Node{n}
	for _, op := range d.Ops() {
		if g := c.res.Effects.Func(op.Callee()); g != nil && g.Body() != nil && meant(op) {
			list = append(list, g.Body())
		}
	}
	return list
}

// collection is the variable or field with a list or map that e names, or names an
// element of; nil for others.
func (c *checker) collection(e ast.Expr) *types.Var {
	if x, ok := ast.Unparen(e).(*ast.IndexExpr); ok {
		e = x.X
	}
	v := c.res.Effects.Variable(e)
	if v == nil {
		return nil
	}
	switch v.Type().Underlying().(type) {
	case *types.Slice, *types.Map:
		return v
	}
	return nil
}
