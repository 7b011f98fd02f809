package blockloop

import (
	"go/ast"
	"go/types"

	"github.com/concurlint/concurlint/analyzers/effects"
)

// forwards reports whether the op hands a message whose type is known here to a
// function that takes any message of the loop:
//
//	case tea.KeyMsg:
//		m.view.Update(msg)
//
// What that function does with other messages does not happen then, and which
// part of it does is not known.
func (c *checker) forwards(op *effects.Op) bool {
	call, ok := op.Node.(*ast.CallExpr)
	fn := op.Callee()
	if !ok || fn == nil {
		return false
	}
	params := fn.Signature().Params()
	for i, arg := range call.Args {
		id, ok := ast.Unparen(arg).(*ast.Ident)
		if ok && i < params.Len() && types.IsInterface(params.At(i).Type()) && c.message(params.At(i).Type()) && c.narrowed(c.pass.TypesInfo.Uses[id]) {
			return true
		}
	}
	return false
}

// message reports whether the loop hands its callback a parameter of type t.
func (c *checker) message(t types.Type) bool {
	obj := c.ctx.Func.Obj
	if obj == nil {
		return false
	}
	for v := range obj.Signature().Params().Variables() {
		if types.Identical(v.Type(), t) {
			return true
		}
	}
	return false
}

// narrowed reports whether a case of a type switch declares obj with a type that
// is not an interface.
func (c *checker) narrowed(obj types.Object) bool {
	if obj == nil || types.IsInterface(obj.Type()) {
		return false
	}
	for n, implicit := range c.pass.TypesInfo.Implicits {
		if _, ok := n.(*ast.CaseClause); ok && implicit == obj {
			return true
		}
	}
	return false
}
