package blockloop

import (
	"go/ast"
	"go/types"
	"time"

	"github.com/concurlint/concurlint/analyzers/contracts"
	"github.com/concurlint/concurlint/analyzers/effects"
	"github.com/concurlint/concurlint/analyzers/evidence"
	"github.com/concurlint/concurlint/analyzers/report"
)

// handover reports a function of another package that is handed to a loop and
// blocks there.
func (c *checker) handover(h *contracts.Handover) {
	e, v := worst(h.Effects, func(e *effects.Effect) (verdict, bool) {
		v, ok := c.judge(e, h.Loop, h.Loop.Answers)
		return v, ok && e.Certainty >= effects.Usually
	})
	if e == nil {
		return
	}
	offload := wayOut(h.Loop)
	if c.waitsForItself(e, h.Loop.Answers) {
		offload = forItself
	}
	c.reporter.Report(report.Finding{
		Pos:     h.Expr.Pos(),
		End:     h.Expr.End(),
		Most:    v.most,
		Signals: v.signals,
		Kind:    e.Name(),
		Message: h.Name + " " + report.Verb(e) + " on " + h.Who + ", " + offload,
		Chain:   report.Chain(h.Expr.Pos(), e.Chain),
		Related: []report.Step{{Pos: h.Expr.Pos(), Message: "runs on " + h.Who + ": " + h.Loop.Text}},
	})
}

// server checks a loop that does for many what they ask for.
func (c *checker) server(s *contracts.Server) {
	c.ownAnswers(s)
	if s.Each {
		return
	}
	for _, w := range s.Waits {
		c.serves(s, w)
	}
	for _, call := range s.Calls {
		if call.Unknown {
			c.calls(s, call)
			return // one tells of the others
		}
	}
}

// patience is how long a loop may sleep for one kind of message: below it, people do
// not notice that they wait (chosen, not fitted).
const patience = 100 * time.Millisecond

// serves reports a wait of the loop for one kind of message.
func (c *checker) serves(s *contracts.Server, w *contracts.Serve) {
	if w.Each != "" {
		c.inTurn(s, w)
		return
	}
	if send, ok := w.Op.Node.(*ast.SendStmt); ok {
		if w.Other && w.Op.InSelect == nil {
			c.slowOne(s, w, send)
		}
		return
	}
	e, v := worst(w.Op.Effects, func(e *effects.Effect) (verdict, bool) {
		signals, ok := inline(s, e)
		return verdict{most: evidence.Warning, kind: e.Kind, signals: signals}, ok
	})
	if e == nil {
		return
	}
	c.reporter.Report(report.Finding{
		Pos:     w.Op.Node.Pos(),
		End:     w.Op.Node.End(),
		Most:    v.most,
		Signals: v.signals,
		Kind:    e.Name(),
		Message: report.Subject(e) + " " + report.Verb(e) + " for one message while " + s.Who() + " receives no other, hand it to a goroutine",
		Chain:   report.Chain(w.Op.Node.Pos(), e.Chain),
		Related: []report.Step{{Pos: s.Loop.Node.Pos(), Message: "the loop receives from " + s.Source}},
	})
}

// inline collects what is to be observed about a wait for one of several kinds of
// messages, if that is a candidate. Of a connection all kinds come the same way; of
// a channel the loop may be there for just this work.
func inline(s *contracts.Server, e *effects.Effect) ([]string, bool) {
	if e.Certainty < effects.Missed || e.Kind != effects.Net && e.Kind != effects.Proc && e.Kind != effects.Sleep {
		return nil, false
	}
	hits := []string{"blockloop.inline"}
	for _, o := range []struct {
		signal string
		hits   bool
	}{
		{"blockloop.inline-guess", e.Is(effects.Hint)},
		{"blockloop.inline-answer", e.Kind == effects.Net && e.Is(effects.Stream)},
		{"blockloop.inline-sleep", sleeps(e, patience-1)},
		{"blockloop.inline-worker", !s.Quick},
		{"blockloop.inline-object", s.Object},
		{"blockloop.inline-stream", s.Stream && e.Kind != effects.Sleep && e.Label != "db" && e.Certainty >= effects.Usually && e.Bound == effects.Unbounded},
	} {
		if o.hits {
			hits = append(hits, o.signal)
		}
	}
	return hits, true
}

// slowOne notes a send to one of many, found by what a message says or each in turn.
func (c *checker) slowOne(s *contracts.Server, w *contracts.Serve, send *ast.SendStmt) {
	c.reporter.Report(report.Finding{
		Pos:     send.Pos(),
		End:     send.End(),
		Most:    evidence.Warning,
		Signals: []string{"blockloop.slow-one"},
		Kind:    "chan",
		Message: "while one receiver of " + types.ExprString(send.Chan) + " is slow, " + s.Who() + " receives for none of the others",
		Chain:   report.Chain(send.Pos(), chanEffect(w.Op).Chain),
		Related: []report.Step{{Pos: s.Loop.Node.Pos(), Message: "the loop receives from " + s.Source}},
	})
}

// inTurn notes a message that goes to one connection after the other.
func (c *checker) inTurn(s *contracts.Server, w *contracts.Serve) {
	e := w.Op.Effect(effects.Net)
	c.reporter.Report(report.Finding{
		Pos:     w.Op.Node.Pos(),
		End:     w.Op.Node.End(),
		Most:    evidence.Warning,
		Signals: []string{"blockloop.in-turn"},
		Kind:    e.Name(),
		Message: report.Subject(e) + " uses the network for one of " + w.Each + " after the other, and " + s.Who() + " serves none while one is stuck, give each a queue or a deadline",
		Chain:   report.Chain(w.Op.Node.Pos(), e.Chain),
		Related: []report.Step{{Pos: s.Loop.Node.Pos(), Message: "the loop receives from " + s.Source}},
	})
}

// calls notes a function out of sight that the loop calls in place.
func (c *checker) calls(s *contracts.Server, call *contracts.Call) {
	if !call.Element && s.Count < 2 {
		return
	}
	n := call.Op.Node.(*ast.CallExpr)
	c.reporter.Report(report.Finding{
		Pos:     n.Pos(),
		End:     n.End(),
		Most:    evidence.Warning,
		Signals: []string{"blockloop.unknown-code"},
		Kind:    "dynamic",
		Message: types.ExprString(n.Fun) + ", set elsewhere, runs on " + s.Who() + ", which serves nobody else while it blocks",
		Related: []report.Step{{Pos: s.Loop.Node.Pos(), Message: s.Why()}},
	})
}
