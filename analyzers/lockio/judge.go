package lockio

import (
	"go/ast"
	"go/types"
	"slices"
	"strings"
	"time"

	"github.com/concurlint/concurlint/analyzers/effects"
	"github.com/concurlint/concurlint/analyzers/placement"
	"github.com/concurlint/concurlint/analyzers/settings"
)

// shortSleep is how long a sleep may be that is not worth a finding.
const shortSleep = 10 * time.Millisecond

// briefSleep is how long one may be that happens on some ways only.
const briefSleep = 100 * time.Millisecond

var note = verdict{severity: settings.Note}

// judge returns what the rule thinks of an effect under the lock, if anything.
func (c *checker) judge(r *placement.Region, op *effects.Op, e *effects.Effect) (verdict, bool) {
	if e.Is(effects.Released) {
		return verdict{}, false
	}
	if e.Certainty < effects.Missed {
		return c.judgeRare(r, op, e)
	}
	switch e.Kind {
	case effects.Net, effects.Proc:
	case effects.Sleep:
		if e.Bound == effects.Const && e.Duration <= shortSleep {
			return verdict{}, false
		}
	case effects.Wait:
		if onCond(e) && !c.otherCond(r, op) {
			return verdict{}, false
		}
		return c.judgeWait(r, op, e), true
	case effects.Chan:
		if s, ok := op.Node.(*ast.SendStmt); ok && asked(r.Func, s) {
			return verdict{}, false
		}
		return c.judgeChan(r, op, e), true
	default:
		return verdict{}, false
	}
	if c.mild(r, op, e) {
		return note, true
	}
	return verdict{severity: settings.Warning}, true
}

// mild reports whether there is a good reason to wait under this lock, or the
// wait is bounded.
func (c *checker) mild(r *placement.Region, op *effects.Op, e *effects.Effect) bool {
	switch {
	case e.Is(effects.Hint):
		return true
	case c.sufferer(r) == nil:
		return true // the lock serializes the waiting, or is one of many
	case c.locks[r.Lock].serializes():
		return true
	case r.Read && (e.Bound == effects.Deadline || e.Is(effects.Stream)):
		return true
	case c.explained(r), c.keepsHold(op), c.fresh(r), c.publishesSnapshot(r):
		return true
	case c.looksTwice(r) && !c.keyed(r, op):
		return true // whoever comes to the lock wants what is being made
	case perUse(r), answers(e):
		return true
	case e.Is(effects.Stream) && (e.Root == effects.RootRecv || e.Certainty < effects.Usually):
		return true // the lock guards the very connection
	case serial(r.Lock.Name()):
		return true
	case e.Kind == effects.Sleep && polls(e):
		return true // as good as waiting for a goroutine
	case e.Bound == effects.Const && e.Duration <= briefSleep && e.Certainty < effects.Always:
		return true
	case r.Read && e.Root == effects.RootRecv:
		return true // readers share the lock, which keeps the resource from being replaced
	case c.state(r, op):
		return true // a state of the owner, which a change of state must not overtake
	case configures(r.Func) || quiet(r.Func) || ending(calleeName(op)) || reconfigures(calleeName(op)) || prepares(calleeName(op)):
		return true // nobody is served any more
	case e.Certainty == effects.Missed && !c.keyed(r, op):
		return true // made once, and all who want the lock need it
	case e.Kind == effects.Net && !c.oneOfMany(r, op) && !c.endlessWait(r.Func, op):
		return true // there is but one to wait for
	}
	return false
}

// looksTwice reports whether the function has looked under the read lock before
// it takes the lock to write: once there is something to find, nobody comes so
// far.
func (c *checker) looksTwice(r *placement.Region) bool {
	return !r.Read && slices.ContainsFunc(c.locks[r.Lock].regions, func(other *placement.Region) bool {
		return other.Func == r.Func && other.Read && other.Acquire.Node.Pos() < r.Acquire.Node.Pos()
	})
}

// answers reports whether the wait is for who reads the response of a handler,
// most of which the kernel buffers.
func answers(e *effects.Effect) bool {
	return strings.HasSuffix(e.Chain[len(e.Chain)-1].Call, "on http.ResponseWriter")
}

// publishesSnapshot reports whether the function stores what it has worked out in
// an atomic value: readers take no lock, it is for writers.
func (c *checker) publishesSnapshot(r *placement.Region) bool {
	found := false
	ast.Inspect(r.Func.Body(), func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok || calledName(call) != "Store" || call.Pos() < r.Acquire.Node.Pos() {
			return !found
		}
		t, ok := types.Unalias(deref(c.pass.TypesInfo.TypeOf(operand(call)))).(*types.Named)
		found = found || ok && t.Obj().Pkg() != nil && t.Obj().Pkg().Path() == "sync/atomic" && (t.Obj().Name() == "Value" || t.Obj().Name() == "Pointer")
		return !found
	})
	return found
}

// state reports whether the op calls what a field of the lock's owner holds, and
// the field is set again later: c.state.Stop() under c.mu.
func (c *checker) state(r *placement.Region, op *effects.Op) bool {
	call, ok := op.Node.(*ast.CallExpr)
	if !ok {
		return false
	}
	method, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	if !ok {
		return false
	}
	x, ok := ast.Unparen(method.X).(*ast.SelectorExpr)
	if !ok || types.ExprString(x.X) != r.Owner {
		return false
	}
	field := c.res.Effects.Variable(x)
	return field != nil && field.IsField() && (r.Read || types.IsInterface(field.Type())) && c.replaced(field)
}

// replaced reports whether a function other than a constructor sets the field.
func (c *checker) replaced(field *types.Var) bool {
	for _, f := range c.res.Effects.Funcs() {
		if f.Body() == nil || quiet(f) {
			continue
		}
		found := false
		ast.Inspect(f.Body(), func(n ast.Node) bool {
			if a, ok := n.(*ast.AssignStmt); ok {
				for _, l := range a.Lhs {
					found = found || c.res.Effects.Variable(l) == field
				}
			}
			return !found
		})
		if found {
			return true
		}
	}
	return false
}

// polls reports whether the sleep is one between looks at a condition that
// others of this program bring about.
func polls(e *effects.Effect) bool {
	for _, f := range e.Chain[:len(e.Chain)-1] {
		name := f.Call[strings.LastIndexByte(f.Call, '.')+1:]
		if strings.HasPrefix(strings.ToLower(name), "wait") {
			return true
		}
	}
	return false
}

func calleeName(op *effects.Op) string {
	if fn := op.Callee(); fn != nil {
		return fn.Name()
	}
	return ""
}

// setUp reports whether f is init, which runs alone, or main, which has
// nobody else to keep waiting.
func setUp(f *effects.Func) bool {
	d := f.Outer().Decl
	return d != nil && d.Recv == nil && (d.Name.Name == "init" || d.Name.Name == "main") && f.Parent == nil
}
