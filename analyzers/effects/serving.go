package effects

import "go/types"

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

// OfServer reports whether a type is that of the answer to an HTTP request, or the
// server's side of a gRPC stream.
func (r *Result) OfServer(t types.Type) bool {
	n, ok := types.Unalias(t).(*types.Named)
	if !ok || n.Obj().Pkg() == nil {
		return false
	}
	if n.Obj().Pkg().Path() == "net/http" && n.Obj().Name() == "ResponseWriter" {
		return true
	}
	if !types.IsInterface(n) {
		return false
	}
	obj, _, _ := types.LookupFieldOrMethod(n, true, nil, "SetTrailer")
	fn, ok := obj.(*types.Func)
	return ok && fn.Pkg() != nil && fn.Pkg().Path() == "google.golang.org/grpc"
}
