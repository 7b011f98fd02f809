package placement

import (
	"go/ast"
	"go/types"
	"slices"
	"strings"
	"unicode"

	"github.com/concurlint/concurlint/analyzers/effects"
)

// few are things that a program is configured with or a protocol is built
// from: there are a handful of them, and each is meant to have its goroutine.
var few = []string{
	"listener", "receiver", "provider", "server", "plugin", "input", "output", "service", "collector", "exporter", "handler",
	"module", "component", "controller", "manager", "runner", "sink", "source", "backend", "driver", "adapter", "hook",
	"notifier", "notifiee", "subsystem", "worker", "replica", "peer", "member", "shard", "partition", "disk", "drive", "device",
	"zone", "region", "interface", "iface", "addr", "address", "core", "cpu", "stage", "step", "check", "checker", "callback",
	"func", "fn", "observer", "processor", "consumer", "producer", "daemon", "agent", "signal", "loader", "middleware",
	"namespace", "ns", "queue", "loop", "discoverer", "detector", "watcher", "informer", "reflector", "syncer", "router", "proxy",
	"remote", "route", "gateway", "endpoint", "upstream", "seed", "bootnode", "host", "node", "sandbox", "locality", "version", "network",
	"change", "diff", "delta", "mismatch", "drift", // departures from how things should be, which are seldom many
}

// fewName reports whether the last word of a name is that of such a thing.
func fewName(name string) bool {
	for _, kind := range []string{"Map", "List", "Set", "Slice"} {
		name = strings.TrimSuffix(name, kind) // hosts of hostMap
	}
	word := lastWord(name)
	return slices.Contains(few, word) || slices.Contains(few, singular(word))
}

// few returns the signal that the collection x of type t is seldom large, or "".
func (p *placer) few(f *effects.Func, x ast.Expr, t types.Type) string {
	switch {
	case p.spelledOut(x):
		return "fanout.spelled-out"
	case configured(p.info, x):
		return "fanout.configured"
	case fewName(lastName(x)), fewName(elemName(t)), fewName(keyName(t)), p.namedFew(f, x):
		return "fanout.few-by-name"
	}
	return ""
}

// namedFew reports whether a local is made, once, from something with such a
// name: eps := c.Endpoints().
func (p *placer) namedFew(f *effects.Func, e ast.Expr) bool {
	v := p.fx.Variable(e)
	if v == nil || v.IsField() || v.Parent() == p.pass.Pkg.Scope() {
		return false
	}
	few, times := false, 0
	ast.Inspect(f.Body(), func(n ast.Node) bool {
		a, ok := n.(*ast.AssignStmt)
		if !ok {
			return true
		}
		for i, l := range a.Lhs {
			if p.fx.Variable(l) != v {
				continue
			}
			times++
			few = i < len(a.Rhs) && fewName(lastName(a.Rhs[i]))
		}
		return true
	})
	return few && times == 1
}

// countsFew returns the signal that a call is told how many there are of such
// things: ForEachJob(ctx, len(addresses), …).
func countsFew(c *ast.CallExpr) string {
	for _, a := range c.Args {
		n, ok := ast.Unparen(a).(*ast.CallExpr)
		if ok && calledName(n) == "len" && len(n.Args) == 1 && fewName(lastName(n.Args[0])) {
			return "fanout.few-by-name"
		}
	}
	return ""
}

// configured reports whether e is a part of what a program is configured with,
// which people write: opts.Cluster.Accounts.
func configured(info *types.Info, e ast.Expr) bool {
	for {
		sel, ok := ast.Unparen(e).(*ast.SelectorExpr)
		if !ok {
			return false
		}
		e = sel.X
		if slices.Contains(settingsNames, lastWord(lastName(e))) || slices.Contains(settingsNames, lastWord(typeName(info.TypeOf(e)))) {
			return true
		}
	}
}

// settingsNames are the words for what a program is configured with.
var settingsNames = []string{"cfg", "conf", "config", "configuration", "opt", "opts", "options", "settings", "flags"}

// lastWord returns the last word of a camel-case name in lower case.
func lastWord(name string) string {
	runes := []rune(strings.TrimRight(name, "_0123456789"))
	for i := len(runes) - 1; i > 0; i-- {
		if runes[i] == '_' {
			return strings.ToLower(string(runes[i+1:]))
		}
		if unicode.IsUpper(runes[i]) && unicode.IsLower(runes[i-1]) {
			return strings.ToLower(string(runes[i:]))
		}
	}
	return strings.ToLower(string(runes))
}

func singular(word string) string {
	for _, s := range []struct{ plural, one string }{{"proxies", "proxy"}, {"addresses", "address"}, {"ies", "y"}, {"xes", "x"}, {"sses", "ss"}} {
		if stem, ok := strings.CutSuffix(word, s.plural); ok {
			return stem + s.one
		}
	}
	return strings.TrimSuffix(word, "s")
}

// lastName is the name under which a collection is known: servers of s.servers
// and of s.listServers().
func lastName(e ast.Expr) string {
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return e.Sel.Name
	case *ast.CallExpr:
		return calledName(e)
	case *ast.IndexExpr:
		return lastName(e.X)
	case *ast.SliceExpr:
		return lastName(e.X)
	case *ast.StarExpr:
		return lastName(e.X)
	}
	return ""
}

// elemName is the name of the type of a collection's elements.
func elemName(t types.Type) string {
	c, ok := t.(interface{ Elem() types.Type })
	if !ok {
		return ""
	}
	if _, ok := c.Elem().Underlying().(*types.Signature); ok {
		return "func"
	}
	return typeName(c.Elem())
}

// keyName is the name of the type of a map's keys.
func keyName(t types.Type) string {
	m, ok := t.(*types.Map)
	if !ok {
		return ""
	}
	return typeName(m.Key())
}

// typeName is the name of a type, or of what it points to.
func typeName(t types.Type) string {
	if t == nil {
		return ""
	}
	t = types.Unalias(t)
	if ptr, ok := t.(*types.Pointer); ok {
		t = types.Unalias(ptr.Elem())
	}
	if n, ok := t.(*types.Named); ok {
		return n.Obj().Name()
	}
	return ""
}
