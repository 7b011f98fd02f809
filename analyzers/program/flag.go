package program

import (
	"go/ast"
	"go/constant"
	"go/types"
	"slices"
)

// A Flag is a boolean field or variable, or one of sync/atomic, and what it says.
type Flag struct {
	Var *types.Var
	On  bool
}

// Asked returns what the flags say that conditions on every way to a node ask for.
func (p *Program) Asked(n ast.Node) (list []Flag) {
	for _, f := range p.facts(n.Pos()) {
		p.atoms(f.cond, f.holds, func(cond ast.Expr, holds bool) {
			if v := p.flag(cond); v != nil {
				list = append(list, Flag{v, holds})
			}
		})
	}
	return list
}

// flag returns the flag that a condition asks for, or nil.
func (p *Program) flag(cond ast.Expr) *types.Var {
	if c, ok := cond.(*ast.CallExpr); ok {
		if verb, v := p.atomicBool(c); verb == "Load" {
			return v
		}
		return nil
	}
	if v := p.Variable(cond); v != nil && v.IsField() {
		return v
	}
	return nil
}

// Raised returns what the flags say that are set on every way from the start of a body to a
// node of it.
func (p *Program) Raised(body *ast.BlockStmt, at ast.Node) (list []Flag) {
	ast.Inspect(body, func(n ast.Node) bool {
		if n == nil || n.Pos() >= at.Pos() {
			return false
		}
		if _, ok := n.(*ast.FuncLit); ok {
			return false
		}
		if f, ok := p.sets(n); ok && !p.Flow(body).Enters(at, []ast.Node{n}) {
			list = append(slices.DeleteFunc(list, func(o Flag) bool { return o.Var == f.Var }), f)
		}
		return true
	})
	return list
}

// sets returns the flag that a node sets, and to what.
func (p *Program) sets(n ast.Node) (Flag, bool) {
	switch n := n.(type) {
	case *ast.AssignStmt:
		if len(n.Lhs) != 1 || len(n.Rhs) != 1 {
			break
		}
		v := p.Variable(n.Lhs[0])
		if on, ok := p.truth(n.Rhs[0]); ok && v != nil && v.IsField() {
			return Flag{v, on}, true
		}
	case *ast.CallExpr:
		if verb, v := p.atomicBool(n); v != nil && (verb == "Store" || verb == "Swap" || verb == "CompareAndSwap") {
			on, ok := p.truth(n.Args[len(n.Args)-1])
			return Flag{v, on}, ok
		}
	}
	return Flag{}, false
}

// truth returns the value of a constant condition.
func (p *Program) truth(e ast.Expr) (on, ok bool) {
	if v := p.info.Types[e].Value; v != nil && v.Kind() == constant.Bool {
		return constant.BoolVal(v), true
	}
	return false, false
}

// atomicBool returns which method of an atomic.Bool a call is of, and of which.
func (p *Program) atomicBool(c *ast.CallExpr) (string, *types.Var) {
	fn := p.Callee(c)
	if fn == nil || fn.Pkg() == nil || fn.Pkg().Path() != "sync/atomic" || fn.Signature().Recv() == nil {
		return "", nil
	}
	if ptr, ok := fn.Signature().Recv().Type().(*types.Pointer); !ok || ptr.Elem().String() != "sync/atomic.Bool" {
		return "", nil
	}
	return fn.Name(), p.Receiver(c)
}
