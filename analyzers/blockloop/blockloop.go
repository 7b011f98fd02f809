package blockloop

import (
	_ "embed"
	"go/ast"
	"go/types"
	"slices"

	"golang.org/x/tools/go/analysis"

	"github.com/concurlint/concurlint/analyzers/contracts"
	"github.com/concurlint/concurlint/analyzers/directive"
	"github.com/concurlint/concurlint/analyzers/effects"
	"github.com/concurlint/concurlint/analyzers/internal/doc"
	"github.com/concurlint/concurlint/analyzers/knowledge"
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
	Run:        effects.InTurn(run),
	Requires:   []*analysis.Analyzer{settings.Analyzer, effects.Analyzer, contracts.Analyzer, placement.Analyzer, directive.Analyzer},
	ResultType: report.ResultType,
}

func run(pass *analysis.Pass) (any, error) {
	if settings.Of(pass).FactsOnly {
		return report.Done{}, nil
	}
	c := &checker{
		pass:     pass,
		res:      pass.ResultOf[contracts.Analyzer].(*contracts.Result),
		sites:    pass.ResultOf[placement.Analyzer].(*placement.Result).Sites,
		reporter: report.New(pass),
		onLoop:   make(map[*effects.Func]bool),
	}
	for _, ctx := range c.res.Contexts {
		c.onLoop[ctx.Func] = !ctx.Directive
	}
	for _, ctx := range c.res.Contexts {
		if ctx.Directive {
			continue // rule contract
		}
		c.ctx = ctx
		c.seen = make(map[*effects.Func]bool)
		c.function(ctx.Func, 0)
	}
	for _, h := range c.res.Handovers {
		c.handover(h)
	}
	for _, s := range c.res.Servers {
		c.server(s)
	}
	for _, a := range c.res.Acceptors {
		c.acceptor(a)
	}
	for _, d := range c.res.Dispatchers {
		c.dispatcher(d)
	}
	return c.reporter.Done(), nil
}

type checker struct {
	pass     *analysis.Pass
	res      *contracts.Result
	sites    []*placement.Site
	reporter *report.Reporter
	ctx      *contracts.Context
	seen     map[*effects.Func]bool
	onLoop   map[*effects.Func]bool   // are looked at one by one
	senders  map[*types.Var][]sending // see sends; nil until asked
}

// maxDepth is how many calls of its own kind down a function is looked at on a loop of the
// module.
const maxDepth = 3

// function checks a function that runs on the loop. The finding is put where
// the loop's own code calls out: methods of the same receiver, literals run in place
// and functions that go on with the message are the loop's own code.
func (c *checker) function(f *effects.Func, depth int) {
	if c.seen[f] || c.ctx.Loop.Own && depth > maxDepth {
		return
	}
	c.seen[f] = true
	paused := false
	for _, op := range f.Ops {
		if op.Spawned != nil || op.Deferred || op.Certainty < effects.Missed {
			continue
		}
		if verb := c.pause(op); verb != "" {
			paused = verb == "start"
		}
		if paused || c.seenThere(f, op) {
			continue
		}
		if inner := c.own(f, op); inner != nil {
			c.op(op, c.grown(op, inner))
			c.function(inner, depth+1)
			continue
		}
		if !c.submit(op) {
			c.op(op, op.Effects)
		}
	}
	c.nests(f)
}

// seenThere reports whether op calls what a variable holds, all of which runs on the loop
// and is looked at where it stands.
func (c *checker) seenThere(f *effects.Func, op *effects.Op) bool {
	if _, call := op.Node.(*ast.CallExpr); !call || op.Callee() != nil {
		return false
	}
	list := c.res.Effects.TaskFuncs(f, op, effects.GoCall)
	return len(list) > 0 && !slices.ContainsFunc(list, func(g *effects.Func) bool { return !c.onLoop[g] })
}

