package program

import (
	"go/ast"
	"go/token"
	"go/types"
)

// This file tells what one call of a function switches off: by a constant that it gives, by
// giving something where nothing may be given, or by a field of the struct that it gives, as it
// is made.

// Unmet reports whether a condition on every way to a place in a function does not hold in one
// call of it:
//
//	func (s *store) run(j *job) {
//		if !j.locked { s.mu.Lock() } // not in run(&job{locked: true})
//
// A variable that is set again, and a field that is set other than in a literal, may be
// anything.
func (p *Program) Unmet(call *ast.CallExpr, in ast.Node, at token.Pos) bool {
	unmet := false
	for _, f := range p.facts(at) {
		if !contains(in, f.cond.Pos()) {
			continue
		}
		p.atoms(f.cond, f.holds, func(cond ast.Expr, holds bool) {
			on, known := p.inCall(call, in, cond)
			unmet = unmet || known && on != holds
		})
	}
	return unmet
}

// inCall returns what a condition, a parameter or a field of one, or whether a parameter is
// nil, is in a call.
func (p *Program) inCall(call *ast.CallExpr, in ast.Node, cond ast.Expr) (on, known bool) {
	if b, ok := ast.Unparen(cond).(*ast.BinaryExpr); ok {
		if b.Op != token.EQL && b.Op != token.NEQ || !p.info.Types[b.Y].IsNil() {
			return false, false
		}
		none, known := p.none(p.givenTo(call, in, b.X))
		return none == (b.Op == token.EQL), known
	}
	sel, ok := ast.Unparen(cond).(*ast.SelectorExpr)
	if !ok {
		return p.truth(p.givenTo(call, in, cond))
	}
	arg, field := p.givenTo(call, in, sel.X), p.Variable(sel)
	if arg == nil || field == nil || !field.IsField() || field.Pkg() != p.pkg || p.written(field) {
		return false, false
	}
	owners, ok := newEvaluator(p, Package).makers(arg)
	for i, o := range owners {
		values, seen := o.field(field)
		value := false // as it is where nothing sets it
		if len(values) > 0 {
			value, seen = p.truth(values[0].expr)
		}
		if !ok || !seen || i > 0 && value != on {
			return false, false
		}
		on = value
	}
	return on, len(owners) > 0
}

// none reports whether an argument is nil, where that is known. The object that a callback is
// given is there to be used, unless it may get an error in its place.
func (p *Program) none(arg ast.Expr) (none, known bool) {
	switch x := ast.Unparen(arg).(type) {
	case *ast.UnaryExpr:
		return false, x.Op == token.AND
	case *ast.FuncLit, *ast.CompositeLit:
		return false, true
	case *ast.Ident:
		if p.info.Types[x].IsNil() {
			return true, true
		}
		v := p.Variable(x)
		return false, v != nil && v.Kind() == types.ParamVar && !p.written(v) && p.hostGives(v)
	}
	return false, false
}

// hostGives reports whether a parameter is an object that others give to a literal of the
// package, which has no call here, rather than data or an error.
func (p *Program) hostGives(v *types.Var) bool {
	node, _, _ := p.parameter(v)
	lit, ok := node.(*ast.FuncLit)
	if !ok || p.literalCalls(lit) != nil {
		return false
	}
	for other := range p.info.TypeOf(lit).(*types.Signature).Params().Variables() {
		if types.Identical(other.Type(), types.Universe.Lookup("error").Type()) {
			return false
		}
	}
	switch v.Type().Underlying().(type) {
	case *types.Pointer, *types.Interface:
		return true
	}
	return false
}

// givenTo returns what a call gives the parameter, or the receiver, that an expression names;
// nil for another one, or one that is set again.
func (p *Program) givenTo(call *ast.CallExpr, in ast.Node, x ast.Expr) ast.Expr {
	v := p.Variable(x)
	if v == nil || v.IsField() || p.written(v) {
		return nil
	}
	node, _, i := p.parameter(v)
	sig, ok := p.info.TypeOf(call.Fun).(*types.Signature)
	if node != in || !ok || call.Ellipsis.IsValid() {
		return nil
	}
	arg, ok := argumentOf(call, sig, i)
	if !ok {
		return nil
	}
	return arg
}

// written reports whether a statement of the package sets a variable or field that has been
// declared before, also with the whole struct, or something takes its address.
func (p *Program) written(v *types.Var) bool {
	if p.rewritten == nil {
		p.rewritten = make(map[*types.Var]bool)
		note := func(x ast.Expr) {
			if v := p.Variable(x); v != nil {
				p.rewritten[v] = true
			}
			if _, through := ast.Unparen(x).(*ast.StarExpr); !through {
				return
			}
			if s, ok := p.TypeOf(x).Underlying().(*types.Struct); ok {
				for f := range s.Fields() {
					p.rewritten[f.Origin()] = true
				}
			}
		}
		for _, f := range p.files {
			ast.Inspect(f, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.AssignStmt:
					for _, x := range n.Lhs {
						if id, ok := x.(*ast.Ident); !ok || p.info.Defs[id] == nil {
							note(x)
						}
					}
				case *ast.RangeStmt:
					if n.Tok == token.ASSIGN {
						note(n.Key)
						note(n.Value)
					}
				case *ast.UnaryExpr:
					if n.Op == token.AND {
						note(n.X)
					}
				}
				return true
			})
		}
	}
	return p.rewritten[v]
}
