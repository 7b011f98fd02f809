package effects

import (
	"go/ast"
	"go/constant"
	"go/types"
	"net/netip"
	"slices"
	"strings"

	"github.com/concurlint/concurlint/analyzers/program"
)

// This file looks at the arguments that decide whether a call waits at all: a
// network, an address, a source in memory.

// given returns argument n of the call where it is there and not nil.
func (ev *evaluator) given(n int, c *call) ast.Expr {
	if n < 0 || n >= len(c.expr.Args) || isNil(c.expr.Args[n]) {
		return nil
	}
	return c.expr.Args[n]
}

// text returns argument n of the call if it is a constant string.
func (ev *evaluator) text(n int, c *call) (string, bool) {
	if n < 0 || n >= len(c.expr.Args) {
		return "", false
	}
	v := ev.p.info.Types[c.expr.Args[n]].Value
	if v == nil || v.Kind() != constant.String {
		return "", false
	}
	return constant.StringVal(v), true
}

// leastBuffer is what the smallest of the buffers takes that knowledge tells of, that
// of net/http before it decides on chunks (bufferBeforeChunkingSize).
const leastBuffer = 2048

// short reports whether all that a call writes is a constant which a buffer takes. Of
// many turns of a loop none is the last that fits.
func (ev *evaluator) short(c *call) bool {
	size := 0
	for _, a := range c.expr.Args {
		if conv, ok := ast.Unparen(a).(*ast.CallExpr); ok && len(conv.Args) == 1 && ev.p.info.Types[conv.Fun].IsType() {
			a = conv.Args[0] // []byte("…")
		}
		tv := ev.p.info.Types[a]
		switch {
		case tv.Value != nil:
			size += len(tv.Value.ExactString())
		case !types.IsInterface(tv.Type):
			return false // what it writes; an interface is what it writes to
		}
	}
	return 0 < size && size < leastBuffer && ev.op.Loop == nil
}

// local reports whether argument n is an address that nobody has to look up: one
// without the name of a host, or the one to listen on.
func (ev *evaluator) local(n int, c *call) bool {
	if n < 0 {
		return false
	}
	if n < len(c.expr.Args) && ev.p.numeric(ev.fn, c.expr.Args[n], 0) {
		return true
	}
	addr, ok := ev.text(n, c)
	if !ok {
		return ev.bound(c)
	}
	return hostless(addr)
}

// numeric reports whether an address is written from one in numbers, that of a socket
// or an IP: conn.LocalAddr().String(), net.JoinHostPort(ip.String(), port), or the host
// of one, by net.SplitHostPort, also where a function of the package writes it.
func (p *pkg) numeric(fn *Func, addr ast.Expr, depth int) bool {
	c, ok := p.local(fn, addr).(*ast.CallExpr)
	if !ok {
		return false
	}
	callee := p.calleeOf(c)
	if callee == nil || callee.Pkg() == nil {
		return false
	}
	if f := p.decls[callee]; f != nil && f.Body() != nil {
		return depth < maxDepth && p.writesNumbers(f, depth+1)
	}
	switch recv := callee.Signature().Recv(); {
	case callee.Pkg().Path() != "net" && callee.Pkg().Path() != "net/netip":
		return false
	case recv != nil && types.IsInterface(recv.Type()):
		return callee.Name() == "String" && p.ofSocket(fn, c)
	case recv != nil:
		return callee.Name() == "String"
	}
	return (callee.Name() == "JoinHostPort" || callee.Name() == "SplitHostPort") && p.numeric(fn, c.Args[0], depth)
}

// writesNumbers reports whether the first result of a function is such an address, or an empty
// one where it fails.
func (p *pkg) writesNumbers(f *Func, depth int) bool {
	returns := program.Returns(f.Body())
	return len(returns) > 0 && !slices.ContainsFunc(returns, func(r *ast.ReturnStmt) bool {
		if len(r.Results) == 0 {
			return true
		}
		v := p.info.Types[r.Results[0]].Value
		return !(v != nil && v.Kind() == constant.String && hostless(constant.StringVal(v))) && !p.numeric(f, r.Results[0], depth)
	})
}

// hostless reports whether an address is written without the name of a host.
func hostless(addr string) bool {
	host := addr
	if i := strings.LastIndexByte(addr, ':'); i >= 0 {
		host = strings.Trim(addr[:i], "[]")
	}
	_, err := netip.ParseAddr(host)
	return host == "" || err == nil || host == "localhost"
}

