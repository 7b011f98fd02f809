package program

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"
)

// InTest reports whether a file of tests holds the position, or a function that only
// tests can call: one that is given a testing.TB.
func (p *Program) InTest(pos token.Pos) bool {
	if p.inTestFile(pos) {
		return true
	}
	if p.testers == nil {
		list := p.findTesters()
		p.testers = &list
	}
	return slices.ContainsFunc(*p.testers, func(d *ast.FuncDecl) bool { return d.Pos() <= pos && pos < d.End() })
}

func (p *Program) inTestFile(pos token.Pos) bool {
	return strings.HasSuffix(p.fset.File(pos).Name(), "_test.go")
}

// findTesters returns the functions outside test files that are given a testing.TB, a
// *testing.T, B, F or M. Few packages import testing there.
func (p *Program) findTesters() (list []*ast.FuncDecl) {
	for _, f := range p.files {
		if p.inTestFile(f.FileStart) || !slices.ContainsFunc(f.Imports, func(i *ast.ImportSpec) bool { return i.Path.Value == `"testing"` }) {
			continue
		}
		for _, d := range f.Decls {
			d, ok := d.(*ast.FuncDecl)
			if !ok {
				continue
			}
			fn, ok := p.info.Defs[d.Name].(*types.Func)
			if ok && slices.ContainsFunc(slices.Collect(fn.Signature().Params().Variables()), func(v *types.Var) bool { return isTester(v.Type()) }) {
				list = append(list, d)
			}
		}
	}
	return list
}

func isTester(t types.Type) bool {
	switch types.TypeString(t, nil) {
	case "testing.TB", "*testing.T", "*testing.B", "*testing.F", "*testing.M":
		return true
	}
	return false
}

// OfTesting reports whether a type, or what it points to, is declared in package testing.
func OfTesting(t types.Type) bool {
	if ptr, ok := types.Unalias(t).(*types.Pointer); ok {
		t = ptr.Elem()
	}
	n, ok := types.Unalias(t).(*types.Named)
	return ok && n.Obj().Pkg() != nil && n.Obj().Pkg().Path() == "testing"
}
