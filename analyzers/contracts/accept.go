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
//
// The Accept method of a listener around another one is a turn of the loop that calls it.
type Acceptor struct {
	Func   *effects.Func
	At     ast.Node      // the loop, or the call of the listener within
	Source string        // what it accepts from, for people
	Waits  []*effects.Op // what it calls between accepting a connection and handing it over

	method bool
}

// Who names the loop for people.
func (a *Acceptor) Who() string {
	if a.method {
		return "whoever calls " + name(a.Func)
	}
	return "the loop of " + name(a.Func)
}

// acceptors finds the loops of one function that accept connections, and what it does in the
// loop of its caller.
func (f *finder) acceptors(fn *effects.Func) {
	f.around(fn)
	for _, l := range fn.Loops {
		s, ok := l.Node.(*ast.ForStmt)
		if !ok || s.Post != nil {
			continue
		}
		a := &Acceptor{Func: fn, At: l.Node}
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

// around adds what the Accept method of a listener waits for when it has got a connection
// from the listener within.
func (f *finder) around(fn *effects.Func) {
	if fn.Obj == nil || fn.Obj.Name() != "Accept" || fn.Obj.Signature().Recv() == nil || !isListener(fn.Obj.Signature().Recv().Type()) {
		return
	}
	a := &Acceptor{Func: fn, method: true}
	for _, op := range fn.Ops {
		switch {
		case op.Spawned != nil || op.Deferred:
		case a.Source == "":
			a.Source, a.At = f.listener(op), op.Node
		case f.listener(op) == "":
			a.Waits = append(a.Waits, op)
		}
	}
	if len(a.Waits) > 0 && a.Source != "" {
		f.res.Acceptors = append(f.res.Acceptors, a)
	}
}

// isListener reports whether a type has the methods of a net.Listener, or of one of a
// transport.
func isListener(t types.Type) bool {
	return hasMethod(t, "Accept") && hasMethod(t, "Addr") && hasMethod(t, "Close")
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
	if !isListener(f.info.TypeOf(sel.X)) {
		return ""
	}
	return types.ExprString(c.Fun)
}
