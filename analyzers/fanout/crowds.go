package fanout

import (
	"go/ast"
	"go/types"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"

	"golang.org/x/tools/go/analysis"

	"github.com/concurlint/concurlint/analyzers/effects"
	"github.com/concurlint/concurlint/analyzers/evidence"
	"github.com/concurlint/concurlint/analyzers/module"
	"github.com/concurlint/concurlint/analyzers/placement"
	"github.com/concurlint/concurlint/analyzers/program"
	"github.com/concurlint/concurlint/analyzers/report"
)

// This file follows tasks to where a program is put together. A package that declares
// the interface it needs knows how many goroutines call it, and not what they wait for;
// the one that gives it an implementation knows the latter. The first tells the second.

// A crowd is a method that so many goroutines call at once as there are data.
type crowd struct {
	Arg     int           // argument that the interface comes by; -1 for a field or variable
	Method  string        // of the interface
	By      string        // the function that starts them, for people
	At      effects.Frame // where it does
	Of      string        // what each of them is for, likewise
	Remedy  string        // likewise
	Signals []string      // what is observed of the site
}

// crowds are the fact of a function, field or variable that other packages give an
// implementation to, in the order of the sites.
type crowds struct{ List []crowd }

// AFact marks crowds as a fact.
func (*crowds) AFact() {}

// telling exports crowds, for the packages of the same module, and answers for them.
var telling = &analysis.Analyzer{
	Name:       "crowds",
	Doc:        "find interfaces that unbounded goroutines call, for other packages",
	URL:        "https://pkg.go.dev/github.com/concurlint/concurlint/analyzers/fanout",
	Run:        effects.InTurn(tell),
	Requires:   []*analysis.Analyzer{effects.Analyzer, placement.Analyzer},
	ResultType: reflect.TypeFor[*teller](),
	FactTypes:  []analysis.Fact{new(crowds)},
}

// A teller works out what a package tells, and reads what others have told.
type teller struct {
	pass  *analysis.Pass
	fx    *effects.Result
	prog  *program.Program
	facts map[types.Object]*crowds
}

func tell(pass *analysis.Pass) (any, error) {
	res := pass.ResultOf[placement.Analyzer].(*placement.Result)
	t := &teller{pass: pass, fx: res.Effects, prog: res.Effects.Program(), facts: make(map[types.Object]*crowds)}
	for _, s := range res.Sites {
		if e := worst(s.Effects); open(s) && !s.Spreads && (e == nil || !outside(e)) {
			t.site(s) // otherwise it is told where it stands
		}
	}
	for obj, c := range t.facts {
		pass.ExportObjectFact(obj, c)
	}
	return t, nil
}

// site tells of the methods of interfaces that the tasks of a site are about.
func (t *teller) site(s *placement.Site) {
	seen := make(map[*effects.Func]bool)
	if sel, ok := t.methodValue(s); ok {
		t.called(s, sel)
	}
	if s.Arg == effects.GoCall {
		t.call(s, s.Op)
	}
	for todo := t.fx.TaskFuncs(s.Func, s.Op, s.Arg); len(todo) > 0; todo = todo[1:] {
		f := todo[0]
		if seen[f] {
			continue
		}
		seen[f] = true
		for _, op := range f.Ops {
			if op.Spawned == nil && op.Certainty >= effects.Usually {
				t.call(s, op)
				todo = append(todo, t.fx.TaskFuncs(f, op, effects.GoCall)...)
			}
		}
	}
}

// methodValue returns the method value that is the task of a site.
func (t *teller) methodValue(s *placement.Site) (*ast.SelectorExpr, bool) {
	c, ok := s.Op.Node.(*ast.CallExpr)
	if !ok || s.Arg < 0 || s.Arg >= len(c.Args) {
		return nil, false
	}
	sel, ok := ast.Unparen(c.Args[s.Arg]).(*ast.SelectorExpr)
	return sel, ok
}

// call tells of what one op of a task calls.
func (t *teller) call(s *placement.Site, op *effects.Op) {
	var c *ast.CallExpr
	switch n := op.Node.(type) {
	case *ast.CallExpr:
		c = n
	case *ast.GoStmt:
		c = n.Call
	default:
		return
	}
	if sel, ok := ast.Unparen(c.Fun).(*ast.SelectorExpr); ok {
		t.called(s, sel)
	}
}

