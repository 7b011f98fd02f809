package settings

import (
	"reflect"

	"golang.org/x/tools/go/analysis"
)

// Analyzer has the settings as its result, and flags for them. Every rule
// requires it itself, as nogo sets flags of what its analyzers require directly,
// and of nothing below. Its name is the project's: that is what nogo's
// configuration calls it.
var Analyzer = newAnalyzer()

func newAnalyzer() *analysis.Analyzer {
	v := New()
	a := analyzer(v)
	v.AddFlags(&a.Flags)
	return a
}

// analyzer returns one whose result is v.
func analyzer(v *Values) *analysis.Analyzer {
	return &analysis.Analyzer{
		Name:       "concurlint",
		Doc:        "hold what the user has set for all of concurlint's rules",
		URL:        "https://pkg.go.dev/github.com/concurlint/concurlint/analyzers/settings",
		Run:        func(*analysis.Pass) (any, error) { return v, nil },
		ResultType: reflect.TypeFor[*Values](),
	}
}

// Of returns the settings of a pass, whose analyzer must require Analyzer.
func Of(pass *analysis.Pass) *Values { return pass.ResultOf[Analyzer].(*Values) }

// Bind returns copies of the analyzers for which v holds, whatever the flags of
// Analyzer say. Suites with different settings can so run in one process, at the
// same time. What does not depend on settings stays as it is.
func Bind(v *Values, list ...*analysis.Analyzer) []*analysis.Analyzer {
	b := binder{Analyzer: analyzer(v)}
	var bound []*analysis.Analyzer
	for _, a := range list {
		bound = append(bound, b.bind(a))
	}
	return bound
}

// A binder has what stands for each analyzer.
type binder map[*analysis.Analyzer]*analysis.Analyzer

func (b binder) bind(a *analysis.Analyzer) *analysis.Analyzer {
	if c, ok := b[a]; ok {
		return c
	}
	c, same := *a, true
	c.Requires = nil
	for _, req := range a.Requires {
		r := b.bind(req)
		c.Requires = append(c.Requires, r)
		same = same && r == req
	}
	b[a] = &c
	if same {
		b[a] = a
		return a
	}
	// An analyzer asks for results by the analyzers that its package names.
	c.Run = func(pass *analysis.Pass) (any, error) {
		in := *pass
		in.ResultOf = make(map[*analysis.Analyzer]any, len(a.Requires))
		for i, req := range a.Requires {
			in.ResultOf[req] = pass.ResultOf[c.Requires[i]]
		}
		return a.Run(&in)
	}
	return &c
}
