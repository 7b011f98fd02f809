package placement

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"github.com/concurlint/concurlint/analyzers/effects"
	"github.com/concurlint/concurlint/analyzers/program"
)

// A step gives a value to variables: an assignment, a declaration, a loop.
type step struct {
	node ast.Node // the statement
	from ast.Expr // the value
	to   []*types.Var
	// around is the step in whose value this one stands, in a literal; -1 for none.
	around int
}

// steps are those of one function in source order. Each receive and each call of a
// function may be asked what comes of it, and functions that are generated have
// thousands of both, so that nothing is looked for in the whole body.
type steps struct {
	list []step
	uses map[*types.Var][]int // steps whose value mentions the variable
	sets map[*types.Var][]int // steps that give it one
	from map[ast.Node]*derivation
}

func (p *placer) stepsOf(f *effects.Func) *steps {
	if p.steps == nil {
		p.steps = make(map[*effects.Func]*steps)
	}
	if p.steps[f] == nil {
		p.steps[f] = p.readSteps(f)
	}
	return p.steps[f]
}

func (p *placer) readSteps(f *effects.Func) *steps {
	st := &steps{uses: make(map[*types.Var][]int), sets: make(map[*types.Var][]int), from: make(map[ast.Node]*derivation)}
	add := func(n ast.Node, from ast.Expr, to ...ast.Expr) {
		s := step{node: n, from: from, around: -1}
		for _, e := range to {
			if v := p.local(e); v != nil {
				s.to = append(s.to, v)
			}
		}
		st.list = append(st.list, s)
	}
	ast.Inspect(f.Body(), func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr: // wherever it stands: if decode(b, &v) != nil { continue }
			if to := p.filled(f, n); len(to) > 0 {
				add(n, n, to...)
			}
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
		for _, v := range st.list[i].to {
			st.sets[v] = append(st.sets[v], i)
		}
		p.anyVariable(st.list[i].from, func(v *types.Var) bool {
			if list := st.uses[v]; len(list) == 0 || list[len(list)-1] != i {
				st.uses[v] = append(list, i)
			}
			return false
		})
	}
	return st
}

// filled are the variables of f that a call fills from what it is given beside them: one
// whose address is handed over as a value of any type can be no more than looked at or
// set, and a map or pointer that each iteration makes anew is there for what comes in.
func (p *placer) filled(f *effects.Func, c *ast.CallExpr) (list []ast.Expr) {
	for i, a := range c.Args {
		switch x := p.addressFor(c, i); {
		case len(c.Args) > 1 && p.fresh(f, a):
			list = append(list, a)
		case x != nil:
			list = append(list, x)
		}
	}
	return list
}

// addressFor returns what an argument of a call is the address of, where that is handed over
// as a value of any type, or as one of several; nil otherwise.
func (p *placer) addressFor(c *ast.CallExpr, i int) ast.Expr {
	sig := p.signature(c)
	u, ok := ast.Unparen(c.Args[i]).(*ast.UnaryExpr)
	if sig == nil || !ok || u.Op != token.AND {
		return nil
	}
	t := program.ParamType(sig, i, c.Ellipsis.IsValid())
	if t == nil {
		return nil
	}
	if t, ok := t.Underlying().(*types.Interface); !ok || !t.Empty() {
		return nil
	}
	return u.X
}

// signature is that of what a call calls; nil for a conversion.
func (p *placer) signature(c *ast.CallExpr) *types.Signature {
	tv, ok := p.info.Types[c.Fun]
	if !ok || tv.IsType() {
		return nil
	}
	sig, _ := tv.Type.Underlying().(*types.Signature)
	return sig
}

// hasAddress reports whether a call gets the address of a variable for a value of any type.
// Addresses in a variadic list do not count: each is filled with a column or a word.
func (p *placer) hasAddress(c *ast.CallExpr) bool {
	sig := p.signature(c)
	if sig == nil {
		return false
	}
	fixed := sig.Params().Len()
	if sig.Variadic() {
		fixed--
	}
	for i := range min(fixed, len(c.Args)) {
		if p.addressFor(c, i) != nil {
			return true
		}
	}
	return false
}