// called tells of a method of an interface that other packages implement. Those of the
// standard library say nothing of who does.
func (t *teller) called(s *placement.Site, sel *ast.SelectorExpr) {
	fn, ok := t.pass.TypesInfo.Uses[sel.Sel].(*types.Func)
	if !ok || fn.Pkg() == nil || module.Standard(fn.Pkg().Path()) {
		return
	}
	if recv := fn.Signature().Recv(); recv == nil || !types.IsInterface(recv.Type()) {
		return
	}
	at := t.pass.Fset.Position(s.Op.Node.Pos())
	c := crowd{
		Arg: -1, Method: fn.Name(), Of: s.Trip.Of, By: starter(s.Func), Remedy: remedy(s), Signals: ofSite(s, false),
		At: effects.Frame{Where: filepath.Base(at.Filename) + ":" + strconv.Itoa(at.Line), Call: s.Via},
	}
	for _, h := range t.prog.Holders(sel.X) {
		if h.From == nil || h.From.Pkg() != t.pass.Pkg {
			continue
		}
		t.handed(h.From, c)
		for _, v := range t.prog.Held(h.From) {
			if v.From != nil && v.From != h.From {
				t.handed(v.From, c)
			}
		}
	}
}

// handed publishes a crowd to who can give the implementation that v holds.
func (t *teller) handed(v *types.Var, c crowd) {
	switch {
	case v.Pkg() != t.pass.Pkg:
	case v.IsField() || v.Parent() == v.Pkg().Scope():
		if v.Exported() {
			t.publish(v.Origin(), c)
		}
	default:
		if fn, i, ok := t.prog.Parameter(v); ok && fn.Exported() {
			c.Arg = i
			t.publish(fn, c)
		}
	}
}

func (t *teller) publish(obj types.Object, c crowd) {
	if t.facts[obj] == nil {
		t.facts[obj] = new(crowds)
	}
	list := &t.facts[obj].List
	if !slices.ContainsFunc(*list, func(o crowd) bool { return o.Arg == c.Arg && o.Method == c.Method && o.By == c.By }) {
		*list = append(*list, c)
	}
}

func starter(f *effects.Func) string {
	if obj := f.Outer().Obj; obj != nil {
		return effects.DisplayName(obj, nil)
	}
	return "a function literal"
}

// of returns what another package of the module tells of an object.
func (t *teller) of(obj types.Object) []crowd {
	c := new(crowds)
	if obj.Pkg() == t.pass.Pkg || !module.Tells(t.pass, obj.Pkg()) || !t.pass.ImportObjectFact(obj, c) {
		return nil
	}
	return c.List
}

// given reports the implementations that this package gives to others' crowds.
func (t *teller) given(r *report.Reporter) {
	if !module.Neighbours(t.pass) {
		return
	}
	for _, fn := range t.prog.Callees() {
		for _, c := range t.of(fn) {
			for _, call := range t.prog.Calls(fn) {
				t.implemented(r, c, t.prog.Given(fn, c.Arg, call))
			}
		}
	}
	for _, v := range t.prog.Written() {
		for _, c := range t.of(v) {
			t.implemented(r, c, t.prog.Held(v))
		}
	}
}

// implemented reports the values whose method waits for something outside the program.
func (t *teller) implemented(r *report.Reporter, c crowd, values []program.Value) {
	for _, v := range values {
		fn := t.method(v.Expr, c.Method)
		if fn == nil {
			continue
		}
		e := worst(t.fx.Does(fn, v.Expr.Pos()))
		if e == nil || !outside(e) {
			continue
		}
		name := effects.DisplayName(fn, t.pass.Pkg)
		chain := []effects.Frame{c.At}
		if t.fx.Func(fn) != nil {
			chain = append(chain, effects.Frame{Call: name})
		}
		r.Report(report.Finding{
			Pos:     v.Expr.Pos(),
			End:     v.Expr.End(),
			Most:    evidence.Warning,
			Signals: append(append(slices.Clone(c.Signals), "fanout.supplied"), ofEffect(e)...),
			Kind:    e.Name(),
			Message: c.By + " calls " + name + " in a goroutine for each of " + c.Of + " and each " + report.Verb(e) + ", " + c.Remedy,
			Chain:   report.Chain(v.Expr.Pos(), append(chain, e.Chain...)),
		})
	}
}

// outside reports whether an effect is known to be a wait for something outside the program.
func outside(e *effects.Effect) bool { return e.Kind.IO() && !e.Is(effects.Hint) }

// method returns the method of the value that an expression of another package gives.
func (t *teller) method(e ast.Expr, name string) *types.Func {
	if e == nil {
		return nil
	}
	typ := t.pass.TypesInfo.TypeOf(e)
	if tuple, ok := typ.(*types.Tuple); ok && tuple.Len() > 0 {
		typ = tuple.At(0).Type()
	}
	if typ == nil {
		return nil
	}
	obj, _, _ := types.LookupFieldOrMethod(typ, true, t.pass.Pkg, name)
	fn, _ := obj.(*types.Func)
	return fn
}
