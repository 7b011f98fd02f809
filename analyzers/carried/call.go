package carried

import (
	"go/ast"
	"go/types"
	"maps"
	"slices"

	"github.com/concurlint/concurlint/analyzers/module"
)

// mostDepth is how many calls deep an iteration is followed.
const mostDepth = 12

// call follows a call with what it gives to the parameters.
func (w *walker) call(c *ast.CallExpr, st *state, u use) {
	if w.p.Info().Types[c.Fun].IsType() {
		w.reads(c.Args[0], st, u)
		return
	}
	if name := w.p.Builtin(c); name != "" {
		w.builtin(name, c, st, u)
		return
	}
	if w.locking(c) {
		return
	}
	fn := w.p.Callee(c)
	d := w.p.Declaration(fn)
	given := told
	if d != nil {
		given = taken
	}
	if sel, ok := ast.Unparen(c.Fun).(*ast.SelectorExpr); ok && w.p.Info().Selections[sel] != nil {
		w.through(sel.X, st, given)
	}
	for _, a := range c.Args {
		w.reads(a, st, max(given, min(u, asked)))
	}
	switch {
	case d != nil && d.Body != nil:
		w.enter(d, d.Recv, d.Type, d.Body, c, st)
	case fn == nil:
		w.value(c, st)
	default:
		w.foreign(fn, c)
	}
}

func (w *walker) builtin(name string, c *ast.CallExpr, st *state, u use) {
	if (name == "len" || name == "cap") && u != heads {
		u = min(u, asked)
	}
	for i, a := range c.Args {
		if i == 0 && (name == "copy" || name == "clear" || name == "delete") {
			w.elements(a)
			continue
		}
		w.reads(a, st, u)
	}
}

// elements notes that some elements of a collection are written.
func (w *walker) elements(e ast.Expr) {
	at, _, ok := w.resolve(e)
	if ok && w.locked == 0 && (at.root == nil || !w.isOwn(at.root)) {
		w.doubtful("the loop writes elements of " + at.text())
	}
}

// locking follows locks of package sync: what is done under one, others may do
// at the same time.
func (w *walker) locking(c *ast.CallExpr) bool {
	fn := w.p.Callee(c)
	if fn == nil || fn.Pkg() == nil || fn.Pkg().Path() != "sync" {
		return false
	}
	switch fn.Name() {
	case "Lock", "RLock":
		w.locked++
	case "Unlock", "RUnlock":
		w.locked = max(0, w.locked-1)
	}
	return true
}

// enter walks a function of the package in place of its call. A deferred Unlock
// ends with it.
func (w *walker) enter(d ast.Node, recv *ast.FieldList, t *ast.FuncType, body *ast.BlockStmt, c *ast.CallExpr, st *state) {
	if w.active[d] || w.depth >= mostDepth {
		w.doubtful("the loop calls functions that call themselves")
		return
	}
	w.active[d] = true
	w.depth++
	locked := w.locked
	undo := w.bind(recv, t, c)
	w.own = append(w.own, d)
	in := &state{must: maps.Clone(st.must), some: st.some}
	if !w.block(body.List, in) {
		in.exits = append(in.exits, in.must)
	}
	for i, must := range in.exits {
		if i == 0 {
			st.must = must
			continue
		}
		maps.DeleteFunc(st.must, func(p place, _ bool) bool { return !must[p] })
	}
	w.own = w.own[:len(w.own)-1]
	undo()
	w.locked = locked
	w.depth--
	w.active[d] = false
}

// bind gives the parameters of a function the places of the arguments.
func (w *walker) bind(recv *ast.FieldList, t *ast.FuncType, c *ast.CallExpr) (undo func()) {
	saved := maps.Clone(w.alias)
	bound := make(map[types.Object]place)
	set := func(name *ast.Ident, e ast.Expr) {
		o := w.object(name)
		if o == nil || !pointsOut(o.Type()) {
			return
		}
		at, index, ok := w.resolve(e)
		switch {
		case !ok || at.root != nil && w.isOwn(at.root):
		case index != nil:
			bound[o] = somewhere
		default:
			bound[o] = at
		}
	}
	if sel, ok := ast.Unparen(c.Fun).(*ast.SelectorExpr); ok && recv != nil && len(recv.List[0].Names) == 1 {
		set(recv.List[0].Names[0], sel.X)
	}
	i := 0
	for _, f := range t.Params.List {
		for _, name := range f.Names {
			if _, variadic := f.Type.(*ast.Ellipsis); i < len(c.Args) && !variadic {
				set(name, c.Args[i])
			}
			i++
		}
		if len(f.Names) == 0 {
			i++
		}
	}
	maps.Copy(w.alias, bound)
	return func() { w.alias = saved }
}

