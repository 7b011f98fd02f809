package effects

import (
	"go/types"
	"slices"
)

// This file decides what interface methods without a known body wait for, from
// what is behind the interface or from what the method returns.

// behind returns what a call of the interface method fn waits for, where the
// package that declares the interface also has implementations: what all of them
// have in common that do any work outside or, where none does, that wait for others
// of the program, or are guessed to make a request. Stand-ins that only keep things
// in memory, and decorators, which call the same interface again, have no say; but
// where there are any, the rest is a guess.
func (p *pkg) behind(fn *types.Func) []Effect {
	if generatedClient(fn) {
		return nil
	}
	if list, ok := p.common[fn]; ok {
		return list
	}
	providers := p.providers(fn)
	common := agreed(providers, outsideOf)
	if len(common) == 0 {
		common = agreed(providers, seldomOf)
	}
	if len(common) == 0 && p.own {
		common = agreed(providers, waitsOf)
	}
	if len(common) == 0 && p.own && !requestShaped(fn) {
		common = agreed(providers, guessesOf)
	}
	if len(common) == 0 && (dials(fn.Signature()) || queries(fn.Signature())) && p.doneHere(fn) {
		common = []Effect{{Kind: Net, Certainty: Usually, Flags: Hint, Root: RootRecv, Chain: []Frame{p.frame(fn.Pos(), "a remote call, as its results tell")}}}
	}
	if p.settled(fn, providers) {
		p.common[fn] = common
	}
	return common
}

// behindNow is behind for a call within a group that is being solved. What is behind an
// interface whose implementations are in the group is not known before all that these do
// otherwise is.
func (p *pkg) behindNow(fn *types.Func) (list []Effect, known bool) {
	if p.open == nil || p.settled(fn, p.providers(fn)) {
		return p.behind(fn), true
	}
	if !p.answered {
		p.open[fn] = nil
	}
	return p.open[fn], p.answered
}

// agreed returns what all those implementations do that do any of it.
func agreed(providers []*Func, of func(*Summary) []Effect) []Effect {
	var common []Effect
	workers, flags := 0, Flags(0)
	for _, f := range providers {
		does := of(&f.Summary)
		for i := range does {
			if !f.Summary.agreesOn(&does[i]) {
				does[i].Guard = 0
			}
		}
		switch {
		case len(does) > 0:
			common = shared(common, does, workers == 0)
			workers++
		case len(f.Ops) > 0 && f.Summary.Effect(Net) == nil:
			flags = Hint
		}
	}
	for i := range common {
		e := &common[i]
		e.Certainty, e.Flags = min(Usually, e.Certainty), e.Flags|flags
		if e.Label != "dns" { // whose root is the address, an argument like any other
			e.Root = RootRecv
		}
	}
	return common
}

// agreesOn reports whether all cases of the kind of e depend on the same parameter.
func (s *Summary) agreesOn(e *Effect) bool {
	return !slices.ContainsFunc(s.Effects, func(o Effect) bool { return o.Kind == e.Kind && o.Guard != e.Guard && o.Certainty >= Missed })
}

// candidates returns the functions of this package that a call of the interface
// method may come to: all there are, or those of several.
func (p *pkg) candidates(fn *types.Func) []*Func {
	if impls := p.implementations(fn); len(impls) > 0 {
		return impls
	}
	return p.providers(fn)
}

// waitsOf returns the waits for others of the program on a summary's main path.
func waitsOf(s *Summary) []Effect {
	return slices.DeleteFunc(Leading(s.Effects), func(e Effect) bool {
		return e.Kind != Wait && e.Kind != Chan || e.Certainty < Usually || e.Flags&(Hint|Buffered|Token) != 0
	})
}

// outsideOf returns what a summary surely waits for outside the program. That a file which it
// is given is read, and then code runs that is not known, tells nothing of where the text goes.
func outsideOf(s *Summary) []Effect {
	return slices.DeleteFunc(Leading(s.Effects), func(e Effect) bool {
		return !e.Kind.IO() || e.Kind == Sleep || e.Certainty < Missed || e.Is(Hint) || e.Kind == File && e.Root >= 0 && s.Effect(Dynamic) != nil
	})
}

// seldomOf returns what a summary waits for outside the program on a few of its ways
// only: it has to do with the outside and yet hardly ever waits for it, as who opens a
// socket for datagrams.
func seldomOf(s *Summary) []Effect {
	if len(outsideOf(s)) > 0 {
		return nil
	}
	return slices.DeleteFunc(Leading(s.Effects), func(e Effect) bool { return e.Kind != Net || e.Certainty != Rarely || e.Is(Hint) })
}

// guessesOf returns the requests that a summary is guessed to make, which are a guess
// for whoever calls it as well.
func guessesOf(s *Summary) []Effect {
	return slices.DeleteFunc(Leading(s.Effects), func(e Effect) bool { return e.Kind != Net || e.Certainty < Missed || !e.Is(Hint) })
}

