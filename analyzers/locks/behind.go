package locks

import (
	"go/types"
	"slices"
	"strings"

	"github.com/concurlint/concurlint/analyzers/effects"
	"github.com/concurlint/concurlint/analyzers/program"
)

// This file tells of interfaces under whose methods some implementations hold a lock and
// others none, and who gives a value of those that do.

// behind publishes the same to those who give it by the method m of an interface, which does
// as fn where a value of fn's type is behind it.
func (t *teller) behind(m, fn *types.Func, g Given) {
	if g.Under = slices.Clone(g.Under); len(g.Under) > 0 {
		t.through[m] = append(t.through[m], fn)
	}
	for i := range g.Under {
		g.Under[i].Among = TypeName(fn.Signature().Recv().Type())
	}
	t.publish(m, g)
}

// among leaves with the holds that are those of some implementations of an interface alone
// of which. One that does nothing is a stand-in, and has no say.
func (t *teller) among() {
	owners := make(map[string]bool)
	for m, list := range t.through {
		several := slices.ContainsFunc(t.fx.Providers(m), func(f *effects.Func) bool {
			return f.Body() != nil && !t.fx.StandsIn(f) && !slices.Contains(list, f.Obj)
		})
		for _, g := range t.facts[m].Given {
			for i := range g.Under {
				if !several {
					g.Under[i].Among = ""
				}
				owners[g.Under[i].Among] = true
			}
		}
	}
	delete(owners, "")
	if len(owners) == 0 {
		return
	}
	for _, f := range t.fx.Funcs() {
		if t.tellsOf(f) {
			t.makes(f, owners)
		}
	}
}

// makes says of a function which of the types are behind the interfaces that it returns.
func (t *teller) makes(f *effects.Func, owners map[string]bool) {
	if !slices.ContainsFunc(slices.Collect(f.Obj.Signature().Results().Variables()), func(v *types.Var) bool { return types.IsInterface(v.Type()) }) {
		return
	}
	for _, r := range program.Returns(f.Body()) {
		for _, x := range r.Results {
			values := []program.Value{{Expr: x}}
			if types.IsInterface(t.pass.TypesInfo.TypeOf(x)) {
				values = t.prog.Values(x)
			}
			for _, v := range values {
				if v.Expr == nil {
					continue
				}
				if name := TypeName(t.pass.TypesInfo.TypeOf(v.Expr)); owners[name] {
					d := t.fact(f.Obj)
					d.Makes = append(d.Makes, name)
				}
			}
		}
	}
}

// TypeName names a type that a package declares, or the one that a pointer is to, as Among
// and Makes do; "" for another type.
func TypeName(t types.Type) string {
	n := program.NamedOf(t)
	if n == nil || n.Obj().Pkg() == nil {
		return ""
	}
	return n.Obj().Pkg().Path() + "." + n.Obj().Name()
}

// Instance names the instance of a generic type that a type is or points to, path.Type[args];
// "" for another type, and where it depends on that of the code around it. What a method of it
// takes or runs belongs to that instance, also where that lies in a value of another type.
func Instance(t types.Type) string {
	n := program.NamedOf(t)
	if n == nil || n.Obj().Pkg() == nil || n.TypeArgs().Len() == 0 || program.Parametric(n) {
		return ""
	}
	return types.TypeString(n, nil)
}

// Apart reports whether two instances, "" for any, are of one generic type and are not the same.
func Apart(a, b string) bool {
	if a == "" || b == "" || a == b {
		return false
	}
	generic, _, _ := strings.Cut(a, "[")
	return strings.HasPrefix(b, generic+"[")
}
