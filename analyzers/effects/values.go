package effects

import (
	"go/ast"
	"go/token"
	"go/types"
)

// values returns the expressions assigned to v in this package, and whether
// they are all there can be: v is not exported and never assigned otherwise.
func (p *pkg) values(v *types.Var) ([]ast.Expr, bool) {
	d := p.defs[v]
	if d == nil || d.unknown {
		return nil, false
	}
	return d.values, !v.Exported() || !v.IsField() && v.Pkg() == p.types && v.Parent() != p.types.Scope()
}

// someValues returns those values that are known, and whether they are all; none of
// a variable that is set too often to tell.
func (p *pkg) someValues(v *types.Var) ([]ast.Expr, bool) {
	if list, all := p.values(v); all {
		return list, true
	}
	if d := p.defs[v]; d != nil && !d.many && v.Pkg() == p.types {
		return d.values, false
	}
	return nil, false
}

// def collects the values assigned to a variable or field.
type def struct {
	values  []ast.Expr
	unknown bool // also assigned from a tuple, a range, or through its address
	many    bool // more values than are kept
}

const maxValues = 8

func (p *pkg) define(v *types.Var, e ast.Expr) {
	if p.inTest && (v.IsField() || v.Parent() == p.types.Scope()) {
		return // what a test puts in place of the real thing says nothing about it
	}
	p.noteEnvironment(v, e)
	p.noteRecalled(v, e)
	switch v.Type().Underlying().(type) {
	case *types.Interface, *types.Signature, *types.Chan, *types.Pointer:
	case *types.Struct, *types.Basic:
		if _, ok := v.Type().Underlying().(*types.Basic); ok && !isDuration(v.Type()) {
			return
		}
	default:
		return
	}
	d := p.defs[v]
	if d == nil {
		d = &def{}
		p.defs[v] = d
	}
	if d.many = d.many || len(d.values) == maxValues; e == nil || d.many {
		d.unknown = true
		return
	}
	d.values = append(d.values, e)
}

func isDuration(t types.Type) bool {
	n, ok := types.Unalias(t).(*types.Named)
	return ok && n.Obj().Name() == "Duration" && n.Obj().Pkg() != nil && n.Obj().Pkg().Path() == "time"
}

// collectAssign records an assignment. Of v, err := f() the call stands for
// its first result.
func (p *pkg) collectAssign(n *ast.AssignStmt) {
	if n.Tok == token.ASSIGN {
		p.setAgain(n.Lhs)
	}
	if len(n.Lhs) == len(n.Rhs) {
		for i, l := range n.Lhs {
			p.defineExpr(l, n.Rhs[i])
		}
		return
	}
	p.noteLookup(n.Lhs, n.Rhs[0])
	for i, l := range n.Lhs {
		p.defineExpr(l, firstOnly(i, n.Rhs[0]))
	}
}

// setAgain notes the boolean variables among the left sides of an assignment
// that is not their definition.
func (p *pkg) setAgain(left []ast.Expr) {
	for _, l := range left {
		id, ok := l.(*ast.Ident)
		if !ok {
			continue
		}
		v, ok := p.info.Uses[id].(*types.Var)
		if ok && types.Identical(v.Type(), types.Typ[types.Bool]) {
			p.changed[v] = true
		}
	}
}

func (p *pkg) collectSpec(n *ast.ValueSpec) {
	for i, name := range n.Names {
		v, ok := p.info.Defs[name].(*types.Var)
		switch {
		case ok && len(n.Values) == len(n.Names):
			p.define(v, n.Values[i])
		case ok && len(n.Values) == 1:
			p.define(v, firstOnly(i, n.Values[0]))
		}
	}
}

func firstOnly(i int, e ast.Expr) ast.Expr {
	if i == 0 {
		return e
	}
	return nil
}

func (p *pkg) collectFields(lit *ast.CompositeLit) {
	t := p.prog.TypeOf(lit)
	if t == nil {
		return
	}
	if ptr, ok := t.Underlying().(*types.Pointer); ok {
		t = ptr.Elem()
	}
	st, ok := t.Underlying().(*types.Struct)
	if !ok {
		return
	}
	for i, el := range lit.Elts {
		if kv, ok := el.(*ast.KeyValueExpr); ok {
			if id, ok := kv.Key.(*ast.Ident); ok {
				if v, ok := p.info.Uses[id].(*types.Var); ok {
					p.define(v.Origin(), kv.Value)
				}
			}
			continue
		}
		if i < st.NumFields() {
			p.define(st.Field(i).Origin(), el)
		}
	}
}

func (p *pkg) defineExpr(l, value ast.Expr) {
	if v := p.prog.Variable(l); v != nil {
		p.define(v, value)
	}
}
