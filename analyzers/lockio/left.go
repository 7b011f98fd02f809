package lockio

import (
	"github.com/concurlint/concurlint/analyzers/effects"
	"github.com/concurlint/concurlint/analyzers/evidence"
	"github.com/concurlint/concurlint/analyzers/placement"
	"github.com/concurlint/concurlint/analyzers/report"
)

// left reports the ways on which the function of r forgets to give the lock back: who wants
// it next waits for ever.
func (c *checker) left(r *placement.Region) {
	cause := ""
	if name, fn := c.hosts.Name(r.Lock), r.Func.Outer().Obj; name != "" && fn != nil {
		cause = name + " left by " + fn.FullName()
	}
	for _, at := range r.Left {
		c.reporter.Report(report.Finding{
			Pos:     at,
			End:     at + 1,
			Most:    evidence.Warning,
			Signals: []string{"lockio.left"},
			Kind:    effects.Lock.String(),
			Cause:   cause, // one deferred release mends all of them
			Message: r.Name() + " is still held when this returns, so all who want the lock wait for ever",
			Related: []report.Step{{Pos: r.Acquire.Node.Pos(), Message: r.Name() + " is taken here"}},
		})
	}
}
