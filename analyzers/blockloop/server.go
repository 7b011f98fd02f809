package blockloop

import (
	"go/ast"
	"go/types"
	"time"

	"github.com/concurlint/concurlint/analyzers/contracts"
	"github.com/concurlint/concurlint/analyzers/effects"
	"github.com/concurlint/concurlint/analyzers/report"
	"github.com/concurlint/concurlint/analyzers/settings"
)

// handover reports a function of another package that is handed to a loop and
// blocks there.
func (c *checker) handover(h *contracts.Handover) {
	var worst *effects.Effect
	level := settings.Note
	for i := range h.Effects {
		e := &h.Effects[i]
		s, ok := judge(e, h.Loop)
		if ok && e.Certainty >= effects.Usually && (worst == nil || s > level) {
			worst, level = e, s
		}
	}
	if worst == nil {
		return
	}
	c.reporter.Report(report.Finding{
		Pos:      h.Expr.Pos(),
		End:      h.Expr.End(),
		Severity: level,
		Kind:     worst.Name(),
		Message:  h.Name + " " + report.Verb(worst) + " on " + h.Who + ", " + wayOut(h.Loop),
		Chain:    report.Chain(h.Expr.Pos(), worst.Chain),
		Related:  []report.Step{{Pos: h.Expr.Pos(), Message: "runs on " + h.Who + ": " + h.Loop.Text}},
	})
}

// server checks a loop that does for many what they ask for.
func (c *checker) server(s *contracts.Server) {
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
	if send, ok := w.Op.Node.(*ast.SendStmt); ok {
		if w.Other && s.Stream && w.Op.InSelect == nil {
			c.slowOne(s, w, send)
		}
		return
	}
	for i := range w.Op.Effects {
		e := &w.Op.Effects[i]
		level, ok := inline(s, e)
		if !ok {
			continue
		}
		c.reporter.Report(report.Finding{
			Pos:      w.Op.Node.Pos(),
			End:      w.Op.Node.End(),
			Severity: level,
			Kind:     e.Name(),
			Message:  report.Subject(e) + " " + report.Verb(e) + " for one message while " + s.Who() + " receives no other, hand it to a goroutine",
			Chain:    report.Chain(w.Op.Node.Pos(), e.Chain),
			Related:  []report.Step{{Pos: s.Loop.Node.Pos(), Message: "the loop receives from " + s.Source}},
		})
		return
	}
}

// inline returns the severity of a wait for one of several kinds of messages. Of a
// connection all kinds come the same way; of a channel the loop may be there for
// just this work.
func inline(s *contracts.Server, e *effects.Effect) (settings.Severity, bool) {
	if e.Certainty < effects.Missed || e.Is(effects.Hint) {
		return 0, false
	}
	switch e.Kind {
	case effects.Net:
		if e.Is(effects.Stream) {
			return 0, false // the answer, or the next part of the message
		}
	case effects.Proc:
	case effects.Sleep:
		if e.Bound == effects.Const && e.Duration < patience {
			return 0, false
		}
	default:
		return 0, false
	}
	if !s.Quick {
		return 0, false // a worker
	}
	if s.Stream && e.Kind != effects.Sleep && e.Label != "db" && e.Certainty >= effects.Usually && e.Bound == effects.Unbounded {
		return settings.Warning, true
	}
	return settings.Note, true
}

// slowOne notes a send to one of many who are found by what a message says.
func (c *checker) slowOne(s *contracts.Server, w *contracts.Serve, send *ast.SendStmt) {
	c.reporter.Report(report.Finding{
		Pos:      send.Pos(),
		End:      send.End(),
		Severity: settings.Note,
		Kind:     "chan",
		Message:  "while one receiver of " + types.ExprString(send.Chan) + " is slow, " + s.Who() + " receives for none of the others",
		Chain:    report.Chain(send.Pos(), chanEffect(w.Op).Chain),
		Related:  []report.Step{{Pos: s.Loop.Node.Pos(), Message: "the loop receives from " + s.Source}},
	})
}

// calls notes a function out of sight that the loop calls in place.
func (c *checker) calls(s *contracts.Server, call *contracts.Call) {
	if !call.Element && s.Count < 2 {
		return
	}
	n := call.Op.Node.(*ast.CallExpr)
	c.reporter.Report(report.Finding{
		Pos:      n.Pos(),
		End:      n.End(),
		Severity: settings.Note,
		Kind:     "dynamic",
		Message:  types.ExprString(n.Fun) + ", set elsewhere, runs on " + s.Who() + ", which serves nobody else while it blocks",
		Related:  []report.Step{{Pos: s.Loop.Node.Pos(), Message: s.Why()}},
	})
}
