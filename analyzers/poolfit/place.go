package poolfit

import (
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/analysis"

	"github.com/concurlint/concurlint/analyzers/directive"
	"github.com/concurlint/concurlint/analyzers/placement"
	"github.com/concurlint/concurlint/analyzers/report"
)

// places tells where findings about sizes stand. One is told of each line.
type places struct {
	pass     *analysis.Pass
	silenced *directive.Set
	taken    map[place]bool
}

type place struct {
	file string
	line int
}

func (p *places) at(pos token.Pos) place {
	at := p.pass.Fset.Position(pos)
	return place{at.Filename, at.Line}
}

// take notes that a finding stands at pos, and reports whether it is the first there.
func (p *places) take(pos token.Pos) bool {
	at := p.at(pos)
	first := !p.taken[at]
	p.taken[at] = true
	return first
}

// move takes a finding from where the tasks are handed over to where the same function says
// how large the pool is: that is what somebody changes. It stays where it is if something is
// told of the size already, or if a directive silences it there. A size from elsewhere may be
// that of other pools as well, and stays out of it.
func (p *places) move(f *report.Finding, s *placement.Site, size ast.Expr) {
	in := s.Func.Outer().Node()
	if size == nil || size.Pos() < in.Pos() || size.End() > in.End() {
		return
	}
	pos, end := size.Pos(), size.End()
	if def := defined(p.pass.TypesInfo, size); def != nil && s.Func.Outer().Body().Pos() < def.Pos() && def.Pos() < in.End() {
		pos, end = def.Pos(), def.Pos()+token.Pos(len(def.Name()))
	}
	if p.at(pos) == p.at(f.Pos) || p.silenced.Silences("poolfit", p.pass.Fset.Position(f.Pos)) != nil || !p.take(pos) {
		return
	}
	f.Related = append(f.Related, report.Step{Pos: f.Pos, Message: "the tasks are handed over here"})
	f.Pos, f.End = pos, end
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
