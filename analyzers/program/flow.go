package program

import (
	"go/ast"
	"go/token"
	"go/types"
	"iter"
	"slices"
)

// A flow is one way in which a variable gets a value, whatever its type.
type flow struct {
	how    how
	value  ast.Expr
	result int  // which result of the call value
	first  bool // it declares the variable, or makes the struct whose field it is
}

// sets reports whether the variable may have had another value before. A collection or
// channel into which something is put stays the same one.
func (f flow) sets() bool { return !f.first && f.how != given && f.how != elsewhere && f.how != stored }

// flows adds what one node says of functions, interfaces and what holds them.
func (r reader) flows(n ast.Node) {
	switch n := n.(type) {
	case *ast.AssignStmt:
		r.replaces(n)
		for i, l := range n.Lhs {
			f := flow{value: n.Rhs[min(i, len(n.Rhs)-1)]}
			if len(n.Lhs) != len(n.Rhs) {
				f.result = i
			}
			r.flow(l, f)
		}
	case *ast.ValueSpec:
		for i, name := range n.Names {
			switch {
			case len(n.Values) == len(n.Names):
				r.flow(name, flow{value: n.Values[i]})
			case len(n.Values) == 1:
				r.flow(name, flow{value: n.Values[0], result: i})
			}
		}
	case *ast.RangeStmt:
		r.flow(n.Value, flow{how: element, value: n.X})
		if t := r.p.info.TypeOf(n.X); t != nil && isChan(t) {
			r.flow(n.Key, flow{how: element, value: n.X})
		}
	case *ast.SendStmt:
		r.flow(n.Chan, flow{how: stored, value: n.Value})
	case *ast.TypeSwitchStmt:
		r.narrowed(n)
	case *ast.FuncDecl:
		r.parameters(n.Type.Params, given)
	case *ast.FuncLit:
		r.parameters(n.Type.Params, elsewhere)
	case *ast.CompositeLit:
		r.fieldFlows(n)
	case *ast.CallExpr:
		if x := r.p.container(n); x != nil {
			for _, a := range n.Args {
				r.flow(x, flow{how: stored, value: a})
			}
		}
		if r.p.Builtin(n) == "copy" {
			r.flow(n.Args[0], flow{value: n.Args[1]})
		}
	}
}

// flow adds a flow to the variable that l names, or into a collection that it
// names.
func (r reader) flow(l ast.Expr, f flow) {
	for l != nil {
		switch x := ast.Unparen(l).(type) {
		case *ast.IndexExpr:
			l, f.how = x.X, stored
			continue
		case *ast.StarExpr:
			l = x.X
			continue
		}
		break
	}
	v := r.p.Variable(l)
	if v == nil || plain(v.Type()) {
		return
	}
	id, ok := l.(*ast.Ident)
	f.first = ok && r.p.info.Defs[id] == v
	r.x.flows[v] = append(r.x.flows[v], f)
}

// plain reports whether values of the type are no functions and hold none. A
// slice type that leads back to itself, type T []T, has nothing else in it.
func plain(t types.Type) bool {
	var within []types.Type
	for {
		switch u := t.Underlying().(type) {
		case *types.Basic:
			return true
		case *types.Slice:
			if slices.Contains(within, t) {
				return true
			}
			within = append(within, t)
			t = u.Elem()
		default:
			return false
		}
	}
}

// narrowed adds the variables that the cases of a type switch declare.
func (r reader) narrowed(s *ast.TypeSwitchStmt) {
	a, ok := s.Assign.(*ast.AssignStmt)
	if !ok {
		return
	}
	x, ok := ast.Unparen(a.Rhs[0]).(*ast.TypeAssertExpr)
	if !ok {
		return
	}
	for _, c := range s.Body.List {
		if v, ok := r.p.info.Implicits[c].(*types.Var); ok {
			r.x.flows[v] = append(r.x.flows[v], flow{value: x.X, first: true})
		}
	}
}

func (r reader) parameters(list *ast.FieldList, h how) {
	for _, f := range list.List {
		for _, name := range f.Names {
			r.flow(name, flow{how: h})
		}
	}
}

// fieldFlows adds what a literal of a struct gives its fields.
func (r reader) fieldFlows(lit *ast.CompositeLit) {
	for v, el := range r.p.fieldsOf(lit) {
		if !plain(v.Type()) {
			r.x.flows[v] = append(r.x.flows[v], flow{value: el, first: !r.x.replacing[lit]})
		}
	}
}

// replaces notes the literals of structs that an assignment puts in the place of others:
// their fields have been set before.
func (r reader) replaces(n *ast.AssignStmt) {
	if n.Tok != token.ASSIGN {
		return
	}
	for _, x := range n.Rhs {
		if lit, ok := ast.Unparen(x).(*ast.CompositeLit); ok {
			r.x.replacing[lit] = true
		}
	}
}

// fieldsOf gives the fields that a literal of a struct sets, with their values, in
// the order of the source.
func (p *Program) fieldsOf(lit *ast.CompositeLit) iter.Seq2[*types.Var, ast.Expr] {
	return func(yield func(*types.Var, ast.Expr) bool) {
		st := p.structOf(lit)
		if st == nil {
			return
		}
		for i, el := range lit.Elts {
			var v *types.Var
			if kv, ok := el.(*ast.KeyValueExpr); ok {
				v, el = p.Variable(kv.Key), kv.Value
			} else if i < st.NumFields() {
				v = st.Field(i)
			}
			if v != nil && v.IsField() && !yield(v.Origin(), el) {
				return
			}
		}
	}
}

// structOf returns the struct type of a literal, or nil.
func (p *Program) structOf(lit *ast.CompositeLit) *types.Struct {
	t := p.info.TypeOf(lit)
	if t == nil {
		return nil
	}
	if ptr, ok := t.Underlying().(*types.Pointer); ok {
		t = ptr.Elem()
	}
	st, _ := t.Underlying().(*types.Struct)
	return st
}
