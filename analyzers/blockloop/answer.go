package blockloop

import (
	"go/ast"
	"go/token"
	"go/types"
	"path/filepath"
	"slices"
	"strconv"

	"github.com/concurlint/concurlint/analyzers/contracts"
	"github.com/concurlint/concurlint/analyzers/effects"
	"github.com/concurlint/concurlint/analyzers/evidence"
	"github.com/concurlint/concurlint/analyzers/program"
	"github.com/concurlint/concurlint/analyzers/report"
)

// This file finds what a loop runs that waits for an answer which the loop alone gives, as a
// handler does that makes a request by the connection whose reader has called it.

// forItself says what comes of it.
const forItself = "which alone gives the answer: deadlock, hand it to a goroutine"

// answersFor returns the places where others wait for what the loop alone gives, as they concern
// an op: none where that is of another value than those that were given the handler, if both
// are of one type.
//
//	up.Hear(func() { down.Ask() })
func (c *checker) answersFor(op *effects.Op) []string {
	x := calledOn(op)
	if x == nil || len(c.ctx.From) == 0 {
		return c.ctx.Answers
	}
	t := c.pass.TypesInfo.TypeOf(x)
	if t == nil || slices.ContainsFunc(c.ctx.From, func(from ast.Expr) bool {
		return !types.Identical(c.pass.TypesInfo.TypeOf(from), t) || c.prog().MayAlias(from).Meet(c.prog().MayAlias(x))
	}) {
		return c.ctx.Answers
	}
	return nil
}

func (c *checker) prog() *program.Program { return c.res.Effects.Program() }

// waitsForItself reports whether an effect is a wait at one of these places.
func (c *checker) waitsForItself(e *effects.Effect, answers []string) bool {
	if len(answers) == 0 || e.Kind != effects.Chan || len(e.Chain) == 0 {
		return false
	}
	last := e.Chain[len(e.Chain)-1]
	if last.Pos.IsValid() {
		at := c.pass.Fset.PositionFor(last.Pos, false)
		last.Where = filepath.Base(at.Filename) + ":" + strconv.Itoa(at.Line)
	}
	return slices.Contains(answers, last.Where)
}

// awaits returns the wait of an op at one of these places, or nil. Behind an interface that has
// the answer itself there may be another object, with a loop of its own.
func (c *checker) awaits(op *effects.Op, answers []string) *effects.Effect {
	if op.Spawned != nil || op.Deferred {
		return nil
	}
	i := slices.IndexFunc(op.Effects, func(e effects.Effect) bool {
		return e.Certainty >= effects.Missed && c.waitsForItself(&e, answers) && !(behindInterface(op) && len(e.Chain) <= 2)
	})
	if i < 0 {
		return nil
	}
	return &op.Effects[i]
}

// forAnswer are the signals of a wait for the loop's own answer.
func forAnswer(e *effects.Effect) []string {
	signals := []string{"blockloop.itself"}
	if e.Certainty < effects.Usually {
		signals = append(signals, "blockloop.sometimes")
	}
	if e.Bound != effects.Unbounded {
		signals = append(signals, "blockloop.channel-deadline")
	}
	return signals
}

// behindInterface reports whether an op calls a method of an interface.
func behindInterface(op *effects.Op) bool {
	fn := op.Callee()
	return fn != nil && fn.Signature().Recv() != nil && types.IsInterface(fn.Signature().Recv().Type())
}

// ofOwner reports whether an op is a method of the value that the loop is of.
func (c *checker) ofOwner(f *effects.Func, op *effects.Op) bool {
	x := calledOn(op)
	return x == nil || c.isReceiver(f, x)
}

// calledOn returns the value of which an op calls a method, or nil.
func calledOn(op *effects.Op) ast.Expr {
	call, ok := op.Node.(*ast.CallExpr)
	if !ok {
		return nil
	}
	if sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr); ok {
		return sel.X
	}
	return nil
}

// ownAnswers reports what the loop calls itself that waits for its answers.
func (c *checker) ownAnswers(s *contracts.Server) {
	for _, op := range s.Func.Ops[s.Loop.Ops:s.Loop.OpsEnd] {
		e := c.awaits(op, s.Answers)
		if e == nil || s.Each && !c.ofOwner(s.Func, op) {
			continue // another object has a loop of its own
		}
		c.reporter.Report(report.Finding{
			Pos:     op.Node.Pos(),
			End:     op.Node.End(),
			Most:    evidence.Warning,
			Signals: forAnswer(e),
			Kind:    e.Name(),
			Message: report.Subject(e) + " " + report.Verb(e) + " on " + s.Who() + ", " + forItself,
			Chain:   report.Chain(op.Node.Pos(), e.Chain),
			Related: []report.Step{{Pos: s.Loop.Node.Pos(), Message: "the loop receives from " + s.Source}},
		})
	}
}

