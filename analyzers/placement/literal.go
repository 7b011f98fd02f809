package placement

import (
	"go/ast"
	"go/types"

	"github.com/concurlint/concurlint/analyzers/settings"
)

// literalSize returns the number of elements where the collection is a literal,
// or built from single appends outside of loops.
func (p *placer) literalSize(e ast.Expr) (int64, bool) {
	if lit, ok := ast.Unparen(e).(*ast.CompositeLit); ok {
		return int64(len(lit.Elts)), true
	}
	v := p.fx.Variable(e)
	if v == nil || v.IsField() {
		return 0, false
	}
	if p.slices == nil {
		p.slices = p.collectSlices()
	}
	n, ok := p.slices[v]
	return n, ok && n >= 0
}

// unknownSize marks a collection that data fills.
const unknownSize = -1

// collectSlices returns for each local or package variable the number of
// elements that the source spells out.
func (p *placer) collectSlices() map[*types.Var]int64 {
	m := make(map[*types.Var]int64)
	for _, f := range settings.Files(p.pass) {
		p.collectSlicesIn(f, false, m)
	}
	return m
}

func (p *placer) collectSlicesIn(root ast.Node, loop bool, m map[*types.Var]int64) {
	ast.Inspect(root, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.ForStmt:
			if n != root {
				p.collectSlicesIn(n, true, m)
				return false
			}
		case *ast.RangeStmt:
			if n != root {
				p.collectSlicesIn(n, true, m)
				return false
			}
		case *ast.AssignStmt:
			for i := range n.Lhs {
				p.addSize(n.Lhs[i], n.Rhs[min(i, len(n.Rhs)-1)], loop, m)
			}
		case *ast.ValueSpec:
			for i := range min(len(n.Names), len(n.Values)) {
				p.addSize(n.Names[i], n.Values[i], loop, m)
			}
			if len(n.Values) == 0 {
				for _, name := range n.Names {
					p.addSize(name, nil, loop, m)
				}
			}
		case *ast.UnaryExpr: // &list: filled through the pointer
			if v := p.fx.Variable(n.X); v != nil && n.Op.String() == "&" {
				m[v] = unknownSize
			}
		}
		return true
	})
}

// addSize records what an assignment does to the size of a collection; a nil
// value declares it empty.
func (p *placer) addSize(l, r ast.Expr, loop bool, m map[*types.Var]int64) {
	v := p.fx.Variable(l)
	if v == nil || v.IsField() {
		if x, ok := ast.Unparen(l).(*ast.IndexExpr); ok { // m[k] = v
			if v := p.fx.Variable(x.X); v != nil && isMap(v.Type()) {
				p.grow(v, 1, loop, m)
			}
		}
		return
	}
	switch v.Type().Underlying().(type) {
	case *types.Slice, *types.Map:
	default:
		return
	}
	if r == nil {
		p.grow(v, 0, false, m)
		return
	}
	switch r := ast.Unparen(r).(type) {
	case *ast.CompositeLit:
		p.grow(v, int64(len(r.Elts)), false, m)
	case *ast.CallExpr:
		n, ok := p.madeSize(v, r)
		if !ok {
			m[v] = unknownSize
			return
		}
		p.grow(v, n, loop && n > 0, m)
	default:
		m[v] = unknownSize
	}
}

func isMap(t types.Type) bool {
	_, ok := t.Underlying().(*types.Map)
	return ok
}

// grow adds n elements; growth in a loop is data's.
func (p *placer) grow(v *types.Var, n int64, loop bool, m map[*types.Var]int64) {
	if old, seen := m[v]; loop || seen && old == unknownSize {
		m[v] = unknownSize
		return
	}
	m[v] += n
}

// madeSize returns how many elements v = append(v, …) or make adds.
func (p *placer) madeSize(v *types.Var, c *ast.CallExpr) (int64, bool) {
	switch calledName(c) {
	case "append":
		if len(c.Args) > 0 && !c.Ellipsis.IsValid() && p.fx.Variable(c.Args[0]) == v {
			return int64(len(c.Args) - 1), true
		}
	case "make":
		if isMap(v.Type()) || len(c.Args) < 2 {
			return 0, true
		}
		if tv := p.info.Types[c.Args[1]]; tv.Value != nil && tv.Value.String() == "0" {
			return 0, true
		}
	}
	return 0, false
}
