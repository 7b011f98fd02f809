package sites

import (
	"go/ast"
	"go/types"
	"strings"

	"golang.org/x/tools/go/types/typeutil"

	"github.com/concurlint/concurlint/analyzers/effects"
)

// name names a lock or channel: Type.field, package.var or Function.local.
func (l *lister) name(f *effects.Func, e ast.Expr) string {
	switch x := ast.Unparen(e).(type) {
	case *ast.IndexExpr:
		return l.name(f, x.X)
	case *ast.StarExpr:
		return l.name(f, x.X)
	case *ast.UnaryExpr:
		return l.name(f, x.X)
	}
	v := l.fx.Variable(e)
	switch {
	case v == nil:
		return ""
	case v.IsField():
		sel, ok := ast.Unparen(e).(*ast.SelectorExpr)
		if !ok {
			return v.Name()
		}
		return l.fieldPath(l.pass.TypesInfo.Selections[sel])
	case v.Parent() != nil && v.Pkg() != nil && v.Parent() == v.Pkg().Scope():
		return v.Pkg().Name() + "." + v.Name()
	}
	return functionName(f) + "." + v.Name()
}

// fieldPath is the field that a selection ends in, after the type that declares
// it.
func (l *lister) fieldPath(s *types.Selection) string {
	if s == nil {
		return ""
	}
	return walkFields(s.Recv(), s.Index())
}

func walkFields(t types.Type, index []int) string {
	name := ""
	for _, i := range index {
		owner := typeName(t)
		st, ok := deref(t).Underlying().(*types.Struct)
		if !ok || i >= st.NumFields() {
			break
		}
		t = st.Field(i).Type()
		name = strings.TrimPrefix(owner+"."+st.Field(i).Name(), ".")
	}
	return name
}

// lockName names what the method of a call waits for: the receiver, or the
// embedded field that has the method.
func (l *lister) lockName(f *effects.Func, c *ast.CallExpr) string {
	sel, ok := ast.Unparen(c.Fun).(*ast.SelectorExpr)
	if !ok {
		return ""
	}
	if s := l.pass.TypesInfo.Selections[sel]; s != nil && len(s.Index()) > 1 {
		return walkFields(s.Recv(), s.Index()[:len(s.Index())-1])
	}
	return l.name(f, sel.X)
}

func deref(t types.Type) types.Type {
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		return p.Elem()
	}
	return t
}

func typeName(t types.Type) string {
	if n, ok := types.Unalias(deref(t)).(*types.Named); ok {
		return n.Obj().Name()
	}
	return ""
}

func isTimer(t types.Type) bool {
	n, ok := types.Unalias(deref(t)).(*types.Named)
	return ok && n.Obj().Pkg() != nil && n.Obj().Pkg().Path() == "time" && (n.Obj().Name() == "Ticker" || n.Obj().Name() == "Timer")
}

func callee(info *types.Info, c *ast.CallExpr) *types.Func {
	fn, _ := typeutil.Callee(info, c).(*types.Func)
	return fn
}

func isInterface(fn *types.Func) bool {
	recv := fn.Signature().Recv()
	return recv != nil && types.IsInterface(recv.Type())
}

// declared names a function as report.FuncName names its declaration.
func declared(fn *types.Func) string {
	recv := fn.Signature().Recv()
	if recv == nil {
		return fn.Name()
	}
	star := ""
	if _, ok := types.Unalias(recv.Type()).(*types.Pointer); ok {
		star = "*"
	}
	return "(" + star + typeName(recv.Type()) + ")." + fn.Name()
}

func exprString(e ast.Expr) string { return types.ExprString(e) }
