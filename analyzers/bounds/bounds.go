// Package bounds finds the numbers that say how many tasks of a program run at
// once: limits of groups, places of semaphores, numbers of workers. A bound is
// known by what is done with it, wherever its size comes from. It judges nothing.
package bounds

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"github.com/concurlint/concurlint/analyzers/program"
)

// A Bound is an expression that sizes something.
type Bound struct {
	program.Sized
	Expr ast.Expr
	// By is the function of another package that is given the size, Dropped whether
	// the error that it returns for a size of 0 is dropped. By is nil where the
	// size is used here.
	By      *types.Func
	Dropped bool
	Flag    bool // it is the default of a flag
}

// Find returns the bounds of a package, in source order. Tests are left out.
func Find(p *program.Program) []Bound {
	f := &finder{p: p, info: p.Info()}
	for _, file := range p.Files() {
		ast.Inspect(file, f.visit)
	}
	f.own()
	return f.list
}

type finder struct {
	p     *program.Program
	info  *types.Info
	list  []Bound
	calls []call // of functions of this package, with an error that is dropped
}

// A call is one whose error nobody looks at.
type call struct {
	expr *ast.CallExpr
	fn   *types.Func
}

func (f *finder) add(e ast.Expr, of program.Kind, stuck bool) {
	f.list = append(f.list, Bound{Sized: program.Sized{Of: of, Stuck: stuck}, Expr: e})
}

func (f *finder) visit(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.CallExpr:
		f.call(n, false)
	case *ast.AssignStmt:
		f.assign(n)
	case *ast.ExprStmt:
		if c, ok := ast.Unparen(n.X).(*ast.CallExpr); ok {
			f.drops(c)
		}
	case *ast.CompositeLit:
		f.literal(n)
	case *ast.ForStmt:
		f.loop(n, n.Body)
	case *ast.RangeStmt:
		f.loop(n, n.Body)
	}
	return true
}

// call adds the arguments that size something, and what a flag gives a field or variable of
// another package by default: fs.IntVar(&conf.Jobs, "jobs", n, "").
func (f *finder) call(c *ast.CallExpr, dropped bool) {
	if f.p.Builtin(c) == "make" {
		if len(c.Args) == 2 && f.tokens(c) {
			f.add(c.Args[1], program.Semaphore, true)
		}
		return
	}
	if e := f.p.FlagDefault(c); e != nil {
		if to, ok := ast.Unparen(c.Args[0]).(*ast.UnaryExpr); ok && to.Op == token.AND {
			f.given(f.p.Variable(to.X), e, true)
		}
		return
	}
	fn := f.p.Callee(c)
	for _, z := range f.p.Sized(fn) {
		if z.Arg >= 0 && z.Arg < len(c.Args) {
			f.list = append(f.list, Bound{Sized: z, Expr: c.Args[z.Arg], By: fn, Dropped: dropped})
		}
	}
}

// assign adds what is given to a field or variable of another package that sizes
// something, and looks for errors that are dropped.
func (f *finder) assign(s *ast.AssignStmt) {
	if len(s.Lhs) == len(s.Rhs) {
		for i, l := range s.Lhs {
			f.given(f.p.Variable(l), s.Rhs[i], false)
		}
		return
	}
	last, ok := s.Lhs[len(s.Lhs)-1].(*ast.Ident)
	if c, isCall := ast.Unparen(s.Rhs[0]).(*ast.CallExpr); ok && isCall && last.Name == "_" {
		f.drops(c)
	}
}

// drops notes a call whose error is dropped.
func (f *finder) drops(c *ast.CallExpr) {
	if fn := f.p.Callee(c); fn != nil && fails(fn) {
		f.calls = append(f.calls, call{c, fn.Origin()})
	}
}

// fails reports whether the last result of a function is an error.
func fails(fn *types.Func) bool {
	res := fn.Signature().Results()
	return res.Len() > 0 && types.Identical(res.At(res.Len()-1).Type(), types.Universe.Lookup("error").Type())
}

func (f *finder) literal(lit *ast.CompositeLit) {
	for _, el := range lit.Elts {
		if kv, ok := el.(*ast.KeyValueExpr); ok {
			if v := f.p.Variable(kv.Key); v != nil && v.IsField() {
				f.given(v.Origin(), kv.Value, false)
			}
		}
	}
}

// given adds what a field or variable of another package gets that sizes something.
func (f *finder) given(v *types.Var, e ast.Expr, flag bool) {
	if v == nil || v.Pkg() == f.p.Package() {
		return
	}
	z := f.p.SizedField(v)
	if z == nil {
		z = f.p.LentAs(v)
	}
	if z != nil {
		f.list = append(f.list, Bound{Sized: *z, Expr: e, Flag: flag})
	}
}

// tokens reports whether a channel that is made holds places rather than work:
// what it carries tells nothing.
func (f *finder) tokens(c *ast.CallExpr) bool {
	ch, ok := f.info.TypeOf(c).Underlying().(*types.Chan)
	return ok && (program.Bare(ch.Elem()) || f.p.Tokens(c))
}

// loop adds the bound of a loop that starts so many goroutines, and the limit of a
// count that a loop waits to fall below.
func (f *finder) loop(loop ast.Stmt, body *ast.BlockStmt) {
	if s, ok := loop.(*ast.ForStmt); ok && s.Post == nil {
		if pl, ok := f.p.Places(s); ok {
			f.add(pl.Expr, program.Counter, true)
		}
		return
	}
	if !f.starts(body) {
		return
	}
	c, ok := f.p.Iterations(loop, program.Package)
	if !ok || c.Bound == nil || c.Step != 1 || !isInteger(f.info.TypeOf(c.Bound)) || c.By == program.Data {
		return
	}
	f.add(c.Bound, program.Workers, fromZero(f.p, loop))
}

// starts reports whether a body itself starts a goroutine each time.
func (f *finder) starts(body *ast.BlockStmt) bool {
	found := false
	ast.Inspect(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit, *ast.ForStmt, *ast.RangeStmt:
			return false
		case *ast.GoStmt:
			found = true
		case *ast.CallExpr:
			found = found || f.executor(n)
		}
		return !found
	})
	return found
}

// executor reports whether a call hands a task to a group: wg.Go(f).
func (f *finder) executor(c *ast.CallExpr) bool {
	fn := f.p.Callee(c)
	if fn == nil || fn.Pkg() == nil || f.p.Base == nil || !f.p.Base.Knows(fn.Pkg().Path()) {
		return false
	}
	x := f.p.Base.Executor(program.SymbolOf(fn))
	return x != nil && !slices.Contains([]string{"const", "cores", "found"}, x.Limit)
}

func isInteger(t types.Type) bool {
	if t == nil {
		return false
	}
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&types.IsInteger != 0
}

// fromZero reports whether the loop counts from 0 to below its bound, so that a
// bound of 0 means no iteration and one of 1 means one.
func fromZero(p *program.Program, loop ast.Stmt) bool {
	s, ok := loop.(*ast.ForStmt)
	if !ok {
		return true // a range over an integer
	}
	cond, ok := program.Condition(p.Info(), s.Cond).(*ast.BinaryExpr)
	if !ok || cond.Op != token.LSS {
		return false
	}
	init, ok := s.Init.(*ast.AssignStmt)
	if !ok || len(init.Rhs) != 1 || p.Variable(init.Lhs[0]) != p.Variable(cond.X) {
		return false
	}
	tv := p.Info().Types[init.Rhs[0]]
	return tv.Value != nil && tv.Value.String() == "0"
}
