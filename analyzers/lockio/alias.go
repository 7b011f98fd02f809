package lockio

import (
	"go/ast"
	"go/token"
	"go/types"

	"github.com/concurlint/concurlint/analyzers/effects"
)

// This file finds the two ends of a wait under the names that they go by: a channel is
// made in a variable, kept in a field and handed to who closes it; a WaitGroup is
// reached by a pointer. And it finds what runs before the end in callers.

// named returns the variable or field that x stands for, by whatever name.
func (c *checker) named(x ast.Expr) *types.Var { return c.standsFor(c.res.Effects.Variable(x)) }

// standsFor follows a variable to the one that all of its values are, the same one.
func (c *checker) standsFor(v *types.Var) *types.Var {
	if v == nil {
		return nil
	}
	if w, ok := c.stands[v]; ok {
		return w
	}
	c.stands[v] = v // of one that is set to itself, by whatever way
	if w := c.only(c.setTo(v)); w != nil {
		c.stands[v] = w
	}
	return c.stands[v]
}

// setTo returns what the variable is set to, or, of a parameter, what all calls give,
// if that is known.
func (c *checker) setTo(v *types.Var) []ast.Expr {
	fn, i, ok := c.prog().Parameter(v)
	if !ok {
		values, all := c.res.Effects.Values(v)
		if !all {
			return nil
		}
		return values
	}
	if c.uses == nil {
		c.indexCalls()
	}
	calls := c.prog().Calls(fn)
	if fn.Exported() || len(calls) != c.uses[fn] || fn.Signature().Variadic() {
		return nil
	}
	var list []ast.Expr
	for _, x := range calls {
		if i >= len(x.Args) {
			return nil // the results of a call
		}
		list = append(list, x.Args[i])
	}
	return list
}

// only returns the variable that all of the values are, leaving nil aside.
func (c *checker) only(values []ast.Expr) *types.Var {
	var one *types.Var
	for _, x := range values {
		if c.pass.TypesInfo.Types[x].IsNil() {
			continue
		}
		if u, ok := ast.Unparen(x).(*ast.UnaryExpr); ok && u.Op == token.AND {
			x = u.X
		}
		v := c.named(x)
		if v == nil || one != nil && v != one {
			return nil
		}
		one = v
	}
	return one
}

// mostCallers is how many callers a function has at most that ends a wait for each of
// them. One with more is a service to all. With 1, 2 and 4 the findings on four servers
// are the same; with 16 there is one more, which reading the code did not confirm.
const mostCallers = 4

// callers returns where what ends a wait in the side's function is called: for a literal
// where that runs, for a function that only this package knows all of its calls. They
// have done before what they do until then.
func (c *checker) callers(s far) (list []far) {
	if _, op, _ := c.res.Effects.Invocation(s.f); op != nil {
		return []far{before(s.f.Parent, op)}
	}
	if s.f.Obj == nil || s.f.Obj.Exported() {
		return nil
	}
	calls := c.callsOf(s.f.Obj)
	if len(calls) > mostCallers || len(calls) != c.uses[s.f.Obj] {
		return nil
	}
	for _, x := range calls {
		if x.op.Spawned != nil {
			return nil
		}
		list = append(list, before(x.f, x.op))
	}
	return list
}

// before is the side of which op of f ends the wait.
func before(f *effects.Func, op *effects.Op) far {
	if op.Deferred {
		return far{f: f, last: op.Node.Pos()}
	}
	return far{f: f, limit: op.Node.Pos(), loop: op.Loop}
}
