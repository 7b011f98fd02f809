package contracts

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/types/typeutil"

	"github.com/concurlint/concurlint/analyzers/effects"
	"github.com/concurlint/concurlint/analyzers/program"
)

// A Dispatcher is an endless loop over a select: one goroutine serves all its
// sources, so what blocks in one case starves the others.
type Dispatcher struct {
	Func    *effects.Func
	Loop    *effects.Loop
	Select  *ast.SelectStmt
	Cases   []*Case
	Sources []ast.Expr // channels received from; cancellation and timers left out
	Jobs    int        // cases that do something when their time comes
}

// A Case is one communication clause of a dispatcher.
type Case struct {
	Clause *ast.CommClause
	Source ast.Expr   // one of the dispatcher's sources, or nil
	Errors bool       // it brings errors
	Job    bool       // it does something whenever a time comes that is set outside of the loop
	value  *types.Var // what is received
	info   *types.Info
}

// Holds reports whether pos is in the case's body.
func (k *Case) Holds(pos token.Pos) bool { return k.Clause.Colon < pos && pos < k.Clause.End() }

// Replies reports whether the channel came with the value received: whoever
// sent the value waits for the answer.
func (k *Case) Replies(ch ast.Expr) bool {
	found := false
	ast.Inspect(ch, func(n ast.Node) bool {
		id, ok := n.(*ast.Ident)
		found = found || ok && k.value != nil && k.info.Uses[id] == k.value
		return !found
	})
	return found
}

// One reports whether a function is all that the loop does, whichever source has
// something: it is asked to do it, and nobody waits for anything else.
func (d *Dispatcher) One(fn *types.Func) bool { return one(d.Cases, d.Ops(), fn) }

// one reports whether the code for each source calls a function and gives it
// nothing of what has come. A channel that has come is for the answer.
func one(cases []*Case, ops []*effects.Op, fn *types.Func) bool {
	sources := 0
	for _, k := range cases {
		if k.Source == nil {
			continue
		}
		sources++
		if !slices.ContainsFunc(ops, func(op *effects.Op) bool {
			return fn != nil && op.Callee() == fn && op.Spawned == nil && k.Holds(op.Node.Pos()) && !k.brings(op.Node)
		}) {
			return false
		}
	}
	return sources > 0
}

// brings reports whether a node gets what has been received.
func (k *Case) brings(n ast.Node) bool {
	if k.value == nil {
		return false
	}
	if _, answers := k.value.Type().Underlying().(*types.Chan); answers {
		return false
	}
	found := false
	ast.Inspect(n, func(n ast.Node) bool {
		id, ok := n.(*ast.Ident)
		found = found || ok && k.info.Uses[id] == k.value
		return !found
	})
	return found
}

// Ops returns the operations of the loop.
func (d *Dispatcher) Ops() []*effects.Op { return d.Func.Ops[d.Loop.Ops:d.Loop.OpsEnd] }

// Case returns the case that holds pos, or nil.
func (d *Dispatcher) Case(pos token.Pos) *Case {
	for _, k := range d.Cases {
		if k.Holds(pos) {
			return k
		}
	}
	return nil
}

// Forwards reports whether all that a case does is to pass something on: a plain
// send is among its statements.
func (d *Dispatcher) Forwards(k *Case) bool {
	for _, op := range d.Ops() {
		if _, ok := op.Node.(*ast.SendStmt); ok && k.Holds(op.Node.Pos()) {
			return true
		}
	}
	return false
}

// Source returns the source whose variable or field ch names, or nil.
func (d *Dispatcher) Source(ch ast.Expr, variable func(ast.Expr) *types.Var) ast.Expr {
	v := variable(ch)
	if v == nil {
		return nil
	}
	for _, s := range d.Sources {
		if variable(s) == v {
			return s
		}
	}
	return nil
}

// dispatchers finds the dispatcher loops of one function.
func (f *finder) dispatchers(fn *effects.Func) {
	for _, l := range fn.Loops {
		s, ok := l.Node.(*ast.ForStmt)
		if !ok || s.Post != nil {
			continue
		}
		sel := onlySelect(s.Body)
		if sel == nil || polls(sel) {
			continue
		}
		d := &Dispatcher{Func: fn, Loop: l, Select: sel}
		for _, c := range sel.Body.List {
			k := f.caseOf(c.(*ast.CommClause))
			d.Cases = append(d.Cases, k)
			if k.Job {
				d.Jobs++
			}
			if k.Source != nil {
				d.Sources = append(d.Sources, k.Source)
			}
		}
		f.res.Dispatchers = append(f.res.Dispatchers, d)
	}
}

// polls reports whether a select has a default: it never waits.
func polls(sel *ast.SelectStmt) bool {
	for _, c := range sel.Body.List {
		if c.(*ast.CommClause).Comm == nil {
			return true
		}
	}
	return false
}

func (f *finder) caseOf(c *ast.CommClause) *Case {
	k := &Case{Clause: c, info: f.info}
	ch := program.ReceivedFrom(c.Comm)
	if ch == nil || ends(c) {
		return k
	}
	if f.passes(ch) {
		_, made := ast.Unparen(ch).(*ast.CallExpr) // time.After: the time begins as the loop waits
		k.Job = !made && len(c.Body) > 0 && f.tells(ch)
		return k
	}
	k.Source = ch
	if t, ok := f.info.TypeOf(ch).Underlying().(*types.Chan); ok {
		k.Errors = types.Identical(t.Elem(), types.Universe.Lookup("error").Type())
	}
	if a, ok := c.Comm.(*ast.AssignStmt); ok && a.Tok == token.DEFINE {
		if id, ok := a.Lhs[0].(*ast.Ident); ok {
			k.value, _ = f.info.Defs[id].(*types.Var)
		}
	}
	return k
}

// onlySelect returns the select at the top level of a loop's body.
func onlySelect(b *ast.BlockStmt) *ast.SelectStmt {
	for _, s := range b.List {
		if sel, ok := s.(*ast.SelectStmt); ok {
			return sel
		}
	}
	return nil
}

// ends reports whether a case leaves the loop: a cancellation.
func ends(c *ast.CommClause) bool {
	if len(c.Body) == 0 {
		return false
	}
	_, ok := c.Body[len(c.Body)-1].(*ast.ReturnStmt)
	return ok
}

// passes reports whether a channel tells of time or of an end, and brings no work:
// that of a timer has times, one of the operating system its signals, and that of
// a context comes from its method Done.
func (f *finder) passes(ch ast.Expr) bool {
	if f.tells(ch) || f.brings(ch, "os.Signal") {
		return true
	}
	c, ok := ast.Unparen(ch).(*ast.CallExpr)
	if !ok {
		return false
	}
	fn, _ := typeutil.Callee(f.info, c).(*types.Func)
	return fn != nil && fn.FullName() == "(context.Context).Done"
}

// tells reports whether a channel brings the time.
func (f *finder) tells(ch ast.Expr) bool { return f.brings(ch, "time.Time") }

func (f *finder) brings(ch ast.Expr, name string) bool {
	c, ok := f.info.TypeOf(ch).Underlying().(*types.Chan)
	return ok && types.TypeString(types.Unalias(c.Elem()), nil) == name
}
