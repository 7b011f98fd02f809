package placement

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"github.com/concurlint/concurlint/analyzers/effects"
)

// A step gives a value to variables: an assignment, a declaration, a loop.
type step struct {
	node ast.Node // the statement
	from ast.Expr // the value
	to   []ast.Expr
	// around is the step in whose value this one stands, in a literal; -1 for none.
	around int
}

// steps are those of one function in source order. Each receive and each call of a
// function may be asked what comes of it, and functions that are generated have
// thousands of both, so that nothing is looked for in the whole body.
type steps struct {
	list []step
	uses map[*types.Var][]int // steps whose value mentions the variable
}

func (p *placer) stepsOf(f *effects.Func) *steps {
	if p.steps == nil {
		p.steps = make(map[*effects.Func]*steps)
	}
	if p.steps[f] == nil {
		p.steps[f] = p.readSteps(f.Body())
	}
	return p.steps[f]
}

func (p *placer) readSteps(body *ast.BlockStmt) *steps {
	st := &steps{uses: make(map[*types.Var][]int)}
	add := func(n ast.Node, from ast.Expr, to ...ast.Expr) { st.list = append(st.list, step{n, from, to, -1}) }
	ast.Inspect(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			for i, r := range n.Rhs {
				if len(n.Lhs) == len(n.Rhs) {
					add(n, r, n.Lhs[i])
				} else {
					add(n, r, n.Lhs...)
				}
			}
		case *ast.ValueSpec:
			for i, v := range n.Values {
				if len(n.Names) == len(n.Values) {
					add(n, v, n.Names[i])
				} else {
					add(n, v, exprs(n.Names)...)
				}
			}
		case *ast.RangeStmt:
			add(n, n.X, n.Key, n.Value)
		}
		return true
	})
	slices.SortStableFunc(st.list, func(a, b step) int { return int(a.from.Pos() - b.from.Pos()) })
	for i := range st.list {
		st.list[i].around = st.enclosing(i-1, st.list[i].from)
		p.anyVariable(st.list[i].from, func(v *types.Var) bool {
			if list := st.uses[v]; len(list) == 0 || list[len(list)-1] != i {
				st.uses[v] = append(list, i)
			}
			return false
		})
	}
	return st
}

func exprs(names []*ast.Ident) (list []ast.Expr) {
	for _, n := range names {
		list = append(list, n)
	}
	return list
}

// enclosing returns the innermost step up to i whose value holds a node, or -1.
func (st *steps) enclosing(i int, n ast.Node) int {
	for i >= 0 && !contains(st.list[i].from, n) {
		i = st.list[i].around
	}
	return i
}

// derived returns the variables of a function that get a value from the node, or
// from another that did.
func (p *placer) derived(f *effects.Func, from ast.Node) map[*types.Var]bool {
	st := p.stepsOf(f)
	next, _ := slices.BinarySearchFunc(st.list, from.End(), func(s step, end token.Pos) int { return int(s.from.Pos() - end) })
	var todo []int
	for i := st.enclosing(next-1, from); i >= 0; i = st.list[i].around {
		todo = append(todo, i)
	}
	for i := next - 1; i >= 0 && st.list[i].from.Pos() >= from.Pos(); i-- {
		if st.list[i].node == from {
			todo = append(todo, i)
		}
	}
	vars := make(map[*types.Var]bool)
	if c, ok := from.(*ast.CallExpr); ok {
		for _, a := range c.Args {
			if u, ok := ast.Unparen(a).(*ast.UnaryExpr); ok && u.Op == token.AND { // Decode(&request)
				todo = p.gets(st, vars, u.X, next-1, todo)
			}
		}
	}
	return p.follow(st, vars, todo)
}

// derivedFrom is derived for a parameter of the function.
func (p *placer) derivedFrom(f *effects.Func, param *types.Var) map[*types.Var]bool {
	st := p.stepsOf(f)
	return p.follow(st, map[*types.Var]bool{param: true}, slices.Clone(st.uses[param]))
}

// follow adds what steps give a value to, and what these give it on to.
func (p *placer) follow(st *steps, vars map[*types.Var]bool, todo []int) map[*types.Var]bool {
	done := make(map[int]bool)
	for len(todo) > 0 {
		i := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if done[i] {
			continue
		}
		done[i] = true
		for _, e := range st.list[i].to {
			todo = p.gets(st, vars, e, i, todo)
		}
	}
	return vars
}

// gets notes that step i gives a value to e, and adds the later steps that use it.
func (p *placer) gets(st *steps, vars map[*types.Var]bool, e ast.Expr, i int, todo []int) []int {
	if e == nil {
		return todo
	}
	v := p.shared(e)
	if v == nil || v.IsField() {
		return todo
	}
	vars[v] = true
	for _, j := range st.uses[v] {
		if j > i {
			todo = append(todo, j)
		}
	}
	return todo
}
