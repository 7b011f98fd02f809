package effects

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"github.com/concurlint/concurlint/analyzers/knowledge"
	"github.com/concurlint/concurlint/analyzers/program"
)

// A carrier is what an expression of reader, writer or other interface type
// really is: a concrete type, or an argument of an enclosing function.
type carrier struct {
	typ  types.Type
	use  *Use   // an argument
	root Root   // of the expression
	sym  string // describes it to people
	eff  *knowledge.Effect
	some bool // one of several that it may be
	open bool // code out of sight may give something else
}

// or is how sure a use through the carrier is.
func (cr carrier) or(u Use) Use {
	if cr.some {
		u.Certainty = min(u.Certainty, Usually)
	}
	return u
}

// carriers follows an expression to what reads and writes go to. None means
// unknown, which counts as no I/O.
func (p *pkg) carriers(fn *Func, e ast.Expr, depth int) []carrier {
	if !p.step(depth, maxDepth+2) {
		return nil
	}
	e = ast.Unparen(e)
	switch x := e.(type) {
	case *ast.UnaryExpr:
		if x.Op == token.AND {
			return p.carriers(fn, x.X, depth+1)
		}
	case *ast.StarExpr:
		return p.carriers(fn, x.X, depth+1)
	case *ast.TypeAssertExpr:
		if t := p.prog.TypeOf(x); t != nil && !types.IsInterface(t) {
			return []carrier{{typ: t, root: p.root(fn, x)}}
		}
		return p.carriers(fn, x.X, depth+1)
	case *ast.CallExpr:
		return p.callCarriers(fn, x, depth)
	case *ast.Ident, *ast.SelectorExpr:
		return p.varCarriers(fn, e, depth)
	case *ast.CompositeLit:
		if t := p.prog.TypeOf(e); t != nil {
			return []carrier{{typ: t, root: RootNone}}
		}
	}
	return nil
}

func (p *pkg) callCarriers(fn *Func, c *ast.CallExpr, depth int) []carrier {
	if tv := p.info.Types[c.Fun]; tv.IsType() && len(c.Args) == 1 {
		return p.carriers(fn, c.Args[0], depth+1)
	}
	if callee := p.calleeOf(c); callee != nil {
		k := p.known(callee)
		if k != nil && k.effect != nil && k.effect.Gives != "" {
			return []carrier{on(k.effect.Gives, DisplayName(callee, p.types), RootNone)}
		}
		if k != nil && k.effect != nil && len(k.effect.Wraps) > 0 {
			var all []carrier
			if k.effect.CPU != "" {
				all = append(all, carrier{eff: &knowledge.Effect{CPU: k.effect.CPU, Const: knowledge.None}, sym: DisplayName(callee, p.types)})
			}
			for _, n := range k.effect.Wraps {
				switch {
				case n >= 0 && n < len(c.Args):
					all = append(all, p.carriers(fn, c.Args[n], depth+1)...)
				case n == knowledge.Recv:
					if sel, ok := ast.Unparen(c.Fun).(*ast.SelectorExpr); ok {
						all = append(all, p.carriers(fn, sel.X, depth+1)...)
					}
				}
			}
			return all
		}
		if known := p.conveysOf(callee); known != nil {
			return p.conveyedBy(fn, known, callee, c, depth)
		}
	}
	return p.typed(c, RootNone)
}

// typed is the carrier of an expression known by its static type alone; plain
// io interfaces say nothing.
func (p *pkg) typed(e ast.Expr, root Root) []carrier {
	t := p.prog.TypeOf(e)
	if tuple, ok := t.(*types.Tuple); ok && tuple.Len() > 0 {
		t = tuple.At(0).Type()
	}
	if t == nil {
		return nil
	}
	return []carrier{{typ: t, root: root}}
}

func (p *pkg) varCarriers(fn *Func, e ast.Expr, depth int) []carrier {
	v := p.prog.Variable(e)
	if v == nil || terminal(v) {
		return nil
	}
	if sel, ok := e.(*ast.SelectorExpr); ok {
		if k := p.fieldEffect(sel, v); k != nil && !(isRequest(p.prog.TypeOf(sel.X)) && p.outgoing(fn, sel.X)) {
			return []carrier{{eff: k, root: p.root(fn, e), sym: types.ExprString(sel)}}
		}
	}
	root := p.root(fn, e)
	iface := types.IsInterface(v.Type())
	if iface || p.wrapper(v.Type()) {
		for f := fn; f != nil; f = f.Parent {
			if n, ok := f.Param(v); ok {
				return []carrier{{typ: v.Type(), use: &Use{Arg: n, owner: f}, root: root}}
			}
		}
	}
	if !iface && !p.wrapper(v.Type()) {
		return []carrier{{typ: v.Type(), root: root}}
	}
	all := p.assigned(fn, v, depth)
	if v.IsField() && len(all) == 0 && p.veiled(v.Type()) {
		if c := p.conveysFrom(v); c != nil && c.Kind != "" {
			return []carrier{on(c.Kind, types.ExprString(e), root)}
		}
	}
	if iface && len(all) == 0 && !p.told(v.Type(), streamMethods[:2]...) {
		all = p.passed(v, depth)
	}
	if iface && !slices.ContainsFunc(all, p.says) {
		all = p.concretes(v)
	}
	if len(all) == 0 {
		return []carrier{{typ: v.Type(), root: root}}
	}
	for i := range all {
		all[i].root = root
	}
	return all
}

// says reports whether a carrier tells what a call of its methods does.
func (p *pkg) says(cr carrier) bool {
	return cr.eff != nil || cr.use != nil || !types.IsInterface(cr.typ) || p.told(cr.typ, streamMethods[:2]...)
}

