package program

import (
	"go/ast"
	"go/types"
	"strings"
	"testing"
)

// The name of a function says whether its hand-over comes round again.
func TestRepeats(t *testing.T) {
	p, file := load(t, "testdata/paths.go")
	p.Exits = func(fn *types.Func) bool { return fn.FullName() == "os.Exit" }
	tried := 0
	for _, d := range file.Decls {
		f, ok := d.(*ast.FuncDecl)
		if !ok {
			continue
		}
		var loop ast.Stmt
		var hand ast.Node
		var cuts []ast.Node
		var loops []ast.Node
		ast.Inspect(f, func(n ast.Node) bool {
			if n == nil {
				loops = loops[:len(loops)-1]
				return true
			}
			loops = append(loops, n)
			c, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			switch id, _ := c.Fun.(*ast.Ident); {
			case id == nil:
			case id.Name == "hand":
				hand, loop = c, innermost(loops)
			case id.Name == "cut" || id.Name == "waits":
				cuts = append(cuts, c)
			}
			return true
		})
		again := strings.HasPrefix(f.Name.Name, "again")
		if hand == nil || !again && !strings.HasPrefix(f.Name.Name, "once") {
			continue
		}
		tried++
		if got := p.Flow(f.Body).Repeats(hand, loop, cuts); got != again {
			t.Errorf("%s: %v", f.Name.Name, got)
		}
	}
	if tried < 14 {
		t.Errorf("%d functions tried", tried)
	}
}
