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

// goesOn reports whether the op gives the message that f has been given to the function g
// of this package, which tells its types apart: the switch of the loop, put elsewhere.
//
//	func (m model) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
//		if m.open {
//			return updatePage(m, msg)
//		}
//		return updateIndex(m, msg)
//	}
func (c *checker) goesOn(f *effects.Func, op *effects.Op, g *effects.Func) bool {
	call, ok := op.Node.(*ast.CallExpr)
	if !ok || g.Decl.Recv != nil || g.Decl.Body == nil {
		return false
	}
	params := g.Obj.Signature().Params()
	for i, arg := range call.Args {
		v := c.res.Effects.Variable(arg)
		if v == nil || i >= params.Len() || !types.IsInterface(v.Type()) || !c.message(params.At(i).Type()) {
			continue
		}
		if n, ok := f.Outer().Param(v); ok && n >= 0 && c.switchesOver(g, params.At(i)) {
			return true
		}
	}
	return false
}

// switchesOver reports whether f has a type switch over v.
func (c *checker) switchesOver(f *effects.Func, v *types.Var) bool {
	found := false
	ast.Inspect(f.Body(), func(n ast.Node) bool {
		s, ok := n.(*ast.TypeSwitchStmt)
		if !ok {
			return !found
		}
		ast.Inspect(s.Assign, func(n ast.Node) bool {
			x, ok := n.(*ast.TypeAssertExpr)
			found = found || ok && c.res.Effects.Variable(x.X) == v
			return !found
		})
		return !found
	})
	return found
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