// doneHere reports whether the package that declares an interface method implements
// it, and that does something and waits for nothing: whoever calls the method calls no
// stranger, and what the signature lets expect is a guess. A stand-in shows nothing, be it
// one that does nothing or one that a generator has written, and neither does a decorator,
// which calls what is not known.
func (p *pkg) doneHere(fn *types.Func) bool {
	providers := p.providers(fn)
	if !p.settled(fn, providers) {
		return false
	}
	works := false
	for _, f := range providers {
		works = works || f.Body() != nil && f.alone() && !p.standsIn(f)
	}
	return works
}

// alone reports whether the function neither waits, but for a lock, nor runs code that is
// not known, but to ask its arguments something.
func (f *Func) alone() bool {
	stirs := func(e Effect) bool {
		return (e.Kind.Blocks() || e.Kind == Dynamic || e.Kind == Spawn) && e.Certainty >= Missed
	}
	return !slices.ContainsFunc(f.Summary.Effects, stirs) && !slices.ContainsFunc(f.Summary.Uses, func(u Use) bool { return !f.asks(u) })
}

// asks reports whether a use is one of a parameter's methods that give an answer.
func (f *Func) asks(u Use) bool {
	params := f.Obj.Signature().Params()
	if u.Arg < 0 || u.Arg >= params.Len() {
		return false
	}
	obj, _, _ := types.LookupFieldOrMethod(params.At(u.Arg).Type(), true, f.Obj.Pkg(), u.Method)
	m, ok := obj.(*types.Func)
	return ok && answers(m.Signature())
}

// shared returns the effects of list whose kinds are in both, the better of each.
func shared(list, more []Effect, first bool) []Effect {
	if first {
		return more
	}
	var out []Effect
	for i := range list {
		if e := leading(more, list[i].Kind); e != nil {
			differ := list[i].Guard != e.Guard
			if better(&list[i], e) {
				e = &list[i]
			}
			out = append(out, *e)
			if differ {
				out[len(out)-1].Guard = 0
			}
		}
	}
	return out
}

// providers returns the methods of this package that implement the method of
// one of its exported interfaces; there may be others elsewhere.
func (p *pkg) providers(fn *types.Func) []*Func {
	if list, ok := p.provided[fn]; ok {
		return list
	}
	var list []*Func
	if n := named(fn.Signature().Recv().Type()); n != nil && fn.Pkg() == p.types && n.TypeParams() == nil {
		if iface, ok := n.Underlying().(*types.Interface); ok {
			list = p.methodsBehind(iface, fn)
		}
	}
	p.provided[fn] = list
	return list
}

// Providers returns the methods of this package behind that of an interface of it; others may
// implement it elsewhere.
func (r *Result) Providers(fn *types.Func) []*Func { return r.p.providers(fn) }

// exportRemote publishes what the methods of exported interfaces wait for, as far
// as this package can tell.
func (p *pkg) exportRemote() {
	for _, tn := range p.prog.Types() {
		if !tn.Exported() {
			continue
		}
		iface, ok := tn.Type().Underlying().(*types.Interface)
		if !ok {
			continue
		}
		for fn := range iface.ExplicitMethods() {
			if fn.Pkg() != p.types || p.marked[fn] != nil || !isInterfaceOf(fn, tn) {
				continue
			}
			s := &Summary{Effects: slices.Clone(p.behind(fn))}
			for i := range s.Effects {
				s.Effects[i].Chain = slices.Clone(s.Effects[i].Chain)
			}
			if len(s.Effects) == 0 && !requestShaped(fn) && p.doneHere(fn) {
				s.Mark = markDoneHere
			}
			if len(s.Effects) > 0 || s.Mark != 0 {
				p.locate(s)
				p.pass.ExportObjectFact(fn, s)
			}
		}
	}
}

// isInterfaceOf reports whether tn declares fn, rather than being defined as
// another interface that does.
func isInterfaceOf(fn *types.Func, tn *types.TypeName) bool {
	n := named(fn.Signature().Recv().Type())
	return n != nil && n.Obj() == tn
}

// answer are the types of package database/sql that a query gives, and nothing else.
var answer = []string{"Rows", "Row", "Result", "Stmt"}

// queries reports whether a method that is not known asks a database, as those of an
// interface over *sql.DB and *sql.Tx do: it returns an answer.
func queries(sig *types.Signature) bool {
	for v := range sig.Results().Variables() {
		t := named(v.Type())
		if t != nil && t.Obj().Pkg() != nil && t.Obj().Pkg().Path() == "database/sql" && slices.Contains(answer, t.Obj().Name()) {
			return true
		}
	}
	return false
}

// dials reports whether a function that is not known makes a connection: it
// returns one, and an error if there is none. One that is given a connection puts
// something around it.
func dials(sig *types.Signature) bool {
	if sig == nil || sig.Results().Len() != 2 || !isError(sig.Results().At(1).Type()) {
		return false
	}
	for v := range sig.Params().Variables() {
		if isConn(v.Type()) {
			return false
		}
	}
	return isConn(sig.Results().At(0).Type())
}

func isConn(t types.Type) bool {
	n := named(t)
	return n != nil && n.Obj().Name() == "Conn" && n.Obj().Pkg() != nil && n.Obj().Pkg().Path() == "net"
}
