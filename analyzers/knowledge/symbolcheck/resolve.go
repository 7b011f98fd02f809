package symbolcheck

import (
	"fmt"
	"go/types"
	"strings"
)

// resolve finds the object of a symbol: nil without an error for a pattern. A
// path's last element may hold dots itself (gopkg.in/yaml.v3, nats.go), so each
// dot is tried as the end of the path.
func resolve(symbol string, find Finder) (types.Object, error) {
	dir := symbol[:strings.LastIndexByte(symbol, '/')+1]
	parts := strings.Split(symbol[len(dir):], ".")
	for n := 1; n < len(parts); n++ {
		path := dir + strings.Join(parts[:n], ".")
		pkg := find(path)
		if pkg == nil {
			continue
		}
		switch names := parts[n:]; len(names) {
		case 1:
			return resolveName(pkg, names[0])
		case 2:
			return resolveMember(pkg, names[0], names[1])
		}
		return nil, fmt.Errorf("too many names after %s", path)
	}
	return nil, fmt.Errorf("no such package")
}

func resolveName(pkg *types.Package, name string) (types.Object, error) {
	if name == "*" {
		return nil, nil
	}
	if obj := pkg.Scope().Lookup(name); obj != nil {
		return obj, nil
	}
	return nil, fmt.Errorf("no %s in %s", name, pkg.Path())
}

// resolveMember finds a method, declared or promoted, or a field. Export data
// need not list unexported types, which the promoted methods of an exported
// one still show.
func resolveMember(pkg *types.Package, typ, name string) (types.Object, error) {
	if tn, ok := pkg.Scope().Lookup(typ).(*types.TypeName); ok {
		if name == "*" {
			return nil, nil
		}
		obj, _, _ := types.LookupFieldOrMethod(tn.Type(), true, pkg, name)
		if obj == nil {
			return nil, fmt.Errorf("no method or field %s in %s", name, typ)
		}
		return obj, nil
	}
	for _, exported := range pkg.Scope().Names() {
		tn, ok := pkg.Scope().Lookup(exported).(*types.TypeName)
		if !ok {
			continue
		}
		obj, _, _ := types.LookupFieldOrMethod(tn.Type(), true, pkg, name)
		if fn, ok := obj.(*types.Func); ok && receiver(fn) == typ {
			return fn, nil
		}
	}
	return nil, fmt.Errorf("no type %s in %s, and no type there promotes its %s", typ, pkg.Path(), name)
}

// receiver returns the name of the type that declares the method.
func receiver(fn *types.Func) string {
	recv := fn.Signature().Recv()
	if recv == nil {
		return ""
	}
	t := types.Unalias(recv.Type())
	if p, ok := t.(*types.Pointer); ok {
		t = types.Unalias(p.Elem())
	}
	if named, ok := t.(*types.Named); ok {
		return named.Obj().Name()
	}
	return ""
}

// checkSibling reports whether the method's receiver has a method or field of
// that name.
func checkSibling(fn *types.Func, name string) error {
	recv := fn.Signature().Recv()
	if recv == nil {
		return fmt.Errorf("%s is not a method", fn.Name())
	}
	if obj, _, _ := types.LookupFieldOrMethod(recv.Type(), true, fn.Pkg(), name); obj == nil {
		return fmt.Errorf("no method or field %s in %s", name, receiver(fn))
	}
	return nil
}
