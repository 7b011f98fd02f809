package contract

import (
	_ "embed"
	"go/ast"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/concurlint/concurlint/analyzers/blockloop"
	"github.com/concurlint/concurlint/analyzers/contracts"
	"github.com/concurlint/concurlint/analyzers/directive"
	"github.com/concurlint/concurlint/analyzers/effects"
	"github.com/concurlint/concurlint/analyzers/evidence"
	"github.com/concurlint/concurlint/analyzers/fanout"
	"github.com/concurlint/concurlint/analyzers/internal/doc"
	"github.com/concurlint/concurlint/analyzers/lockio"
	"github.com/concurlint/concurlint/analyzers/poolfit"
	"github.com/concurlint/concurlint/analyzers/report"
	"github.com/concurlint/concurlint/analyzers/settings"
)

//go:embed doc.go
var source string

// Analyzer requires the rules so that it runs after them: only then is it known
// which ignore directives were of use.
var Analyzer = &analysis.Analyzer{
	Name: "contract",
	Doc:  doc.Of(source, "contract"),
	URL:  "https://pkg.go.dev/github.com/concurlint/concurlint/analyzers/contract",
	Run:  effects.InTurn(run),
	Requires: []*analysis.Analyzer{
		settings.Analyzer, effects.Analyzer, directive.Analyzer, contracts.Analyzer,
		blockloop.Analyzer, fanout.Analyzer, lockio.Analyzer, poolfit.Analyzer,
	},
	ResultType: report.ResultType,
}

func run(pass *analysis.Pass) (any, error) {
	if settings.Of(pass).FactsOnly {
		return report.Done{}, nil
	}
	set := pass.ResultOf[directive.Analyzer].(*directive.Set)
	r := report.New(pass)
	for _, p := range set.Problems {
		r.Report(report.Finding{
			Pos:     p.Pos,
			End:     p.End,
			Most:    evidence.Warning,
			Message: p.Message,
			Kind:    "directive",
		})
	}
	for _, ctx := range pass.ResultOf[contracts.Analyzer].(*contracts.Result).Contexts {
		if ctx.Directive {
			broken(r, ctx.Func)
		}
	}
	if len(pass.TypeErrors) > 0 {
		return r.Done(), nil // what a directive silences may follow from what does not compile
	}
	unused := set.Unused()
	slices.SortFunc(unused, func(a, b *directive.Ignore) int { return int(a.Pos - b.Pos) })
	for _, ig := range unused {
		r.Report(report.Finding{
			Pos:     ig.Pos,
			End:     ig.End,
			Most:    evidence.Warning,
			Message: "directive ignore " + strings.Join(ig.Rules, ",") + " silences nothing, remove it",
			Kind:    "unused",
			Fix:     removal(pass, ig),
		})
	}
	return r.Done(), nil
}

// broken reports what makes a function that promises not to block do so.
func broken(r *report.Reporter, f *effects.Func) {
	for _, op := range f.Ops {
		if op.Spawned != nil {
			continue
		}
		for i := range op.Effects {
			e := &op.Effects[i]
			if !e.Kind.Blocks() || e.Certainty < effects.Missed || e.Is(effects.Hint) || e.Is(effects.Buffered) {
				continue
			}
			msg := report.Subject(e) + " " + report.Verb(e) + " in a function marked nonblocking"
			if _, call := op.Node.(*ast.CallExpr); !call {
				msg = "a function marked nonblocking " + report.Subject(e)
			}
			r.Report(report.Finding{
				Pos:     op.Node.Pos(),
				End:     op.Node.End(),
				Most:    evidence.Warning,
				Kind:    e.Name(),
				Message: msg,
				Chain:   report.Chain(op.Node.Pos(), e.Chain),
			})
			break
		}
	}
}
