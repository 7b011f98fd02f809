package program

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"
)

// Swaps reports whether code compares a word and swaps it: of many that come at once it
// lets one through, or tries until it is the one.
func (p *Program) Swaps(n ast.Node) bool {
	found := false
	ast.Inspect(n, func(n ast.Node) bool {
		if c, ok := n.(*ast.CallExpr); ok {
			fn := p.Callee(c)
			found = found || From(fn, "sync/atomic") && strings.HasPrefix(fn.Name(), "CompareAndSwap")
		}
		return !found
	})
	return found
}

// Atomic returns the variable that a call of package sync/atomic is for, nil for another call:
// v of v.Load() and of atomic.LoadInt32(&v).
func (p *Program) Atomic(c *ast.CallExpr) *types.Var {
	word, _ := p.atomic(c)
	if word == nil {
		return nil
	}
	return p.Variable(word)
}

// atomic returns what a call of package sync/atomic is for, and what it does to it: Load, Store,
// Swap, CompareAndSwap, Add, And or Or, as the methods are called.
func (p *Program) atomic(c *ast.CallExpr) (word ast.Expr, does string) {
	fn := p.Callee(c)
	if !From(fn, "sync/atomic") {
		return nil, ""
	}
	if fn.Signature().Recv() != nil {
		if sel, ok := ast.Unparen(c.Fun).(*ast.SelectorExpr); ok && p.info.Selections[sel].Kind() == types.MethodVal {
			return sel.X, fn.Name()
		}
		return nil, ""
	}
	if len(c.Args) == 0 {
		return nil, ""
	}
	at, ok := ast.Unparen(c.Args[0]).(*ast.UnaryExpr)
	if !ok {
		return nil, ""
	}
	i := slices.IndexFunc(deeds, func(does string) bool { return strings.HasPrefix(fn.Name(), does) })
	return at.X, deeds[max(i, 0)]
}

// deeds are what package sync/atomic does to a word.
var deeds = []string{"Load", "Store", "Swap", "CompareAndSwap", "Add", "And", "Or"}

// SetTo returns what a node sets, as an atomic value too, and what to, both nil for another
// node, and for one that sets several.
func (p *Program) SetTo(n ast.Node) (to, value ast.Expr) {
	switch n := n.(type) {
	case *ast.AssignStmt:
		if len(n.Lhs) == 1 && len(n.Rhs) == 1 && n.Tok == token.ASSIGN {
			return n.Lhs[0], n.Rhs[0]
		}
	case *ast.CallExpr:
		switch word, does := p.atomic(n); does {
		case "Store", "Swap", "CompareAndSwap":
			return word, n.Args[len(n.Args)-1]
		}
	}
	return nil, nil
}

// Changes reports whether a node sets a variable to anything, or hands its address on to be set.
func (p *Program) Changes(n ast.Node, v *types.Var) bool {
	switch n := n.(type) {
	case *ast.AssignStmt:
		return slices.ContainsFunc(n.Lhs, func(l ast.Expr) bool { return p.Variable(l) == v })
	case *ast.IncDecStmt:
		return p.Variable(n.X) == v
	case *ast.UnaryExpr:
		return n.Op == token.AND && p.Variable(n.X) == v
	case *ast.CallExpr:
		word, does := p.atomic(n)
		return word != nil && does != "Load" && p.Variable(word) == v
	}
	return false
}
