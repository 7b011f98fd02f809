package blockloop

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"

	"github.com/concurlint/concurlint/analyzers/contracts"
)

// This file finds loops that send to themselves once, and again only when they have received.

// A latch is a variable that has to be one thing, or must not be it, for something to happen.
type latch struct {
	v     *types.Var
	value constant.Value // nil for the nil of a pointer or channel
	is    bool
}

// latched reports whether the loop sends to a channel of its own at one place alone, where a
// variable says that it may, and changes that variable in the same turn; no case of the loop
// changes it back but the one that receives.
//
//	if ready == nil && changed() {
//		ready = c.ready
//		ready <- struct{}{}
//	}
func (c *checker) latched(d *contracts.Dispatcher, send ast.Node, source ast.Expr) bool {
	if _, direct := send.(*ast.SendStmt); !direct || c.sendsTo(d, c.res.Effects.Variable(source)) != 1 {
		return false
	}
	found := false
	c.res.Effects.Program().Conditions(send, func(cond ast.Expr, holds bool) {
		if l, ok := c.latch(d, cond, holds); ok && !found {
			found = c.shuts(d, send, l, source)
		}
	})
	return found
}

// sendsTo counts the sends in the loop to what has the channel of a variable, by whatever name.
func (c *checker) sendsTo(d *contracts.Dispatcher, v *types.Var) (n int) {
	ast.Inspect(d.Loop.Node, func(x ast.Node) bool {
		if s, ok := x.(*ast.SendStmt); ok && (c.res.Effects.Variable(s.Chan) == v || c.res.Effects.Program().MustAlias(s.Chan) == v) {
			n++
		}
		return true
	})
	return n
}

// latch returns the variable that a condition of the loop compares with a constant, that is the
// condition, or that a swap has to find as it is: not one of which the condition wants more or
// less, as of a queue, which many turns fill, nor one that a turn has for itself.
func (c *checker) latch(d *contracts.Dispatcher, cond ast.Expr, holds bool) (latch, bool) {
	l := latch{value: constant.MakeBool(true), is: holds}
	if b, ok := cond.(*ast.BinaryExpr); ok {
		t := c.pass.TypesInfo.Types[b.Y]
		if b.Op != token.EQL || t.Value == nil && !t.IsNil() {
			return l, false
		}
		cond, l.value = b.X, t.Value
	}
	l.v = c.res.Effects.Variable(cond)
	if call, ok := ast.Unparen(cond).(*ast.CallExpr); ok {
		l.v = c.res.Effects.Program().Atomic(call)
		if l.v != nil && c.res.Effects.Program().Swaps(call) {
			l.value = c.pass.TypesInfo.Types[call.Args[len(call.Args)-2]].Value
		}
	}
	return l, l.v != nil && d.Loop.Node.Pos() <= cond.Pos() && !c.ofTurn(d, cond)
}

// ofTurn reports whether an expression is made of a variable of the loop's body.
func (c *checker) ofTurn(d *contracts.Dispatcher, e ast.Expr) bool {
	found := false
	ast.Inspect(e, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && !found {
			v := c.res.Effects.Variable(id)
			found = v != nil && d.Loop.Node.Pos() <= v.Pos() && v.Pos() < d.Loop.Node.End()
		}
		return !found
	})
	return found
}

// shuts reports whether every turn that sends makes the variable other than the latch wants it,
// and nothing in the loop changes it in another way but the case that receives.
func (c *checker) shuts(d *contracts.Dispatcher, send ast.Node, l latch, source ast.Expr) bool {
	prog := c.res.Effects.Program()
	var sets []ast.Node
	opens := false
	ast.Inspect(d.Loop.Node, func(n ast.Node) bool {
		call, _ := n.(*ast.CallExpr)
		ofWord := call != nil && prog.Atomic(call) == l.v // whose argument is the word's address
		if n == nil || opens || !prog.Changes(n, l.v) {
			return !opens && !ofWord
		}
		if _, value := prog.SetTo(n); value != nil && c.opposes(value, l) {
			sets = append(sets, n)
			return !ofWord
		}
		in := d.Case(n.Pos())
		opens = in == nil || in.Source != source
		return !ofWord
	})
	return !opens && len(sets) > 0 && !prog.Flow(d.Func.Body()).Repeats(send, d.Loop.Node, sets)
}

// opposes reports whether a value is another one than the latch wants.
func (c *checker) opposes(value ast.Expr, l latch) bool {
	t := c.pass.TypesInfo.Types[value]
	same := t.IsNil()
	if l.value != nil {
		if t.Value == nil || t.Value.Kind() != l.value.Kind() {
			return false
		}
		same = constant.Compare(t.Value, token.EQL, l.value)
	}
	return same != l.is
}
