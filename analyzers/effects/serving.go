package effects

import (
	"go/types"

	"github.com/concurlint/concurlint/analyzers/knowledge"
)

// Serves reports whether a function serves one request: it has what only the handlers
// of a server get, who answers it. Others of its kind run beside it. A request alone
// may be one that is to be sent.
func (r *Result) Serves(f *Func) bool {
	for _, field := range f.Type().Params.List {
		if r.OfServer(r.p.prog.TypeOf(field.Type)) {
			return true
		}
	}
	return false
}

// OfServer reports whether a type is that of the answer to an HTTP request, the server's side
// of a gRPC stream, or what a web framework gives its handlers: the request with its answer.
func (r *Result) OfServer(t types.Type) bool {
	if ptr, ok := types.Unalias(t).(*types.Pointer); ok {
		n, ok := types.Unalias(ptr.Elem()).(*types.Named)
		return ok && r.p.pairs(n)
	}
	n, ok := types.Unalias(t).(*types.Named)
	if !ok || n.Obj().Pkg() == nil {
		return false
	}
	if isHTTP(n, "ResponseWriter") {
		return true
	}
	if !types.IsInterface(n) {
		return false
	}
	obj, _, _ := types.LookupFieldOrMethod(n, true, nil, "SetTrailer")
	fn, ok := obj.(*types.Func)
	return ok && fn.Pkg() != nil && fn.Pkg().Path() == "google.golang.org/grpc" || r.p.pairs(n)
}

// pairs reports whether a type gives an HTTP request together with the answer to it, each by
// a field or by a method:
//
//	type Context struct { Request *http.Request; Writer ResponseWriter }
//	type Context interface { Request() *http.Request; Response() *Response }
func (p *pkg) pairs(n *types.Named) bool {
	pairs, asked := p.paired[n]
	if !asked {
		var request, answer bool
		gives(n, embeddedDepth, func(t types.Type) bool {
			request = request || isRequest(t)
			answer = answer || isAnswer(t)
			return request && answer
		})
		pairs = request && answer || n.Obj().Pkg() != nil && p.base != nil && p.base.Request(knowledge.Symbol{Path: n.Obj().Pkg().Path(), Name: n.Obj().Name()})
		p.paired[n] = pairs
	}
	return pairs
}

// embeddedDepth is how deep the fields of embedded structs are looked at.
const embeddedDepth = 2

// gives tells the types of the fields of t and of what its methods return that take nothing,
// until one is enough.
func gives(n *types.Named, depth int, enough func(types.Type) bool) {
	switch u := n.Underlying().(type) {
	case *types.Interface:
		for m := range u.Methods() {
			if t := returned(m); t != nil && enough(t) {
				return
			}
		}
		return
	case *types.Struct:
		for f := range u.Fields() {
			if enough(f.Type()) {
				return
			}
			if inner := named(f.Type()); f.Embedded() && inner != nil && depth > 0 {
				gives(inner, depth-1, enough)
			}
		}
	}
	for m := range n.Methods() {
		if t := returned(m); t != nil && enough(t) {
			return
		}
	}
}

// returned is what a method returns that takes nothing, or nil.
func returned(m *types.Func) types.Type {
	sig := m.Signature()
	if sig.Params().Len() > 0 || sig.Results().Len() != 1 {
		return nil
	}
	return sig.Results().At(0).Type()
}

// isAnswer reports whether a type does what an http.ResponseWriter does.
func isAnswer(t types.Type) bool {
	if named(t) == nil {
		return false
	}
	header, _, _ := types.LookupFieldOrMethod(t, true, nil, "Header")
	status, _, _ := types.LookupFieldOrMethod(t, true, nil, "WriteHeader")
	h, ok := header.(*types.Func)
	_, writes := status.(*types.Func)
	return ok && writes && returned(h) != nil && isHTTP(returned(h), "Header")
}
