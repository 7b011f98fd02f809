package bounds

import (
	"go/ast"
	"go/types"

	"github.com/concurlint/concurlint/analyzers/program"
)

// owners adds by what the values of a type are sized, whoever makes them: to the
// functions that make them and size them, and where all agree to the type.
func owners(p *program.Program, list []Bound, fact func(types.Object) *program.Sizing) {
	of := make(map[*types.TypeName]program.Number)
	differ := make(map[*types.TypeName]bool)
	for _, b := range list {
		fn, t := owner(p, b.Expr)
		if t == nil {
			continue
		}
		n := p.Number(b.Expr, program.Package)
		if one, ok := n.Exact(); ok && one == 1 && b.Of != program.Group && b.Of != program.Pool {
			continue // a lock, a signal, or a worker that keeps an order
		}
		if was, ok := of[t]; ok && was != n {
			differ[t] = true
		}
		of[t] = n
		if fn.Signature().Recv() == nil && fn.Exported() && tells(n) && len(fact(fn).Sizes) == 0 {
			fact(fn).Sizes = []program.Sized{{Arg: program.Own, Of: b.Of, Own: &n}}
		}
	}
	for t, n := range of {
		if t.Exported() && !differ[t] && tells(n) {
			fact(t).Value = &n
		}
	}
}

// tells reports whether a number says more than that somebody chooses it.
func tells(n program.Number) bool {
	c, ok := n.Exact()
	return ok && c > 0 || n.Cores() && !n.Set || n.UsuallyTimesCores() > 0
}

// owner returns the function around an expression and the type of this package of
// which that is a method, or whose value it returns first; nil for another one.
func owner(p *program.Program, e ast.Expr) (*types.Func, *types.TypeName) {
	fn := p.Around(e.Pos())
	if fn == nil {
		return nil, nil
	}
	var t types.Type
	switch sig := fn.Signature(); {
	case sig.Recv() != nil:
		t = sig.Recv().Type()
	case sig.Results().Len() > 0:
		t = sig.Results().At(0).Type()
	default:
		return nil, nil
	}
	if ptr, ok := types.Unalias(t).(*types.Pointer); ok {
		t = ptr.Elem()
	}
	n, ok := types.Unalias(t).(*types.Named)
	if !ok || n.Obj().Pkg() != p.Package() {
		return nil, nil
	}
	if _, ok := n.Underlying().(*types.Struct); !ok {
		return nil, nil
	}
	return fn, n.Obj()
}
