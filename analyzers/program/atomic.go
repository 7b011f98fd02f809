package program

import (
	"go/ast"
	"strings"
)

// Swaps reports whether code compares a word and swaps it: of many that come at once it
// lets one through, or tries until it is the one.
func (p *Program) Swaps(n ast.Node) bool {
	found := false
	ast.Inspect(n, func(n ast.Node) bool {
		if c, ok := n.(*ast.CallExpr); ok {
			fn := p.Callee(c)
			found = found || fn != nil && fn.Pkg() != nil && fn.Pkg().Path() == "sync/atomic" && strings.HasPrefix(fn.Name(), "CompareAndSwap")
		}
		return !found
	})
	return found
}
