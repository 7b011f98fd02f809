package carried

import (
	"go/ast"
	"go/types"
	"maps"
	"slices"
	"strings"

	"github.com/concurlint/concurlint/analyzers/program"
)

// call follows a call with what it gives to the parameters.
func (w *walker) call(c *ast.CallExpr, st *state, u use) {
	if w.p.Info().Types[c.Fun].IsType() {
		w.reads(c.Args[0], st, u)
		return
	}
	if name := w.builtinName(c); name != "" {
		w.builtin(name, c, st, u)
		return
	}
	fn := w.p.Callee(c)
	if w.synchronizes(c, st) || w.p.NeverReturns(c) {
		return // what ends the program, no iteration comes after
	}
	given := told
	if w.p.Declaration(fn) != nil {
		given = taken
	}
	if sel, ok := ast.Unparen(c.Fun).(*ast.SelectorExpr); ok && w.p.Info().Selections[sel] != nil {
		w.way(sel.X, st, given)
	}
	for _, a := range c.Args {
		w.reads(a, st, max(given, min(u, asked)))
	}
	switch s := w.r.Summary(fn); {
	case s != nil:
		w.apply(s, fn, c, st)
	case fn == nil:
		w.value(c, st)
	default:
		w.foreign(fn, c, st)
	}
}

// builtinName is the name of a built-in function, of package unsafe as well.
func (w *walker) builtinName(c *ast.CallExpr) string {
	if sel, ok := ast.Unparen(c.Fun).(*ast.SelectorExpr); ok {
		if b, ok := w.object(sel.Sel).(*types.Builtin); ok {
			return b.Name()
		}
	}
	return w.p.Builtin(c)
}

func (w *walker) builtin(name string, c *ast.CallExpr, st *state, u use) {
	if (name == "len" || name == "cap") && u != heads {
		u = min(u, asked)
	}
	if name == "append" && len(c.Args) > 1 && !isFull(c.Args[0]) {
		w.fill(c.Args[0]) // the room behind its last element
	}
	for i, a := range c.Args {
		switch {
		case i > 0 || name != "copy" && name != "clear" && name != "delete" && name != "close":
			w.reads(a, st, u)
		case name == "close":
			w.talks(a, st)
		default:
			w.fill(a)
		}
	}
}

// isFull reports whether a slice is written so that there is no room behind it.
func isFull(e ast.Expr) bool {
	s, ok := ast.Unparen(e).(*ast.SliceExpr)
	return ok && s.Slice3
}

// fill notes that some elements of a collection are written.
func (w *walker) fill(e ast.Expr) {
	at, index, ok := w.behind(e)
	switch {
	case !ok || at.root != nil && w.isOwn(at.root):
	case index != nil:
		w.sets(at, index, writing{last: true})
	default:
		w.change(at, "writes elements of "+at.text())
	}
}

// literals walks what a call is given, but for what it is called on.
func (w *walker) literals(c *ast.CallExpr, st *state) {
	for _, a := range c.Args {
		if _, address := ast.Unparen(a).(*ast.UnaryExpr); !address {
			w.reads(a, st, told)
		}
	}
}

func unknownResults(fn *types.Func) []origin {
	list := make([]origin, fn.Signature().Results().Len())
	for i := range list {
		if reaches(fn.Signature().Results().At(i).Type()) {
			list[i] = anyone
		}
	}
	return list
}

// enter walks a literal in place of its call. A deferred Unlock ends with it.
func (w *walker) enter(lit *ast.FuncLit, c *ast.CallExpr, st *state) {
	if w.active[lit] {
		w.doubtful(inTheMaking.doubt)
		return
	}
	i := 0
	for _, f := range lit.Type.Params.List {
		for _, name := range f.Names {
			o := anyone
			if _, variadic := f.Type.(*ast.Ellipsis); i < len(c.Args) && !variadic {
				o = w.from(c.Args[i])
			}
			w.hold(name, o, newState())
			i++
		}
		if len(f.Names) == 0 {
			i++
		}
	}
	in := &state{must: maps.Clone(st.must), some: st.some}
	w.made[c] = w.inside(lit, in)
	st.must = common(in.exits)
}

