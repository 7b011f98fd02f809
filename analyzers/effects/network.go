package effects

import (
	"go/ast"
	"go/constant"
	"go/token"
	"strings"
)

// This file tells networks apart on which a call waits for a far end from those where it
// waits for the kernel of this machine.

// near reports whether argument n names a network of this machine alone, on which to connect
// waits for nobody.
func (ev *evaluator) near(n int, c *call) bool {
	return n >= 0 && n < len(c.expr.Args) && strings.HasPrefix(ev.p.network(c.expr.Args[n]), "unix")
}

// datagrams reports whether argument n names a network on which connecting sends
// nothing.
func (ev *evaluator) datagrams(n int, c *call) bool {
	return n >= 0 && n < len(c.expr.Args) && ofPackets(ev.p.network(c.expr.Args[n]))
}

func ofPackets(network string) bool {
	return strings.HasPrefix(network, "udp") || strings.HasPrefix(network, "ip") || network == "unixgram"
}

// network returns the network that an expression names, "" for one that is not known: a
// constant, or the field of an address that is written out.
func (p *pkg) network(e ast.Expr) string {
	if v := p.info.Types[e].Value; v != nil && v.Kind() == constant.String {
		return constant.StringVal(v)
	}
	sel, ok := ast.Unparen(e).(*ast.SelectorExpr)
	if !ok {
		return ""
	}
	lit, ok := p.onlyValue(sel.X).(*ast.CompositeLit)
	if !ok {
		return ""
	}
	for _, el := range lit.Elts {
		kv, ok := el.(*ast.KeyValueExpr)
		if !ok {
			continue
		}
		if id, ok := kv.Key.(*ast.Ident); ok && p.info.Uses[id] == p.info.Uses[sel.Sel] {
			if v := p.info.Types[kv.Value].Value; v != nil && v.Kind() == constant.String {
				return constant.StringVal(v)
			}
		}
	}
	return ""
}

// onlyValue follows a variable or field that is set to one thing alone to that, without the
// operator that takes its address; nil for others.
func (p *pkg) onlyValue(e ast.Expr) ast.Expr {
	for range maxDepth {
		v := p.prog.Variable(e)
		if v == nil {
			break
		}
		d := p.defs[v.Origin()]
		if d == nil || d.unknown || len(d.values) != 1 {
			return nil
		}
		e = ast.Unparen(d.values[0])
		if u, ok := e.(*ast.UnaryExpr); ok && u.Op == token.AND {
			e = ast.Unparen(u.X)
		}
	}
	return e
}

// sends reports whether a call writes to a connection that was made on a network of packets.
func (ev *evaluator) sends(c *call) bool {
	if c.recv == nil || c.fn == nil || c.fn.Pkg() == nil || c.fn.Pkg().Path() != "net" || !strings.HasPrefix(c.fn.Name(), "Write") {
		return false
	}
	made, ok := ev.p.onlyValue(c.recv).(*ast.CallExpr)
	if !ok {
		return false
	}
	fn := ev.p.calleeOf(made)
	if fn == nil {
		return false
	}
	k := ev.p.known(fn)
	if k == nil || k.effect == nil || k.effect.Network < 0 || k.effect.Network >= len(made.Args) {
		return false
	}
	return ofPackets(ev.p.network(made.Args[k.effect.Network]))
}