// fresh reports whether an argument is a map or pointer in a variable that an iteration
// of a loop around it declares.
func (p *placer) fresh(f *effects.Func, arg ast.Expr) bool {
	id, ok := ast.Unparen(arg).(*ast.Ident)
	if !ok {
		return false
	}
	v, ok := p.info.Uses[id].(*types.Var)
	if !ok {
		return false
	}
	switch v.Type().Underlying().(type) {
	case *types.Map, *types.Pointer:
	default:
		return false
	}
	return slices.ContainsFunc(f.Loops, func(l *effects.Loop) bool {
		b := l.Body()
		return b.Pos() <= v.Pos() && v.Pos() < arg.Pos() && arg.End() <= b.End()
	})
}

// advancing reports whether a call moves its receiver on to the next thing.
func (p *placer) advancing(c *ast.CallExpr) bool {
	sel, ok := ast.Unparen(c.Fun).(*ast.SelectorExpr)
	if !ok {
		return false
	}
	fn, ok := p.info.Uses[sel.Sel].(*types.Func)
	return ok && fn.Signature().Recv() != nil && advances(fn.Signature().Results())
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

// A derivation is the part of a function's steps that something reaches, a bit a
// step: a map of the variables would be as long as the function for each receive.
type derivation struct {
	steps *steps
	bits  []uint64
	vars  map[*types.Var]bool // that get it without a step: a parameter, &v
}

// has reports whether a variable gets the value.
func (d *derivation) has(v *types.Var) bool {
	return d.vars[v] || slices.ContainsFunc(d.steps.sets[v], d.reached)
}

func (d *derivation) reached(i int) bool { return d.bits[i/64]&(1<<(i%64)) != 0 }

// derived tells the variables of a function that get a value from the node, or
// from another that did.
func (p *placer) derived(f *effects.Func, from ast.Node) *derivation {
	st := p.stepsOf(f)
	if st.from[from] == nil {
		st.from[from] = p.derive(st, from, slices.ContainsFunc(f.Loops, func(l *effects.Loop) bool {
			loop, ok := l.Node.(*ast.ForStmt)
			return ok && loop.Cond != nil && ast.Unparen(loop.Cond) == from
		}))
	}
	return st.from[from]
}

// derive is derived for a node that is the condition of a loop, or is none.
func (p *placer) derive(st *steps, from ast.Node, turns bool) *derivation {
	d := st.derivation()
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
	if c, ok := from.(*ast.CallExpr); ok {
		if v := p.local(receiver(c)); v != nil && turns && p.advancing(c) { // what scanner.Text() gives after scanner.Scan()
			todo = append(todo, st.later(v, next-1)...)
		}
		for _, a := range c.Args {
			if u, ok := ast.Unparen(a).(*ast.UnaryExpr); ok && u.Op == token.AND { // Decode(&request)
				if v := p.local(u.X); v != nil {
					d.vars[v] = true
					todo = append(todo, st.later(v, next-1)...)
				}
			}
		}
	}
	d.follow(todo)
	return d
}

// derivedFrom is derived for a parameter of the function.
func (p *placer) derivedFrom(f *effects.Func, param *types.Var) *derivation {
	d := p.stepsOf(f).derivation()
	d.vars[param] = true
	d.follow(slices.Clone(d.steps.uses[param]))
	return d
}

func (st *steps) derivation() *derivation {
	return &derivation{st, make([]uint64, len(st.list)/64+1), make(map[*types.Var]bool)}
}

// follow adds steps, and the later ones that use what these give a value to.
func (d *derivation) follow(todo []int) {
	for len(todo) > 0 {
		i := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if d.reached(i) {
			continue
		}
		d.bits[i/64] |= 1 << (i % 64)
		for _, v := range d.steps.list[i].to {
			todo = append(todo, d.steps.later(v, i)...)
		}
	}
}

// later are the steps behind i that use a variable.
func (st *steps) later(v *types.Var, i int) []int {
	list := st.uses[v]
	next, _ := slices.BinarySearch(list, i+1)
	return list[next:]
}

// local is the variable that e names or reaches, but for fields.
func (p *placer) local(e ast.Expr) *types.Var {
	if v := p.shared(e); v != nil && !v.IsField() {
		return v
	}
	return nil
}
