package effects

import (
	"go/ast"
	"go/types"
	"slices"

	"github.com/concurlint/concurlint/analyzers/module"
	"github.com/concurlint/concurlint/analyzers/program"
)

// resolve finds out what a call calls; nil for conversions, built-ins and
// calls that cannot have an effect.
func (p *pkg) resolve(fn *Func, c *ast.CallExpr) *call {
	r := &call{expr: c}
	switch f := p.instantiated(c.Fun).(type) {
	case *ast.FuncLit:
		r.targets = []Target{{Func: p.lits[f]}}
		return r
	case *ast.Ident:
		switch obj := p.info.Uses[f].(type) {
		case *types.Func:
			r.fn = obj.Origin()
			return r
		case *types.Var:
			p.pending = append(p.pending, pending{fn, r, false})
			return r
		}
		return nil
	case *ast.SelectorExpr:
		return p.resolveSelector(fn, r, f)
	case *ast.CallExpr:
		// recovering(func() { … })(): a wrapper runs what it wraps.
		for _, a := range f.Args {
			if lit, ok := ast.Unparen(a).(*ast.FuncLit); ok {
				r.targets = append(r.targets, Target{Func: p.lits[lit]})
			}
		}
		if len(r.targets) > 0 {
			return r
		}
	}
	if tv, ok := p.info.Types[c.Fun]; ok && (tv.IsType() || tv.IsBuiltin()) {
		return nil
	}
	// The result of another call, an element of a map …
	p.pending = append(p.pending, pending{fn, r, false})
	return r
}

func (p *pkg) resolveSelector(fn *Func, r *call, f *ast.SelectorExpr) *call {
	switch obj := p.info.Uses[f.Sel].(type) {
	case *types.Func:
		r.fn = obj.Origin()
		if obj.Signature().Recv() == nil {
			break
		}
		r.iface = isInterfaceMethod(obj)
		if !p.isType(f.X) { // as in T.Method
			r.recv = f.X
		}
	case *types.Var:
		p.pending = append(p.pending, pending{fn, r, false})
	default:
		return nil
	}
	return r
}

// isType reports whether an expression is a type. Names, which most are, tell by
// what they stand for, which is asked for anyway.
func (p *pkg) isType(e ast.Expr) bool {
	var name *ast.Ident
	switch x := ast.Unparen(e).(type) {
	case *ast.Ident:
		name = x
	case *ast.SelectorExpr:
		name = x.Sel
	default:
		return p.info.Types[e].IsType()
	}
	_, ok := p.info.Uses[name].(*types.TypeName)
	return ok
}

// pending is a call of a variable in fn, to be resolved when all assignments
// have been seen.
type pending struct {
	fn    *Func
	call  *call
	known bool // rather nothing than a call of something unknown
}

func (p *pkg) resolvePending() {
	for _, w := range p.pending {
		c := w.call
		c.targets = p.funcTargets(w.fn, p.instantiated(c.expr.Fun), 0)
		c.dynamic = !complete(c.targets) && !w.known
	}
	p.pending = nil
}

// instantiated returns the function that is called, without type arguments.
func (p *pkg) instantiated(fun ast.Expr) ast.Expr {
	fun = ast.Unparen(fun)
	switch f := fun.(type) {
	case *ast.IndexExpr:
		if t := p.prog.TypeOf(f.X); t != nil && !program.Collects(t) {
			return ast.Unparen(f.X)
		}
	case *ast.IndexListExpr:
		return ast.Unparen(f.X)
	}
	return fun
}

// idle reports whether a call means nothing to any rule: one of the standard
// library of which nothing is known, and which gets no function to run.
func (p *pkg) idle(c *call) bool {
	fn := c.fn
	if fn == nil || c.iface || fn.Pkg() == nil || fn.Pkg() == p.types || !module.Standard(fn.Pkg().Path()) {
		return false
	}
	switch fn.Pkg().Path() {
	case "sync", "context", "time", "reflect", "C":
		return false
	}
	k := p.known(fn)
	if c.recv != nil {
		k = p.knownOn(p.prog.TypeOf(c.recv), fn)
	}
	if k != nil {
		return false
	}
	for _, a := range c.expr.Args {
		if _, ok := ast.Unparen(a).(*ast.FuncLit); ok {
			return false
		}
	}
	return true
}

func isInterfaceMethod(fn *types.Func) bool {
	recv := fn.Signature().Recv()
	return recv != nil && types.IsInterface(recv.Type())
}

const (
	maxDepth = 4   // of definitions followed from a variable to its values
	maxSteps = 100 // for one expression: variables assigned from each other fan out
)

// step counts a step of following definitions and reports whether there may be
// another. Following starts at depth 0.
func (p *pkg) step(depth, deepest int) bool {
	if depth == 0 {
		p.steps = 0
	}
	p.steps++
	return depth <= deepest && p.steps <= maxSteps
}

