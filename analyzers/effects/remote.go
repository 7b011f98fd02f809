package effects

import (
	"go/types"
	"slices"
	"strings"
)

// This file decides which interface methods without a known body wait on the
// network, from what is behind the interface or from what the method returns.

// remoteEffect is what a call of the interface method fn waits for, where the
// package that declares the interface also has implementations, and all of them
// that do the work themselves wait on the network. Decorators, which call the
// same interface again, have no say.
func (p *pkg) remoteEffect(fn *types.Func) (Effect, bool) {
	if !requestShaped(fn) || generatedClient(fn) {
		return Effect{}, false
	}
	var best *Effect
	for _, f := range p.providers(fn) {
		e := f.Summary.Effect(Net)
		switch {
		case e == nil || e.Certainty < Missed:
			return Effect{}, false
		case e.Is(Hint):
			continue
		}
		if best == nil || better(e, best) {
			best = e
		}
	}
	if best == nil {
		return Effect{}, false
	}
	return Effect{Kind: Net, Certainty: min(Usually, best.Certainty), Root: RootRecv, Label: best.Label, Chain: best.Chain}, true
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

// exportRemote publishes the methods of exported interfaces that wait on the
// network as far as this package can tell.
func (p *pkg) exportRemote() {
	scope := p.types.Scope()
	for _, name := range scope.Names() {
		tn, ok := scope.Lookup(name).(*types.TypeName)
		if !ok || tn.IsAlias() || !tn.Exported() {
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
			if e, ok := p.remoteEffect(fn); ok {
				e.Chain = slices.Clone(e.Chain)
				s := &Summary{Effects: []Effect{e}}
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

// dials reports whether a function of this name and type makes a connection.
func dials(name string, sig *types.Signature) bool {
	if sig == nil || sig.Results().Len() == 0 || !strings.Contains(strings.ToLower(name), "dial") {
		return false
	}
	t := named(sig.Results().At(0).Type())
	return t != nil && t.Obj().Name() == "Conn" && t.Obj().Pkg() != nil && t.Obj().Pkg().Path() == "net"
}
