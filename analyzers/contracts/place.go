package contracts

import (
	"go/ast"
	"go/types"

	"golang.org/x/tools/go/types/typeutil"

	"github.com/concurlint/concurlint/analyzers/effects"
	"github.com/concurlint/concurlint/analyzers/program"
)

// A place is a parameter, field or variable whose functions run on a loop; of an
// interface it is the method that does. The elements of a collection count as the
// collection.
type place struct {
	v      *types.Var
	method string
}

// An argument is a parameter of a function, perhaps of another package.
type argument struct {
	fn     *types.Func
	n      int
	method string
}

// put follows a place to what it may hold.
func (f *finder) put(at place, by promise) {
	at.v = at.v.Origin()
	if _, dup := f.places[at]; dup {
		return
	}
	f.places[at] = by
	for _, v := range f.prog.Held(at.v) {
		f.value(v, at.method, by)
	}
}

// param follows a parameter to what the calls of its function give it.
func (f *finder) param(at argument, by promise) {
	at.fn = at.fn.Origin()
	if _, dup := f.params[at]; dup || at.n < 0 {
		return
	}
	f.params[at] = by
	if params := at.fn.Signature().Params(); f.fx.Func(at.fn) != nil && at.n < params.Len() {
		f.put(place{params.At(at.n), at.method}, by)
		return
	}
	for _, c := range f.prog.Calls(at.fn) {
		for i := at.n; i < len(c.Args); i++ {
			f.follow(c.Args[i], at.method, by)
			if !program.Spreads(at.fn, at.n, c) {
				break
			}
		}
	}
}

// follow follows an expression to what it may be.
func (f *finder) follow(e ast.Expr, method string, by promise) {
	for _, v := range f.prog.Values(e) {
		f.value(v, method, by)
	}
}

func (f *finder) value(v program.Value, method string, by promise) {
	switch {
	case v.From != nil:
		f.put(place{v.From, method}, by)
	case method == "" || !f.method(v.Expr, method, by):
		f.function(v.Expr, by)
	}
}

// function adds the function that e names, writes out or makes.
func (f *finder) function(e ast.Expr, by promise) {
	switch x := ast.Unparen(e).(type) {
	case *ast.FuncLit:
		f.context(f.fx.Literal(x), by)
		return
	case *ast.CallExpr:
		fn := typeutil.StaticCallee(f.info, x)
		if fn != nil {
			fn = fn.Origin()
		}
		f.made(x, fn, by)
		return
	}
	fn, recv := f.names(e)
	switch {
	case fn == nil:
	case f.fx.Func(fn) != nil:
		f.context(f.fx.Func(fn), by)
	case recv != nil && types.IsInterface(fn.Signature().Recv().Type()):
		f.follow(recv, fn.Name(), by)
	default:
		f.handover(e, fn, by)
	}
}

// names returns the function or method that e names, and of a method value the
// expression that it is of.
func (f *finder) names(e ast.Expr) (*types.Func, ast.Expr) {
	e = ast.Unparen(e)
	switch x := e.(type) {
	case *ast.IndexExpr:
		e = ast.Unparen(x.X)
	case *ast.IndexListExpr:
		e = ast.Unparen(x.X)
	}
	switch x := e.(type) {
	case *ast.Ident:
		if fn, ok := f.info.Uses[x].(*types.Func); ok {
			return fn.Origin(), nil
		}
	case *ast.SelectorExpr:
		if fn, ok := f.info.Uses[x.Sel].(*types.Func); ok {
			if sel := f.info.Selections[x]; sel != nil && sel.Kind() == types.MethodVal {
				return fn.Origin(), x.X
			}
			return fn.Origin(), nil
		}
	}
	return nil, nil
}

