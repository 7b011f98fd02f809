package effects

import (
	"go/ast"
	"go/types"
	"slices"

	"github.com/concurlint/concurlint/analyzers/knowledge"
	"github.com/concurlint/concurlint/analyzers/program"
)

// This file gives functions in package-level variables, as
//
//	var Errorf = fmt.Errorf
//
// to packages that call them. A variable that is set once in its own package, and whose
// address is not taken there, holds that function. Another package may set it all the
// same, which is rare and not asked: then the default speaks for what takes its place.
// A default that does nothing is there to be replaced, and does not speak.

// fixed is a fact of an exported variable that holds one function. What the function does
// stands in its Summary, which is a fact of the variable as well, or in what is known of
// a symbol.
type fixed struct {
	Symbol knowledge.Symbol
	Quiet  bool // calls of it never count
}

// AFact marks fixed as a fact.
func (*fixed) AFact() {}

// isFixed reports whether a variable of this package holds one function in sight.
func (p *pkg) isFixed(v *types.Var) bool {
	if v.IsField() || v.Pkg() != p.types || v.Parent() != p.types.Scope() {
		return false
	}
	d := p.defs[v]
	return d != nil && !d.unknown && len(d.values) == 1 && !isNil(d.values[0])
}

// fixedTarget returns the function that such a variable holds.
func (p *pkg) fixedTarget(v *types.Var, depth int) (t Target, ok bool) {
	if !p.isFixed(v) {
		return Target{}, false
	}
	list := p.funcTargets(nil, p.defs[v].values[0], depth+1)
	if !complete(list) || len(list) > 1 || p.toReplace(list[0]) || list[0].Obj != nil && isInterfaceMethod(list[0].Obj) {
		return Target{}, false
	}
	return list[0], true
}

// toReplace reports whether a function calls nobody and does not look at what it is given, as
// one that is there to be replaced.
func (p *pkg) toReplace(t Target) bool {
	return t.idle() && t.Func.Body() != nil && !slices.ContainsFunc(t.Func.params, func(v param) bool { return p.prog.Mentions(t.Func.Body(), v.obj) })
}

// lentOut notes that the address of a variable is taken: whoever has it may set it.
func (p *pkg) lentOut(e ast.Expr) {
	v := p.prog.Variable(e)
	if v == nil || v.IsField() || v.Parent() != p.types.Scope() {
		return
	}
	if _, ok := v.Type().Underlying().(*types.Signature); ok {
		p.define(v, nil)
	}
}

// exportFixed publishes the functions in exported variables.
func (p *pkg) exportFixed() {
	scope := p.types.Scope()
	for _, name := range scope.Names() {
		v, ok := scope.Lookup(name).(*types.Var)
		if !ok || !v.Exported() || p.prog.InTest(v.Pos()) {
			continue
		}
		if _, ok := v.Type().Underlying().(*types.Signature); !ok {
			continue
		}
		if t, ok := p.fixedTarget(v, 0); ok {
			f, s := p.fixedAs(t)
			p.pass.ExportObjectFact(v, f)
			if s != nil {
				p.pass.ExportObjectFact(v, s)
			}
		}
	}
}

// fixedAs is what a target does, for packages that cannot name it; the summary is nil
// where there is nothing to tell.
func (p *pkg) fixedAs(t Target) (*fixed, *Summary) {
	f := new(fixed)
	var k *callee
	if t.Obj != nil {
		f.Symbol = program.SymbolOf(t.Obj)
		k = p.known(t.Obj)
	}
	switch {
	case k != nil && (k.quiet || k.effect != nil || k.summary != nil):
		if f.Quiet = k.quiet; k.symbol.Path != "" {
			f.Symbol = k.symbol
		}
		return f, k.summary
	case t.Func == nil:
		return f, nil
	}
	s := p.exported(t.Func)
	if s != nil {
		p.locate(s)
	}
	return f, s
}

// fixedElsewhere returns the function that a variable of another package holds, under the
// variable's name, or nil.
func (p *pkg) fixedElsewhere(v *types.Var) *types.Func {
	if v.IsField() || v.Pkg() == nil || v.Pkg() == p.types || v.Parent() != v.Pkg().Scope() {
		return nil
	}
	if fn, ok := p.fixed[v]; ok {
		return fn
	}
	p.fixed[v] = nil
	f := new(fixed)
	sig, ok := v.Type().Underlying().(*types.Signature)
	if !ok || !p.pass.ImportObjectFact(v, f) {
		return nil
	}
	fn := types.NewFunc(v.Pos(), v.Pkg(), v.Name(), sig)
	k := p.lookUp(v, f.Symbol, f.Quiet)
	if k != nil {
		k.symbol = f.Symbol
	}
	p.fixed[v], p.knownFuncs[fn] = fn, k
	return fn
}
