package program

import (
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"slices"
	"strconv"
	"testing"
)

func load(t testing.TB, name string) (*Program, *ast.File) {
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, name, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	info := &types.Info{Types: make(map[ast.Expr]types.TypeAndValue), Defs: make(map[*ast.Ident]types.Object), Uses: make(map[*ast.Ident]types.Object), Implicits: make(map[ast.Node]types.Object)}
	conf := types.Config{Importer: importer.ForCompiler(fset, "source", nil)}
	pkg, err := conf.Check("numbers", fset, []*ast.File{f}, info)
	if err != nil {
		t.Fatal(err)
	}
	return New(fset, []*ast.File{f}, pkg, info), f
}

// Each call of is, of, runs and from in the source says what is known there.
func TestNumbers(t *testing.T) {
	p, file := load(t, "testdata/numbers.go")
	n := 0
	var loops []ast.Node
	ast.Inspect(file, func(node ast.Node) bool {
		loops = append(loops, node)
		if node == nil {
			loops = loops[:len(loops)-2]
			return true
		}
		c, ok := node.(*ast.CallExpr)
		if !ok {
			return true
		}
		id, ok := c.Fun.(*ast.Ident)
		if !ok {
			return true
		}
		var got, want []string
		for _, a := range c.Args {
			if lit, ok := a.(*ast.BasicLit); ok && lit.Kind == token.STRING {
				s, _ := strconv.Unquote(lit.Value)
				want = append(want, s)
			}
		}
		switch id.Name {
		case "is":
			got = []string{p.Number(c.Args[0], Package).String()}
		case "of":
			got = []string{p.Size(c.Args[0], Package).String()}
		case "runs":
			count, ok := p.Iterations(innermost(loops), Package)
			got = []string{count.String()}
			if !ok {
				got = nil
			}
		case "from":
			for _, o := range p.Origins(c.Args[0]) {
				s := types.ExprString(o.Expr)
				if o.Default {
					s = "default " + s
				}
				got = append(got, s)
			}
		default:
			return true
		}
		n++
		if !slices.Equal(got, want) {
			t.Errorf("%s: %s is %q, want %q", p.fset.Position(c.Pos()), types.ExprString(c), got, want)
		}
		return true
	})
	if n < 60 {
		t.Errorf("%d expressions checked", n)
	}
}

func innermost(path []ast.Node) ast.Stmt {
	for i := len(path) - 1; i >= 0; i-- {
		switch s := path[i].(type) {
		case *ast.RangeStmt:
			return s
		case *ast.ForStmt:
			return s
		}
	}
	return nil
}
