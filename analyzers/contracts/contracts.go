// Package contracts finds the code that must not block: functions that a library,
// a loop of this module or a directive holds to it, and the loops themselves. It
// reports nothing.
//
// A loop is known from knowledge, where a library says so, or by its structure: it
// receives what many send and calls what others have stored. Functions reach it in
// many ways, as arguments, fields, elements of tables, options or values of an
// interface, here or in another package of the module. Each such place is followed
// to what it may hold; places that other packages fill are facts.
package contracts

import (
	"cmp"
	"go/types"
	"reflect"
	"slices"

	"golang.org/x/tools/go/analysis"

	"github.com/concurlint/concurlint/analyzers/directive"
	"github.com/concurlint/concurlint/analyzers/effects"
	"github.com/concurlint/concurlint/analyzers/knowledge"
	"github.com/concurlint/concurlint/analyzers/module"
	"github.com/concurlint/concurlint/analyzers/program"
	"github.com/concurlint/concurlint/analyzers/settings"
)

// Analyzer computes a Result for the package.
var Analyzer = &analysis.Analyzer{
	Name:       "contracts",
	Doc:        "find the code that must not block: callbacks, loops",
	URL:        "https://pkg.go.dev/github.com/concurlint/concurlint/analyzers/contracts",
	Run:        effects.InTurn(run),
	Requires:   []*analysis.Analyzer{settings.Analyzer, effects.Analyzer, directive.Analyzer},
	ResultType: reflect.TypeFor[*Result](),
	FactTypes:  []analysis.Fact{new(onLoop), new(makes)},
}

// A Result lists the contracts of one package, each list in source order.
type Result struct {
	Effects     *effects.Result
	Contexts    []*Context
	Handovers   []*Handover
	Dispatchers []*Dispatcher
	Servers     []*Server
	Acceptors   []*Acceptor
}

func run(pass *analysis.Pass) (any, error) {
	res := &Result{Effects: pass.ResultOf[effects.Analyzer].(*effects.Result)}
	base := res.Effects.Knowledge()
	if base == nil || module.Dependency(pass) {
		return res, nil // what a library does on its own loop is its affair
	}
	f := &finder{
		pass:   pass,
		info:   pass.TypesInfo,
		prog:   res.Effects.Program(),
		fx:     res.Effects,
		base:   base,
		res:    res,
		types:  make(map[*types.TypeName]promise),
		places: make(map[place]promise),
		params: make(map[argument]promise),
		handed: make(map[handed]*Handover),
		under:  make(map[*effects.Func]*Context),
		chosen: make(map[*knowledge.Loop]*knowledge.Loop),
	}
	for _, fn := range res.Effects.Funcs() {
		if fn.Body() != nil {
			f.dispatchers(fn)
			f.servers(fn)
			f.acceptors(fn)
		}
	}
	f.contexts(pass.ResultOf[directive.Analyzer].(*directive.Set))
	f.answer()
	f.export()
	slices.SortFunc(res.Contexts, func(a, b *Context) int { return pos(a.Func) - pos(b.Func) })
	slices.SortFunc(res.Handovers, func(a, b *Handover) int { return int(a.Expr.Pos() - b.Expr.Pos()) })
	return res, nil
}

// A finder is the state of the pass over one package.
type finder struct {
	pass *analysis.Pass
	info *types.Info
	prog *program.Program
	fx   *effects.Result
	base *knowledge.Base
	res  *Result

	named  []types.Type // pointers to the package's types with methods, collected when first asked for
	types  map[*types.TypeName]promise
	places map[place]promise
	params map[argument]promise // of functions of other packages
	handed map[handed]*Handover
	under  map[*effects.Func]*Context
	queue  []*step
	chosen map[*knowledge.Loop]*knowledge.Loop // see chooses

	started map[any][]start // see starts

	channelled *traffic // see answers; nil until asked for
	limited    []sink   // see limits; nil until asked for
}

// contexts finds the functions that fall under a directive nonblocking, the loop
// contract of a package, or the structure of a loop. Directives come first: of two
// promises on one function the one that its author wrote counts.
func (f *finder) contexts(set *directive.Set) {
	f.marks(set)
	f.promised()
	f.libraries()
	f.imported()
	f.stored()
	f.namedTypes()
	f.settle()
}

// libraries adds the loop contracts of the packages in sight.
func (f *finder) libraries() {
	for _, imp := range f.visible() {
		if module.Home(f.pass, imp) {
			continue // who wrote the loop knows what it bears
		}
		entries := f.base.Loops(imp.Path())
		if len(entries) == 0 {
			entries = f.forked(imp)
		}
		slices.SortFunc(entries, func(a, b knowledge.LoopEntry) int {
			// A wildcard comes after the names that are said apart.
			return cmp.Or(cmp.Compare(b.Symbol.Name, a.Symbol.Name), cmp.Compare(a.Symbol.Type, b.Symbol.Type), a.Param-b.Param)
		})
		for _, e := range entries {
			f.contract(imp, e)
		}
	}
	for _, e := range f.base.Shapes() {
		f.shaped(e)
	}
}
