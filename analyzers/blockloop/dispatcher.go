package blockloop

import (
	"go/ast"
	"go/token"
	"go/types"
	"strconv"

	"github.com/concurlint/concurlint/analyzers/effects"
	"github.com/concurlint/concurlint/analyzers/placement"
	"github.com/concurlint/concurlint/analyzers/report"
	"github.com/concurlint/concurlint/analyzers/settings"
)

func position(f *effects.Func) token.Pos {
	if f.Decl != nil {
		return f.Decl.Name.Pos()
	}
	return f.Lit.Pos()
}

// dispatcher checks a goroutine that serves several channels in one select.
func (c *checker) dispatcher(d *placement.Dispatcher) {
	if len(d.Sources) == 0 || !c.reporter.Wanted(d.Select.Pos()) {
		return
	}
	for _, op := range d.Func.Ops[d.Loop.Ops:d.Loop.OpsEnd] {
		if s, ok := op.Node.(*ast.SendStmt); ok && op.Spawned == nil && op.Certainty >= effects.Missed {
			c.send(d, op, s)
			continue
		}
		if len(d.Sources) >= 2 {
			c.starves(d, op)
		}
	}
}

// send checks a plain send in a dispatcher's loop.
func (c *checker) send(d *placement.Dispatcher, op *effects.Op, s *ast.SendStmt) {
	f := report.Finding{Pos: s.Pos(), End: s.End(), Severity: settings.Note, Kind: "chan", Chain: report.Chain(s.Pos(), chanEffect(op).Chain)}
	ch := c.res.Effects.Variable(s.Chan)
	switch {
	case ch != nil && d.Receives(ch, c.res.Effects.Variable) && c.onlyReceiver(ch, d):
		f.Severity = settings.Error
		f.Message = "the loop sends to " + types.ExprString(s.Chan) + ", which it alone receives from, and blocks for ever when the buffer is full"
	case len(d.Sources) >= 2 && !chanEffect(op).Is(effects.Buffered):
		f.Message = "the loop can block sending to " + types.ExprString(s.Chan) + " and then serves none of its " + strconv.Itoa(len(d.Sources)) + " channels, send in a select"
	default:
		return
	}
	f.Related = []report.Step{{Pos: d.Select.Pos(), Message: "the loop's select"}}
	c.reporter.Report(f)
}

func chanEffect(op *effects.Op) *effects.Effect {
	if e := op.Effect(effects.Chan); e != nil {
		return e
	}
	return &effects.Effect{}
}

// onlyReceiver reports whether nothing else in the package receives from ch.
func (c *checker) onlyReceiver(ch *types.Var, d *placement.Dispatcher) bool {
	if ch.Exported() {
		return false
	}
	for _, file := range c.pass.Files {
		other := false
		ast.Inspect(file, func(n ast.Node) bool {
			if n == d.Loop.Node {
				return false
			}
			switch n := n.(type) {
			case *ast.UnaryExpr:
				other = other || n.Op == token.ARROW && c.res.Effects.Variable(n.X) == ch
			case *ast.RangeStmt:
				other = other || c.res.Effects.Variable(n.X) == ch
			case *ast.CallExpr: // passed on: someone else may receive
				for _, a := range n.Args {
					other = other || c.res.Effects.Variable(a) == ch && !builtin(n)
				}
			case *ast.ReturnStmt:
				for _, a := range n.Results {
					other = other || c.res.Effects.Variable(a) == ch
				}
			}
			return !other
		})
		if other {
			return false
		}
	}
	return true
}

func builtin(c *ast.CallExpr) bool {
	id, ok := ast.Unparen(c.Fun).(*ast.Ident)
	return ok && (id.Name == "len" || id.Name == "cap" || id.Name == "close")
}

// starves notes other waits in one case of a select with several sources.
func (c *checker) starves(d *placement.Dispatcher, op *effects.Op) {
	if op.Spawned != nil || op.Deferred || op.Node.Pos() <= d.Select.Body.Pos() {
		return
	}
	for i := range op.Effects {
		e := &op.Effects[i]
		if e.Certainty < effects.Usually || e.Is(effects.Hint) || e.Bound != effects.Unbounded || e.Kind != effects.Net && e.Kind != effects.Proc && e.Kind != effects.Sleep {
			continue
		}
		c.reporter.Report(report.Finding{
			Pos:      op.Node.Pos(),
			End:      op.Node.End(),
			Severity: settings.Note,
			Kind:     e.Name(),
			Message:  report.Subject(e) + " " + report.Verb(e) + " while the loop serves none of its " + strconv.Itoa(len(d.Sources)) + " channels",
			Chain:    report.Chain(op.Node.Pos(), e.Chain),
			Related:  []report.Step{{Pos: d.Select.Pos(), Message: "the loop's select"}},
		})
		return
	}
}
