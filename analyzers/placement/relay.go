package placement

import (
	"go/ast"
)

// relays finds the parameters that functions under contract call: what is
// given to the function around them runs on the loop as well.
func (cb *callbacks) relays() {
	for _, ctx := range cb.p.res.Contexts {
		if ctx.Directive {
			continue // what it is given is up to its caller
		}
		for _, op := range ctx.Func.Ops {
			if c, ok := op.Node.(*ast.CallExpr); ok && op.Spawned == nil {
				cb.relay(c.Fun, promise{ctx.Who, ctx.Loop})
			}
		}
	}
}

// relay puts the parameter that e names, if it names one, under contract.
func (cb *callbacks) relay(e ast.Expr, by promise) {
	id, ok := ast.Unparen(e).(*ast.Ident)
	if !ok {
		return
	}
	v := cb.p.fx.Variable(id)
	if v == nil || v.IsField() {
		return
	}
	for _, f := range cb.p.fx.Funcs() {
		if f.Obj == nil || !f.HasParam(v) {
			continue
		}
		for i := range f.Obj.Signature().Params().Len() {
			if f.Obj.Signature().Params().At(i) == v {
				cb.param(f.Obj, i, by)
			}
		}
	}
}
