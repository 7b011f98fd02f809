package effects

import (
	"go/ast"
	"go/token"
	"go/types"
)

// A type that embeds one of another package has its methods, and so implements interfaces
// by code that is out of sight:
//
//	type DB struct{ *sql.DB } // has Ping, Exec …

// promotion returns a method that a type of this package has got from one of another, as
// a function without a body that does what is known of the method. It is nil where
// nothing is, and for the method of an interface: a decorator tells nothing.
func (p *pkg) promotion(m concreteMethod) *Func {
	fn, on := m.fn.Origin(), named(m.ptr.Elem()).Obj()
	if !p.own || fn.Pkg() == p.types || isInterfaceMethod(fn) || p.prog.InTest(on.Pos()) {
		return nil
	}
	does := p.does(fn, on.Pos())
	if len(does) == 0 {
		return nil
	}
	return &Func{
		Decl:    &ast.FuncDecl{Name: &ast.Ident{NamePos: on.Pos(), Name: fn.Name()}, Type: &ast.FuncType{Func: on.Pos()}},
		Obj:     fn,
		Summary: Summary{Effects: does},
		on:      on,
		solved:  true,
	}
}

// Does returns what a function of this or another package does, as far as that is known;
// at is where the chains of what knowledge tells begin.
func (r *Result) Does(fn *types.Func, at token.Pos) []Effect {
	switch f := r.Func(fn); {
	case f != nil:
		return f.Summary.Effects
	case r.p == nil || fn == nil:
		return nil
	}
	return r.p.does(fn.Origin(), at)
}

// does returns what a function of another package is known to do, called at a
// position.
func (p *pkg) does(fn *types.Func, at token.Pos) []Effect {
	if p.known(fn) == nil {
		return nil
	}
	ev := &evaluator{p: p, fn: &Func{}, op: &Op{Certainty: Always, Sure: Always}}
	c := &ast.CallExpr{Fun: &ast.Ident{NamePos: at, Name: fn.Name()}, Lparen: at, Rparen: at}
	ev.named(fn, &call{expr: c, fn: fn}, Use{Certainty: Always})
	return condense(ev.effects)
}

// display names a function that is behind an interface: one that is promoted by the type
// that has got it.
func (p *pkg) display(f *Func) string {
	if f.on != nil {
		return "(*" + f.on.Name() + ")." + f.Obj.Name()
	}
	return DisplayName(f.Obj, p.types)
}
