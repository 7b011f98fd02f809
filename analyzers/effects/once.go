package effects

import (
	"go/ast"
	"go/types"
	"slices"
)

// This file tells what runs once, for its program or for its object, from what may run again
// at any time.

// RunsOnce reports whether a function runs once, as its program starts: main, init, and what
// they alone call, not in a loop, or start.
func (r *Result) RunsOnce(f *Func) bool {
	if r.p == nil {
		return false
	}
	if r.p.once == nil {
		r.p.once = make(map[*Func]bool)
	}
	return r.p.runsOnce(r, f)
}

// SetsOff reports whether a method starts a goroutine of its receiver that goes on until it is
// told to stop. Each call would start another one, so there is one call for each object.
//
//	func (s *server) Start() { s.load(); go s.loop() }
func (r *Result) SetsOff(f *Func) bool {
	if f.Obj == nil || f.Obj.Signature().Recv() == nil {
		return false
	}
	return slices.ContainsFunc(f.Ops, func(op *Op) bool {
		return op.Spawned != nil && op.Loop == nil && op.Certainty >= Usually && slices.ContainsFunc(r.TaskFuncs(f, op, GoCall), func(g *Func) bool {
			return g.Summary.Endless && r.p.ofReceiver(f, g, op.Spawned.Call)
		})
	})
}

// ofReceiver reports whether a goroutine that f starts is one of its receiver, rather than of
// what it is given: a method of that, or a literal where f is given nothing.
func (p *pkg) ofReceiver(f, g *Func, call *ast.CallExpr) bool {
	if g.Lit != nil {
		return !slices.ContainsFunc(slices.Collect(f.Obj.Signature().Params().Variables()), func(v *types.Var) bool { return !IsContext(v.Type()) })
	}
	sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	return ok && p.prog.Root(sel.X) == f.Obj.Signature().Recv()
}

func (p *pkg) runsOnce(r *Result, f *Func) bool {
	if once, known := p.once[f]; known {
		return once
	}
	p.once[f] = false // of those that call each other nobody knows
	p.once[f] = p.calledOnce(r, f)
	return p.once[f]
}

func (p *pkg) calledOnce(r *Result, f *Func) bool {
	if f.Lit != nil {
		parent, op, each := r.Invocation(f)
		if op == nil {
			op = p.starts(f)
			each = false
		}
		return parent != nil && op != nil && op.Loop == nil && !each && p.runsOnce(r, parent)
	}
	if f.Starts() {
		return true
	}
	if !p.prog.OnlyCalled(f.Obj) {
		return false
	}
	sites := r.CallSites(f.Obj)
	return len(sites) > 0 && len(sites) == len(p.prog.Calls(f.Obj)) && !slices.ContainsFunc(sites, func(at CallSite) bool {
		return at.Op.Loop != nil || !p.runsOnce(r, at.Func)
	})
}

// Starts reports whether f is what the program runs first: main of a program, or init.
func (f *Func) Starts() bool {
	if f.Decl == nil || f.Decl.Recv != nil {
		return false
	}
	return f.Decl.Name.Name == "init" || f.Decl.Name.Name == "main" && f.Obj.Pkg().Name() == "main"
}

// starts returns the go statement whose goroutine a literal is, or nil.
func (p *pkg) starts(f *Func) *Op {
	if f.Parent == nil {
		return nil
	}
	for _, op := range f.Parent.Ops {
		if op.Spawned != nil && op.call != nil && ast.Unparen(op.call.expr.Fun) == f.Lit {
			return op
		}
	}
	return nil
}