// method adds the method of the concrete type of e, and reports whether it has
// one.
func (f *finder) method(e ast.Expr, name string, by promise) bool {
	t := f.info.TypeOf(e)
	if tuple, ok := t.(*types.Tuple); ok && tuple.Len() > 0 {
		t = tuple.At(0).Type()
	}
	if t == nil || types.IsInterface(t) {
		return true // nothing is known of it
	}
	obj, _, _ := types.LookupFieldOrMethod(t, true, f.pass.Pkg, name)
	fn, ok := obj.(*types.Func)
	if !ok {
		return false
	}
	fn = fn.Origin()
	switch own := f.fx.Func(fn); {
	case own != nil:
		f.context(own, by)
	case !types.IsInterface(fn.Signature().Recv().Type()):
		f.handover(e, fn, by)
	}
	return true
}

// A step is a function that a loop runs, yet to be looked into.
type step struct {
	fn    *effects.Func
	by    promise
	depth int
}

// maxDepth is how many calls down a loop's own code is looked into for functions
// that others have given.
const maxDepth = 5

// settle looks into the functions that run on a loop, and those that they call, for
// calls of functions that others have given: what they were given runs on the loop
// as well.
func (f *finder) settle() {
	seen := make(map[*effects.Func]bool)
	for i := 0; i < len(f.res.Contexts); i++ {
		ctx := f.res.Contexts[i]
		if ctx.Directive {
			continue // what it is given is up to its caller
		}
		f.queue = append(f.queue, step{ctx.Func, promise{ctx.Who, ctx.Loop}, 0})
		for len(f.queue) > 0 {
			s := f.queue[0]
			f.queue = f.queue[1:]
			if seen[s.fn] || s.depth > maxDepth {
				continue
			}
			seen[s.fn] = true
			for _, op := range s.fn.Ops {
				if c, ok := op.Node.(*ast.CallExpr); ok && op.Spawned == nil && op.Certainty >= effects.Missed {
					f.through(c, op, s)
				}
			}
		}
	}
}

// through follows one call that the loop makes.
func (f *finder) through(c *ast.CallExpr, op *effects.Op, s step) {
	fn := op.Callee()
	if own := f.fx.Func(fn); own != nil {
		f.queue = append(f.queue, step{own, s.by, s.depth + 1})
	}
	for _, t := range op.Tasks() {
		if t.Func != nil {
			f.queue = append(f.queue, step{t.Func, s.by, s.depth + 1})
		}
	}
	f.inPlace(c, fn, s)
	for _, h := range f.givers(c, fn) {
		if !s.by.loop.Own || f.wraps(h, s) {
			f.put(h, s.by)
		}
	}
}

// wraps reports whether a handler calls a parameter of the function that makes it.
// What else a handler of the module's own loop goes on to call by fields and
// interfaces is how the program is put together: its loops bear it.
func (f *finder) wraps(at place, s step) bool {
	_, _, param := f.prog.Parameter(at.v)
	return s.depth == 0 && at.method == "" && param
}

// inPlace looks into the literals that a call runs before it returns.
func (f *finder) inPlace(c *ast.CallExpr, fn *types.Func, s step) {
	for _, u := range f.fx.Uses(fn) {
		if u.Method != "" || u.Goes || u.Arg < 0 || u.Arg >= len(c.Args) {
			continue
		}
		if lit, ok := ast.Unparen(c.Args[u.Arg]).(*ast.FuncLit); ok {
			f.queue = append(f.queue, step{f.fx.Literal(lit), s.by, s.depth + 1})
		}
	}
}

// givers returns the places of this module from which a call takes the function,
// or the value of an interface, that it calls.
func (f *finder) givers(c *ast.CallExpr, fn *types.Func) []place {
	e, method := c.Fun, ""
	if fn != nil {
		sel, ok := ast.Unparen(c.Fun).(*ast.SelectorExpr)
		if !ok || fn.Signature().Recv() == nil || !types.IsInterface(fn.Signature().Recv().Type()) || !f.ours(fn.Pkg()) {
			return nil
		}
		e, method = sel.X, fn.Name()
	} else if tv := f.info.Types[c.Fun]; tv.IsType() || tv.IsBuiltin() {
		return nil
	}
	var list []place
	for _, h := range f.prog.Holders(e) {
		if h.From != nil && f.ours(h.From.Pkg()) {
			list = append(list, place{h.From, method})
		}
	}
	return list
}
