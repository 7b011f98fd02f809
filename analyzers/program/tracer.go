package program

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
)

// maxValues and maxSteps bound the work for what everybody sets. Who reads a result
// that long learns no more from the rest.
const (
	maxValues = 32
	maxSteps  = 400
)

// A tracer follows one expression. Each variable is visited once.
type tracer struct {
	p       *Program
	seen    map[stop]bool
	holders bool // stop at what is not local
	element bool // an element of a collection has been taken
	list    []Value
	steps   int
}

// A stop is a variable on the way, and whether it is the elements that count.
type stop struct {
	obj      types.Object
	elements bool
}

func (t *tracer) add(v Value) {
	v.Element = t.element
	t.list = append(t.list, v)
}

// expr follows e, or with elements what the collection e holds; result is which
// one of a call with several.
func (t *tracer) expr(e ast.Expr, result int, elements bool) {
	t.steps++
	if e == nil || len(t.list) >= maxValues || t.steps > maxSteps || t.p.info.Types[e].IsNil() {
		return
	}
	e = ast.Unparen(e)
	switch x := e.(type) {
	case *ast.FuncLit:
		t.add(Value{Expr: e})
		return
	case *ast.CompositeLit:
		if elements {
			t.literal(x)
			return
		}
	case *ast.CallExpr:
		t.call(x, result, elements)
		return
	case *ast.IndexExpr:
		if !t.function(x.X) {
			t.taken(x.X)
			return
		}
	case *ast.TypeAssertExpr:
		if t.settled(e) && !(t.holders && x.Type != nil && t.settled(x.Type)) {
			break
		}
		t.asserted(x, elements)
		return
	case *ast.SliceExpr:
		t.expr(x.X, 0, elements)
		return
	case *ast.StarExpr:
		t.expr(x.X, 0, elements)
		return
	case *ast.UnaryExpr:
		if x.Op == token.ARROW {
			t.taken(x.X)
			return
		}
	case *ast.Ident, *ast.SelectorExpr:
		if v := t.p.Variable(e); v != nil && (elements || !t.settled(e) || t.holders) {
			t.variable(v, elements)
			return
		}
	}
	t.add(Value{Expr: e})
}

// asserted follows what is known of a value to be a function: of all that the
// interface may hold, functions of that type.
func (t *tracer) asserted(x *ast.TypeAssertExpr, elements bool) {
	before := len(t.list)
	t.expr(x.X, 0, elements)
	want := t.typeOf(x)
	if elements || types.IsInterface(want) {
		return
	}
	other := func(v Value) bool {
		if v.Expr == nil {
			return false
		}
		have := t.p.info.TypeOf(v.Expr)
		return have != nil && !types.IsInterface(have) && !types.Identical(have, want)
	}
	t.list = append(t.list[:before], slices.DeleteFunc(t.list[before:], other)...)
}

// taken follows what an element of a collection or channel may be.
func (t *tracer) taken(x ast.Expr) {
	saved := t.element
	if ty := t.p.info.TypeOf(x); ty == nil || !isChan(ty) {
		t.element = true
	}
	t.expr(x, 0, true)
	t.element = saved
}

// function reports whether e names a declared function, as in f[int].
func (t *tracer) function(e ast.Expr) bool {
	switch x := ast.Unparen(e).(type) {
	case *ast.Ident:
		_, ok := t.p.info.Uses[x].(*types.Func)
		return ok
	case *ast.SelectorExpr:
		_, ok := t.p.info.Uses[x.Sel].(*types.Func)
		return ok
	}
	return false
}

// settled reports whether the type of e says what it is: neither a function nor an
// interface.
func (t *tracer) settled(e ast.Expr) bool {
	ty := t.typeOf(e)
	if ty == nil || types.IsInterface(ty) {
		return false
	}
	_, isFunc := ty.Underlying().(*types.Signature)
	return !isFunc
}

// typeOf returns the type of an expression; of an assertion that also tells whether it holds,
// what is asserted.
func (t *tracer) typeOf(e ast.Expr) types.Type {
	ty := t.p.info.TypeOf(e)
	if both, ok := ty.(*types.Tuple); ok && both.Len() > 0 {
		if _, asserts := e.(*ast.TypeAssertExpr); asserts {
			return both.At(0).Type()
		}
	}
	return ty
}

// literal follows the elements of a collection that is written out.
func (t *tracer) literal(lit *ast.CompositeLit) {
	saved := t.element
	t.element = true
	for _, el := range lit.Elts {
		if kv, ok := el.(*ast.KeyValueExpr); ok {
			el = kv.Value
		}
		t.expr(el, 0, t.nested(el))
	}
	t.element = saved
}

// nested reports whether an element is a collection itself.
func (t *tracer) nested(e ast.Expr) bool {
	ty := t.p.info.TypeOf(e)
	return ty != nil && Collects(ty)
}

// Collects reports whether t holds elements.
func Collects(t types.Type) bool {
	switch t.Underlying().(type) {
	case *types.Slice, *types.Map, *types.Chan, *types.Array:
		return true
	case *types.Struct, *types.Pointer:
		return stores(t)
	}
	return false
}

