package program

import (
	"go/ast"
	"go/token"
	"go/types"
	"maps"
)

// SizeOf returns how many the value x is made with: of the numbers, which say how many
// goroutines it has, those that stand where it is made, or in a method of it. It
// reports false where that is not seen.
func (p *Program) SizeOf(x ast.Expr, numbers []ast.Expr) (Number, bool) {
	list, ok := newEvaluator(p, Package).makers(x)
	if !ok {
		return Number{}, false
	}
	n := nothing
	for _, m := range list {
		for _, e := range m.sizedBy(numbers) {
			n = n.Join(e.ev.number(e.expr))
		}
	}
	return n, n != nothing
}

// sizedBy returns the numbers by which a value is sized, as they are for it.
func (m made) sizedBy(numbers []ast.Expr) []made {
	if m.expr == nil {
		return nil
	}
	var list []made
	for _, e := range numbers {
		if contains(m.ev.p.declaration(m.expr.Pos()), e.Pos()) {
			list = append(list, made{e, m.ev})
		}
	}
	if len(list) > 0 {
		return list
	}
	for _, e := range numbers {
		fn := m.ev.p.Around(e.Pos())
		if fn == nil || fn.Signature().Recv() == nil {
			continue
		}
		in := *m.ev
		if in.values = maps.Clone(m.ev.values); in.values == nil {
			in.values = make(map[*types.Var]made)
		}
		in.values[fn.Signature().Recv()] = m
		list = append(list, made{e, &in})
	}
	return list
}

// Around returns the declared function around pos, or nil.
func (p *Program) Around(pos token.Pos) *types.Func {
	d, ok := p.declaration(pos).(*ast.FuncDecl)
	if !ok {
		return nil
	}
	fn, _ := p.info.Defs[d.Name].(*types.Func)
	return fn
}
