package lockio

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"github.com/concurlint/concurlint/analyzers/effects"
	"github.com/concurlint/concurlint/analyzers/placement"
	"github.com/concurlint/concurlint/analyzers/program"
)

// This file finds locks that nobody else can want yet.

// freshDepth is how many callers up an owner is looked for.
const freshDepth = 3

// fresh reports whether the lock's owner has just been made, here or in all that
// call this function: nobody but those to whom it has been shown yet can want
// the lock. A goroutine goes on when who made the owner has returned it.
func (c *checker) fresh(r *placement.Region) bool {
	return !c.inTask(r.Func) && c.made(r.Func, ownerOf(r.Acquire.Node), freshDepth)
}

// inTask reports whether the function, or one around it, is handed to an executor.
func (c *checker) inTask(f *effects.Func) bool {
	for ; f != nil; f = f.Parent {
		if c.isTask(f) {
			return true
		}
	}
	return false
}

// isTask reports whether the function is handed to an executor. All that are, are
// noted at once.
func (c *checker) isTask(f *effects.Func) bool {
	if c.tasks == nil {
		c.tasks = make(map[*effects.Func]bool)
		for _, s := range c.res.Sites {
			for _, g := range c.res.Effects.TaskFuncs(s.Func, s.Op, s.Arg) {
				c.tasks[g] = true
			}
		}
	}
	return c.tasks[f]
}

// madeApart reports whether the owner of t's lock is a variable that has just been made, and
// not the owner of r's: the lock is another one.
func (c *checker) madeApart(t, r *placement.Region) bool {
	x := ownerOf(t.Acquire.Node)
	v := c.res.Effects.Variable(x)
	return v != nil && v != c.res.Effects.Variable(ownerOf(r.Acquire.Node)) && c.made(t.Func, x, 0)
}

// oneOfSeveral reports whether an op calls the method that has the region t by an interface, and
// the package makes several of what has the lock: which of them it is, is not known.
func (c *checker) oneOfSeveral(t *placement.Region, op *effects.Op) bool {
	recv := t.Func.Outer().Obj.Signature().Recv()
	x := operand(op.Node)
	return x != nil && types.IsInterface(c.pass.TypesInfo.TypeOf(x)) && c.makes(deref(recv.Type())) > 1
}

// makes counts the places where the package makes values of a type: its literals, or the calls
// of the one constructor that has the only literal.
func (c *checker) makes(t types.Type) int {
	n, ok := c.makers[t]
	if !ok {
		n = c.countMakers(t)
		c.makers[t] = n
	}
	return n
}

func (c *checker) countMakers(t types.Type) (n int) {
	var within *ast.FuncDecl
	for _, f := range c.prog().Files() {
		for _, d := range f.Decls {
			ast.Inspect(d, func(node ast.Node) bool {
				if lit, ok := node.(*ast.CompositeLit); ok && types.Identical(c.pass.TypesInfo.TypeOf(lit), t) {
					n++
					within, _ = d.(*ast.FuncDecl)
				}
				return true
			})
		}
	}
	if n != 1 || within == nil || within.Recv != nil {
		return n
	}
	fn, ok := c.pass.TypesInfo.Defs[within.Name].(*types.Func)
	if !ok {
		return n
	}
	return len(c.prog().Calls(fn))
}

func (c *checker) made(f *effects.Func, x ast.Expr, depth int) bool {
	v := c.res.Effects.Variable(x)
	if v == nil || v.IsField() || v.Parent() == c.pass.Pkg.Scope() {
		return false
	}
	if values, _ := c.res.Effects.Values(v); slices.ContainsFunc(values, func(x ast.Expr) bool { return c.makesNew(x, freshDepth) }) {
		return true
	}
	f = f.Outer()
	n, ok := f.Param(v)
	if !ok || depth == 0 || f.Obj == nil {
		return false
	}
	return c.madeByCallers(f, n, depth-1)
}

// makesNew reports whether an expression is a new value: a literal, or what a function of the
// package returns that makes one each time, as constructors do.
func (c *checker) makesNew(x ast.Expr, depth int) bool {
	switch x := ast.Unparen(x).(type) {
	case *ast.CompositeLit:
		return true
	case *ast.UnaryExpr:
		_, lit := ast.Unparen(x.X).(*ast.CompositeLit)
		return lit && x.Op == token.AND
	case *ast.CallExpr:
		if c.prog().Builtin(x) == "new" {
			return true
		}
		f := c.res.Effects.Func(c.prog().Callee(x))
		return f != nil && depth > 0 && c.constructs(f, depth-1)
	}
	return false
}

// constructs reports whether the first result of a function is a new value, or nil, wherever it
// returns, and nobody else has got it before.
func (c *checker) constructs(f *effects.Func, depth int) bool {
	if f.Body() == nil || f.Type().Results == nil {
		return false
	}
	var values []ast.Expr
	for _, s := range program.Returns(f.Body()) {
		var x ast.Expr
		switch names := f.Type().Results.List[0].Names; {
		case len(s.Results) > 0:
			x = s.Results[0]
		case len(names) > 0:
			x = names[0]
		}
		v := c.res.Effects.Variable(x)
		if v == nil {
			values = append(values, x)
			continue
		}
		list, all := c.res.Effects.Values(v)
		if _, given := f.Param(v); given || !all || len(list) == 0 || v.IsField() || atPackage(v) || c.firstGiven(f, v) != nil {
			return false // perhaps one that there is already, or that others have by now
		}
		values = append(values, list...)
	}
	values = slices.DeleteFunc(values, func(x ast.Expr) bool { return c.pass.TypesInfo.Types[x].IsNil() })
	return len(values) > 0 && !slices.ContainsFunc(values, func(x ast.Expr) bool { return !c.makesNew(x, depth) })
}

// madeByCallers reports whether all uses of f are calls that wait for it and pass
// what they have made as parameter n, or as the receiver where n is -1.
func (c *checker) madeByCallers(f *effects.Func, n, depth int) bool {
	calls, all := c.callsOf(f.Obj)
	if len(calls) == 0 || !all {
		return false
	}
	for _, x := range calls {
		call := x.Op.Node.(*ast.CallExpr)
		arg := operand(call)
		if n >= 0 && n < len(call.Args) {
			arg = call.Args[n]
		}
		if x.Op.Spawned != nil || c.inTask(x.Func) || !c.made(x.Func, arg, depth) {
			return false
		}
	}
	return true
}
