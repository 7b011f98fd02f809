package placement

import (
	"go/ast"
	"go/types"
	"slices"

	"github.com/concurlint/concurlint/analyzers/effects"
	"github.com/concurlint/concurlint/analyzers/module"
)

// entered says what comes in where a function hands over once and returns without
// waiting: a request to a server, a message. Nothing then bounds the tasks: who
// calls the function has its answer and calls again.
func (p *placer) entered(s *Site) (Event, string) {
	f := s.Func
	for f.Lit != nil {
		parent, call, _ := p.fx.Invocation(f)
		if call == nil {
			break
		}
		f = parent
	}
	event, of := p.handler(s, f)
	if event == NoEvent || p.keepsConn(s) || p.collected(s) {
		return NoEvent, ""
	}
	return event, of
}

// handler says for what a function is called from outside, by its parameters.
func (p *placer) handler(s *Site, f *effects.Func) (Event, string) {
	sig := p.signatureOf(f)
	if sig == nil {
		return NoEvent, ""
	}
	for v := range sig.Params().Variables() {
		if p.isMessage(v.Type()) && p.mentions(s.Op.Node, p.derivedFrom(f, v)) {
			return Requested, "the messages"
		}
	}
	writer, request := p.exchanges(f)
	if request && (writer || p.helps(f)) {
		return Requested, "the requests"
	}
	return NoEvent, ""
}

// exchanges reports whether a function is given the request to a server, and the writer
// of its answer.
func (p *placer) exchanges(f *effects.Func) (writer, request bool) {
	sig := p.signatureOf(f)
	if sig == nil {
		return false, false
	}
	for v := range sig.Params().Variables() {
		w, r := p.exchangeOf(v.Type())
		writer, request = writer || w, request || r
	}
	return writer, request
}

// helps reports whether a handler calls a function that is given a request alone: then
// it runs for each that comes in.
func (p *placer) helps(f *effects.Func) bool {
	if f.Obj == nil {
		return false
	}
	return slices.ContainsFunc(p.prog.Calls(f.Obj), func(c *ast.CallExpr) bool {
		return slices.ContainsFunc(p.handlers(), func(g *effects.Func) bool { return g != f && contains(g.Body(), c) })
	})
}

// handlers returns the functions that are given a request and the writer of its answer.
func (p *placer) handlers() []*effects.Func {
	if p.serving == nil {
		p.serving = slices.DeleteFunc(slices.Clone(p.fx.Funcs()), func(f *effects.Func) bool {
			writer, request := p.exchanges(f)
			return f.Body() == nil || !writer || !request
		})
	}
	return p.serving
}

// exchangeOf reports whether a parameter is a request to a server, the writer of its
// answer, or what a framework hands over in place of both: a value that has the request
// and the writer in fields, or gives them.
func (p *placer) exchangeOf(t types.Type) (writer, request bool) {
	writer, request = isWriter(t), isRequest(t)
	n, ok := types.Unalias(deref(t)).(*types.Named)
	if writer || request || !ok || n.Obj().Pkg() == nil || module.Home(p.pass, n.Obj().Pkg()) {
		return writer, request
	}
	both, known := p.frames[n]
	if !known {
		if p.frames == nil {
			p.frames = make(map[*types.Named]bool)
		}
		both = holdsExchange(n, t)
		p.frames[n] = both
	}
	return both, both
}

// holdsExchange reports whether values of a named type have a request and the writer of
// its answer in fields, or give them by methods of t.
func holdsExchange(n *types.Named, t types.Type) bool {
	var writer, request bool
	if st, ok := n.Underlying().(*types.Struct); ok {
		for f := range st.Fields() {
			if f.Exported() {
				writer, request = writer || isWriter(f.Type()), request || isRequest(f.Type())
			}
		}
	}
	set := types.NewMethodSet(t)
	for i := range set.Len() {
		sig := set.At(i).Type().(*types.Signature)
		if set.At(i).Obj().Exported() && sig.Params().Len() == 0 && sig.Results().Len() == 1 {
			writer, request = writer || isWriter(sig.Results().At(0).Type()), request || isRequest(sig.Results().At(0).Type())
		}
	}
	return writer && request
}

func isRequest(t types.Type) bool { return isNamed(deref(t), "net/http", "Request") }

// isWriter reports whether values of the type do what an http.ResponseWriter does.
func isWriter(t types.Type) bool {
	if isNamed(t, "net/http", "ResponseWriter") {
		return true
	}
	obj, _, _ := types.LookupFieldOrMethod(t, true, nil, "WriteHeader")
	fn, ok := obj.(*types.Func)
	if !ok {
		return false
	}
	params := fn.Signature().Params()
	header, _, _ := types.LookupFieldOrMethod(t, true, nil, "Header")
	h, ok := header.(*types.Func)
	return ok && params.Len() == 1 && isInteger(params.At(0).Type()) && h.Signature().Results().Len() == 1 && isNamed(h.Signature().Results().At(0).Type(), "net/http", "Header")
}

func (p *placer) signatureOf(f *effects.Func) *types.Signature {
	if f.Lit != nil {
		sig, _ := p.info.TypeOf(f.Lit).(*types.Signature)
		return sig
	}
	if f.Obj == nil {
		return nil
	}
	return f.Obj.Signature()
}

// isMessage reports whether a type of a library stands for something delivered,
// which its receiver confirms.
func (p *placer) isMessage(t types.Type) bool {
	n, ok := types.Unalias(deref(t)).(*types.Named)
	if !ok || n.Obj().Pkg() == nil || module.Home(p.pass, n.Obj().Pkg()) {
		return false
	}
	return slices.ContainsFunc(confirming, func(name string) bool {
		obj, _, _ := types.LookupFieldOrMethod(types.NewPointer(n), true, n.Obj().Pkg(), name)
		if types.IsInterface(n) {
			obj, _, _ = types.LookupFieldOrMethod(n, true, n.Obj().Pkg(), name)
		}
		_, ok := obj.(*types.Func)
		return ok
	})
}

// confirming are the methods by which messages of brokers are confirmed.
var confirming = []string{"Ack", "Nack", "Finish", "Respond"}

// keepsConn reports whether what is handed over works on a connection, of which
// there is one task for as long as the peer keeps it.
func (p *placer) keepsConn(s *Site) bool {
	return p.anyVariable(s.Op.Node, func(v *types.Var) bool { return p.kindOf(v.Type()) == Connected })
}
