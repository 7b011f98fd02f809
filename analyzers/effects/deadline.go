package effects

import (
	"go/ast"
	"go/constant"
	"go/types"
	"strings"
	"time"

	"github.com/concurlint/concurlint/analyzers/program"
)

// duration returns the value of a constant duration expression.
func (p *pkg) duration(e ast.Expr) (time.Duration, bool) {
	tv, ok := p.info.Types[e]
	if !ok {
		return 0, false
	}
	if tv.Value == nil {
		// A variable with one constant value will do.
		if v := p.prog.Variable(e); v != nil {
			if d := p.defs[v]; d != nil && !d.unknown && len(d.values) == 1 && ast.Unparen(d.values[0]) != e {
				if tv := p.info.Types[d.values[0]]; tv.Value != nil && tv.Value.Kind() == constant.Int {
					n, ok := constant.Int64Val(tv.Value)
					return time.Duration(n), ok
				}
			}
		}
		return 0, false
	}
	if tv.Value.Kind() != constant.Int {
		return 0, false
	}
	n, ok := constant.Int64Val(tv.Value)
	return time.Duration(n), ok
}

// timeLimited reports whether a context argument of the call has a timeout set
// in this function.
func (p *pkg) timeLimited(c *ast.CallExpr) bool {
	for _, a := range c.Args {
		id, ok := ast.Unparen(a).(*ast.Ident)
		if !ok {
			continue
		}
		v, _ := p.info.Uses[id].(*types.Var)
		if v == nil || !IsContext(v.Type()) {
			continue
		}
		return p.hasTimeout(v, 0)
	}
	return false
}

func (p *pkg) hasTimeout(v *types.Var, depth int) bool {
	d := p.defs[v]
	if d == nil || !p.step(depth, maxDepth) {
		return false
	}
	for _, value := range d.values {
		c, ok := ast.Unparen(value).(*ast.CallExpr)
		if !ok {
			continue
		}
		name := calledName(c)
		if strings.HasPrefix(name, "WithTimeout") || strings.HasPrefix(name, "WithDeadline") {
			return true
		}
		if len(c.Args) > 0 {
			if id, ok := ast.Unparen(c.Args[0]).(*ast.Ident); ok {
				if parent, _ := p.info.Uses[id].(*types.Var); parent != nil && parent != v && p.hasTimeout(parent, depth+1) {
					return true
				}
			}
		}
	}
	return false
}

// IsContext reports whether t is context.Context.
func IsContext(t types.Type) bool {
	n, ok := types.Unalias(t).(*types.Named)
	return ok && n.Obj().Name() == "Context" && n.Obj().Pkg() != nil && n.Obj().Pkg().Path() == "context"
}

// lasts says how long a wait of d takes in all. A sleep between looks at a
// condition goes on until that is met, however short it is.
func (ev *evaluator) lasts(e *Effect, d time.Duration) {
	for l := ev.op.Loop; l != nil && e.Kind == Sleep; l = l.Parent {
		n, ok := ev.p.prog.Iterations(l.Node, program.Declaration)
		times, known := n.Const()
		if !ok || !known || times > 1000 {
			return
		}
		d *= time.Duration(times)
	}
	e.Bound, e.Duration = Const, d
}
