// Package locks tells packages of each other's locks: which ones a function takes, and
// under which it calls what others have given to it or left with it. It reports nothing.
//
// A lock is known by where it is declared, path.Type.field or path.variable, and so is
// a place that keeps functions: one value of a type is not told from another. What a
// package exports is worked out from its own regions and from what the packages below
// it have said, so that a callback is followed through any number of packages.
package locks

import (
	"go/types"
	"reflect"
	"slices"

	"golang.org/x/tools/go/analysis"

	"github.com/concurlint/concurlint/analyzers/effects"
	"github.com/concurlint/concurlint/analyzers/module"
	"github.com/concurlint/concurlint/analyzers/placement"
)

// Analyzer exports Dealings of functions, fields and variables, and gives a Result.
var Analyzer = &analysis.Analyzer{
	Name:       "locks",
	Doc:        "find what functions do under locks and to them, for other packages",
	URL:        "https://pkg.go.dev/github.com/concurlint/concurlint/analyzers/locks",
	Run:        effects.InTurn(run),
	Requires:   []*analysis.Analyzer{effects.Analyzer, placement.Locks},
	ResultType: reflect.TypeFor[*Result](),
	FactTypes:  []analysis.Fact{new(Dealings), new(Telling)},
}

// A Result answers for the objects of other packages.
type Result struct {
	pass  *analysis.Pass
	known map[types.Object]*Dealings
	tells map[*types.Package]bool // packages that are imported
	names map[*types.Package]map[*types.Var]string
}

func run(pass *analysis.Pass) (any, error) {
	r := &Result{pass: pass, known: make(map[types.Object]*Dealings), tells: make(map[*types.Package]bool), names: make(map[*types.Package]map[*types.Var]string)}
	fx := pass.ResultOf[effects.Analyzer].(*effects.Result)
	if fx.Program() == nil {
		return r, nil // the standard library, of which nothing is inferred
	}
	regions := pass.ResultOf[placement.Locks].([]*placement.Region)
	sv := &solver{
		Result: r, fx: fx, prog: fx.Program(),
		acquired: make(map[*effects.Op]*placement.Region),
		known:    make(map[*effects.Func]*conduct),
		callers:  make(map[*effects.Func][]callSite),
		called:   make(map[*effects.Op][]*effects.Func),
	}
	for _, region := range regions {
		sv.acquired[region.Acquire] = region
	}
	t := &teller{
		Result: r, fx: fx, prog: fx.Program(), solver: sv,
		regions: regions,
		users:   make(map[*types.Var]*users),
		facts:   make(map[types.Object]*Dealings),
		hosting: make(map[string]bool),
		keeping: make(map[string]bool),
		through: make(map[*types.Func][]*types.Func),
	}
	for _, pkg := range pass.Pkg.Imports() {
		r.tells[pkg] = pass.ImportPackageFact(pkg, new(Telling))
	}
	t.tell()
	if len(t.facts) > 0 {
		pass.ExportPackageFact(&Telling{len(t.facts)})
	}
	for obj, d := range t.facts {
		pass.ExportObjectFact(obj, d)
	}
	return r, nil
}

// Neighbours reports whether the package uses others than the standard library's: only
// those are told of.
func (r *Result) Neighbours() bool {
	return slices.ContainsFunc(r.pass.Pkg.Imports(), func(pkg *types.Package) bool { return !module.Standard(pkg.Path()) })
}

// Callee returns what another package says of the function that an op calls, or nil.
func (r *Result) Callee(op *effects.Op) *Dealings {
	if fn := op.Callee(); fn != nil {
		return r.Of(fn)
	}
	return nil
}

// Of returns what another package says of an object, or nil.
func (r *Result) Of(obj types.Object) *Dealings {
	if obj.Pkg() == nil || obj.Pkg() == r.pass.Pkg || module.Standard(obj.Pkg().Path()) {
		return nil
	}
	if tells, imported := r.tells[obj.Pkg()]; imported && !tells {
		return nil
	}
	d, asked := r.known[obj]
	if !asked {
		if fact := new(Dealings); r.pass.ImportObjectFact(obj, fact) {
			d = fact
			d.rename(whole(obj.Pkg().Path()))
		}
		r.known[obj] = d
	}
	return d
}

// Name is path.Type.field for a field of a struct type that its package declares,
// path.variable for a package variable, and "" for what has no such name.
func (r *Result) Name(v *types.Var) string {
	if v == nil || v.Pkg() == nil {
		return ""
	}
	if !v.IsField() {
		if v.Parent() == v.Pkg().Scope() {
			return v.Pkg().Path() + "." + v.Name()
		}
		return ""
	}
	fields, asked := r.names[v.Pkg()]
	if !asked {
		fields = make(map[*types.Var]string)
		scope := v.Pkg().Scope()
		for _, name := range scope.Names() {
			if tn, ok := scope.Lookup(name).(*types.TypeName); ok && !tn.IsAlias() {
				addFields(fields, v.Pkg().Path()+"."+name, tn.Type())
			}
		}
		r.names[v.Pkg()] = fields
	}
	return fields[v.Origin()]
}

// addFields names the fields of a struct type, and those of structs written out in it.
func addFields(fields map[*types.Var]string, prefix string, t types.Type) {
	st, ok := t.Underlying().(*types.Struct)
	if !ok {
		return
	}
	for f := range st.Fields() {
		name := prefix + "." + f.Name()
		fields[f.Origin()] = name
		if _, inline := f.Type().(*types.Struct); inline {
			addFields(fields, name, f.Type())
		}
	}
}
