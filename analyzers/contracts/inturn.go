package contracts

import (
	"go/ast"
	"go/types"
	"slices"

	"github.com/concurlint/concurlint/analyzers/effects"
	"github.com/concurlint/concurlint/analyzers/program"
)

// inTurn returns the collection, for people, over which a loop within the loop given goes,
// where op writes to a connection of each element and nothing is seen to end that; ""
// elsewhere.
//
//	for m := range messages {
//		for _, p := range peers {
//			p.Send(m)
//		}
//	}
//
// The element is what the method is called on: the parts of one message, which are its
// arguments, go to one peer.
func (f *finder) inTurn(fn *effects.Func, op *effects.Op, outer *effects.Loop) string {
	c, ok := op.Node.(*ast.CallExpr)
	if !ok || op.InSelect != nil {
		return ""
	}
	sel, ok := ast.Unparen(c.Fun).(*ast.SelectorExpr)
	if e := op.Effect(effects.Net); !ok || e == nil || !e.Is(effects.Stream) || e.Is(effects.Hint|effects.Receive) || e.Bound != effects.Unbounded || e.Certainty < effects.Usually {
		return ""
	}
	of := f.prog.Variable(whole(sel.X))
	if of == nil {
		return ""
	}
	for l := op.Loop; l != nil && l != outer; l = l.Parent {
		if r, ok := l.Node.(*ast.RangeStmt); ok && (f.element(r.Key, of) || f.element(r.Value, of)) && !f.givesUp(fn, op) {
			return shown(r.X)
		}
	}
	return ""
}

// givesUp reports whether the package sets deadlines on a connection that op may write to:
// its author has thought of a peer that is stuck.
func (f *finder) givesUp(fn *effects.Func, op *effects.Op) bool {
	if f.limited == nil {
		f.limited = f.limits()
	}
	if len(f.limited) == 0 {
		return false
	}
	steps := mostSteps
	return slices.ContainsFunc(f.sinks(&program.Frame{In: fn.Node()}, fn, op, maxDepth, &steps), func(s sink) bool {
		return slices.ContainsFunc(f.limited, s.may)
	})
}

// A sink is what bytes go to: the struct that keeps it, or nil if that is not seen, and its
// type.
type sink struct {
	keeper *types.TypeName
	t      types.Type
}

// may reports whether both may be one connection. What has no deadlines itself, as a
// buffer, may lead to any.
func (s sink) may(limited sink) bool {
	if s.keeper != nil && limited.keeper != nil {
		return s.keeper == limited.keeper
	}
	return !hasMethod(s.t, "SetWriteDeadline") || types.AssignableTo(s.t, limited.t) || types.AssignableTo(limited.t, s.t)
}

// limits returns the connections on which the package sets deadlines for what it writes.
func (f *finder) limits() []sink {
	list := []sink{}
	for _, fn := range f.fx.Funcs() {
		for _, op := range fn.Ops {
			if limitsWrites(op.Callee()) {
				list = append(list, f.sinks(&program.Frame{In: fn.Node()}, fn, op, 0, new(int))...)
			}
		}
	}
	return list
}

// mostSteps bounds the search for sinks: one is looked for anew in each call of a function,
// whose arguments may be others, and functions that write call such by the dozen. With 20 and
// with 2,000 the same is found in four programs of 60,000 to 250,000 lines.
const mostSteps = 200

// anywhere is a sink of which nothing is known.
var anywhere = sink{t: types.Typ[types.Invalid]}

// sinks returns what an op writes to, in the functions of the package that it calls. at is
// the frame of fn, and steps how many more calls may be looked at.
func (f *finder) sinks(at *program.Frame, fn *effects.Func, op *effects.Op, depth int, steps *int) (list []sink) {
	c, ok := op.Node.(*ast.CallExpr)
	if !ok {
		return nil
	}
	for _, g := range f.fx.Callees(fn, op) {
		for _, o := range g.Ops {
			e := o.Effect(effects.Net)
			if depth == 0 || e == nil || !e.Is(effects.Stream) || e.Is(effects.Receive) {
				continue
			}
			if *steps--; *steps < 0 {
				return []sink{anywhere}
			}
			list = append(list, f.sinks(&program.Frame{In: g.Node(), Call: c, Up: at}, g, o, depth-1, steps)...)
		}
	}
	if len(list) > 0 {
		return list
	}
	if path, ok := f.prog.Path(at, c.Fun); ok {
		return []sink{{path.Keeper(), path.Last().Type()}}
	}
	for _, a := range c.Args {
		if path, ok := f.prog.Path(at, a); ok && hasMethod(f.info.TypeOf(a), "Write") {
			list = append(list, sink{path.Keeper(), path.Last().Type()})
		}
	}
	if len(list) > 0 {
		return list
	}
	s := anywhere
	if sel, ok := ast.Unparen(c.Fun).(*ast.SelectorExpr); ok && f.info.Selections[sel] != nil {
		s.t = f.info.TypeOf(sel.X)
	}
	return []sink{s}
}

func hasMethod(t types.Type, name string) bool {
	obj, _, _ := types.LookupFieldOrMethod(t, true, nil, name)
	_, ok := obj.(*types.Func)
	return ok
}

// limitsWrites reports whether a method is that of a net.Conn, or of what is like one.
func limitsWrites(fn *types.Func) bool {
	if fn == nil || fn.Name() != "SetWriteDeadline" && fn.Name() != "SetDeadline" {
		return false
	}
	sig := fn.Signature()
	return sig.Recv() != nil && sig.Params().Len() == 1 && types.TypeString(sig.Params().At(0).Type(), nil) == "time.Time"
}

// element reports whether a loop declares the variable.
func (f *finder) element(e ast.Expr, v *types.Var) bool {
	id, ok := e.(*ast.Ident)
	return ok && f.info.Defs[id] == v
}

// longest is how long a collection may be written in a message.
const longest = 40

func shown(e ast.Expr) string {
	if s := types.ExprString(e); len(s) <= longest {
		return s
	}
	return "many"
}
