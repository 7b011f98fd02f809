package carried

import (
	"go/ast"
	"go/token"
	"go/types"
	"reflect"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/concurlint/concurlint/analyzers/effects"
	"github.com/concurlint/concurlint/analyzers/module"
	"github.com/concurlint/concurlint/analyzers/program"
)

// Analyzer exports a Summary of every function that other packages can call, so
// that a loop which calls them is answered. Only what asks about loops requires
// it: the rules do not pay for it.
var Analyzer = &analysis.Analyzer{
	Name:       "carried",
	Doc:        "summarize what functions read and write of what is not their own",
	URL:        "https://pkg.go.dev/github.com/concurlint/concurlint/analyzers/carried",
	Run:        effects.InTurn(run),
	Requires:   []*analysis.Analyzer{effects.Analyzer},
	ResultType: reflect.TypeFor[*Result](),
	FactTypes:  []analysis.Fact{new(Summary)},
}

func run(pass *analysis.Pass) (any, error) {
	p := pass.ResultOf[effects.Analyzer].(*effects.Result).Program()
	r := New(p, func(fn *types.Func, s *Summary) bool { return pass.ImportObjectFact(fn, s) })
	r.brief = module.Dependency(pass)
	if p == nil {
		return r, nil // the standard library, of which nothing is inferred
	}
	for _, f := range p.Files() {
		for _, d := range f.Decls {
			d, ok := d.(*ast.FuncDecl)
			if !ok || !d.Name.IsExported() {
				continue
			}
			fn, _ := pass.TypesInfo.Defs[d.Name].(*types.Func)
			if s := r.Summary(fn); s != nil {
				pass.ExportObjectFact(fn, s.exported())
			}
		}
	}
	return r, nil
}

// A Result answers for the loops of one package.
type Result struct {
	p         *program.Program
	fact      func(*types.Func, *Summary) bool
	summaries map[*types.Func]*Summary
	globals   map[string]types.Object // of other packages
	brief     bool                    // nobody asks for loops here
}

// New returns a Result for a package; fact looks up what is known of a function of
// another one, and may be nil.
func New(p *program.Program, fact func(*types.Func, *Summary) bool) *Result {
	return &Result{p: p, fact: fact, summaries: make(map[*types.Func]*Summary), globals: make(map[string]types.Object)}
}

// inTheMaking stands for functions whose summary is being worked out.
var inTheMaking = &Summary{doubt: "calls functions that call themselves"}

// Summary returns what is known of a declared function, or nil.
func (r *Result) Summary(fn *types.Func) *Summary {
	if fn == nil {
		return nil
	}
	fn = fn.Origin()
	if s, known := r.summaries[fn]; known {
		return s
	}
	var s *Summary
	if d := r.p.Declaration(fn); d != nil {
		if d.Body != nil {
			r.summaries[fn] = inTheMaking
			s = r.summarize(fn, d)
		}
	} else if imported := new(Summary); r.fact != nil && r.fact(fn, imported) {
		s = imported
	}
	r.summaries[fn] = s
	return s
}

// global is what stands for a package-level variable, whoever names it.
func (r *Result) global(v types.Object) types.Object {
	if v.Pkg() == r.p.Package() {
		return v
	}
	return r.named(v.Pkg().Path() + "." + v.Name())
}

func (r *Result) named(name string) types.Object {
	if own, ok := strings.CutPrefix(name, r.p.Package().Path()+"."); ok {
		if v := r.p.Package().Scope().Lookup(own); v != nil {
			return v
		}
	}
	if r.globals[name] == nil {
		r.globals[name] = types.NewVar(token.NoPos, nil, name, types.Typ[types.Invalid])
	}
	return r.globals[name]
}

// globalName is the name of a package-level variable in summaries.
func globalName(o types.Object) string {
	if o.Pkg() == nil {
		return o.Name()
	}
	return o.Pkg().Path() + "." + o.Name()
}

func isGlobal(o types.Object) bool {
	return o.Pkg() == nil || o.Parent() == o.Pkg().Scope()
}
