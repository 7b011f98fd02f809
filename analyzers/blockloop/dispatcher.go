package blockloop

import (
	"go/ast"
	"go/token"
	"go/types"
	"strconv"

	"github.com/concurlint/concurlint/analyzers/contracts"
	"github.com/concurlint/concurlint/analyzers/effects"
	"github.com/concurlint/concurlint/analyzers/evidence"
	"github.com/concurlint/concurlint/analyzers/report"
)

func position(f *effects.Func) token.Pos {
	if f.Decl != nil {
		return f.Decl.Name.Pos()
	}
	return f.Lit.Pos()
}

// dispatcher checks a goroutine that serves several channels in one select.
func (c *checker) dispatcher(d *contracts.Dispatcher) {
	if !c.reporter.Wanted(d.Select.Pos()) {
		return
	}
	for i, op := range d.Func.Ops { // behind the loop, too
		if i < d.Loop.Ops && op.Deferred || i >= d.Loop.OpsEnd {
			c.membersWait(d, op)
		}
	}
	serves := len(d.Sources) > 0 || d.Jobs > 1
	again := c.res.Effects.Program().Flow(d.Func.Body()).Again(d.Loop.Node)
	for _, op := range d.Ops() {
		if op.Spawned != nil || op.Certainty < effects.Missed {
			continue
		}
		switch n := op.Node.(type) {
		case *ast.SendStmt:
			if serves && !c.selfSend(d, op, n.Chan) && again(n) {
				c.stuckSend(d, op, n)
			}
			continue
		case *ast.SelectStmt:
			if to := c.res.Effects.Program().OnlySend(n); to != nil && c.selfSend(d, op, to) {
				continue
			}
		}
		if c.selfCall(d, op) || c.selfWait(d, op) || c.membersWait(d, op) || !serves || op.Deferred || d.One(op.Callee()) || !again(op.Node) {
			continue
		}
		if len(d.Sources) < 2 {
			c.onTick(d, op)
		} else {
			c.starves(d, op)
		}
	}
}

// stuckSend reports a plain send in one case of a loop that has other channels
// to serve. It is a warning when one of those brings the errors on which the
// loop tears things down: the receiver may be waiting for just that.
func (c *checker) stuckSend(d *contracts.Dispatcher, op *effects.Op, s *ast.SendStmt) {
	own := d.Case(s.Pos())
	if len(d.Sources) < 2 || own == nil || own.Replies(s.Chan) {
		return
	}
	capacity, known := c.res.Effects.Capacity(s.Chan)
	if known && capacity != 0 {
		return
	}
	// A loop that only forwards is right to wait: it has nothing else to do.
	starved := ""
	signals := []string{"blockloop.starves"}
	for _, other := range d.Cases {
		if other == own || other.Source == nil || d.Forwards(other) {
			continue
		}
		tears := known && other.Errors && c.tearsDown(d, other)
		if starved == "" || tears {
			starved = types.ExprString(other.Source)
		}
		if tears {
			signals = append(signals, "blockloop.tears-down")
			break
		}
	}
	if starved == "" {
		return
	}
	c.reporter.Report(report.Finding{
		Pos:     s.Pos(),
		End:     s.End(),
		Most:    evidence.Warning,
		Signals: signals,
		Kind:    "chan",
		Message: "the loop can block sending to " + types.ExprString(s.Chan) + " and then never serves " + starved + ", send in a select",
		Chain:   report.Chain(s.Pos(), chanEffect(op).Chain),
		Related: []report.Step{{Pos: d.Select.Pos(), Message: "the loop's select"}},
	})
}

// tearsDown reports whether a case does more than log and count: it waits, locks,
// closes or starts something.
func (c *checker) tearsDown(d *contracts.Dispatcher, k *contracts.Case) bool {
	for _, op := range d.Ops() {
		if !k.Holds(op.Node.Pos()) || op.Callee() == nil {
			continue
		}
		for i := range op.Effects {
			if e := &op.Effects[i]; e.Kind != effects.CPU && e.Kind != effects.Dynamic && !e.Is(effects.Hint) && e.Certainty >= effects.Missed {
				return true
			}
		}
	}
	return false
}

func chanEffect(op *effects.Op) *effects.Effect {
	if e := op.Effect(effects.Chan); e != nil {
		return e
	}
	return &effects.Effect{}
}

// starves notes other waits in one case of a select with several sources.
func (c *checker) starves(d *contracts.Dispatcher, op *effects.Op) {
	if op.Node.Pos() <= d.Select.Body.Pos() {
		return
	}
	w, ok := c.wait(d, op)
	if !ok {
		return
	}
	signals := append([]string{"blockloop.starves"}, w.signals...)
	if w.effect.Is(effects.Stream) {
		signals = append(signals, "blockloop.case-connection")
	}
	if len(w.effect.Chain) > near {
		signals = append(signals, "blockloop.case-far")
	}
	c.reporter.Report(report.Finding{
		Pos:     op.Node.Pos(),
		End:     op.Node.End(),
		Most:    evidence.Warning,
		Signals: append(signals, c.suffering(d, c.suffer(d, d.Case(op.Node.Pos()), op))...),
		Kind:    w.effect.Name(),
		Message: w.text + " while the loop serves none of its " + strconv.Itoa(len(d.Sources)) + " channels",
		Chain:   report.Chain(op.Node.Pos(), w.effect.Chain),
		Related: []report.Step{{Pos: d.Select.Pos(), Message: "the loop's select"}},
	})
}

// A wait is what holds up a loop in one of its cases.
type wait struct {
	effect  *effects.Effect
	text    string // who waits for what
	signals []string
}

// wait returns what op waits for outside the program, for as long as it may take.
func (c *checker) wait(d *contracts.Dispatcher, op *effects.Op) (wait, bool) {
	for i := range op.Effects {
		e := &op.Effects[i]
		if e.Certainty < effects.Usually || e.Is(effects.Hint) || e.Bound != effects.Unbounded || e.Kind != effects.Net && e.Kind != effects.Proc && e.Kind != effects.Sleep {
			continue
		}
		return wait{e, report.Subject(e) + " " + report.Verb(e), nil}, true
	}
	return c.triesAgain(d.Func, op)
}