// inside walks the body of a literal and returns where its results lead.
func (w *walker) inside(lit *ast.FuncLit, in *state) []origin {
	locked, results := slices.Clone(w.locks), w.results
	w.results = make([]origin, lit.Type.Results.NumFields())
	w.active[lit] = true
	w.own = append(w.own, lit)
	w.depth++
	if !w.block(lit.Body.List, in) {
		in.exits = append(in.exits, in.must)
	}
	w.depth--
	w.own = w.own[:len(w.own)-1]
	w.active[lit] = false
	made := w.results
	w.locks, w.results = locked, results
	return made
}

// literal is a function that may be called from here on, with anything.
func (w *walker) literal(lit *ast.FuncLit, st *state) {
	if w.active[lit] {
		return
	}
	w.strangers(lit.Type)
	w.inside(lit, st.branch())
}

// strangers are parameters of which it is not known what they are given.
func (w *walker) strangers(t *ast.FuncType) {
	for _, f := range t.Params.List {
		for _, name := range f.Names {
			w.hold(name, anyone, newState())
		}
	}
}

// handed walks the literals that a variable stands for which is given away.
func (w *walker) handed(id *ast.Ident, st *state) {
	if _, isFunc := w.typeOf(id).Underlying().(*types.Signature); !isFunc {
		return
	}
	for _, v := range w.p.Values(id) {
		if lit, ok := ast.Unparen(v.Expr).(*ast.FuncLit); ok && v.From == nil {
			w.literal(lit, st)
		}
	}
}

// value is the call of a function value: literals are followed.
func (w *walker) value(c *ast.CallExpr, st *state) {
	fun := ast.Unparen(c.Fun)
	if lit, ok := fun.(*ast.FuncLit); ok {
		w.enter(lit, c, st)
		return
	}
	w.each(fun, place{}, nil, st, func(lit *ast.FuncLit) { w.enter(lit, c, st) })
}

// invoke is the call of a function value somewhere out of sight: of at in a function
// fn of which a summary tells.
func (w *walker) invoke(e ast.Expr, at place, fn *types.Func, st *state) {
	if e == nil {
		w.change(at, w.via(fn, "calls "+at.text()+", whose body is not seen"))
		return
	}
	if _, ok := ast.Unparen(e).(*ast.FuncLit); ok {
		return // walked where it stands
	}
	w.each(e, at, fn, st, func(lit *ast.FuncLit) { w.literal(lit, st) })
}

// each follows the literals and functions that an expression stands for.
func (w *walker) each(e ast.Expr, at place, fn *types.Func, st *state, literal func(*ast.FuncLit)) {
	unseen := func() {
		if o := w.from(e); o.shared && o.at.root != nil && o.index == nil && w.params != nil {
			if sp, ok := w.spot(o.at); ok && sp.global == "" && sp.path == "" && sp.arg != receiver {
				w.changed = append(w.changed, touch{spot: sp, kind: calls})
				return
			}
			w.change(o.at, w.via(fn, "calls "+types.ExprString(e)+", whose body is not seen"))
			return
		}
		w.doubtful(w.via(fn, "calls "+types.ExprString(e)+", whose body is not seen"))
	}
	values := w.p.Values(e)
	if len(values) == 0 {
		unseen()
		return
	}
	for _, v := range values {
		lit, isLit := ast.Unparen(v.Expr).(*ast.FuncLit)
		named := w.function(v)
		switch {
		case v.From == nil && isLit:
			literal(lit)
		case v.From == nil && named != nil && w.r.Summary(named) != nil:
			w.apply(w.r.Summary(named), named, &ast.CallExpr{Fun: v.Expr}, st)
		default:
			unseen()
			return
		}
	}
}

// function is the declared function that a value names, or nil.
func (w *walker) function(v program.Value) *types.Func {
	switch x := ast.Unparen(v.Expr).(type) {
	case *ast.Ident:
		fn, _ := w.object(x).(*types.Func)
		return fn
	case *ast.SelectorExpr:
		fn, _ := w.object(x.Sel).(*types.Func)
		return fn
	}
	return nil
}

// via says what a function does whose text is elsewhere.
func (w *walker) via(fn *types.Func, does string) string {
	if fn == nil || fn.Pkg() == w.p.Package() || strings.HasPrefix(does, "calls ") {
		return does
	}
	return "calls " + fn.Name() + ", which " + does
}
