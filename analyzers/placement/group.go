package placement

import (
	"go/ast"
	"go/types"
)

// This file finds the limit that somebody sets on a group.

// groupOf returns the variable that holds the group of a call. Of a type that embeds one,
// and comes to the function from outside, that is the embedded field: who made the value
// has set it.
//
//	type tasks struct{ *errgroup.Group }
//
//	func (t *tasks) upload(name string) { t.Go(func() error { … }) }
func (p *placer) groupOf(c *ast.CallExpr) *types.Var {
	v := p.fx.Variable(receiver(c))
	if v == nil || !p.isParam(v) {
		return v
	}
	if f := p.promotedFrom(c); f != nil {
		return f
	}
	return v
}

// promotedFrom returns the embedded field whose method a call is of, or nil.
func (p *placer) promotedFrom(c *ast.CallExpr) (field *types.Var) {
	sel, ok := ast.Unparen(c.Fun).(*ast.SelectorExpr)
	if !ok || p.info.Selections[sel] == nil {
		return nil
	}
	s := p.info.Selections[sel]
	t := s.Recv()
	for _, i := range s.Index()[:len(s.Index())-1] {
		st, ok := deref(t).Underlying().(*types.Struct)
		if !ok {
			return nil
		}
		field = st.Field(i)
		t = field.Type()
	}
	return field
}

// setLimit looks for a call of the method on the same group: in the whole
// package for a field, and a group that comes from elsewhere may have one.
func (p *placer) setLimit(group *types.Var, method string) Limit {
	if group == nil {
		return Limit{Class: Config}
	}
	if l, ok := p.limitSet(group, method); ok {
		return l
	}
	if p.isParam(group) || p.madeElsewhere(group) {
		return Limit{Class: Config}
	}
	values, _ := p.fx.Values(group)
	for _, v := range values {
		from := p.fx.Variable(v) // that a literal of the struct has got
		if from == nil || from == group {
			continue
		}
		if l, ok := p.limitSet(from, method); ok {
			return l
		}
		if p.isParam(from) || p.madeElsewhere(from) {
			return Limit{Class: Config}
		}
	}
	return Limit{}
}

// limitSet returns the limit that a call in the package sets on a group.
func (p *placer) limitSet(group *types.Var, method string) (Limit, bool) {
	for _, f := range p.fx.Funcs() {
		for _, op := range f.Ops {
			fn := op.Callee()
			c, ok := op.Node.(*ast.CallExpr)
			if fn == nil || !ok || fn.Name() != method || len(c.Args) == 0 {
				continue
			}
			if p.fx.Variable(receiver(c)) == group || group.Embedded() && p.promotedFrom(c) == group {
				return p.limitOf(c.Args[0]), true
			}
		}
	}
	return Limit{}, false
}

// madeElsewhere reports whether the group comes out of a function of the
// program, which may have limited it.
func (p *placer) madeElsewhere(group *types.Var) bool {
	values, _ := p.fx.Values(group)
	for _, v := range values {
		c, ok := ast.Unparen(v).(*ast.CallExpr)
		if !ok {
			continue
		}
		if name := calledName(c); name != "WithContext" && name != "new" {
			return true
		}
	}
	return false
}

func (p *placer) isParam(v *types.Var) bool {
	for _, f := range p.fx.Funcs() {
		if f.HasParam(v) {
			return true
		}
	}
	return false
}
