package program

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strconv"
	"testing"
)

// Each call of may in the source says what the values of its first argument are.
func TestValues(t *testing.T) {
	p, file := load(t, "testdata/values.go")
	n := 0
	ast.Inspect(file, func(node ast.Node) bool {
		c, ok := node.(*ast.CallExpr)
		if !ok || types.ExprString(c.Fun) != "may" {
			return true
		}
		n++
		var got, want []string
		for _, a := range c.Args[1:] {
			if lit, ok := a.(*ast.BasicLit); ok && lit.Kind == token.STRING {
				s, _ := strconv.Unquote(lit.Value)
				want = append(want, s)
			}
		}
		for _, v := range p.Values(c.Args[0]) {
			switch {
			case v.From != nil:
				got = append(got, v.From.Name()+"?")
			default:
				s := types.ExprString(v.Expr)
				if _, ok := v.Expr.(*ast.FuncLit); ok {
					s = "lit"
				}
				got = append(got, s)
			}
		}
		slices.Sort(got)
		slices.Sort(want)
		if got := slices.Compact(got); !slices.Equal(got, want) {
			t.Errorf("%s: %s may be %q, want %q", p.fset.Position(c.Pos()), types.ExprString(c.Args[0]), got, want)
		}
		return true
	})
	if n < 16 {
		t.Errorf("%d expressions checked", n)
	}
}
