package contracts

import (
	"go/ast"
	"go/types"
	"slices"

	"github.com/concurlint/concurlint/analyzers/effects"
	"github.com/concurlint/concurlint/analyzers/module"
	"github.com/concurlint/concurlint/analyzers/program"
)

// A step is a function that a loop runs, yet to be looked into. One that takes
// functions is looked into for each call on the loop: what that gives runs there, and
// what calls elsewhere give does not.
type step struct {
	fn    *effects.Func
	by    promise
	depth int
	call  *ast.CallExpr // that leads to fn; nil for the handler, and for what takes no function
	from  *step         // which makes the call
}

// An entry is a function as it is entered by a call of a step.
type entry struct {
	fn   *effects.Func
	call *ast.CallExpr
}

// maxDepth is how many calls down a loop's own code is looked into for functions
// that others have given.
const maxDepth = 5

// mostComparators is how many functions a place may hold of which a loop runs one many times
// over, as a sort its comparator. A place with more is that of an interpreter or the like:
// whatever a program can call is kept there, and a comparator of its own is one of that.
// With 2, 8 and 64 the same is found in four programs of 60,000 to 240,000 lines, and in one
// that carries an interpreter 1, 2 and 29.
const mostComparators = 8

// settle looks into the functions that run on a loop, and those that they call, for
// calls of functions that others have given: what they were given runs on the loop
// as well.
func (f *finder) settle() {
	seen := make(map[entry]bool)
	for i := 0; i < len(f.res.Contexts); i++ {
		ctx := f.res.Contexts[i]
		if ctx.Directive {
			continue // what it is given is up to its caller
		}
		f.queue = append(f.queue, &step{fn: ctx.Func, by: promise{who: ctx.Who, loop: ctx.Loop}})
		for len(f.queue) > 0 {
			s := f.queue[0]
			f.queue = f.queue[1:]
			at := entry{s.fn, s.call}
			if seen[at] || s.depth > maxDepth {
				continue
			}
			seen[at] = true
			for _, op := range s.fn.Ops {
				if c, ok := op.Node.(*ast.CallExpr); ok && op.Spawned == nil && op.Certainty >= effects.Missed {
					f.through(c, op, s)
				}
			}
		}
	}
}

// through follows one call that the loop makes.
func (f *finder) through(c *ast.CallExpr, op *effects.Op, s *step) {
	fn := op.Callee()
	if own := f.fx.Func(fn); own != nil {
		next := &step{fn: own, by: s.by, depth: s.depth + 1, from: s}
		if takesFunction(fn.Signature()) {
			next.call = c
		}
		f.queue = append(f.queue, next)
	}
	for _, t := range op.Tasks() {
		if t.Func != nil && !f.told(f.prog.Variable(c.Fun), s) {
			f.queue = append(f.queue, &step{fn: t.Func, by: s.by, depth: s.depth + 1, from: s})
		}
	}
	f.inPlace(c, fn, s)
	for _, h := range f.givers(c, fn) {
		if s.by.loop.Repeats && len(f.prog.Held(h.v)) > mostComparators {
			continue
		}
		if !s.by.loop.Own || f.wraps(h, s) {
			f.given(h, f.choosing(h, s))
		}
	}
}

// choosing returns the step, with the promise of those who may choose if its function runs
// what a parameter holds on the loop or else on a goroutine.
func (f *finder) choosing(at place, s *step) *step {
	fn, n, ok := f.prog.Parameter(at.v)
	if !ok || at.method != "" || f.fx.Func(fn) != s.fn {
		return s
	}
	chosen := *s
	chosen.by = f.chooses(fn, n, s.by)
	return &chosen
}

// chooses returns the promise under which a function calls parameter n: that of those who
// may choose where it has two ways, and puts the call on a goroutine on the other one.
//
//	if limit > 1 { places <- struct{}{}; go func() { defer leave(); handle() }() } else { handle() }
func (f *finder) chooses(fn *types.Func, n int, by promise) promise {
	if by.loop.Chosen || !f.twoWays(fn, n) {
		return by
	}
	if f.chosen[by.loop] == nil {
		loop := *by.loop
		loop.Chosen = true
		f.chosen[by.loop] = &loop
	}
	return promise{by.who, f.chosen[by.loop], by.from}
}

