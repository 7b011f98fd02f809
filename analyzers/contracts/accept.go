package contracts

import (
	"go/ast"
	"go/types"

	"github.com/concurlint/concurlint/analyzers/effects"
)

// An Acceptor is a loop that accepts connections and hands each to a goroutine, or to who
// receives from a channel: what it waits for itself before that, all who come later wait
// for too.
//
//	for {
//		c, err := l.Accept()
//		…
//		if err := greet(c); err == nil {
//			go serve(c)
//		}
//	}
type Acceptor struct {
	Func   *effects.Func
	Loop   *effects.Loop
	Source string        // what it accepts from, for people
	Waits  []*effects.Op // what it calls between accepting a connection and handing it over
}

// Who names the loop for people.
func (a *Acceptor) Who() string { return "the loop of " + name(a.Func) }

// acceptors finds the loops of one function that accept connections.
func (f *finder) acceptors(fn *effects.Func) {
	for _, l := range fn.Loops {
		s, ok := l.Node.(*ast.ForStmt)
		if !ok || s.Post != nil {
			continue
		}
		a := &Acceptor{Func: fn, Loop: l}
		var handover *effects.Op
		for _, op := range fn.Ops[l.Ops:l.OpsEnd] {
			if _, sends := op.Node.(*ast.SendStmt); !op.Deferred && (sends || op.Spawned != nil || op.Effect(effects.Spawn) != nil) {
				handover = op
			}
		}
		if handover == nil {
			continue // it serves one at a time, whoever chose that
		}
		excludes := f.prog.Flow(fn.Body()).Excludes
		for _, op := range fn.Ops[l.Ops:l.OpsEnd] {
			switch {
			case op.Loop != l || op.Spawned != nil || op.Deferred:
			case a.Source == "":
				a.Source = f.listener(op)
			case op.Node.Pos() <= handover.Node.Pos() && !excludes(op.Node, handover.Node, l.Node) && f.listener(op) == "":
				a.Waits = append(a.Waits, op)
			}
		}
		if len(a.Waits) > 0 && a.Source != "" {
			f.res.Acceptors = append(f.res.Acceptors, a)
		}
	}
}

// listener returns what an op accepts from, for people: a value with the methods of a
// net.Listener, or one of a transport that has the like. It is empty for other ops.
func (f *finder) listener(op *effects.Op) string {
	c, ok := op.Node.(*ast.CallExpr)
	if !ok || op.Callee() == nil || op.Callee().Signature().Recv() == nil {
		return ""
	}
	sel, ok := ast.Unparen(c.Fun).(*ast.SelectorExpr)
	res := op.Callee().Signature().Results()
	if !ok || res.Len() < 2 || !isError(res.At(res.Len()-1).Type()) || op.Effect(effects.Net) == nil && op.Effect(effects.Dynamic) == nil {
		return ""
	}
	if t := f.info.TypeOf(sel.X); !hasMethod(t, "Accept") || !hasMethod(t, "Addr") || !hasMethod(t, "Close") {
		return ""
	}
	return types.ExprString(c.Fun)
}
