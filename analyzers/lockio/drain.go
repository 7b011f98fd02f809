package lockio

import (
	"go/ast"
	"go/token"
	"go/types"

	"github.com/concurlint/concurlint/analyzers/effects"
	"github.com/concurlint/concurlint/analyzers/program"
	"github.com/concurlint/concurlint/analyzers/report"
)

// This file looks at what the one reader of a channel does with each thing that it
// takes. Who sends waits for that, through however large a buffer: once it is full, the
// reader makes room no faster than it works.

// drained says in v what the reader of the channel waits for, if it does so outside the
// program and is the only one.
func (c *checker) drained(v *verdict, h held) {
	if h.e.Is(effects.Receive) {
		return
	}
	ch := c.sentTo(h.op, maxCalls)
	if ch == nil {
		return
	}
	op, e := c.slowReader(c.prog().MustAlias(ch))
	if op == nil {
		return
	}
	v.why = "whose reader " + report.Verb(e) + " for each, so all who want the lock wait too"
	v.reader = []report.Step{{Pos: op.Node.Pos(), Message: "the reader " + report.Verb(e) + " here"}}
}

// slowReader returns where the one reader of a channel waits outside the program with each
// thing that it takes, or nil.
func (c *checker) slowReader(ch *types.Var) (*effects.Op, *effects.Effect) {
	readers := c.receivers(ch)
	if len(readers) != 1 || readers[0].loop == nil {
		return nil, nil
	}
	from, to := c.worksIn(readers[0], ch)
	return slowest(readers[0], from, to)
}

// sentTo returns the channel that an op sends to, itself or in a function of the package
// that it calls, or nil.
func (c *checker) sentTo(op *effects.Op, depth int) ast.Expr {
	switch n := op.Node.(type) {
	case *ast.SendStmt:
		return n.Chan
	case *ast.SelectStmt:
		return c.prog().OnlySend(n)
	}
	for o := range c.within(op, effects.Chan, depth) {
		if ch := c.sentTo(o, depth-1); ch != nil {
			return ch
		}
	}
	return nil
}

// worksIn is the code that runs with what a reader has taken from a channel: the body of
// the loop, or that of a select's case in it.
func (c *checker) worksIn(s far, ch *types.Var) (from, to token.Pos) {
	from, to = s.loop.Body().Pos(), s.loop.Body().End()
	ast.Inspect(s.loop.Body(), func(n ast.Node) bool {
		comm, ok := n.(*ast.CommClause)
		if !ok {
			return true
		}
		if x := program.ReceivedFrom(comm.Comm); x != nil && c.prog().MustAlias(x) == ch {
			from, to = comm.Colon, comm.End()
		}
		return true
	})
	return from, to
}

// slowest returns the op that waits outside the program in a stretch of a reader's loop,
// on its main path.
func slowest(s far, from, to token.Pos) (*effects.Op, *effects.Effect) {
	for _, op := range s.f.Ops[s.loop.Ops:s.loop.OpsEnd] {
		if op.Spawned != nil || op.Deferred || op.Node.Pos() < from || op.Node.Pos() >= to {
			continue
		}
		for _, k := range []effects.Kind{effects.Net, effects.Proc} {
			if e := op.Effect(k); e != nil && e.Certainty >= effects.Usually && !e.Is(effects.Hint) {
				return op, e
			}
		}
	}
	return nil, nil
}