// twoWays reports whether a function either calls parameter n itself or puts it on a
// goroutine, and never does both.
func (f *finder) twoWays(fn *types.Func, n int) bool {
	g := f.fx.Func(fn)
	if g == nil || g.Body() == nil || n >= fn.Signature().Params().Len() {
		return false
	}
	param := fn.Signature().Params().At(n)
	var calls, starts []ast.Node
	for _, op := range g.Ops {
		switch c, call := op.Node.(*ast.CallExpr); {
		case op.Effect(effects.Spawn) != nil && f.takes(op, param):
			starts = append(starts, op.Node)
		case call && f.prog.Variable(c.Fun) == param:
			calls = append(calls, c)
		}
	}
	flow := f.prog.Flow(g.Body())
	return len(calls) > 0 && len(starts) > 0 && !slices.ContainsFunc(calls, func(c ast.Node) bool {
		return slices.ContainsFunc(starts, func(s ast.Node) bool { return !flow.Excludes(c, s, nil) })
	})
}

// takes reports whether a task that op starts, or is given, uses a variable.
func (f *finder) takes(op *effects.Op, v *types.Var) bool {
	return f.prog.Mentions(op.Node, v) || slices.ContainsFunc(op.Tasks(), func(t effects.Target) bool {
		return t.Func != nil && f.prog.Mentions(t.Func.Node(), v)
	})
}

// takesFunction reports whether a parameter is a function, or some.
func takesFunction(sig *types.Signature) bool {
	for v := range sig.Params().Variables() {
		t := v.Type().Underlying()
		if s, ok := t.(*types.Slice); ok {
			t = s.Elem().Underlying()
		}
		if _, ok := t.(*types.Signature); ok {
			return true
		}
	}
	return false
}

// told reports whether a variable is a parameter of which the call that leads to a step
// tells what it holds there.
func (f *finder) told(v *types.Var, s *step) bool {
	if v == nil || s.call == nil {
		return false
	}
	fn, _, ok := f.prog.Parameter(v)
	return ok && f.fx.Func(fn) == s.fn
}

// given follows a place to what it may hold in a step: a parameter to what the call
// that leads there gives it.
func (f *finder) given(at place, s *step) {
	if at.method != "" || !f.told(at.v, s) {
		f.put(at, s.by)
		return
	}
	fn, n, _ := f.prog.Parameter(at.v)
	for _, arg := range program.Arguments(fn, n, s.call) {
		told := false
		for _, h := range f.prog.Holders(arg) {
			if f.told(h.From, s.from) {
				f.given(place{h.From, ""}, s.from)
				told = true
			}
		}
		if !told {
			f.follow(arg, "", s.by)
		}
	}
}

// wraps reports whether a handler calls a parameter of the function that makes it.
// What else a handler of the module's own loop goes on to call by fields and
// interfaces is how the program is put together: its loops bear it.
func (f *finder) wraps(at place, s *step) bool {
	_, _, param := f.prog.Parameter(at.v)
	return s.depth == 0 && at.method == "" && param
}

// inPlace looks into the literals that a call runs before it returns.
func (f *finder) inPlace(c *ast.CallExpr, fn *types.Func, s *step) {
	for _, u := range f.fx.Uses(fn) {
		if u.Method != "" || u.Goes || u.Arg < 0 || u.Arg >= len(c.Args) {
			continue
		}
		if lit, ok := ast.Unparen(c.Args[u.Arg]).(*ast.FuncLit); ok {
			f.queue = append(f.queue, &step{fn: f.fx.Literal(lit), by: f.chooses(fn, u.Arg, s.by), depth: s.depth + 1, from: s})
		}
	}
}

// givers returns the places of this module from which a call takes the function,
// or the value of an interface, that it calls.
func (f *finder) givers(c *ast.CallExpr, fn *types.Func) []place {
	e, method := c.Fun, ""
	if fn != nil {
		sel, ok := ast.Unparen(c.Fun).(*ast.SelectorExpr)
		if !ok || fn.Signature().Recv() == nil || !types.IsInterface(fn.Signature().Recv().Type()) || !module.Tells(f.pass, fn.Pkg()) {
			return nil
		}
		e, method = sel.X, fn.Name()
	} else if tv := f.info.Types[c.Fun]; tv.IsType() || tv.IsBuiltin() {
		return nil
	}
	var list []place
	for _, h := range f.prog.Holders(e) {
		if h.From != nil && module.Tells(f.pass, h.From.Pkg()) {
			list = append(list, place{h.From, method})
		}
	}
	return list
}
