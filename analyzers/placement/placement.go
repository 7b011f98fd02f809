// Package placement knows where code runs: the sites that hand work to
// executors and the limits of those, and the regions of code that run under a
// lock. It reports nothing.
package placement

import (
	"cmp"
	"go/types"
	"reflect"
	"slices"

	"golang.org/x/tools/go/analysis"

	"github.com/concurlint/concurlint/analyzers/effects"
	"github.com/concurlint/concurlint/analyzers/module"
)

// Analyzer computes a Result for the package.
var Analyzer = &analysis.Analyzer{
	Name:       "placement",
	Doc:        "find where code runs: executors, locks",
	URL:        "https://pkg.go.dev/github.com/concurlint/concurlint/analyzers/placement",
	Run:        effects.InTurn(run),
	Requires:   []*analysis.Analyzer{effects.Analyzer, Locks},
	ResultType: reflect.TypeFor[*Result](),
	FactTypes:  []analysis.Fact{new(starting)},
}

// Locks computes the regions alone, as []*Region in source order: those of dependencies
// count as well, their sites do not.
var Locks = &analysis.Analyzer{
	Name:       "regions",
	Doc:        "find what runs under a lock",
	URL:        "https://pkg.go.dev/github.com/concurlint/concurlint/analyzers/placement",
	Run:        effects.InTurn(regions),
	Requires:   []*analysis.Analyzer{effects.Analyzer},
	ResultType: reflect.TypeFor[[]*Region](),
}

// A Result lists the places of one package, each list in source order.
type Result struct {
	Effects *effects.Result
	Sites   []*Site
	Sizes   []*Size
	Regions []*Region
}

func run(pass *analysis.Pass) (any, error) {
	res := &Result{Effects: pass.ResultOf[effects.Analyzer].(*effects.Result)}
	if res.Effects.Program() == nil || module.Dependency(pass) {
		return res, nil // nobody here changes what others hand over
	}
	p := newPlacer(pass, res)
	res.Regions = pass.ResultOf[Locks].([]*Region)
	for _, r := range res.Regions {
		if r.Lent == nil && !r.Borrowed() {
			p.locked[r.Func] = append(p.locked[r.Func], r)
		}
	}
	for _, f := range res.Effects.Funcs() {
		if f.Body() != nil {
			p.sites(f)
		}
	}
	p.crews()
	p.sizes()
	p.tellStarts()
	return res, nil
}

// regions is the Run function of Locks.
func regions(pass *analysis.Pass) (any, error) {
	res := &Result{Effects: pass.ResultOf[effects.Analyzer].(*effects.Result)}
	if res.Effects.Program() == nil {
		return res.Regions, nil // the standard library
	}
	p := newPlacer(pass, res)
	for _, f := range res.Effects.Funcs() {
		if f.Body() != nil {
			p.regions(f)
		}
	}
	p.lends()
	p.left()
	slices.SortStableFunc(res.Regions, func(a, b *Region) int { return cmp.Compare(a.Acquire.Node.Pos(), b.Acquire.Node.Pos()) })
	return res.Regions, nil
}

func newPlacer(pass *analysis.Pass, res *Result) *placer {
	return &placer{
		pass: pass, info: pass.TypesInfo, prog: res.Effects.Program(), fx: res.Effects, res: res,
		waiting: make(map[*effects.Func][]*effects.Op), asking: make(map[*effects.Func][]*effects.Op), started: make(map[*effects.Func]*Site), imported: make(map[*types.Func]*Site), tests: make(map[*effects.Func][]limitTest),
		gates: make(map[*effects.Func]*gates), locked: make(map[*effects.Func][]*Region), strays: make(map[*types.Var]bool),
	}
}