// funcTargets returns what a function-valued expression may stand for. None means
// unknown; where some are known and others are not, the last one is unknownTarget.
func (p *pkg) funcTargets(fn *Func, e ast.Expr, depth int) []Target {
	if !p.step(depth, maxDepth) {
		return nil
	}
	switch e := ast.Unparen(e).(type) {
	case *ast.FuncLit:
		return []Target{{Func: p.lits[e]}}
	case *ast.Ident:
		switch obj := p.info.Uses[e].(type) {
		case *types.Func:
			return []Target{{Func: p.decls[obj.Origin()], Obj: obj.Origin()}}
		case *types.Var:
			return p.varTargets(fn, obj, depth)
		}
	case *ast.SelectorExpr:
		if sel, ok := p.info.Selections[e]; ok {
			if m, ok := sel.Obj().(*types.Func); ok {
				return []Target{{Func: p.decls[m.Origin()], Obj: m.Origin(), Recv: e.X}}
			}
			return p.varTargets(fn, sel.Obj().(*types.Var), depth)
		}
		switch obj := p.info.Uses[e.Sel].(type) {
		case *types.Func:
			return []Target{{Obj: obj.Origin()}}
		case *types.Var:
			return p.varTargets(fn, obj, depth)
		}
	case *ast.CallExpr:
		if tv := p.info.Types[e.Fun]; tv.IsType() && len(e.Args) == 1 { // conversion such as http.HandlerFunc(f)
			return p.funcTargets(fn, e.Args[0], depth+1)
		}
		return p.returned(e)
	case *ast.IndexExpr, *ast.TypeAssertExpr:
		return p.targetsOf(e)
	}
	return nil
}

// returned returns the literal that a call of a function of this package returns, or
// what stands for the end of a context.
func (p *pkg) returned(c *ast.CallExpr) []Target {
	fn := p.calleeOf(c)
	if fn != nil && fn.Pkg() != nil && fn.Pkg().Path() == "context" {
		return []Target{{Obj: fn}} // what ends a context does as little as what makes it
	}
	f := p.decls[fn]
	if f == nil || f.Body() == nil || len(f.Body().List) == 0 {
		return nil
	}
	r, ok := f.Body().List[len(f.Body().List)-1].(*ast.ReturnStmt)
	if !ok || len(r.Results) != 1 {
		return nil
	}
	if lit, ok := ast.Unparen(r.Results[0]).(*ast.FuncLit); ok {
		return []Target{{Func: p.lits[lit]}}
	}
	return nil
}

// varTargets returns what the function variable v may hold: an argument of an
// enclosing function, or the values assigned to it if all of them are known.
func (p *pkg) varTargets(fn *Func, v *types.Var, depth int) []Target {
	for f := fn; f != nil; f = f.Parent {
		if n, ok := f.Param(v); ok {
			return []Target{{Use: &Use{Arg: n, owner: f}}}
		}
	}
	if _, ok := v.Type().Underlying().(*types.Signature); !ok {
		return nil
	}
	all := p.assignedTargets(fn, v, depth)
	if complete(all) {
		return all
	}
	more := p.handed(v)
	if complete(more) {
		return more
	}
	return union(all, more)
}

// unknownTarget stands beside known targets for code that is not in sight.
var unknownTarget Target

func (t Target) unknown() bool { return t == unknownTarget }

// complete reports whether the targets are all that there can be.
func complete(list []Target) bool {
	return len(list) > 0 && !slices.ContainsFunc(list, Target.unknown)
}

// union joins targets that do not tell all.
func union(a, b []Target) []Target {
	var all []Target
	for _, t := range slices.Concat(a, b) {
		same := func(o Target) bool { return o.Func == t.Func && o.Obj == t.Obj && t.Use == nil && o.Use == nil }
		if !t.unknown() && !slices.ContainsFunc(all, same) {
			all = append(all, t)
		}
	}
	if all == nil {
		return nil
	}
	return append(all, unknownTarget)
}

// assignedTargets returns what a variable is set to by name. Of one that is set too
// often to tell, as the handlers in a table of commands, a few say nothing.
func (p *pkg) assignedTargets(fn *Func, v *types.Var, depth int) []Target {
	values, all := p.someValues(v)
	var list []Target
	for _, e := range values {
		if isNil(e) {
			continue
		}
		t := p.funcTargets(fn, e, depth+1)
		all = all && complete(t)
		list = append(list, t...)
	}
	if !all {
		return union(list, nil)
	}
	return list
}

// handed returns the functions that v may hold where it gets them from afar, as a
// field does from a parameter of a constructor. It reads the whole package, which is
// done for the module at hand alone.
func (p *pkg) handed(v *types.Var) []Target {
	if !p.own {
		return nil
	}
	return p.targets(p.prog.Held(v))
}

// targetsOf is handed of an element of a collection, as db[insert].(func(Row) error).
func (p *pkg) targetsOf(e ast.Expr) []Target {
	if !p.own {
		return nil
	}
	return p.targets(p.prog.Values(e))
}

// targets are functions among values; none where there are too many to tell.
func (p *pkg) targets(values []program.Value) []Target {
	if len(values) > maxValues {
		return nil
	}
	all := true
	var list []Target
	for _, value := range values {
		if value.From != nil {
			all = false
			continue
		}
		t := p.funcTargets(nil, value.Expr, maxDepth)
		all = all && complete(t)
		list = append(list, t...)
	}
	if !all {
		return union(list, nil)
	}
	return list
}