// literal is a function that may be called from here on.
func (w *walker) literal(lit *ast.FuncLit, st *state) {
	if w.active[lit] {
		return
	}
	w.active[lit] = true
	w.own = append(w.own, lit)
	w.block(lit.Body.List, st.branch())
	w.own = w.own[:len(w.own)-1]
	w.active[lit] = false
}

// value is the call of a function value: literals are followed.
func (w *walker) value(c *ast.CallExpr, st *state) {
	fun := ast.Unparen(c.Fun)
	if lit, ok := fun.(*ast.FuncLit); ok {
		w.enter(lit, nil, lit.Type, lit.Body, c, st)
		return
	}
	for _, v := range w.p.Values(fun) {
		if lit, ok := ast.Unparen(v.Expr).(*ast.FuncLit); ok && v.From == nil {
			w.enter(lit, nil, lit.Type, lit.Body, c, st)
			continue
		}
		w.doubtful("the loop calls " + types.ExprString(fun) + ", whose body is not seen")
		return
	}
	if len(w.p.Values(fun)) == 0 {
		w.doubtful("the loop calls " + types.ExprString(fun) + ", whose body is not seen")
	}
}

// foreign is the call of a function that is declared elsewhere. It may change what
// it is given to point at; what bears calls at once is made for them.
func (w *walker) foreign(fn *types.Func, c *ast.CallExpr) {
	var given []ast.Expr
	if sel, ok := ast.Unparen(c.Fun).(*ast.SelectorExpr); ok && w.p.Info().Selections[sel] != nil {
		given = append(given, sel.X)
	}
	if len(given) == 0 || !bears(fn.Signature().Recv().Type()) {
		for i, a := range c.Args {
			if !onlyReads(fn, i, w.typeOf(a)) {
				given = append(given, a)
			}
		}
	}
	for _, e := range given {
		if w.locked > 0 || !w.writable(e, fn) {
			continue
		}
		at, _, ok := w.resolve(e)
		if ok && (at.root == nil || !w.isOwn(at.root)) {
			w.doubtful("the loop calls " + fn.Name() + ", which may change " + types.ExprString(e))
			return
		}
	}
}

// onlyReads reports whether a function of the standard library leaves its argument
// i as it is: those that take any values print them, unless they are told where to
// put some.
func onlyReads(fn *types.Func, i int, t types.Type) bool {
	params := fn.Signature().Params()
	if !fn.Signature().Variadic() || i < params.Len()-1 || !types.IsInterface(params.At(params.Len()-1).Type().(*types.Slice).Elem()) {
		return false
	}
	_, ptr := t.Underlying().(*types.Pointer)
	return !ptr && fn.Pkg() != nil && module.Standard(fn.Pkg().Path())
}

// writable reports whether a function that has the value can change what others see.
func (w *walker) writable(e ast.Expr, fn *types.Func) bool {
	t := w.typeOf(e)
	if bears(t) {
		return false
	}
	if recv := fn.Signature().Recv(); recv != nil && isFlat(t) {
		_, ptr := recv.Type().Underlying().(*types.Pointer)
		return ptr // an addressable value whose method takes its address
	}
	return pointsOut(t)
}

// bearing are the types of the standard library that are documented to be used by
// several goroutines at once, or cannot be changed.
var bearing = []string{
	"net/http.Client", "net/http.Transport", "net/http.RoundTripper", "database/sql.DB", "regexp.Regexp", "log.Logger", "log/slog.Logger",
	"context.Context", "net.Resolver", "net.Dialer", "text/template.Template", "html/template.Template", "time.Location", "error",
	"reflect.Type", "crypto/cipher.Block", "crypto/cipher.AEAD", "io/fs.FS", "io/fs.FileInfo", "io/fs.DirEntry",
}

// bears reports whether values of the type are made for calls at once.
func bears(t types.Type) bool {
	if ptr, ok := types.Unalias(t).(*types.Pointer); ok {
		t = ptr.Elem()
	}
	n, ok := types.Unalias(t).(*types.Named)
	if !ok {
		return false
	}
	name := n.Obj().Name()
	if pkg := n.Obj().Pkg(); pkg != nil {
		if pkg.Path() == "sync" || pkg.Path() == "sync/atomic" {
			return true
		}
		name = pkg.Path() + "." + name
	}
	return slices.Contains(bearing, name)
}
