package driver

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"
)

// withoutC completes what the type checker says of a package whose names of C it has
// passed over, as cgo does not take it. The analyzers then see conversions to types of C,
// functions of the names that cgo would have given them, and no expression without a type.
func withoutC(pkg *types.Package, files []*ast.File, info *types.Info) {
	value := types.TypeAndValue{Type: types.Typ[types.Invalid]}
	typ, _ := types.Eval(token.NewFileSet(), nil, token.NoPos, "int") // that it is a type cannot be said otherwise
	typ.Type = value.Type
	for _, file := range files {
		ast.Inspect(file, func(n ast.Node) bool {
			if call, ok := n.(*ast.CallExpr); ok {
				fun := ast.Unparen(call.Fun)
				star, pointer := fun.(*ast.StarExpr)
				if pointer {
					fun = star.X
				}
				switch name := namedInC(fun, info); {
				case name == nil:
				case pointer || isTypeOfC(name.Name):
					info.Types[call.Fun] = typ
				default:
					info.Uses[name] = types.NewFunc(name.Pos(), pkg, "_Cfunc_"+name.Name, types.NewSignatureType(nil, nil, nil, nil, nil, false))
				}
			}
			e, ok := n.(ast.Expr)
			if !ok {
				return true
			}
			if id, ok := e.(*ast.Ident); ok && (info.Defs[id] != nil || info.Uses[id] != nil) {
				return true
			}
			if _, ok := info.Types[e]; !ok {
				info.Types[e] = value
			}
			return true
		})
	}
}

// namedInC returns the name of C.name.
func namedInC(e ast.Expr, info *types.Info) *ast.Ident {
	sel, ok := ast.Unparen(e).(*ast.SelectorExpr)
	if !ok {
		return nil
	}
	id, ok := ast.Unparen(sel.X).(*ast.Ident)
	if !ok {
		return nil
	}
	if p, ok := info.Uses[id].(*types.PkgName); !ok || p.Imported().Path() != "C" {
		return nil
	}
	return sel.Sel
}

// typesOfC are the names that cgo gives to C's numbers, see "Go references to C" in its
// documentation.
var typesOfC = []string{
	"char", "schar", "uchar", "short", "ushort", "int", "uint", "long", "ulong", "longlong", "ulonglong", "float", "double",
	"complexfloat", "complexdouble",
}

// isTypeOfC reports whether cgo, or POSIX, keeps a name of C for types. Those that a header
// defines look like functions.
func isTypeOfC(name string) bool {
	prefix, _, _ := strings.Cut(name, "_")
	return slices.Contains(typesOfC, name) || strings.HasSuffix(name, "_t") || prefix == "struct" || prefix == "union" || prefix == "enum"
}
