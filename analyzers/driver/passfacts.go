package driver

import (
	"go/types"
	"reflect"
	"slices"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/types/objectpath"
)

// A liveKey names a fact of the package that is analyzed.
type liveKey struct {
	obj types.Object
	typ reflect.Type
}

// A readKey names a fact of another package.
type readKey struct {
	Package string // id of an own package, or the import path of one outside
	Fact    factKey
}

func (u *unit) importObjectFact(obj types.Object, into analysis.Fact) bool {
	if obj == nil || obj.Pkg() == nil {
		return false
	}
	if obj.Pkg() == u.pkg {
		return set(into, u.live[liveKey{obj, reflect.TypeOf(into)}])
	}
	// As under the go command: of packages that are not imported directly, only
	// methods and fields have facts.
	if obj.Parent() == obj.Pkg().Scope() && !u.direct(obj.Pkg().Path()) {
		if _, isType := obj.(*types.TypeName); !isType {
			return false
		}
	}
	id := u.r.idOf(obj.Pkg())
	f := u.r.factsOf(id)
	if f == nil {
		return false
	}
	path, ok := u.names.of(obj)
	return ok && u.load(id, f, factKey{typeName(into), path}, into)
}

func (u *unit) importPackageFact(pkg *types.Package, into analysis.Fact) bool {
	if pkg == u.pkg {
		return set(into, u.live[liveKey{nil, reflect.TypeOf(into)}])
	}
	if !u.direct(pkg.Path()) {
		return false
	}
	id := u.r.idOf(pkg)
	f := u.r.factsOf(id)
	return f != nil && u.load(id, f, factKey{Type: typeName(into)}, into)
}

// load reads a fact of another package and remembers what was read.
func (u *unit) load(id string, f *facts, k factKey, into analysis.Fact) bool {
	u.reads[readKey{id, k}], _ = u.r.hashOf(id, k)
	return f.load(k, into)
}

func set(into, fact analysis.Fact) bool {
	if fact == nil {
		return false
	}
	reflect.ValueOf(into).Elem().Set(reflect.ValueOf(fact).Elem())
	return true
}

func (u *unit) direct(path string) bool {
	return slices.ContainsFunc(u.node.imports, func(m *node) bool { return m.path() == path })
}

func (u *unit) allObjectFacts(a *analysis.Analyzer) []analysis.ObjectFact {
	var list []analysis.ObjectFact
	u.allFacts(a, func(pkg *types.Package, path objectpath.Path, f analysis.Fact) {
		if path == "" {
			return
		}
		if obj, err := objectpath.Object(pkg, path); err == nil {
			list = append(list, analysis.ObjectFact{Object: obj, Fact: f})
		}
	})
	for k, f := range u.live {
		if k.obj != nil && produces(a, f) {
			list = append(list, analysis.ObjectFact{Object: k.obj, Fact: f})
		}
	}
	return list
}

func (u *unit) allPackageFacts(a *analysis.Analyzer) []analysis.PackageFact {
	var list []analysis.PackageFact
	u.allFacts(a, func(pkg *types.Package, path objectpath.Path, f analysis.Fact) {
		if path == "" {
			list = append(list, analysis.PackageFact{Package: pkg, Fact: f})
		}
	})
	for k, f := range u.live {
		if k.obj == nil && produces(a, f) {
			list = append(list, analysis.PackageFact{Package: u.pkg, Fact: f})
		}
	}
	return list
}

// allFacts yields the facts of the direct imports that are of a's types, in no
// order.
func (u *unit) allFacts(a *analysis.Analyzer, yield func(*types.Package, objectpath.Path, analysis.Fact)) {
	for _, imp := range u.pkg.Imports() {
		id := u.r.idOf(imp)
		f := u.r.factsOf(id)
		if f == nil {
			continue
		}
		for k := range f.Encoded {
			for _, t := range a.FactTypes {
				if typeName(t) != k.Type {
					continue
				}
				fact := reflect.New(reflect.TypeOf(t).Elem()).Interface().(analysis.Fact)
				if u.load(id, f, k, fact) {
					yield(imp, k.Object, fact)
				}
			}
		}
	}
}

func produces(a *analysis.Analyzer, f analysis.Fact) bool {
	return slices.ContainsFunc(a.FactTypes, func(t analysis.Fact) bool { return reflect.TypeOf(t) == reflect.TypeOf(f) })
}
