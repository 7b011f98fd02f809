package lockio

import (
	_ "embed"
	"go/types"
	"time"

	"golang.org/x/tools/go/analysis"

	"github.com/concurlint/concurlint/analyzers/directive"
	"github.com/concurlint/concurlint/analyzers/effects"
	"github.com/concurlint/concurlint/analyzers/internal/doc"
	"github.com/concurlint/concurlint/analyzers/placement"
	"github.com/concurlint/concurlint/analyzers/report"
	"github.com/concurlint/concurlint/analyzers/settings"
)

//go:embed doc.go
var source string

// Analyzer reports locks held while waiting.
var Analyzer = &analysis.Analyzer{
	Name:       "lockio",
	Doc:        doc.Of(source, "lockio"),
	URL:        "https://pkg.go.dev/github.com/concurlint/concurlint/analyzers/lockio",
	Run:        run,
	Requires:   []*analysis.Analyzer{placement.Analyzer, directive.Analyzer},
	ResultType: report.ResultType,
}

func run(pass *analysis.Pass) (any, error) {
	if settings.FactsOnly {
		return report.Done{}, nil
	}
	c := &checker{
		res:      pass.ResultOf[placement.Analyzer].(*placement.Result),
		reporter: report.New(pass),
		short:    make(map[*types.Var]*placement.Region),
		count:    make(map[*types.Var]int),
	}
	c.survey()
	for _, r := range c.res.Regions {
		if r.Local || !c.reporter.Wanted(r.Acquire.Node.Pos()) {
			continue
		}
		for _, h := range r.Held {
			c.check(r, h.Op)
		}
	}
	return report.Done{}, nil
}

type checker struct {
	res      *placement.Result
	reporter *report.Reporter
	short    map[*types.Var]*placement.Region // a region of the lock that waits for nothing
	count    map[*types.Var]int               // regions of the lock
}

// survey finds for each lock a region that does not wait: without one, the lock
// exists to serialize the waiting itself.
func (c *checker) survey() {
	for _, r := range c.res.Regions {
		if r.Lock == nil {
			continue
		}
		c.count[r.Lock]++
		if c.short[r.Lock] == nil && !waitsSomewhere(r) {
			c.short[r.Lock] = r
		}
	}
}

func waitsSomewhere(r *placement.Region) bool {
	for _, h := range r.Held {
		for i := range h.Op.Effects {
			if e := &h.Op.Effects[i]; e.Kind.Blocks() && e.Certainty >= effects.Rarely && !e.Is(effects.Hint) {
				return true
			}
		}
	}
	return false
}

// short waits are not worth a finding.
const shortSleep = 10 * time.Millisecond

// check reports the worst effect of an op that runs under r.
func (c *checker) check(r *placement.Region, op *effects.Op) {
	var worst *effects.Effect
	level := settings.Severity(-1)
	for i := range op.Effects {
		e := &op.Effects[i]
		if s, ok := c.judge(r, op, e); ok && (worst == nil || s > level) {
			worst, level = e, s
		}
	}
	if worst == nil {
		return
	}
	f := report.Finding{
		Pos:      op.Node.Pos(),
		End:      op.Node.End(),
		Severity: level,
		Kind:     worst.Name(),
		Message:  r.Key + " is held while " + report.Subject(worst) + " " + report.Verb(worst) + ", " + consequence(worst),
		Chain:    report.Chain(op.Node.Pos(), worst.Chain),
		Related:  []report.Step{{Pos: r.Acquire.Node.Pos(), Message: r.Key + " is taken here"}},
	}
	if len(worst.Chain) == 1 && worst.Kind == effects.Chan {
		f.Message = r.Key + " is held while this " + worst.Chain[0].Call + ", " + consequence(worst)
	}
	if s := c.short[r.Lock]; r.Lock != nil && s != nil && s != r {
		f.Related = append(f.Related, report.Step{Pos: s.Acquire.Node.Pos(), Message: "short work waits for the lock here"})
	}
	c.reporter.Report(f)
}

func consequence(e *effects.Effect) string {
	if e.Kind == effects.Wait || e.Kind == effects.Chan {
		return "deadlock if the other side wants the lock"
	}
	return "so all who want the lock wait too"
}

// judge returns the severity of an effect under the lock.
func (c *checker) judge(r *placement.Region, op *effects.Op, e *effects.Effect) (settings.Severity, bool) {
	if e.Certainty < effects.Missed || e.Is(effects.Released) {
		return 0, false
	}
	switch e.Kind {
	case effects.Net, effects.Proc:
	case effects.Sleep:
		if e.Bound == effects.Const && e.Duration <= shortSleep {
			return 0, false
		}
	case effects.Wait:
		if fn := op.Callee(); fn != nil && fn.FullName() == "(*sync.Cond).Wait" {
			return 0, false
		}
		if c.count[r.Lock] < 2 {
			return settings.Note, true
		}
	case effects.Chan:
		return c.judgeChan(r, e), true
	default:
		return 0, false
	}
	if c.mild(r, e) {
		return settings.Note, true
	}
	return settings.Warning, true
}

// mild reports whether there is a good reason to wait under this lock, or the
// wait is bounded.
func (c *checker) mild(r *placement.Region, e *effects.Effect) bool {
	switch {
	case e.Is(effects.Hint):
		return true
	case r.Read && e.Bound == effects.Deadline:
		return true
	case e.Is(effects.Stream) && e.Root == effects.RootRecv:
		return true // the lock guards the very connection
	case r.Lock != nil && c.short[r.Lock] == nil && e.Kind != effects.Wait:
		return true // the lock serializes the waiting
	case e.Is(effects.Stream) && e.Certainty < effects.Usually:
		return true
	}
	return false
}

// judgeChan is strict only about what is proven: an unbuffered channel.
func (c *checker) judgeChan(r *placement.Region, e *effects.Effect) settings.Severity {
	if e.Is(effects.Buffered) || e.Bound == effects.Deadline || r.Lock == nil || c.short[r.Lock] == nil {
		return settings.Note
	}
	return settings.Note
}
