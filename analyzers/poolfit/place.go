package poolfit

import (
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/analysis"

	"github.com/concurlint/concurlint/analyzers/placement"
	"github.com/concurlint/concurlint/analyzers/report"
)

// atSize moves a finding from where the tasks are handed over to where the same function
// says how large the pool is: that is what somebody changes. A size from elsewhere may be
// that of other pools as well, and stays out of it.
func atSize(pass *analysis.Pass, f *report.Finding, s *placement.Site, size ast.Expr) {
	in := s.Func.Outer().Node()
	if size == nil || size.Pos() < in.Pos() || size.End() > in.End() {
		return
	}
	handed := f.Pos
	f.Pos, f.End = size.Pos(), size.End()
	if def := defined(pass.TypesInfo, size); def != nil && in.Pos() <= def.Pos() && def.Pos() < in.End() {
		f.Pos, f.End = def.Pos(), def.Pos()+token.Pos(len(def.Name()))
	}
	if line := pass.Fset.File(handed).Line; line(handed) != line(f.Pos) {
		f.Related = append(f.Related, report.Step{Pos: handed, Message: "the tasks are handed over here"})
	}
}

// defined returns the constant or variable that a size is, through conversions.
func defined(info *types.Info, size ast.Expr) types.Object {
	switch x := ast.Unparen(size).(type) {
	case *ast.Ident:
		switch obj := info.Uses[x].(type) {
		case *types.Const, *types.Var:
			return obj
		}
	case *ast.CallExpr:
		if len(x.Args) == 1 && info.Types[x.Fun].IsType() {
			return defined(info, x.Args[0])
		}
	}
	return nil
}
