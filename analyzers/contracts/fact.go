package contracts

import (
	"go/ast"
	"go/token"
	"go/types"
	"path/filepath"
	"slices"
	"strconv"

	"github.com/concurlint/concurlint/analyzers/effects"
	"github.com/concurlint/concurlint/analyzers/knowledge"
	"github.com/concurlint/concurlint/analyzers/module"
	"github.com/concurlint/concurlint/analyzers/program"
)

// onLoop is the fact of a function, an interface method, a field or a package
// variable: what it is given runs on a loop.
type onLoop struct{ Given []given }

// given says which argument, and of an interface which method.
type given struct {
	Arg    int // −1 for a field or variable
	Method string
	Who    string
	Loop   knowledge.Loop
}

// AFact marks onLoop as a fact.
func (*onLoop) AFact() {}

// makes is the fact of a function that returns functions: what those do, and which of its
// own parameters they call.
type makes struct {
	Summary effects.Summary
	Calls   []int
}

// AFact marks makes as a fact.
func (*makes) AFact() {}

// export publishes the places that other packages may fill, and what functions
// that are made here do.
func (f *finder) export() {
	facts := make(map[types.Object]*onLoop)
	for at, by := range f.places {
		obj, arg := f.published(at.v)
		if obj == nil {
			continue
		}
		g := given{arg, at.method, by.who, *by.loop}
		f.note(facts, obj, g)
		if fn, ok := obj.(*types.Func); ok {
			for _, m := range f.prog.Interfaces(fn) {
				f.note(facts, m, g)
			}
		}
	}
	for obj, fact := range facts {
		slices.SortFunc(fact.Given, func(a, b given) int {
			if a.Arg != b.Arg {
				return a.Arg - b.Arg
			}
			return slices.Compare([]string{a.Method, a.Who}, []string{b.Method, b.Who})
		})
		f.pass.ExportObjectFact(obj, fact)
	}
	for _, fn := range f.fx.Funcs() {
		f.exportMade(fn)
	}
}

func (f *finder) note(facts map[types.Object]*onLoop, obj types.Object, g given) {
	if facts[obj] == nil {
		facts[obj] = new(onLoop)
	}
	fact := facts[obj]
	if !slices.ContainsFunc(fact.Given, func(o given) bool { return o.Arg == g.Arg && o.Method == g.Method }) {
		fact.Given = append(fact.Given, g)
	}
}

// published returns the object through which other packages fill v: an exported
// field or variable, or the function whose parameter it is.
func (f *finder) published(v *types.Var) (types.Object, int) {
	if v.Pkg() != f.pass.Pkg {
		return nil, 0
	}
	if v.IsField() || v.Parent() == v.Pkg().Scope() {
		if v.Exported() {
			return v, -1
		}
		return nil, 0
	}
	fn, i, ok := f.prog.Parameter(v)
	if !ok || !fn.Exported() {
		return nil, 0
	}
	return fn, i
}

// exportMade publishes what the functions that fn returns do.
func (f *finder) exportMade(fn *effects.Func) {
	if fn.Obj == nil || !fn.Obj.Exported() || fn.Body() == nil {
		return
	}
	res := fn.Obj.Signature().Results()
	if res.Len() == 0 {
		return
	}
	if _, ok := res.At(0).Type().Underlying().(*types.Signature); !ok {
		return
	}
	var made makes
	seen := make(map[ast.Expr]bool)
	for _, r := range program.Returns(fn.Body()) {
		if len(r.Results) == 0 {
			continue
		}
		for _, v := range f.prog.Values(r.Results[0]) {
			for _, e := range f.effectsOf(v.Expr) {
				f.addEffect(&made.Summary, e)
			}
			f.addCalls(&made, fn, v, seen)
		}
	}
	if len(made.Summary.Effects)+len(made.Calls) > 0 {
		slices.Sort(made.Calls)
		f.pass.ExportObjectFact(fn.Obj, &made)
	}
}

// addCalls adds the parameters of fn that v, which it returns, calls, as a function does that
// stands around another. That may have been made in its turn: seen are those on the way.
func (f *finder) addCalls(made *makes, fn *effects.Func, v program.Value, seen map[ast.Expr]bool) {
	if v.From != nil {
		if of, n, ok := f.prog.Parameter(v.From); ok && of == fn.Obj && !slices.Contains(made.Calls, n) {
			made.Calls = append(made.Calls, n)
		}
		return
	}
	if seen[v.Expr] {
		return
	}
	seen[v.Expr] = true
	var held []program.Value
	switch x := ast.Unparen(v.Expr).(type) {
	case *ast.FuncLit:
		for _, param := range f.fx.Captured(f.fx.Literal(x)) {
			held = append(append(held, program.Value{From: param}), f.prog.Held(param)...)
		}
	case *ast.CallExpr:
		_, held = f.makerOf(x)
	}
	for _, h := range held {
		f.addCalls(made, fn, h, seen)
	}
}

