package effects

import (
	"go/ast"
	"go/types"
	"slices"

	"github.com/concurlint/concurlint/analyzers/program"
)

// This file tells what a function value may stand for.

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
	if program.From(fn, "context") {
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
	if f := p.fixedElsewhere(v); f != nil {
		return []Target{{Obj: f}}
	}
	if t, ok := p.fixedTarget(v, depth); ok {
		return []Target{t}
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
