package locks

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"github.com/concurlint/concurlint/analyzers/effects"
	"github.com/concurlint/concurlint/analyzers/module"
	"github.com/concurlint/concurlint/analyzers/placement"
	"github.com/concurlint/concurlint/analyzers/program"
)

// A teller works out what one package says.
type teller struct {
	*Result
	fx      *effects.Result
	prog    *program.Program
	regions []*placement.Region
	solver  *solver
	users   map[*types.Var]*users // by lock
	facts   map[types.Object]*Dealings
	hosting map[string]bool               // names of locks under which something of others is called
	keeping map[string]bool               // names of places where others leave something
	through map[*types.Func][]*types.Func // methods of interfaces by which others give something to be run under locks, with those behind
	reach   *effects.Reach                // nil until asked
	flags   map[string][]program.Flag     // see readFlags; nil until asked
}

// tell works the facts out. What a library runs under none of its locks is its own
// affair, and so is what it takes then: nobody waits for anybody.
func (t *teller) tell() {
	library := module.Dependency(t.pass)
	if library && len(t.regions) == 0 {
		return
	}
	var below []*effects.Func
	for _, r := range t.regions {
		for _, h := range r.Held {
			below = append(below, t.solver.callees(r.Func, h.Op)...)
		}
	}
	t.solver.solve(below)
	t.readUsers()
	for _, r := range t.regions {
		t.region(r)
	}
	if library && len(t.facts) == 0 {
		return
	}
	t.solver.solve(t.fx.Funcs())
	for _, f := range t.fx.Funcs() {
		if t.tellsOf(f) {
			t.runs(f)
		}
	}
	for _, f := range t.fx.Funcs() {
		if t.tellsOf(f) {
			t.function(f)
		}
	}
	t.among()
	for _, d := range t.facts {
		d.settle()
		d.rename(within(t.pass.Pkg.Path()))
	}
}

func (t *teller) tellsOf(f *effects.Func) bool {
	return f.Obj != nil && f.Body() != nil && t.callable(f.Obj)
}

// callable reports whether other packages can call a function by its name.
func (t *teller) callable(fn *types.Func) bool {
	if t.reach == nil {
		t.reach = effects.ReachOf(t.pass.Pkg)
	}
	return t.reach.Calls(fn)
}

// runs says of all that f calls under no lock who gives it.
func (t *teller) runs(f *effects.Func) {
	for p := range t.solver.known[f].runs {
		t.given(p, nil)
	}
}

// function says where f calls what others have left, and which locks it takes: of both
// what others have to do with, which is known by now.
func (t *teller) function(f *effects.Func) {
	for p := range t.solver.known[f].runs {
		if name := t.Name(p.v); t.keeping[name] && t.keepsMany(p) {
			d := t.fact(f.Obj)
			d.Runs = append(d.Runs, Run{name, p.in})
		}
	}
	for l, read := range t.solver.known[f].takes {
		if t.concerns(l.name) && t.comesBack(f, l.name) {
			d := t.fact(f.Obj)
			d.Takes = append(d.Takes, Taken{Lock{l.name, l.in, read}, l.of})
		}
	}
}

// concerns reports whether others can hold a lock, or run under it: one of this package
// that nobody else can name, and that hosts nobody, is its own affair.
func (t *teller) concerns(lock string) bool {
	own, ok := strings.CutPrefix(lock, t.pass.Pkg.Path()+".")
	if !ok || strings.Contains(own, "/") || t.hosting[lock] {
		return true
	}
	return !slices.ContainsFunc(strings.Split(own, "."), func(s string) bool { return !token.IsExported(s) })
}

func (t *teller) fact(obj types.Object) *Dealings {
	if t.facts[obj] == nil {
		t.facts[obj] = new(Dealings)
	}
	return t.facts[obj]
}

// keepsMany reports whether a place has what its users leave there, rather than a part
// that the package is put together with: a function, or one of many listeners.
func (t *teller) keepsMany(p place) bool {
	if p.method == "" {
		return true
	}
	switch p.v.Type().Underlying().(type) {
	case *types.Slice, *types.Map, *types.Array:
		return true
	}
	return false
}

// region says of all that is called under a lock who gives it, and to whom.
func (t *teller) region(r *placement.Region) {
	name := t.Name(r.Lock)
	if name == "" || r.Local || r.Sometimes {
		return
	}
	for _, h := range r.Held {
		for p := range t.solver.at(r.Func, h.Op) {
			hold := Hold{Lock: Lock{Name: name, Read: r.Read}, By: who(r.Func), On: p.in, Wanted: t.wanted(r), Maker: t.ofConstructor(r)}
			t.given(p, []Hold{hold})
		}
	}
}

// given publishes that what p holds is called, under the locks, to those who can give it.
func (t *teller) given(p place, under []Hold) {
	g := Given{Arg: -1, Method: p.method, Place: t.Name(p.v), Under: under}
	for _, v := range t.prog.Held(p.v) {
		if v.From == nil || v.From.Pkg() != t.pass.Pkg {
			continue
		}
		if v.From.IsField() || v.From.Parent() == v.From.Pkg().Scope() {
			if v.From.Exported() {
				t.publish(v.From.Origin(), g)
			}
			continue
		}
		fn, i, ok := t.prog.Parameter(v.From)
		if !ok || under == nil && p.v == v.From {
			continue
		}
		g.Arg = i
		if t.callable(fn) {
			t.publish(fn, g)
		}
		for _, m := range t.prog.Interfaces(fn) {
			t.behind(m, fn, g)
		}
		g.Arg = -1
	}
}

func (t *teller) publish(obj types.Object, g Given) {
	t.fact(obj).add(g)
	for _, h := range g.Under {
		t.hosting[h.Name] = true
	}
	if g.Place != "" {
		t.keeping[g.Place] = true
	}
}

// ofConstructor reports whether a region is in a literal of the function that makes the value
// whose lock it takes.
func (t *teller) ofConstructor(r *placement.Region) bool {
	outer := r.Func.Outer()
	c, ok := r.Acquire.Node.(*ast.CallExpr)
	if r.Func.Lit == nil || outer.Obj == nil || outer.Obj.Signature().Recv() != nil || !r.Lock.IsField() || !ok {
		return false
	}
	owner := t.prog.Root(c.Fun)
	return owner != nil && outer.Node().Pos() <= owner.Pos() && owner.Pos() < outer.Node().End() && !outer.HasParam(owner)
}

func who(f *effects.Func) string {
	if obj := f.Outer().Obj; obj != nil {
		return effects.DisplayName(obj, nil)
	}
	return "a function literal"
}
