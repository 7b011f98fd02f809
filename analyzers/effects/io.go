package effects

import (
	"go/ast"
	"go/types"
	"slices"

	"github.com/concurlint/concurlint/analyzers/knowledge"
)

// knowledge applies a knowledge line.
func (ev *evaluator) knowledge(k *callee, name string, c *call, u Use) {
	e := k.effect
	goes := u.Goes || ev.op.Spawned != nil
	if e.Needs >= 0 && e.Needs < len(c.expr.Args) && isNil(c.expr.Args[e.Needs]) {
		return
	}
	if !goes {
		instead := ev.given(e.Unless, c)
		if instead != nil {
			ev.streams(instead, name, c, u)
		} else {
			for _, kind := range e.Kinds {
				ev.primitive(kind, e, name, c, u)
			}
		}
		if e.CPU != "" && len(e.Wraps) == 0 {
			ev.compute(e, name, c, u)
		}
	}
	for _, call := range e.Calls {
		how := Use{Arg: call.Arg, Certainty: callCertainty(call), Each: call.Each, Goes: call.Goes, Again: retries(e)}
		if call.Maybe && c.fn.FullName() == "(*sync.Once).Do" && ev.recvRoot(c) != RootNone {
			how.Certainty = Missed // once for each object, not once for all
		}
		ev.argument(&how, name, c, c.recv, u, goes)
	}
	if goes {
		return
	}
	copies := len(e.IO) > 1
	u.whole = u.whole || copies || e.Whole
	u.Each = u.Each || copies
	for _, n := range e.IO {
		arg := c.recv
		if n >= 0 && n < len(c.expr.Args) {
			arg = c.expr.Args[n]
		}
		if arg == nil {
			continue
		}
		if c.iface && arg == c.recv && ev.unknownStream(arg) {
			ev.add(Effect{Kind: Dynamic, Certainty: u.Certainty, Flags: Hint, Root: RootNone}, c.expr.Pos(), name+", an interface method")
			continue
		}
		ev.streams(arg, name, c, u)
	}
}

func (ev *evaluator) primitive(kind string, e *knowledge.Effect, name string, c *call, u Use) {
	out := effectOf(kind, e)
	switch {
	case ev.local(e.Addr, c), e.Buffers && ev.short(c), ev.near(e.Network, c):
		return
	case ev.datagrams(e.Network, c):
		out.Label, out.Certainty = "dns", Rarely
	case e.Stream && ev.sends(c):
		out.Flags |= Datagram
	}
	out.Certainty = min(out.Certainty, u.Certainty)
	ev.weighFile(&out, e, u)
	if c.recv != nil {
		out.Root = ev.p.root(ev.fn, c.recv)
	}
	if r := ev.addressed(e.Addr, c); r >= 0 {
		out.Root = r
	}
	switch {
	case e.Const >= 0 && e.Const < len(c.expr.Args):
		if d, ok := ev.p.duration(c.expr.Args[e.Const]); ok {
			ev.lasts(&out, d)
		}
	case e.Deadline, e.Ctx && ev.p.timeLimited(c.expr):
		out.Bound = Deadline
	}
	ev.add(out, c.expr.Pos(), name)
}

// weighFile tells what keeps the disk at work for long from a look at one name or
// block, which the kernel's cache has as a rule.
func (ev *evaluator) weighFile(e *Effect, k *knowledge.Effect, u Use) {
	if e.Kind == File && (k.Fsync || k.Whole || u.whole || ev.inLoop()) {
		e.Weight = Costly
	}
}

// effectOf is the effect of a knowledge line as far as it does not depend on
// the call.
func effectOf(kind string, e *knowledge.Effect) Effect {
	k, _ := KindOf(kind)
	out := Effect{Kind: k, Certainty: certainty(e), Root: RootNone}
	if kind != k.String() {
		out.Label = kind
	}
	if e.Stream {
		out.Flags |= Stream
	}
	if e.Datagram {
		out.Flags |= Datagram
	}
	return out
}

func callCertainty(c knowledge.Call) Certainty {
	switch {
	case c.Maybe:
		return Rarely
	case c.Each:
		return Usually
	}
	return Always
}

func certainty(e *knowledge.Effect) Certainty {
	switch {
	case e.Rarely:
		return Rarely
	case e.Usually:
		return Usually
	}
	return Always
}

func (ev *evaluator) compute(e *knowledge.Effect, name string, c *call, u Use) {
	w, flags := LoopOnce, Linear
	switch {
	case e.CPU == "heavy":
		w, flags = Costly, 0
	case !ev.p.weighs(w):
		return
	case u.whole:
		w, flags = Heavy, 0
	case ev.inLoop() || u.Each:
		w = Heavy
	}
	if e.Cost != "" {
		name += " (" + e.Cost + ")"
	}
	ev.add(Effect{Kind: CPU, Weight: w, Flags: flags, Certainty: min(certainty(e), u.Certainty), Root: RootNone}, c.expr.Pos(), name)
}

// streamMethods are what reading or writing an argument may call; the first
// that the type has decides.
var streamMethods = []string{"Read", "Write", "ReadFrom", "ReadAt", "WriteAt", "Sync"}