// ofSocket reports whether a method is called of the address of a socket: other addresses
// may be names.
func (p *pkg) ofSocket(in *Func, c *ast.CallExpr) bool {
	sel, ok := ast.Unparen(c.Fun).(*ast.SelectorExpr)
	if !ok {
		return false
	}
	of, ok := p.local(in, sel.X).(*ast.CallExpr)
	if !ok {
		return false
	}
	fn := p.calleeOf(of)
	return fn != nil && (fn.Name() == "LocalAddr" || fn.Name() == "RemoteAddr" || fn.Name() == "Addr")
}

// addressed returns the parameter of the function through which the call gets its
// address, argument n: whether that has to be looked up, only callers know.
func (ev *evaluator) addressed(n int, c *call) Root {
	if n < 0 || n >= len(c.expr.Args) {
		return RootNone
	}
	return ev.p.root(ev.fn, c.expr.Args[n])
}

// needless reports whether a look-up of a callee is of an address that the call
// gives it and that nobody has to look up.
func (ev *evaluator) needless(e *Effect, c *call) bool {
	return e.Label == "dns" && e.Root >= 0 && ev.local(int(e.Root), c)
}

// locals returns the arguments of a call that are addresses which nobody has to
// look up, as far as they are written there.
func (ev *evaluator) locals(c *call) Args {
	var list Args
	for n := range min(len(c.expr.Args), 8) {
		if host, ok := ev.text(n, c); ok && hostless(host) {
			list |= 1 << n
		}
	}
	return list
}

// bound reports whether the address that the call resolves is then listened on.
func (ev *evaluator) bound(c *call) bool {
	var addr *types.Var
	ast.Inspect(ev.fn.Body(), func(n ast.Node) bool {
		if n, ok := n.(*ast.AssignStmt); ok && len(n.Rhs) == 1 && ast.Unparen(n.Rhs[0]) == c.expr {
			addr = ev.p.prog.Variable(n.Lhs[0])
		}
		return addr == nil
	})
	return addr != nil && ev.p.listensOn(ev.fn.Body(), addr, 0)
}

// listensOn reports whether a body binds a socket to the address that a variable holds, itself
// or in a function of the package that it gives it to.
func (p *pkg) listensOn(body *ast.BlockStmt, addr *types.Var, depth int) bool {
	found := false
	ast.Inspect(body, func(n ast.Node) bool {
		c, ok := n.(*ast.CallExpr)
		if !ok || found {
			return !found
		}
		i := slices.IndexFunc(c.Args, func(a ast.Expr) bool { return p.prog.Variable(a) == addr })
		fn := p.calleeOf(c)
		if i < 0 || fn == nil || fn.Pkg() == nil {
			return true
		}
		if f := p.decls[fn]; f != nil && f.Body() != nil && i < fn.Signature().Params().Len() {
			found = depth < maxDepth && p.listensOn(f.Body(), fn.Signature().Params().At(i), depth+1)
			return !found
		}
		found = fn.Pkg().Path() == "net" && strings.HasPrefix(fn.Name(), "Listen")
		return !found
	})
	return found
}

// outgoing reports whether a request is one that this side sends: made here, or
// given to a function that answers it with a response, such as a transport. Its
// body is what the caller has, not what comes over the network.
func (p *pkg) outgoing(fn *Func, request ast.Expr) bool {
	v := p.prog.Variable(request)
	if v == nil {
		return false
	}
	for f := fn; f != nil; f = f.Parent {
		if _, ok := f.Param(v); ok {
			return p.responds(f)
		}
	}
	d := p.defs[v]
	if d == nil || len(d.values) == 0 {
		return false
	}
	c, ok := ast.Unparen(d.values[0]).(*ast.CallExpr)
	if !ok {
		return false
	}
	made := p.calleeOf(c)
	if !program.From(made, "net/http") {
		return false
	}
	if sel, ok := ast.Unparen(c.Fun).(*ast.SelectorExpr); ok && made.Signature().Recv() != nil {
		return p.prog.Variable(sel.X) != v && p.outgoing(fn, sel.X) // a clone
	}
	return true
}

// responds reports whether a function returns a response.
func (p *pkg) responds(f *Func) bool {
	if f.Type().Results == nil {
		return false
	}
	for _, r := range f.Type().Results.List {
		if isHTTP(p.prog.TypeOf(r.Type), "Response") {
			return true
		}
	}
	return false
}

func isRequest(t types.Type) bool { return isHTTP(t, "Request") }

func isHTTP(t types.Type, name string) bool {
	n := named(t)
	return n != nil && n.Obj().Name() == name && n.Obj().Pkg() != nil && n.Obj().Pkg().Path() == "net/http"
}
