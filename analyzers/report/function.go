package report

import (
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/analysis"
)

// FuncName returns Name, (*T).Name or (T).Name for a declaration.
func FuncName(decl *ast.FuncDecl) string {
	if decl.Recv == nil || len(decl.Recv.List) == 0 {
		return decl.Name.Name
	}
	star, t := "", ast.Unparen(decl.Recv.List[0].Type)
	if p, ok := t.(*ast.StarExpr); ok {
		star, t = "*", ast.Unparen(p.X)
	}
	switch x := t.(type) {
	case *ast.IndexExpr:
		t = x.X
	case *ast.IndexListExpr:
		t = x.X
	}
	return "(" + star + types.ExprString(t) + ")." + decl.Name.Name
}

// Enclosing returns the name of the function declaration that holds pos, or ""
// outside of any.
func Enclosing(pass *analysis.Pass, pos token.Pos) string {
	for _, f := range pass.Files {
		if pos < f.FileStart || pos >= f.FileEnd {
			continue
		}
		for _, d := range f.Decls {
			if fd, ok := d.(*ast.FuncDecl); ok && fd.Pos() <= pos && pos < fd.End() {
				return FuncName(fd)
			}
		}
	}
	return ""
}
