package blockloop

import (
	"go/ast"
	"slices"
	"strings"

	"github.com/concurlint/concurlint/analyzers/effects"
	"github.com/concurlint/concurlint/analyzers/evidence"
	"github.com/concurlint/concurlint/analyzers/placement"
	"github.com/concurlint/concurlint/analyzers/report"
)

// submit reports a hand-over that waits while its executor is full, and reports
// whether op is one. Work that left the loop this way stops it all the same.
func (c *checker) submit(op *effects.Op) bool {
	var signals []string
	what := ""
	if site := c.site(op); site != nil {
		what = site.Via + " waits while all its workers are busy"
		if site.Limit.Expr == nil {
			signals = append(signals, "blockloop.limit-elsewhere")
		}
	} else if fn := op.Callee(); c.res.Effects.Limiter(fn) == "acquire" && op.Certainty >= effects.Usually {
		what = effects.DisplayName(fn, c.pass.Pkg) + " waits for a free place"
	} else {
		return false
	}
	c.reporter.Report(report.Finding{
		Pos:     op.Node.Pos(),
		End:     op.Node.End(),
		Most:    min(breach(c.ctx.Loop), evidence.Warning),
		Signals: signals,
		Kind:    "submit",
		Message: what + " on " + c.ctx.Who + ", try without waiting",
		Related: c.reason(),
	})
	return true
}

// site returns the blocking hand-over that op is, or nil.
func (c *checker) site(op *effects.Op) *placement.Site {
	for _, s := range c.sites {
		if s.Op == op && s.Blocks && s.Limit.Class != placement.None && s.Limit.Class != placement.Semaphore && !c.refuses(s) {
			return s
		}
	}
	return nil
}

// roomy reports whether op hands work to an executor without a limit of its own, which has
// nothing to wait for, whatever its code does where there is one.
func (c *checker) roomy(op *effects.Op) bool {
	return slices.ContainsFunc(c.sites, func(s *placement.Site) bool {
		return s.Op == op && s.Via != "go" && (s.Limit.Class == placement.None || s.Limit.Class == placement.Semaphore)
	})
}

// refuses reports whether the pool of s was made with an option that has a full
// pool refuse work instead.
func (c *checker) refuses(s *placement.Site) bool {
	if s.Group == nil {
		return false
	}
	values, _ := c.res.Effects.Values(s.Group)
	found := false
	for _, v := range values {
		ast.Inspect(v, func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok {
				found = found || strings.Contains(strings.ToLower(id.Name), "nonblocking")
			}
			return !found
		})
	}
	return found
}