// storing are the standard library's types that hold values of any type, by package.
var storing = map[string][]string{"sync": {"Map"}, "sync/atomic": {"Value", "Pointer"}, "container/list": {"List"}, "container/ring": {"Ring"}}

// stores reports whether t is one of those, or points to one.
func stores(t types.Type) bool {
	if ptr, ok := types.Unalias(t).(*types.Pointer); ok {
		t = ptr.Elem()
	}
	n, ok := types.Unalias(t).(*types.Named)
	return ok && n.Obj().Pkg() != nil && slices.Contains(storing[n.Obj().Pkg().Path()], n.Obj().Name())
}

func (t *tracer) call(c *ast.CallExpr, result int, elements bool) {
	if x := t.p.conversion(c); x != nil {
		t.expr(x, 0, elements)
		return
	}
	switch t.p.Builtin(c) {
	case "append":
		for i, a := range c.Args {
			t.expr(a, 0, i == 0 || c.Ellipsis.IsValid() || t.nested(a))
		}
		return
	case "make", "new":
		return
	}
	if recv := t.p.container(c); recv != nil {
		t.taken(recv)
		return
	}
	fn := t.p.Callee(c)
	if fn != nil && fn.Pkg() != nil && (fn.Pkg().Path() == "slices" || fn.Pkg().Path() == "maps") {
		for _, a := range c.Args {
			t.expr(a, 0, true)
		}
		return
	}
	d := t.p.Declaration(fn)
	if d == nil || d.Body == nil {
		t.add(Value{Expr: c})
		return
	}
	if ty := t.p.info.TypeOf(c); !elements && !t.holders && ty != nil && t.settled(c) && result == 0 {
		if _, tuple := ty.(*types.Tuple); !tuple {
			t.add(Value{Expr: c})
			return
		}
	}
	t.results(fn, d, result, elements)
}

// results follows what a function of the package returns.
func (t *tracer) results(fn *types.Func, d *ast.FuncDecl, result int, elements bool) {
	key := stop{fn, elements}
	if t.seen[key] {
		return
	}
	t.seen[key] = true
	for _, r := range Returns(d.Body) {
		switch {
		case result < len(r.Results):
			t.expr(r.Results[result], 0, elements)
		case len(r.Results) == 0 && result < fn.Signature().Results().Len():
			t.variable(fn.Signature().Results().At(result), elements)
		case len(r.Results) == 1: // return f()
			t.expr(r.Results[0], result, elements)
		}
	}
}

// container returns what a call takes an element from, as m.Load(k) of a sync.Map,
// or nil.
func (p *Program) container(c *ast.CallExpr) ast.Expr {
	sel, ok := ast.Unparen(c.Fun).(*ast.SelectorExpr)
	if !ok {
		return nil
	}
	if fn, ok := p.info.Uses[sel.Sel].(*types.Func); !ok || fn.Pkg() == nil || storing[fn.Pkg().Path()] == nil {
		return nil // as most calls
	}
	if t := p.info.TypeOf(sel.X); t == nil || !stores(t) {
		return nil
	}
	return sel.X
}

// variable follows what is written to v.
func (t *tracer) variable(v *types.Var, elements bool) {
	key := stop{v, elements}
	if t.seen[key] {
		return
	}
	t.seen[key] = true
	x := t.p.everywhere()
	flows := x.flows[v]
	if t.holders && !t.local(v, flows) {
		t.add(Value{From: v})
		return
	}
	for _, w := range flows {
		switch w.how {
		case assigned:
			t.expr(w.value, max(0, w.result), elements)
		case element:
			t.taken(w.value)
		case stored:
			if elements {
				saved := t.element
				t.element = true
				t.expr(w.value, 0, t.nested(w.value))
				t.element = saved
			}
		case given:
			t.arguments(v, elements)
		case elsewhere: // a parameter of a literal
			t.add(Value{From: v})
		}
	}
	if t.open(v) {
		t.add(Value{From: v})
	}
}

// local reports whether v is a variable of a function that is not its parameter.
func (t *tracer) local(v *types.Var, flows []flow) bool {
	if v.IsField() || v.Parent() == nil && len(flows) == 0 || v.Pkg() != nil && v.Parent() == v.Pkg().Scope() {
		return false
	}
	return len(flows) > 0 && flows[0].how != given && flows[0].how != elsewhere
}

// arguments follows what the calls give the parameter v.
func (t *tracer) arguments(v *types.Var, elements bool) {
	fn, i, ok := t.p.Parameter(v)
	if !ok {
		return
	}
	for _, c := range t.p.Calls(fn) {
		spread := Spreads(fn, i, c)
		for _, a := range Arguments(fn, i, c) {
			t.expr(a, 0, spread && t.nested(a) || !spread && elements)
		}
	}
}

// open reports whether code that is not in sight may set v: of another package, or
// that calls a function through a value.
func (t *tracer) open(v *types.Var) bool {
	if v.IsField() {
		return v.Exported() && v.Pkg() == t.p.pkg
	}
	if v.Pkg() != nil && v.Parent() == v.Pkg().Scope() {
		return v.Exported()
	}
	fn, _, ok := t.p.Parameter(v)
	if !ok {
		return false
	}
	return t.p.outside(fn) || t.p.everywhere().values[fn]
}
