package program

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"maps"
	"math"
)

// Number returns what is known of a number where the expression stands.
func (p *Program) Number(e ast.Expr, within Scope) Number {
	return newEvaluator(p, within).number(e)
}

// Size returns how many elements a collection has where the expression stands;
// of a channel, its capacity.
func (p *Program) Size(e ast.Expr, within Scope) Number {
	return newEvaluator(p, within).size(e)
}

// An evaluator works out one number. It follows variables and the functions of
// the package, and stops where it meets one again: what goes round adds nothing
// to a join, and growth on the way is seen where it happens, see grown.
type evaluator struct {
	p        *Program
	within   Scope
	depth    int
	defaults int // that are being followed, see byDefault
	trail    *trail
	asked    map[*types.Var]int    // of which conditions are being read, with the length of the trail
	bound    map[*types.Var]Number // the value so far of the variable that is being followed
	args     map[*types.Var]Number // of the call that is being followed
	fixed    map[*types.Var]Number // parameters of which it is asked what follows from a value, see Instead
	values   map[*types.Var]made   // likewise, of structs and channels and the receiver
}

func newEvaluator(p *Program, within Scope) *evaluator {
	return &evaluator{p: p, within: within, trail: &trail{at: make(map[types.Object]int)}, asked: make(map[*types.Var]int), bound: make(map[*types.Var]Number)}
}

// maxDepth is how many variables and calls are followed one into the other.
const maxDepth = 12

func (ev *evaluator) number(e ast.Expr) Number {
	ev.trail.steps++
	tv := ev.p.info.Types[e]
	if tv.Value != nil {
		if v := constant.ToFloat(tv.Value); v.Kind() == constant.Float {
			f, _ := constant.Float64Val(v)
			return Constant(f)
		}
		if tv.Value.Kind() == constant.Unknown {
			return setting() // of a package that does not compile
		}
		return unknown()
	}
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident, *ast.SelectorExpr:
		return ev.named(e, false)
	case *ast.UnaryExpr:
		if e.Op == token.SUB {
			return Constant(0).Sub(ev.number(e.X))
		}
	case *ast.BinaryExpr:
		if e.Op == token.SUB {
			return ev.difference(e.X, e.Y)
		}
		return ev.arithmetic(e.Op, ev.number(e.X), ev.number(e.Y), tv.Type)
	case *ast.CallExpr:
		return ev.call(e, 0)
	case *ast.StarExpr:
		return ev.pointed(e.X)
	}
	return setting() // an element, a flag, what another goroutine says
}

// arithmetic applies an operator to two numbers of the type t.
func (ev *evaluator) arithmetic(op token.Token, x, y Number, t types.Type) Number {
	switch op {
	case token.ADD:
		return x.Add(y)
	case token.SUB:
		return x.Sub(y)
	case token.MUL:
		return x.Mul(y)
	case token.QUO:
		return truncated(x.Div(y), t)
	case token.REM:
		return Constant(0).Join(y.Sub(Constant(1)))
	case token.SHL:
		return x.Mul(y.Each(math.Exp2))
	case token.SHR:
		return truncated(x.Div(y.Each(math.Exp2)), t)
	case token.AND:
		return x.Min(y)
	}
	return unknown()
}

func isInteger(t types.Type) bool {
	if t == nil {
		return false
	}
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&types.IsInteger != 0
}

func truncated(n Number, t types.Type) Number {
	if isInteger(t) {
		return n.Each(math.Trunc)
	}
	return n
}

// difference is x − y. What is said relative to y, such as y+n or
// min(y+n, len(s)), is no more than n.
func (ev *evaluator) difference(x, y ast.Expr) Number {
	if n, ok := ev.beyond(x, y, 0); ok {
		return n
	}
	return ev.number(x).Sub(ev.number(y))
}

func (ev *evaluator) beyond(x, y ast.Expr, depth int) (Number, bool) {
	same := func(a ast.Expr) bool { return sameText(a, y) }
	switch e := ast.Unparen(x).(type) {
	case *ast.BinaryExpr:
		switch {
		case e.Op == token.ADD && same(e.X):
			return ev.number(e.Y), true
		case e.Op == token.ADD && same(e.Y):
			return ev.number(e.X), true
		}
	case *ast.CallExpr:
		if ev.p.Builtin(e) != "min" {
			break
		}
		for _, a := range e.Args {
			if n, ok := ev.beyond(a, y, depth+1); ok {
				n.Least = flat(0)
				return n, true
			}
		}
	case *ast.Ident:
		// end := i + n; if end > len(s) { end = len(s) }
		v := ev.p.Variable(e)
		if v == nil || depth > 1 {
			break
		}
		defs := ev.p.around(e.Pos()).definitions(v)
		if len(defs) == 0 || defs[0].how != assigned || defs[0].value == nil {
			break
		}
		for _, d := range defs[1:] {
			if !ev.lowers(d, v) {
				return Number{}, false
			}
		}
		n, ok := ev.beyond(defs[0].value, y, depth+1)
		n.Least = flat(0)
		return n, ok
	}
	return Number{}, false
}

