package program

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
)

// mostSources is how many places set a variable at most of which more than that is known.
// With 2 and with 64 the same is found in four programs of 60,000 to 250,000 lines.
const mostSources = 8

// sources returns what v is set to, nil aside, and whether that is all. A parameter is set to
// what all calls of its function give.
func (p *Program) sources(v *types.Var) (list []ast.Expr, all bool) {
	flows := p.everywhere().flows[v]
	shared := v.IsField() || v.Pkg() != nil && v.Parent() == v.Pkg().Scope()
	all = v.Pkg() == p.pkg && len(flows) <= mostSources && !(shared && v.Exported())
	for _, f := range flows {
		from := []ast.Expr{f.value}
		switch {
		case f.how == stored: // in it
			continue
		case f.how == given || f.how == elsewhere:
			from = p.arguments(v)
		case f.how != assigned || f.result > 0:
			from = nil
		}
		if len(from) == 0 {
			return nil, false
		}
		list = append(list, from...)
	}
	return slices.DeleteFunc(list, func(x ast.Expr) bool { return p.info.Types[x].IsNil() }), all
}

// arguments returns what all calls give a parameter, or nil if that is not known.
func (p *Program) arguments(v *types.Var) (list []ast.Expr) {
	_, _, n := p.parameter(v)
	sig, calls := p.callers(v)
	for _, c := range calls {
		if n >= len(c.Args) || sig.Variadic() {
			return nil // the results of a call, or one of many
		}
		list = append(list, c.Args[n])
	}
	return list
}

// MustAlias returns the variable or field that x is another name of: the one that all of its
// values are in the end, or that which x names; nil if it names none.
//
//	done := make(chan struct{})
//	w := &worker{done: done}
//	go finish(w.done)
func (p *Program) MustAlias(x ast.Expr) *types.Var {
	v := p.Variable(located(x))
	if w, ok := p.aliases[v]; ok || v == nil {
		for w != p.aliases[w] { // w may have been known for another one's name since
			w = p.aliases[w]
		}
		return w
	}
	p.aliases[v] = v // of one that is set to itself, by whatever way
	list, all := p.sources(v)
	var one *types.Var
	for _, x := range list {
		w := p.MustAlias(x)
		if w == nil || one != nil && w != one {
			return v
		}
		one = w
	}
	if all && one != nil {
		p.aliases[v] = one
	}
	return p.aliases[v]
}

// Aliases are what an expression may stand for.
type Aliases struct {
	typ types.Type   // of the expression; nil where it is not known
	on  map[any]bool // *types.Var that hold it, ast.Expr of calls and literals that make it
	pos token.Pos    // of the expression
	in  *types.Func  // whose parameter or receiver it is; nil for none
	of  *types.Var   // the parameter or receiver that it is a part of; nil for none
	// What is known: any says nothing, some that one of the variables gets values that are
	// not known, none that it is in no variable.
	any, some, none bool
	made            bool // literals and functions of the package of its type make it
	got             bool // something else gives it, which may have it from elsewhere
	foreign         bool // it is a field of another package, which does not declare its type, and nobody here sets it
}

// Anything is what may be any value.
var Anything = Aliases{any: true}

// MayAlias follows an expression through variables and fields to all that they are set to. It
// stops at parameters of declared functions.
func (p *Program) MayAlias(x ast.Expr) Aliases {
	a := Aliases{typ: p.TypeOf(x), on: make(map[any]bool), pos: x.Pos(), none: true}
	if v := p.Root(x); v != nil && isParameter(v) {
		a.of = v
	}
	a.follow(p, x)
	return a
}

func (a *Aliases) follow(p *Program, x ast.Expr) {
	x = located(x)
	v := p.Variable(x)
	if v == nil {
		a.on[x] = true
		call, isCall := x.(*ast.CallExpr)
		_, lit := x.(*ast.CompositeLit)
		a.any = a.any || !isCall && !lit
		makes := lit || isCall && p.byOwner(call)
		a.made, a.got = a.made || makes, a.got || !makes
		return
	}
	if a.none = false; a.on[v] {
		return
	}
	a.on[v] = true
	if isParameter(v) {
		_, a.in, _ = p.parameter(v)
		a.any = a.any || a.in == nil // of a literal, which anybody may call
		return
	}
	list, _ := p.sources(v)
	a.any, a.some = a.any || v.Pkg() != p.pkg, a.some || len(list) == 0
	n := NamedOf(v.Type())
	a.foreign = a.foreign || v.Pkg() != p.pkg && v.IsField() && len(list) == 0 && n != nil && n.Obj().Pkg() != v.Pkg()
	for _, x := range list {
		a.follow(p, x)
	}
}

// Meet reports whether two values may be one. What a function is given may be any value
// that other functions have, but not another parameter, or a variable, of its own. Nor are
// parts of two parameters one, whatever field both are in: callers give two values. Two
// instances of a generic type are never one, nor are what is made here and what another package
// has in a field, of which it does not know.
//
//	func (m *model) inherit(other *model) {
//		other.items.Each(func(k string) { m.items.Set(k) })
//	}
func (a Aliases) Meet(b Aliases) bool {
	if a.of != nil && b.of != nil && a.of != b.of && a.of.Parent() == b.of.Parent() || instances(a.typ, b.typ) || a.apart(b) || b.apart(a) {
		return false
	}
	if a.any || b.any || a.none && b.some || b.none && a.some || a.in != b.in && !a.beside(b) && !b.beside(a) {
		return true
	}
	for x := range a.on {
		if b.on[x] {
			return true
		}
	}
	return false
}

func isParameter(v *types.Var) bool { return v.Kind() == types.ParamVar || v.Kind() == types.RecvVar }

// apart reports whether a is made here, all that is known of it, and b is another package's.
func (a Aliases) apart(b Aliases) bool {
	return a.made && !a.got && !a.any && !a.some && b.foreign && len(b.on) == 1
}

// byOwner reports whether a call is of a function, no method, of the package that declares the
// type of what it gives: of the fields of packages above it that knows nothing.
func (p *Program) byOwner(call *ast.CallExpr) bool {
	fn, n := p.Callee(call), NamedOf(p.TypeOf(call))
	return fn != nil && fn.Signature().Recv() == nil && n != nil && fn.Pkg() == n.Obj().Pkg()
}

// beside reports whether a is a parameter of the function in which b stands.
func (a Aliases) beside(b Aliases) bool {
	return a.in != nil && b.in == nil && a.in.Scope().Contains(b.pos)
}
