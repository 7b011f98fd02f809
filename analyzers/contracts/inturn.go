package contracts

import (
	"go/ast"
	"go/types"
	"slices"

	"github.com/concurlint/concurlint/analyzers/effects"
)

// inTurn returns the collection, for people, over which a loop within the loop given goes,
// where op writes to a connection of each element and nothing is seen to end that; ""
// elsewhere.
//
//	for m := range messages {
//		for _, p := range peers {
//			p.Send(m)
//		}
//	}
//
// The element is what the method is called on: the parts of one message, which are its
// arguments, go to one peer.
func (f *finder) inTurn(op *effects.Op, outer *effects.Loop) string {
	c, ok := op.Node.(*ast.CallExpr)
	if !ok || op.InSelect != nil {
		return ""
	}
	sel, ok := ast.Unparen(c.Fun).(*ast.SelectorExpr)
	if e := op.Effect(effects.Net); !ok || e == nil || !e.Is(effects.Stream) || e.Is(effects.Hint|effects.Receive) || e.Bound != effects.Unbounded || e.Certainty < effects.Usually {
		return ""
	}
	of := f.prog.Variable(whole(sel.X))
	if of == nil || f.givesUp() {
		return ""
	}
	for l := op.Loop; l != nil && l != outer; l = l.Parent {
		if r, ok := l.Node.(*ast.RangeStmt); ok && (f.element(r.Key, of) || f.element(r.Value, of)) {
			return shown(r.X)
		}
	}
	return ""
}

// givesUp reports whether the package sets deadlines for what it writes: its author has
// thought of a peer that is stuck.
func (f *finder) givesUp() bool {
	return slices.ContainsFunc(f.fx.Funcs(), func(fn *effects.Func) bool {
		return slices.ContainsFunc(fn.Ops, func(op *effects.Op) bool { return limitsWrites(op.Callee()) })
	})
}

// limitsWrites reports whether a method is that of a net.Conn, or of what is like one.
func limitsWrites(fn *types.Func) bool {
	if fn == nil || fn.Name() != "SetWriteDeadline" && fn.Name() != "SetDeadline" {
		return false
	}
	sig := fn.Signature()
	return sig.Recv() != nil && sig.Params().Len() == 1 && types.TypeString(sig.Params().At(0).Type(), nil) == "time.Time"
}

// element reports whether a loop declares the variable.
func (f *finder) element(e ast.Expr, v *types.Var) bool {
	id, ok := e.(*ast.Ident)
	return ok && f.info.Defs[id] == v
}

// longest is how long a collection may be written in a message.
const longest = 40

func shown(e ast.Expr) string {
	if s := types.ExprString(e); len(s) <= longest {
		return s
	}
	return "many"
}