// assigned returns what the values are that a variable gets here.
func (p *pkg) assigned(fn *Func, v *types.Var, depth int) []carrier {
	d := p.defs[v]
	if d == nil {
		return nil
	}
	var all []carrier
	differ := false
	for _, value := range d.values {
		if isNil(value) {
			continue
		}
		more := p.carriers(fn, value, depth+1)
		differ = differ || len(all) > 0 && !slices.EqualFunc(all, more, carrier.like)
		all = append(all, more...)
	}
	for i := range all {
		all[i].some = all[i].some || differ
	}
	return all
}

// passed returns what all calls of a function in sight give its parameter v, as a
// constructor gets the connection that it wraps; nil where they differ.
func (p *pkg) passed(v *types.Var, depth int) []carrier {
	if !p.own {
		return nil
	}
	callee, i, ok := p.prog.Parameter(v)
	if !ok || depth > maxDepth {
		return nil
	}
	var all []carrier
	for _, c := range p.prog.Calls(callee) {
		if i >= len(c.Args) || program.Spreads(callee, i, c) {
			return nil
		}
		given := p.carriers(nil, c.Args[i], depth+1)
		if len(given) == 0 || len(all) > 0 && !slices.EqualFunc(all, given, carrier.like) {
			return nil
		}
		all = given
	}
	for j := range all {
		all[j].open = all[j].open || callee.Exported()
		all[j].some = all[j].some || all[j].open
	}
	return all
}

// like reports whether two carriers are the same kind of thing: of the same type, or
// such that to read or write through them does the same, as through one hash or another.
func (cr carrier) like(other carrier) bool {
	if cr.use != nil || other.use != nil || (cr.typ == nil) != (other.typ == nil) || (cr.eff == nil) != (other.eff == nil) {
		return false
	}
	return (cr.typ == nil || types.Identical(cr.typ, other.typ)) &&
		(cr.eff == nil || cr.eff.CPU == other.eff.CPU && slices.Equal(cr.eff.Kinds, other.eff.Kinds))
}

// concretes returns the types of what a variable of interface type may hold where
// it gets it from afar and all of it is in sight, see handed.
func (p *pkg) concretes(v *types.Var) []carrier {
	if !p.own {
		return nil
	}
	var all []carrier
	for _, value := range p.prog.Held(v) {
		if value.From != nil {
			return nil
		}
		cr := p.typed(value.Expr, RootNone)
		if len(cr) == 0 || types.IsInterface(cr[0].typ) {
			return nil
		}
		all = append(all, cr...)
	}
	return all
}

// terminal reports whether v is standard output or error: printing there is no
// file work.
func terminal(v *types.Var) bool {
	return v.Pkg() != nil && v.Pkg().Path() == "os" && (v.Name() == "Stdout" || v.Name() == "Stderr")
}

// fieldEffect returns what is known of a field, such as http.Response.Body.
func (p *pkg) fieldEffect(sel *ast.SelectorExpr, v *types.Var) *knowledge.Effect {
	if !v.IsField() || v.Pkg() == nil || v.Pkg() == p.types {
		return nil
	}
	n := named(p.prog.TypeOf(sel.X))
	if n == nil {
		return nil
	}
	return p.base.Effect(knowledge.Symbol{Path: v.Pkg().Path(), Type: n.Obj().Name(), Name: v.Name()})
}

func named(t types.Type) *types.Named {
	if t == nil {
		return nil
	}
	if ptr, ok := types.Unalias(t).(*types.Pointer); ok {
		t = ptr.Elem()
	}
	n, _ := types.Unalias(t).(*types.Named)
	return n
}

// wrapper reports whether values of type t read or write something else that
// they were made from, as bufio.Reader does.
func (p *pkg) wrapper(t types.Type) bool {
	n := named(t)
	if n == nil || n.Obj().Pkg() == nil || n.Obj().Pkg() == p.types {
		return false
	}
	return p.wrapperPkgs[n.Obj().Pkg().Path()]
}

// root says through which value of fn the expression is reached.
func (p *pkg) root(fn *Func, e ast.Expr) Root { return p.rootAt(fn, e, 0) }

func (p *pkg) rootAt(fn *Func, e ast.Expr, depth int) Root {
	for {
		switch x := ast.Unparen(e).(type) {
		case *ast.SelectorExpr:
			e = x.X
		case *ast.IndexExpr:
			e = x.X
		case *ast.StarExpr:
			e = x.X
		case *ast.UnaryExpr:
			e = x.X
		case *ast.TypeAssertExpr:
			e = x.X
		case *ast.CallExpr: // c.client().Do: as good as a field
			sel, ok := ast.Unparen(x.Fun).(*ast.SelectorExpr)
			if !ok {
				return RootNone
			}
			e = sel.X
		case *ast.Ident:
			return p.identRoot(fn, x, depth)
		default:
			return RootNone
		}
	}
}

func (p *pkg) identRoot(fn *Func, id *ast.Ident, depth int) Root {
	v, ok := p.info.Uses[id].(*types.Var)
	if !ok {
		return RootNone
	}
	for f := fn; f != nil; f = f.Parent {
		n, ok := f.Param(v)
		if !ok {
			continue
		}
		if f == fn || f.Parent == nil {
			return Root(min(n, 100))
		}
	}
	// A local made from the receiver or a parameter: conn := c.conn, c.conn()
	if d := p.defs[v]; d != nil && depth < maxDepth && !d.unknown && len(d.values) == 1 && !v.IsField() && v.Parent() != p.types.Scope() {
		switch value := ast.Unparen(d.values[0]).(type) {
		case *ast.SelectorExpr, *ast.CallExpr, *ast.TypeAssertExpr:
			return p.rootAt(fn, value, depth+1)
		}
	}
	return RootNone
}
