package contract

import (
	_ "embed"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/concurlint/concurlint/analyzers/directive"
	"github.com/concurlint/concurlint/analyzers/internal/doc"
	"github.com/concurlint/concurlint/analyzers/report"
	"github.com/concurlint/concurlint/analyzers/settings"
)

//go:embed doc.go
var source string

// Analyzer requires the rules so that it runs after them: only then is it known
// which ignore directives were of use.
var Analyzer = &analysis.Analyzer{
	Name:       "contract",
	Doc:        doc.Of(source, "contract"),
	URL:        "https://pkg.go.dev/github.com/concurlint/concurlint/analyzers/contract",
	Run:        run,
	Requires:   []*analysis.Analyzer{directive.Analyzer},
	ResultType: report.ResultType,
}

func run(pass *analysis.Pass) (any, error) {
	if settings.FactsOnly {
		return report.Done{}, nil
	}
	set := pass.ResultOf[directive.Analyzer].(*directive.Set)
	r := report.New(pass)
	for _, p := range set.Problems {
		r.Report(report.Finding{
			Pos:      p.Pos,
			End:      p.End,
			Severity: settings.Warning,
			Message:  p.Message,
			Kind:     "directive",
		})
	}
	unused := set.Unused()
	slices.SortFunc(unused, func(a, b *directive.Ignore) int { return int(a.Pos - b.Pos) })
	for _, ig := range unused {
		r.Report(report.Finding{
			Pos:      ig.Pos,
			End:      ig.End,
			Severity: settings.Warning,
			Message:  "directive ignore " + strings.Join(ig.Rules, ",") + " silences nothing, remove it",
			Kind:     "unused",
		})
	}
	return report.Done{}, nil
}
