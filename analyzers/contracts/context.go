package contracts

import (
	"go/ast"
	"go/types"
	"slices"

	"github.com/concurlint/concurlint/analyzers/effects"
	"github.com/concurlint/concurlint/analyzers/knowledge"
)

// A Context is a function that must not block: a library or a loop of the module
// runs it on its one goroutine, or a directive says so.
type Context struct {
	Func *effects.Func
	Who  string // whose loop it is, for people
	Loop *knowledge.Loop

	Directive bool // the function itself is marked nonblocking

	// Answers are the places, as Frame.Where names them, where others wait for what the loop
	// alone gives, in its own package and in this one.
	Answers []string
	// From are the values by whose methods other packages are given the function, where all
	// are known: it runs on the loops of those.
	From []ast.Expr
}

// Allows reports whether a contract permits the kind.
func Allows(l *knowledge.Loop, e *effects.Effect) bool {
	return slices.Contains(l.Allow, e.Kind.String()) || e.Is(effects.Stream) && slices.Contains(l.Allow, "stream") || e.Label != "" && slices.Contains(l.Allow, e.Label)
}

// A Handover is an expression that hands a function of another package to a loop:
// the function's own package does not know where it runs.
type Handover struct {
	Expr    ast.Expr
	Name    string // what is handed over, for people
	Effects []effects.Effect
	Who     string
	Loop    *knowledge.Loop
}

// A promise is a contract together with whose it is.
type promise struct {
	who  string
	loop *knowledge.Loop
	from ast.Expr // the value whose method is given the function, or nil
}

// marked is the promise of the directive nonblocking.
var marked = promise{who: "code marked nonblocking", loop: &knowledge.Loop{Text: "marked nonblocking"}}

func pos(f *effects.Func) int {
	if f.Decl != nil {
		return int(f.Decl.Pos())
	}
	return int(f.Lit.Pos())
}

// stronger reports whether a promise says more than one on the same thing before: of several
// the first counts, but for those that somebody may choose to go round.
func (by promise) stronger(than *knowledge.Loop) bool { return than.Chosen && !by.loop.Chosen }

func (f *finder) context(fn *effects.Func, by promise) {
	if fn == nil {
		return
	}
	ctx, dup := f.under[fn]
	switch {
	case !dup:
		ctx = &Context{Func: fn, Who: by.who, Loop: by.loop}
		if by.from != nil {
			ctx.From = append(ctx.From, by.from)
		}
		f.under[fn] = ctx
		f.res.Contexts = append(f.res.Contexts, ctx)
	case by.stronger(ctx.Loop):
		ctx.Who, ctx.Loop = by.who, by.loop
	case by.from == nil:
		ctx.From = nil
	case len(ctx.From) > 0:
		ctx.From = append(ctx.From, by.from)
	}
}

// A handed is a function of another package where it is handed over. Of a method that
// a value has from a type within, one place tells of the others, and expr is nil: there
// may be as many as there are types that embed the one that has it.
type handed struct {
	expr ast.Expr
	fn   *types.Func
}

// handover adds a function of another package: by its summary, or of a call that
// makes it, by what is known of the functions that the callee returns.
func (f *finder) handover(e ast.Expr, fn *types.Func, by promise) {
	at := handed{e, fn}
	if f.promoted(e, fn) {
		at.expr = nil
	}
	if fn == nil || f.again(at, by) {
		return
	}
	h := &Handover{Expr: e, Name: effects.DisplayName(fn, f.pass.Pkg)}
	if s := f.fx.Summary(fn); s != nil {
		h.Effects = s.Effects
	}
	f.hand(at, h, by)
}

// again reports whether something has been handed over before, and leaves it with the
// stronger promise.
func (f *finder) again(at handed, by promise) bool {
	h, dup := f.handed[at]
	if dup && by.stronger(h.Loop) {
		h.Who, h.Loop = by.who, by.loop
	}
	return dup
}

// hand adds a handover if there is something to say of it.
func (f *finder) hand(at handed, h *Handover, by promise) {
	h.Who, h.Loop = by.who, by.loop
	f.handed[at] = h
	if len(h.Effects) > 0 {
		f.res.Handovers = append(f.res.Handovers, h)
	}
}

// promoted reports whether fn is a method that the type of e has by embedding another.
func (f *finder) promoted(e ast.Expr, fn *types.Func) bool {
	if fn == nil || fn.Signature().Recv() == nil {
		return false
	}
	t := f.info.TypeOf(e)
	if tuple, ok := t.(*types.Tuple); ok && tuple.Len() > 0 {
		t = tuple.At(0).Type()
	}
	_, path, _ := types.LookupFieldOrMethod(t, true, f.pass.Pkg, fn.Name())
	return len(path) > 1
}

// made adds what a call of another package's function returns, and the functions that the
// call gives it for that to call.
func (f *finder) made(c *ast.CallExpr, fn *types.Func, by promise) {
	at := handed{c, fn}
	if fn == nil || f.again(at, by) {
		return
	}
	fact, calls := f.makerOf(c)
	if fact == nil {
		return
	}
	f.hand(at, &Handover{Expr: c, Name: "what " + effects.DisplayName(fn, f.pass.Pkg) + " returns", Effects: fact.Summary.Effects}, by)
	for _, v := range calls {
		f.value(v, "", by)
	}
}
