package blockloop

import (
	_ "embed"
	"go/ast"
	"strings"
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

// Analyzer reports blocking work on event loops.
var Analyzer = &analysis.Analyzer{
	Name:       "blockloop",
	Doc:        doc.Of(source, "blockloop"),
	URL:        "https://pkg.go.dev/github.com/concurlint/concurlint/analyzers/blockloop",
	Run:        run,
	Requires:   []*analysis.Analyzer{placement.Analyzer, directive.Analyzer},
	ResultType: report.ResultType,
}

func run(pass *analysis.Pass) (any, error) {
	if settings.FactsOnly {
		return report.Done{}, nil
	}
	c := &checker{pass: pass, res: pass.ResultOf[placement.Analyzer].(*placement.Result), reporter: report.New(pass)}
	for _, ctx := range c.res.Contexts {
		if ctx.Directive {
			continue // rule contract
		}
		c.ctx = ctx
		c.seen = make(map[*effects.Func]bool)
		c.function(ctx.Func)
	}
	for _, d := range c.res.Dispatchers {
		c.dispatcher(d)
	}
	return report.Done{}, nil
}

type checker struct {
	pass     *analysis.Pass
	res      *placement.Result
	reporter *report.Reporter
	ctx      *placement.Context
	seen     map[*effects.Func]bool
}

// function checks a function that runs on the loop. The finding is put where
// the loop's own code calls out: methods of the same receiver and literals run
// in place are the loop's own code.
func (c *checker) function(f *effects.Func) {
	if c.seen[f] {
		return
	}
	c.seen[f] = true
	for _, op := range f.Ops {
		if op.Spawned != nil || op.Deferred || op.Certainty < effects.Missed {
			continue
		}
		if inner := c.own(f, op); inner != nil {
			c.function(inner)
			continue
		}
		if !c.submit(op) {
			c.op(op)
		}
	}
}

// own returns the method of the same receiver that op calls, or nil.
func (c *checker) own(f *effects.Func, op *effects.Op) *effects.Func {
	g := c.res.Effects.Func(op.Callee())
	if g == nil || g.Decl == nil || g.Decl.Recv == nil {
		return nil
	}
	outer := f.Outer()
	if outer.Obj == nil || outer.Decl.Recv == nil {
		return nil
	}
	if effects.SymbolOf(outer.Obj).Type != effects.SymbolOf(g.Obj).Type {
		return nil
	}
	return g
}

func (c *checker) op(op *effects.Op) {
	var worst *effects.Effect
	level := settings.Note
	for i := range op.Effects {
		e := &op.Effects[i]
		s, ok := c.judge(e)
		if ok && (worst == nil || s > level) {
			worst, level = e, s
		}
	}
	if worst == nil {
		return
	}
	if c.forwards(op) {
		level = settings.Note
	}
	offload := "hand it to a goroutine and post the result back"
	if c.ctx.Loop.Offload != "" {
		offload = "use " + c.ctx.Loop.Offload
	}
	f := report.Finding{
		Pos:      op.Node.Pos(),
		End:      op.Node.End(),
		Severity: level,
		Kind:     worst.Name(),
		Message:  report.Subject(worst) + " " + report.Verb(worst) + " on " + c.ctx.Who + ", " + offload,
		Chain:    report.Chain(op.Node.Pos(), worst.Chain),
		Related:  c.reason(),
	}
	if _, call := op.Node.(*ast.CallExpr); !call {
		f.Message = c.ctx.Who + " " + report.Subject(worst) + ", " + offload
	}
	c.reporter.Report(f)
}

// reason says why the function at hand must not block.
func (c *checker) reason() []report.Step {
	return []report.Step{{Pos: position(c.ctx.Func), Message: "runs on " + c.ctx.Who + ": " + c.ctx.Loop.Text}}
}

// level is the severity of a certain breach of the contract at hand.
func (c *checker) level() settings.Severity {
	level := settings.Error
	if c.ctx.Loop.Severity != "" {
		_ = level.Set(c.ctx.Loop.Severity) // checked where the line is read
	}
	return level
}

const shortSleep = time.Millisecond

// judge returns the severity of an effect on the loop.
func (c *checker) judge(e *effects.Effect) (settings.Severity, bool) {
	if e.Certainty < effects.Missed || c.ctx.Allows(e) {
		return 0, false
	}
	level := c.level()
	switch e.Kind {
	case effects.Net, effects.Proc, effects.Wait:
	case effects.File:
		level = min(level, settings.Warning)
	case effects.Sleep:
		if e.Bound == effects.Const && e.Duration <= shortSleep {
			return 0, false
		}
	case effects.Chan:
		if e.Is(effects.Buffered) && e.Bound == effects.Deadline {
			return 0, false // a buffer, and a way out when it is full
		}
		if e.Is(effects.Buffered) || e.Is(effects.Foreign) || e.Bound == effects.Deadline {
			return settings.Note, true
		}
		level = min(level, settings.Warning)
	case effects.CPU:
		if e.Weight < effects.Costly {
			return 0, false
		}
		level = min(level, settings.Warning)
	default:
		return 0, false
	}
	if e.Is(effects.Hint) || (e.Kind == effects.Wait || e.Kind == effects.CPU) && distant(e) || (e.Kind == effects.Wait || e.Kind == effects.Chan) && closes(e) {
		return settings.Note, true
	}
	if e.Certainty < effects.Usually {
		level = min(level, settings.Warning)
	}
	return level, true
}

// closes reports whether the wait is for goroutines that the called function has
// told to end.
func closes(e *effects.Effect) bool {
	call := e.Chain[0].Call
	name := call[strings.LastIndexByte(call, '.')+1:]
	return name == "Close" || name == "Stop" || name == "Shutdown"
}

// distant reports whether the effect is seen inside another module, where
// nothing is known of the size of the work or of who is waited for.
func distant(e *effects.Effect) bool {
	last := e.Chain[len(e.Chain)-1]
	return !last.Pos.IsValid() && last.Where == ""
}
