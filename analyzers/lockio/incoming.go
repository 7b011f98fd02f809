package lockio

import (
	"go/ast"
	"go/types"

	"github.com/concurlint/concurlint/analyzers/effects"
)

// incoming reports whether the stream that a handler waits for is that of the request it
// serves: its body, its response, or a connection made of these. What somebody else answers
// to a request of the handler's own comes from no client.
//
//	resp, err := http.Get(upstream)
//	json.NewDecoder(resp.Body).Decode(&quote)
func (c *checker) incoming(h held) bool {
	if t := parameter(h.r.Func, int(h.e.Root), c.pass.TypesInfo); t != nil {
		return !isHTTP(t, "Response")
	} // a literal may wait for what a handler around it has
	served, answered := false, false
	c.sources(h.op.Node, 0, func(t types.Type) {
		served = served || c.res.Effects.OfServer(t) || isHTTP(t, "Request")
		answered = answered || isHTTP(t, "Response")
	})
	return served && !answered
}

// maxOrigins is how many variables a stream is followed through.
const maxOrigins = 3

// sources tells the types of the variables in an expression, and in what these are made of.
func (c *checker) sources(n ast.Node, depth int, tell func(types.Type)) {
	ast.Inspect(n, func(n ast.Node) bool {
		id, ok := n.(*ast.Ident)
		if !ok {
			_, lit := n.(*ast.FuncLit)
			return !lit
		}
		v, ok := c.pass.TypesInfo.Uses[id].(*types.Var)
		if !ok || v.IsField() {
			return true
		}
		tell(v.Type())
		if values, _ := c.res.Effects.Values(v); depth < maxOrigins {
			for _, value := range values {
				c.sources(value, depth+1, tell)
			}
		}
		return true
	})
}

func parameter(f *effects.Func, n int, info *types.Info) types.Type {
	var t types.Type
	if f.Obj != nil {
		t = f.Obj.Type()
	} else if f.Lit != nil {
		t = info.TypeOf(f.Lit)
	}
	sig, ok := t.(*types.Signature)
	if !ok || n < 0 || n >= sig.Params().Len() {
		return nil
	}
	return sig.Params().At(n).Type()
}

// isHTTP reports whether t is, or points to, a type of net/http of that name.
func isHTTP(t types.Type, name string) bool {
	if ptr, ok := types.Unalias(t).(*types.Pointer); ok {
		t = ptr.Elem()
	}
	n, ok := types.Unalias(t).(*types.Named)
	return ok && n.Obj().Pkg() != nil && n.Obj().Pkg().Path() == "net/http" && n.Obj().Name() == name
}
