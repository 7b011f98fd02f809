package effects

import "go/types"

// A Reach is the types, its own and those of other packages, that somebody can get
// hold of who imports a package: results of its functions, fields, and so on from
// those. Nobody who cannot get hold of a value calls its methods.
type Reach struct {
	types map[string]map[string]bool // by package path: names
	seen  map[types.Type]bool
}

// ReachOf works out the reach of a package.
func ReachOf(pkg *types.Package) *Reach {
	r := &Reach{types: make(map[string]map[string]bool), seen: make(map[types.Type]bool)}
	scope := pkg.Scope()
	for _, name := range scope.Names() {
		if obj := scope.Lookup(name); obj.Exported() {
			r.add(obj.Type())
		}
	}
	return r
}

// Calls reports whether somebody who imports the package can call a method by its
// name; a function is called by its own.
func (r *Reach) Calls(fn *types.Func) bool {
	if !fn.Exported() {
		return false
	}
	recv := fn.Signature().Recv()
	if recv == nil {
		return true
	}
	t := types.Unalias(recv.Type())
	if p, ok := t.(*types.Pointer); ok {
		t = types.Unalias(p.Elem())
	}
	n, ok := t.(*types.Named)
	return ok && n.Obj().Pkg() != nil && r.types[n.Obj().Pkg().Path()][n.Obj().Name()]
}

func (r *Reach) add(t types.Type) {
	t = types.Unalias(t)
	if _, basic := t.(*types.Basic); basic || r.seen[t] {
		return
	}
	r.seen[t] = true
	switch t := t.(type) {
	case *types.Named:
		r.named(t)
	case *types.Signature:
		r.tuple(t.Params())
		r.tuple(t.Results())
	case *types.Map:
		r.add(t.Key())
		r.add(t.Elem())
	case interface{ Elem() types.Type }: // pointers, slices, arrays, channels
		r.add(t.Elem())
	case *types.Struct:
		for f := range t.Fields() {
			if f.Exported() || f.Embedded() {
				r.add(f.Type())
			}
		}
	case *types.Interface:
		for m := range t.ExplicitMethods() {
			r.add(m.Type())
		}
		for e := range t.EmbeddedTypes() {
			r.add(e)
		}
	case *types.TypeParam:
		r.add(t.Constraint())
	case *types.Union:
		for term := range t.Terms() {
			r.add(term.Type())
		}
	}
}

func (r *Reach) tuple(list *types.Tuple) {
	for v := range list.Variables() {
		r.add(v.Type())
	}
}

func (r *Reach) named(t *types.Named) {
	for a := range t.TypeArgs().Types() {
		r.add(a)
	}
	if o := t.Origin(); o != t {
		r.add(o)
		return
	}
	if pkg := t.Obj().Pkg(); pkg != nil {
		names := r.types[pkg.Path()]
		if names == nil {
			names = make(map[string]bool)
			r.types[pkg.Path()] = names
		}
		names[t.Obj().Name()] = true
	}
	r.add(t.Underlying())
	for m := range t.Methods() {
		if m.Exported() {
			r.add(m.Type())
		}
	}
}