// streams applies reading or writing what arg carries.
func (ev *evaluator) streams(arg ast.Expr, name string, c *call, u Use) {
	for _, cr := range ev.p.carriers(ev.fn, arg, 0) {
		if cr.use != nil && !ev.p.told(cr.typ, streamMethods[:2]...) {
			for _, m := range streamMethods[:2] {
				if obj, _, _ := types.LookupFieldOrMethod(cr.typ, true, ev.p.types, m); obj != nil {
					use := *cr.use
					use.Method, use.Certainty, use.Each = m, min(cr.or(u).Certainty, ev.op.Certainty), ev.inLoop()
					ev.addUse(use)
					break
				}
			}
			continue
		}
		ev.carrier(cr, streamMethods, name, c, cr.or(u))
	}
}

// told reports whether knowledge says what the first of the methods that the
// interface type has does, as of net.Conn.
func (p *pkg) told(t types.Type, methods ...string) bool {
	for _, m := range methods {
		obj, _, _ := types.LookupFieldOrMethod(t, true, p.types, m)
		if fn, ok := obj.(*types.Func); ok {
			k := p.knownOn(t, fn.Origin())
			return k != nil && k.effect != nil && (len(k.effect.Kinds) > 0 || k.effect.CPU != "")
		}
	}
	return false
}

// carrier applies a call of the first of the methods that the carrier has.
func (ev *evaluator) carrier(cr carrier, methods []string, name string, c *call, u Use) {
	if cr.eff != nil {
		if cr.eff.CPU != "" {
			ev.compute(cr.eff, name+" on "+cr.sym, c, u)
		}
		for _, kind := range cr.eff.Kinds {
			k, _ := KindOf(kind)
			ev.add(Effect{Kind: k, Certainty: min(Always, u.Certainty), Flags: Stream, Root: cr.root}, c.expr.Pos(), name+" on "+cr.sym)
		}
		return
	}
	for _, m := range methods {
		obj, _, _ := types.LookupFieldOrMethod(cr.typ, true, ev.p.types, m)
		fn, ok := obj.(*types.Func)
		if !ok {
			continue
		}
		ev.carried(fn.Origin(), cr, name, c, u)
		return
	}
}

// carried applies the method that a callee calls on its argument.
func (ev *evaluator) carried(fn *types.Func, cr carrier, name string, c *call, u Use) {
	if k := ev.p.knownOn(cr.typ, fn); k != nil {
		switch {
		case k.quiet:
			return
		case k.effect != nil && k.effect.Buffers && ev.short(c):
			return
		case k.effect != nil:
			if k.effect.CPU != "" {
				ev.compute(k.effect, name+" on "+types.TypeString(cr.typ, ev.qualifier), c, u)
			}
			for _, kind := range k.effect.Kinds {
				e := effectOf(kind, k.effect)
				e.Certainty, e.Root = min(e.Certainty, u.Certainty), cr.root
				if u.Timed || k.effect.Deadline {
					e.Bound = Deadline
				}
				if e.Kind != Sleep {
					e.Flags |= Stream
				}
				ev.weighFile(&e, k.effect, u)
				ev.add(e, c.expr.Pos(), name+" on "+types.TypeString(cr.typ, ev.qualifier))
			}
			return
		case k.summary != nil:
			ev.carriedSummary(k.summary, fn, cr, name, c, u)
			return
		}
	}
	if f := ev.p.decls[fn]; f != nil {
		ev.carriedSummary(&f.Summary, fn, cr, name, c, u)
		return
	}
	if isInterfaceMethod(fn) {
		for _, f := range ev.p.implementations(fn) {
			ev.carriedSummary(&f.Summary, f.Obj, cr, name, c, Use{Certainty: min(u.Certainty, Usually), Local: u.Local})
		}
	}
}

func (ev *evaluator) carriedSummary(s *Summary, fn *types.Func, cr carrier, name string, c *call, u Use) {
	for i := range s.Effects {
		e := s.Effects[i]
		if !e.Kind.Blocks() && e.Kind != CPU || e.Label == "dns" && u.Local.Has(int(e.Root)) {
			continue
		}
		e.Root = RootNone
		if s.Effects[i].Root == RootRecv {
			e.Root = cr.root
		}
		e.Chain = append([]Frame{ev.p.frame(c.expr.Pos(), DisplayName(fn, ev.p.types))}, e.Chain[:min(len(e.Chain), maxChain-2)]...)
		ev.inherit(&e, name, c, nil, u)
	}
}

func (ev *evaluator) qualifier(pkg *types.Package) string {
	if pkg == ev.p.types {
		return ""
	}
	return pkg.Name()
}

// OnStream reports whether a function, which may be nil, is a method that reads or writes what
// its receiver was made from, as one of a decoder.
func (r *Result) OnStream(fn *types.Func) bool {
	if fn == nil {
		return false
	}
	k := r.p.known(fn)
	return k != nil && k.effect != nil && slices.Contains(k.effect.IO, knowledge.Recv)
}
