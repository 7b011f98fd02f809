package placement

import (
	"go/ast"
	"slices"

	"golang.org/x/tools/go/types/typeutil"

	"github.com/concurlint/concurlint/analyzers/program"

	"github.com/concurlint/concurlint/analyzers/settings"
)

// This file finds numbers of workers that are taken from NumCPU.

// addNumCPU adds a call of NumCPU as the size of something, once.
func (p *placer) addNumCPU(call ast.Expr, of string) {
	if slices.ContainsFunc(p.res.Sizes, func(s *Size) bool { return s.Expr == call }) {
		return
	}
	p.res.Sizes = append(p.res.Sizes, &Size{Expr: call, Of: of, NumCPU: true})
}

// countsOfCPUs finds the places where NumCPU becomes a number of workers by name:
// a variable, field, argument or result called concurrency, workers and the like.
func (p *placer) countsOfCPUs() {
	if !slices.ContainsFunc(settings.Files(p.pass), importsRuntime) {
		return
	}
	for _, f := range settings.Files(p.pass) {
		ast.Inspect(f, func(n ast.Node) bool {
			p.countOfCPUs(n)
			return true
		})
	}
}

func importsRuntime(f *ast.File) bool {
	return slices.ContainsFunc(f.Imports, func(s *ast.ImportSpec) bool { return s.Path.Value == `"runtime"` })
}

func (p *placer) countOfCPUs(n ast.Node) {
	switch n := n.(type) {
	case *ast.AssignStmt:
		for i, r := range n.Rhs {
			if len(n.Lhs) == len(n.Rhs) {
				p.ofCPUs(r, lastName(n.Lhs[i]))
			}
		}
	case *ast.ValueSpec:
		for i, v := range n.Values {
			if len(n.Names) == len(n.Values) {
				p.ofCPUs(v, n.Names[i].Name)
			}
		}
	case *ast.KeyValueExpr:
		p.ofCPUs(n.Value, lastName(n.Key))
	case *ast.FuncDecl:
		if n.Body == nil {
			return
		}
		for _, r := range program.Returns(n.Body) {
			if len(r.Results) == 1 {
				p.ofCPUs(r.Results[0], n.Name.Name)
			}
		}
	case *ast.CallExpr:
		fn := typeutil.StaticCallee(p.info, n)
		for i, a := range n.Args {
			if fn != nil && i < fn.Signature().Params().Len() {
				p.ofCPUs(a, fn.Signature().Params().At(i).Name())
			}
		}
	}
}

// ofCPUs adds e, if it is NumCPU, as the number of what the name tells.
func (p *placer) ofCPUs(e ast.Expr, name string) {
	if call := p.prog.CPUs(e); call != nil && bounding(name) {
		p.addNumCPU(call, name)
	}
}
