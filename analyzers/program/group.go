package program

import (
	"go/ast"
	"go/types"
)

// setter returns the name of the method that says how many tasks at once run of a group,
// where fn is one that hands a task to such a group; or "".
func (p *Program) setter(fn *types.Func) string {
	if p.Base == nil || fn.Pkg() == nil || fn.Pkg() == p.pkg || fn.Signature().Recv() == nil || fn.Signature().Params().Len() == 0 {
		return ""
	}
	if !isFunc(fn.Signature().Params().At(0).Type()) || !p.Base.Knows(fn.Pkg().Path()) {
		return ""
	}
	if x := p.Base.Executor(SymbolOf(fn)); x != nil && x.Limit == "set" {
		return x.Name
	}
	return ""
}

// inGroup returns how many tasks at once run of the group that a call hands one to, by what
// sets that of the same variable: for a function that hands over what it is given. A call of
// the group itself takes a place for its own task, and none for others in the same loop.
// Where the group is a field and the value is seen to be made, what its constructor sets
// counts, given what that is given.
func (ev *evaluator) inGroup(c *ast.CallExpr, setter string) (Places, bool) {
	sel, ok := ast.Unparen(c.Fun).(*ast.SelectorExpr)
	if !ok {
		return Places{}, false
	}
	v := ev.p.Variable(sel.X)
	obj, _, _ := types.LookupFieldOrMethod(ev.p.info.TypeOf(sel.X), true, nil, setter)
	fn, ok := obj.(*types.Func)
	if !ok || v == nil {
		return Places{}, false
	}
	var owners []made
	if of, ok := ast.Unparen(sel.X).(*ast.SelectorExpr); ok && v.IsField() {
		owners, _ = ev.makers(of.X)
	}
	all, own := Places{Number: nothing}, Places{Number: nothing}
	for _, set := range ev.p.everywhere().calls[fn.Origin()] {
		on, ok := ast.Unparen(set.Fun).(*ast.SelectorExpr)
		if !ok || len(set.Args) == 0 || ev.p.Variable(on.X) != v {
			continue
		}
		all = all.or(Places{ev.apart().number(set.Args[0]), set.Args[0]})
		for _, o := range owners {
			if o.expr != nil && contains(o.ev.p.declaration(o.expr.Pos()), set.Pos()) {
				own = own.or(Places{o.ev.number(set.Args[0]), set.Args[0]})
			}
		}
	}
	if own.Number != nothing {
		return own, true
	}
	return all, all.Number != nothing
}

// or is what is known of the places where they are one of the two.
func (pl Places) or(more Places) Places {
	pl.Number = pl.Number.Join(more.Number)
	if pl.Expr == nil {
		pl.Expr = more.Expr
	}
	return pl
}