// given returns the functions that op gives to what it calls and that are looked at one by
// one, as they run on the loop.
func (c *checker) given(op *effects.Op) (list []ast.Node) {
	call, ok := op.Node.(*ast.CallExpr)
	if !ok {
		return nil
	}
	for _, a := range call.Args {
		if _, ok := c.pass.TypesInfo.TypeOf(a).Underlying().(*types.Signature); !ok {
			continue
		}
		for _, t := range c.res.Effects.Targets(nil, a) {
			if t.Func != nil && c.onLoop[t.Func] {
				list = append(list, t.Func.Node())
			}
		}
	}
	return list
}

// pause returns start where op surely stops the library's loop, end where it may let it
// run again, and "" elsewhere.
func (c *checker) pause(op *effects.Op) string {
	fn := op.Callee()
	if fn == nil || fn.Pkg() == nil {
		return ""
	}
	verb := c.res.Effects.Knowledge().Pause(effects.SymbolOf(fn))
	if verb == "start" && op.Certainty != effects.Always {
		return ""
	}
	return verb
}

// own returns the method of the same receiver that op calls, or the function that goes
// on with the message, or nil.
func (c *checker) own(f *effects.Func, op *effects.Op) *effects.Func {
	g := c.res.Effects.Func(op.Callee())
	switch {
	case g == nil || g.Decl == nil:
		return nil
	case c.goesOn(f, op, g):
		return g
	case g.Decl.Recv == nil:
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

func (c *checker) op(op *effects.Op, does []effects.Effect) {
	given, soon, answers := c.given(op), slow, c.answersFor(op)
	if op.Effect(effects.Chan) != nil {
		soon = c.taken(op, 0)
	}
	e, v := worst(does, func(e *effects.Effect) (verdict, bool) {
		if slices.ContainsFunc(e.Chain, func(at effects.Frame) bool { return slices.ContainsFunc(given, at.In) }) {
			return verdict{}, false // it is told where it stands
		}
		if e.Kind == effects.CPU && c.inNest(op.Loop) || e.Kind == effects.Chan && (c.roomy(op) || soon == quick) {
			return verdict{}, false
		}
		return c.judge(e, c.ctx.Loop, answers)
	})
	if e == nil {
		return
	}
	if r := c.readerWaits(op, answers); r != nil {
		c.sendsToWaiting(op, r)
		return
	}
	if c.forwards(op) {
		v.signals = append(v.signals, "blockloop.forwards")
	}
	if e.Kind == effects.Chan && soon == fair {
		v.signals = append(v.signals, "blockloop.slow-one")
	}
	offload := wayOut(c.ctx.Loop)
	switch {
	case c.posts(op, e):
		offload = "which has to run it first: deadlock, do it in place"
		v.signals = append(slices.DeleteFunc(v.signals, func(s string) bool { return s == "blockloop.distant" }), "blockloop.itself")
	case c.waitsForItself(e, answers):
		offload = forItself
	}
	f := report.Finding{
		Pos:     op.Node.Pos(),
		End:     op.Node.End(),
		Most:    v.most,
		Signals: v.signals,
		Kind:    e.Name(),
		Message: report.Subject(e) + " " + report.Verb(e) + " on " + c.ctx.Who + ", " + offload,
		Chain:   report.Chain(op.Node.Pos(), e.Chain),
		Related: c.reason(),
	}
	if _, call := op.Node.(*ast.CallExpr); !call {
		f.Message = c.ctx.Who + " " + report.Subject(e) + ", " + offload
	}
	c.reporter.Report(f)
}

// reason says why the function at hand must not block.
func (c *checker) reason() []report.Step {
	return []report.Step{{Pos: position(c.ctx.Func), Message: "runs on " + c.ctx.Who + ": " + c.ctx.Loop.Text}}
}

// wayOut says how to get work off a loop.
func wayOut(l *knowledge.Loop) string {
	if l.Offload != "" {
		return "use " + l.Offload
	}
	return "hand it to a goroutine and post the result back"
}