// makerOf returns what is known of the function of another package that a call calls, which
// returns one, and what the call gives it that this one calls.
func (f *finder) makerOf(c *ast.CallExpr) (*makes, []program.Value) {
	var fact makes
	fn := f.prog.Callee(c)
	if fn == nil || fn.Pkg() == f.pass.Pkg || !module.Tells(f.pass, fn.Pkg()) || !f.pass.ImportObjectFact(fn.Origin(), &fact) {
		return nil, nil
	}
	var held []program.Value
	for _, n := range fact.Calls {
		held = append(held, f.prog.Given(fn.Origin(), n, c)...)
	}
	return &fact, held
}

// effectsOf returns what a function expression does when it is called.
func (f *finder) effectsOf(e ast.Expr) []effects.Effect {
	var list []effects.Effect
	for _, t := range f.fx.Targets(nil, e) {
		switch {
		case t.Func != nil:
			list = append(list, t.Func.Summary.Effects...)
		case t.Obj != nil && f.fx.Summary(t.Obj) != nil:
			list = append(list, f.fx.Summary(t.Obj).Effects...)
		}
	}
	return list
}

// addEffect adds an effect worth telling another package, its frames as text.
func (f *finder) addEffect(sum *effects.Summary, e effects.Effect) {
	if e.Certainty < effects.Usually || e.Kind >= effects.Lock || e.Is(effects.Hint) || sum.Effect(e.Kind) != nil {
		return
	}
	e.Chain = slices.Clone(e.Chain)
	for i, at := range e.Chain {
		if at.Pos.IsValid() {
			e.Chain[i] = effects.Frame{Where: f.where(at.Pos), Call: at.Call}
		}
	}
	sum.Effects = append(sum.Effects, e)
}

// where is the place of a frame for readers of other packages.
func (f *finder) where(pos token.Pos) string {
	at := f.pass.Fset.PositionFor(pos, false)
	return filepath.Base(at.Filename) + ":" + strconv.Itoa(at.Line)
}

// imported adds what other packages of the module say of their functions and
// fields.
func (f *finder) imported() {
	if !module.Neighbours(f.pass) {
		return
	}
	for _, fn := range f.prog.Callees() {
		for _, g := range f.givenTo(fn) {
			f.param(argument{fn, g.Arg, g.Method}, promise{who: g.Who, loop: &g.Loop})
		}
	}
	for _, v := range f.prog.Written() {
		var fact onLoop
		if v.Pkg() == f.pass.Pkg || !module.Tells(f.pass, v.Pkg()) || !f.pass.ImportObjectFact(v, &fact) {
			continue
		}
		for _, g := range fact.Given {
			f.put(place{v, g.Method}, promise{who: g.Who, loop: &g.Loop})
		}
	}
}

// givenTo returns what is known of the arguments of a function that is called here: by its
// fact, or, of a method of an interface, by those of the methods by which types of packages
// in sight implement it, if all run it on a loop. The package of the interface knows none of
// those that import it.
func (f *finder) givenTo(fn *types.Func) []given {
	var fact onLoop
	recv := fn.Signature().Recv()
	switch {
	case fn.Pkg() != f.pass.Pkg && module.Tells(f.pass, fn.Pkg()) && f.pass.ImportObjectFact(fn, &fact):
		return fact.Given
	case recv == nil || !takesFunction(fn.Signature()) || !module.Tells(f.pass, fn.Pkg()):
		return nil
	}
	iface, ok := recv.Type().Underlying().(*types.Interface)
	if !ok || generic(recv.Type()) {
		return nil
	}
	var runs []given
	for _, pkg := range f.visible() {
		if pkg == f.pass.Pkg || !module.Tells(f.pass, pkg) {
			continue
		}
		for _, name := range pkg.Scope().Names() {
			m := implementation(pkg, name, fn.Name(), iface)
			switch {
			case m == nil:
			case !f.pass.ImportObjectFact(m, &fact):
				return nil
			case runs == nil:
				runs = slices.Clone(fact.Given)
			}
		}
	}
	return runs
}

// implementation returns the method by which a type of a package implements that of an
// interface, or nil.
func implementation(pkg *types.Package, typ, method string, iface *types.Interface) *types.Func {
	tn, ok := pkg.Scope().Lookup(typ).(*types.TypeName)
	if !ok || tn.IsAlias() || types.IsInterface(tn.Type()) || generic(tn.Type()) {
		return nil
	}
	ptr := types.NewPointer(tn.Type())
	if !types.Implements(ptr, iface) {
		return nil
	}
	obj, _, _ := types.LookupFieldOrMethod(ptr, true, pkg, method)
	m, _ := obj.(*types.Func)
	return m
}
