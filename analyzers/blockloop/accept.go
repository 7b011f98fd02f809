package blockloop

import (
	"github.com/concurlint/concurlint/analyzers/contracts"
	"github.com/concurlint/concurlint/analyzers/effects"
	"github.com/concurlint/concurlint/analyzers/evidence"
	"github.com/concurlint/concurlint/analyzers/report"
)

// acceptor checks a loop that accepts connections for what it waits for itself.
func (c *checker) acceptor(a *contracts.Acceptor) {
	for _, op := range a.Waits {
		for i := range op.Effects {
			e := &op.Effects[i]
			if e.Certainty < effects.Missed || e.Kind != effects.Net && e.Kind != effects.Proc {
				continue
			}
			signals := []string{"blockloop.accepting"}
			if e.Is(effects.Hint) {
				signals = append(signals, "blockloop.guess")
			}
			if e.Certainty < effects.Usually {
				signals = append(signals, "blockloop.sometimes")
			}
			c.reporter.Report(report.Finding{
				Pos:     op.Node.Pos(),
				End:     op.Node.End(),
				Most:    evidence.Warning,
				Signals: signals,
				Kind:    e.Name(),
				Message: report.Subject(e) + " " + report.Verb(e) + " for one connection while " + a.Who() + " accepts no other, do it in the goroutine that gets the connection",
				Chain:   report.Chain(op.Node.Pos(), e.Chain),
				Related: []report.Step{{Pos: a.At.Pos(), Message: "a connection is accepted from " + a.Source + " here"}},
			})
			break // one counts of each line
		}
	}
}