// call returns one result of a call.
func (ev *evaluator) call(c *ast.CallExpr, result int) Number {
	if x := ev.p.conversion(c); x != nil {
		return truncated(ev.number(x), ev.p.info.TypeOf(c))
	}
	switch ev.p.Builtin(c) {
	case "len":
		if t := ev.p.info.TypeOf(c.Args[0]); t != nil {
			if _, ok := t.Underlying().(*types.Chan); ok {
				return data()
			}
		}
		return ev.size(c.Args[0])
	case "cap":
		return ev.size(c.Args[0])
	case "min":
		return ev.fold(c.Args, Number.Min)
	case "max":
		return ev.fold(c.Args, Number.Max)
	}
	fn := ev.p.Callee(c)
	if fn == nil {
		return setting()
	}
	if n, ok := ev.library(fn.FullName(), c.Args); ok {
		return n
	}
	if result == 0 && ev.within == Package && ev.p.parses(c) {
		return ev.read(c.Args[0])
	}
	if d := ev.p.Declaration(fn); d != nil && d.Body != nil {
		if sig := fn.Signature(); result < sig.Results().Len() {
			return ev.results(fn, d, c, result, (*evaluator).number, setting())
		}
	}
	if f := ev.p.fact(fn); f != nil && f.Value != nil && result == 0 && ev.within == Package {
		return *f.Value
	}
	if sig := fn.Signature(); fn.Name() == "Len" && sig.Params().Len() == 0 && sig.Results().Len() == 1 {
		return data() // interface{ Len() int } is what sort, heap and containers go by
	}
	return setting()
}

func (ev *evaluator) fold(args []ast.Expr, f func(a, b Number) Number) Number {
	n := ev.number(args[0])
	for _, a := range args[1:] {
		n = f(n, ev.number(a))
	}
	return n
}

// library returns the results of the functions of the standard library that make
// numbers of numbers.
func (ev *evaluator) library(name string, args []ast.Expr) (Number, bool) {
	switch name {
	case "runtime.NumCPU", "runtime.GOMAXPROCS":
		return cores, true
	case "math.Min":
		return ev.fold(args, Number.Min), true
	case "math.Max":
		return ev.fold(args, Number.Max), true
	}
	if f := roundings[name]; f != nil {
		return ev.number(args[0]).Each(f), true
	}
	return Number{}, false
}

var roundings = map[string]func(float64) float64{"math.Ceil": math.Ceil, "math.Floor": math.Floor, "math.Round": math.Round, "math.Trunc": math.Trunc}

// results joins what the return statements of a function of the package give,
// called with the arguments at hand.
func (ev *evaluator) results(fn *types.Func, d *ast.FuncDecl, c *ast.CallExpr, result int, of func(*evaluator, ast.Expr) Number, otherwise Number) Number {
	if ev.within != Package || ev.tooDeep() {
		return otherwise
	}
	if !ev.trail.enter(fn) {
		return nothing
	}
	defer ev.trail.leave(fn)
	in := ev.called(fn, c)
	n := nothing
	for _, r := range Returns(d.Body) {
		switch {
		case ev.p.failed(r, result): // nobody goes over what comes with an error
		case result < len(r.Results) && len(r.Results) > 1 || len(r.Results) == 1 && result == 0:
			n = n.Join(of(in, r.Results[result]))
		default: // a bare return, or f, err of another call
			n = n.Join(otherwise)
		}
	}
	return n
}

// failed reports whether a return gives nil for a result because there is an error.
func (p *Program) failed(r *ast.ReturnStmt, result int) bool {
	last := len(r.Results) - 1
	return result < last && p.info.Types[r.Results[result]].IsNil() && !p.info.Types[r.Results[last]].IsNil()
}

// called is the evaluator for the body of a function, called with the arguments at
// hand. Numbers are worked out, values of which a field may be asked are kept.
func (ev *evaluator) called(fn *types.Func, c *ast.CallExpr) *evaluator {
	in := *ev
	in.depth++
	in.args, in.values = maps.Clone(ev.args), maps.Clone(ev.values)
	if in.args == nil {
		in.args = make(map[*types.Var]Number)
	}
	if in.values == nil {
		in.values = make(map[*types.Var]made)
	}
	fn = fn.Origin()
	sig := fn.Signature()
	if r := sig.Recv(); r != nil {
		if x, ok := argumentOf(c, fn.Signature(), -1); ok {
			in.values[r] = made{x, ev}
		}
	}
	for i := range sig.Params().Len() {
		v := sig.Params().At(i)
		if counts(v.Type()) {
			in.args[v] = ev.argument(c, sig, i)
		}
		if x, ok := argumentOf(c, fn.Signature(), i); ok && holds(v.Type()) {
			in.values[v] = made{x, ev}
		}
	}
	return &in
}

// argument is what a call gives its parameter i: the number, or the size.
func (ev *evaluator) argument(c *ast.CallExpr, sig *types.Signature, i int) Number {
	last := sig.Params().Len() - 1
	switch {
	case sig.Variadic() && i == last && !c.Ellipsis.IsValid():
		return Constant(float64(len(c.Args) - last))
	case i >= len(c.Args): // f(g())
		return unknown()
	case isNumber(sig.Params().At(i).Type()):
		return ev.number(c.Args[i])
	}
	return ev.size(c.Args[i])
}

func isNumber(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&types.IsNumeric != 0
}

// Returns lists the return statements of a body, those of literals left out.
func Returns(body *ast.BlockStmt) []*ast.ReturnStmt {
	var list []*ast.ReturnStmt
	ast.Inspect(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.ReturnStmt:
			list = append(list, n)
		}
		return true
	})
	return list
}
