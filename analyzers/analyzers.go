// Package analyzers lists the rules of concurlint.
package analyzers

import (
	"golang.org/x/tools/go/analysis"

	"github.com/concurlint/concurlint/analyzers/blockloop"
	"github.com/concurlint/concurlint/analyzers/contract"
	"github.com/concurlint/concurlint/analyzers/fanout"
	"github.com/concurlint/concurlint/analyzers/lockio"
	"github.com/concurlint/concurlint/analyzers/poolfit"
	"github.com/concurlint/concurlint/analyzers/settings"
)

// A Rule is an analyzer that reports findings.
type Rule struct {
	Analyzer *analysis.Analyzer
	Severity settings.Severity // of most findings; doubt makes a finding milder
	Default  bool              // reported unless it is switched off
	Why      string            // why it is worth a reader's time
}

// Rules are the rules, in the order of their names' importance to a reader.
var Rules = []Rule{
	{blockloop.Analyzer, settings.Warning, true, "one blocked callback stops everybody whom the loop serves"},
	{fanout.Analyzer, settings.Warning, true, "work without a bound exhausts threads, descriptors, peers or memory under load"},
	{lockio.Analyzer, settings.Warning, true, "a slow peer stops all who want the lock"},
	{poolfit.Analyzer, settings.Warning, true, "a pool sized for other work idles, floods, or never runs anything"},
	{contract.Analyzer, settings.Warning, true, "a promise that is not kept, or a directive without effect, misleads the reader and the other rules"},
}

// All returns the analyzers of the rules.
func All() []*analysis.Analyzer {
	var list []*analysis.Analyzer
	for _, r := range Rules {
		list = append(list, r.Analyzer)
	}
	return list
}
