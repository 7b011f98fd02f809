package carried

import (
	"go/ast"
	"go/token"
	"go/types"
)

// An origin says where a value leads: to a place that lives on, or to what was
// made for the iteration, which may lead on in turn.
type origin struct {
	shared bool
	at     place        // if shared
	index  ast.Expr     // if shared: of the element that it is
	inner  *place       // otherwise: where pointers in it may lead
	owner  types.Object // otherwise: the variable that it is of
}

var (
	nowhere = origin{}
	anyone  = origin{shared: true, at: somewhere}
)

// join is where a value leads that has one of two origins.
func join(a, b origin) origin {
	switch {
	case a.shared && b.shared:
		switch {
		case a.at == b.at && a.index == b.index:
			return a
		case a.at.root == b.at.root && a.at.root != nil:
			return origin{shared: true, at: place{root: a.at.root, vague: true}}
		}
		return anyone
	case a.shared:
		return a
	case b.shared:
		return b
	case a.inner == nil:
		return b
	case b.inner == nil || *a.inner == *b.inner:
		return a
	}
	return origin{inner: &somewhere, owner: a.owner}
}

// held is what holds values of an origin.
func held(o origin) origin {
	switch {
	case !o.shared:
		return origin{inner: o.inner}
	case o.at.root == nil:
		return origin{inner: &somewhere}
	}
	at := o.at
	at.vague = true
	return origin{inner: &at}
}

// from is where the value of an expression leads.
func (w *walker) from(e ast.Expr) origin {
	if !follows(w.typeOf(e)) {
		return nowhere
	}
	if at, index, ok := w.behind(e); ok {
		if at.root == nil || !w.isOwn(at.root) {
			return origin{shared: true, at: at, index: index}
		}
		o := origin{owner: at.root}
		if in, known := w.inner[at.root]; known {
			in = in.below(at.path, at.flat)
			o.inner = &in
		}
		return o
	}
	switch x := ast.Unparen(e).(type) {
	case *ast.CallExpr:
		return w.fromCall(x)
	case *ast.UnaryExpr:
		if x.Op == token.ARROW {
			return anyone
		}
		return w.from(x.X)
	case *ast.CompositeLit:
		o := nowhere
		for _, el := range x.Elts {
			if kv, ok := el.(*ast.KeyValueExpr); ok {
				el = kv.Value
			}
			o = join(o, held(w.from(el)))
		}
		return o
	case *ast.TypeAssertExpr:
		return w.from(x.X)
	}
	return nowhere
}

func (w *walker) fromCall(c *ast.CallExpr) origin {
	if w.p.Info().Types[c.Fun].IsType() {
		return w.from(c.Args[0])
	}
	if name := w.builtinName(c); name != "" {
		if name != "append" {
			if len(c.Args) > 0 && name != "make" && name != "new" && name != "min" && name != "max" {
				return w.from(c.Args[0]) // of package unsafe: the same memory
			}
			return nowhere
		}
		o := w.from(c.Args[0])
		for _, a := range c.Args[1:] {
			part := w.from(a)
			if !c.Ellipsis.IsValid() {
				part = held(part)
			} else if part.shared {
				part = held(part)
			}
			o = join(o, part)
		}
		return o
	}
	if list := w.made[c]; len(list) > 0 {
		return list[0]
	}
	return anyone
}

// hold binds a variable of the iteration to where its value leads.
func (w *walker) hold(id *ast.Ident, o origin, st *state) { w.bind(w.object(id), o, st) }

func (w *walker) bind(v types.Object, o origin, st *state) {
	if v == nil || !follows(v.Type()) {
		return
	}
	if st.some {
		o = join(w.holds(v), o)
	}
	delete(w.alias, v)
	delete(w.inner, v)
	switch {
	case !o.shared && o.inner != nil:
		w.inner[v] = *o.inner
	case !o.shared:
	case !pointsOut(v.Type()) && o.index == nil:
		w.inner[v] = o.at
	case !pointsOut(v.Type()):
		w.inner[v] = somewhere
	case o.index != nil:
		w.alias[v] = somewhere
	default:
		w.alias[v] = o.at
	}
}

// cuts notes that a variable is a slice that begins within another one.
func (w *walker) cuts(id *ast.Ident, e ast.Expr) {
	if v := w.object(id); v != nil && w.isCut(e) {
		w.cut[v] = true
	}
}

// holds is where a variable leads so far.
func (w *walker) holds(v types.Object) origin {
	if at, ok := w.alias[v]; ok {
		return origin{shared: true, at: at}
	}
	if in, ok := w.inner[v]; ok {
		return origin{inner: &in}
	}
	return nowhere
}

// keep notes that a value becomes part of what the iteration has made.
func (w *walker) keep(lhs ast.Expr, o origin) {
	at, _, ok := w.resolve(lhs)
	if o = held(o); !ok || o.inner == nil || at.root == nil || !w.isOwn(at.root) {
		return
	}
	if old, known := w.inner[at.root]; known && old != *o.inner {
		o.inner = &somewhere
	}
	w.inner[at.root] = *o.inner
}

// returned is a result of a function with the arguments of a call.
func (w *walker) returned(res result, args map[int]argument) origin {
	if res.how == fresh {
		return nowhere
	}
	if res.how == unknown {
		return anyone
	}
	at, index, ok := w.rebase(res.spot, args)
	switch {
	case !ok && res.global == "":
		return held(args[res.arg].origin)
	case !ok:
		return nowhere
	case res.how == holding:
		return origin{inner: &at}
	}
	return origin{shared: true, at: at, index: index}
}