// A reader is a loop that receives what another loop sends, and an op of it that waits for an
// answer of that one.
type reader struct {
	op     *effects.Op
	e      *effects.Effect
	serves bool // it receives from other channels as well
}

// readerWaits returns the loop that receives what an op on the loop sends and waits for an
// answer of the loop, which sends on only when that has received; nil if none does.
//
//	func (w *wallet) onBlock(b block) { w.blocks <- b } // on the loop of the client
//	func (w *wallet) follow() { for b := range w.blocks { w.client.Fetch(b) } }
func (c *checker) readerWaits(op *effects.Op, answers []string) *reader {
	if len(answers) == 0 || op.Ready {
		return nil
	}
	var ch ast.Expr
	switch n := op.Node.(type) {
	case *ast.SendStmt:
		ch = n.Chan
	case *ast.SelectStmt:
		ch = c.prog().OnlySend(n)
	}
	if ch == nil {
		return nil
	}
	for _, f := range c.res.Effects.Funcs() {
		for _, l := range f.Loops {
			ops := f.Ops[l.Ops:l.OpsEnd]
			sources := c.takesFrom(l, ops, ch)
			if sources == 0 {
				continue
			}
			for _, o := range ops {
				if e := c.awaits(o, answers); e != nil && c.takesAt(o, ch) == 0 { // where it takes what is sent
					return &reader{o, e, sources > 1}
				}
			}
		}
	}
	return nil
}

// sendsToWaiting reports that a loop sends to one that waits for it: where the other has more
// to serve, it is that one which must not wait.
func (c *checker) sendsToWaiting(op *effects.Op, r *reader) {
	f := report.Finding{
		Pos:     op.Node.Pos(),
		End:     op.Node.End(),
		Most:    evidence.Warning,
		Signals: []string{"blockloop.itself"},
		Kind:    effects.Chan.String(),
		Message: c.ctx.Who + " waits to send to a reader that waits for an answer of the loop: deadlock, put a queue without an end between them",
		Related: append(c.reason(), report.Step{Pos: r.op.Node.Pos(), Message: "the reader waits here"}),
	}
	if s, ok := op.Node.(*ast.SendStmt); ok && c.buffered(s.Chan) {
		f.Signals = append(f.Signals, "blockloop.own-buffer")
	}
	if r.serves {
		f.Pos, f.End, f.Chain = r.op.Node.Pos(), r.op.Node.End(), report.Chain(r.op.Node.Pos(), r.e.Chain)
		f.Message = report.Subject(r.e) + " waits for an answer of " + c.ctx.Who + ", which waits to send to this loop: deadlock, hand it to a goroutine"
		f.Related = append(c.reason(), report.Step{Pos: op.Node.Pos(), Message: "it sends here"})
	}
	c.reporter.Report(f)
}

// takesFrom counts the channels from which a loop receives, if one of them is ch.
func (c *checker) takesFrom(l *effects.Loop, ops []*effects.Op, ch ast.Expr) int {
	if r, ok := l.Node.(*ast.RangeStmt); ok && c.sameChannel(r.X, ch) {
		return 1
	}
	for _, op := range ops {
		if n := c.takesAt(op, ch); n > 0 {
			return n
		}
	}
	return 0
}

// takesAt is takesFrom for one op.
func (c *checker) takesAt(op *effects.Op, ch ast.Expr) (sources int) {
	switch n := op.Node.(type) {
	case *ast.UnaryExpr:
		if n.Op == token.ARROW && c.sameChannel(n.X, ch) {
			return 1
		}
	case *ast.SelectStmt:
		takes := false
		for _, cl := range n.Body.List {
			if from := program.ReceivedFrom(cl.(*ast.CommClause).Comm); from != nil {
				sources, takes = sources+1, takes || c.sameChannel(from, ch)
			}
		}
		if takes {
			return sources
		}
	}
	return 0
}

// sameChannel reports whether a channel that is received from is one that is sent to: by one
// variable, or since who has made it has put it into a collection and given it to who receives.
func (c *checker) sameChannel(from, to ast.Expr) bool {
	prog := c.prog()
	if v := prog.MustAlias(from); v != nil && v == prog.MustAlias(to) {
		return true
	}
	made := make(map[*types.Var]bool)
	for _, h := range prog.Holders(to) {
		if h.From == nil || !h.Element {
			continue
		}
		for _, x := range prog.Stored(h.From) {
			made[c.res.Effects.Variable(x)] = true
		}
	}
	delete(made, nil)
	values, _ := c.res.Effects.Values(c.res.Effects.Variable(from))
	return slices.ContainsFunc(values, func(x ast.Expr) bool {
		call, ok := ast.Unparen(x).(*ast.CallExpr)
		if !ok {
			return false
		}
		d := prog.Declaration(prog.Callee(call))
		return d != nil && d.Body != nil && slices.ContainsFunc(program.Returns(d.Body), func(r *ast.ReturnStmt) bool {
			return len(r.Results) > 0 && made[c.res.Effects.Variable(r.Results[0])]
		})
	})
}
