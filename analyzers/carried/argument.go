package carried

import (
	"go/ast"
	"go/types"
)

// An argument is what a call gives to a parameter.
type argument struct {
	origin
	expr ast.Expr
}

// arguments are those of a call, by the number of the parameter. A call that is not
// seen gives anything.
func (w *walker) arguments(fn *types.Func, c *ast.CallExpr) map[int]argument {
	args := make(map[int]argument)
	sig := fn.Signature()
	given := c.Args
	sel, ok := ast.Unparen(c.Fun).(*ast.SelectorExpr)
	switch {
	case sig.Recv() == nil:
	case ok && w.p.Info().Selections[sel] != nil && w.p.Info().Selections[sel].Kind() == types.MethodVal:
		args[receiver] = argument{w.receiver(sel), nil}
	case len(given) > 0: // a method expression
		args[receiver] = argument{w.from(given[0]), given[0]}
		given = given[1:]
	default:
		args[receiver] = argument{anyone, nil}
	}
	n := sig.Params().Len()
	for i := range n {
		variadic := sig.Variadic() && i == n-1 && !c.Ellipsis.IsValid()
		switch {
		case variadic && i >= len(given):
		case i >= len(given):
			args[i] = argument{anyone, nil}
		case variadic:
			var o origin
			for _, a := range given[i:] {
				o = join(o, held(w.from(a)))
			}
			args[i] = argument{o, nil}
		default:
			args[i] = argument{w.from(given[i]), given[i]}
		}
	}
	return args
}

// receiver is what a method is called on: of a promoted one the embedded field.
func (w *walker) receiver(sel *ast.SelectorExpr) origin {
	s := w.p.Info().Selections[sel]
	path := s.Index()[:len(s.Index())-1]
	if len(path) == 0 {
		if isFlat(w.typeOf(sel.X)) { // its address is taken
			if at, index, ok := w.resolve(sel.X); ok && (at.root == nil || !w.isOwn(at.root)) {
				return origin{shared: true, at: at, index: index}
			}
		}
		return w.from(sel.X)
	}
	at, index, ok := w.fields(sel.X, s.Recv(), path)
	if ok && (at.root == nil || !w.isOwn(at.root)) {
		return origin{shared: true, at: at, index: index}
	}
	return w.from(sel.X)
}

// rebase is a spot with the arguments of a call.
func (w *walker) rebase(sp spot, args map[int]argument) (at place, index ast.Expr, ok bool) {
	if sp.global != "" {
		return place{root: w.r.named(sp.global), path: sp.path, flat: sp.flat, vague: sp.vague}, nil, true
	}
	a := args[sp.arg]
	switch {
	case a.shared && a.index != nil && isFar(sp.path):
		return somewhere, nil, true
	case a.shared && a.index != nil:
		return a.at, a.index, true
	case a.shared:
		at = a.at
	case (isFar(sp.path) || sp.vague) && a.inner != nil:
		at = *a.inner
	default:
		return place{}, nil, false
	}
	if at = at.below(sp.path, sp.flat); at.root != nil {
		at.vague = at.vague || sp.vague
	}
	return at, nil, true
}
