package knowledge

import (
	"errors"
	"fmt"
	"go/types"
	"strconv"
	"strings"
)

// check reports what is wrong with l. Each of its claims must hold in one of
// the major versions.
func (lib *library) check(l line) error {
	symbol, param, _ := strings.Cut(l.symbol, "#")
	pkgs, names, err := lib.find(symbol)
	if err != nil {
		return err
	}
	var decls []decl
	for _, pkg := range pkgs {
		for _, obj := range members(pkg, names) {
			decls = append(decls, decl{pkg, names[0], obj})
		}
	}
	if len(decls) == 0 {
		return errors.New("does not exist")
	}
	if names[len(names)-1] == "*" {
		return nil
	}
	if param != "" {
		return anyOf(decls, func(d decl) error { return d.wantParam(param, isFunc) })
	}
	if l.verb == "loop" {
		return anyOf(decls, decl.wantFunc)
	}
	for _, word := range l.words {
		if err := anyOf(decls, func(d decl) error { return d.checkWord(word) }); err != nil {
			return fmt.Errorf("%s: %w", word, err)
		}
	}
	return nil
}

// A decl is what a symbol stands for in one major version; typ is the first of
// its names.
type decl struct {
	pkg *types.Package
	typ string
	obj types.Object
}

func anyOf(decls []decl, check func(decl) error) error {
	var errs []error
	for _, d := range decls {
		err := check(d)
		if err == nil {
			return nil
		}
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

// checkWord checks the words that speak of arguments and other members.
func (d decl) checkWord(word string) error {
	name, value, hasValue := strings.Cut(word, "=")
	switch name {
	case "ctx":
		for v := range signature(d.obj).Params().Variables() {
			if isNamed("context", "Context")(v.Type()) {
				return nil
			}
		}
		return errors.New("takes no context")
	case "const":
		return d.wantParam(value, isNamed("time", "Duration"))
	case "calls", "goes", "task":
		return d.wantParam(strings.TrimRight(value, "*?"), isFunc)
	case "io", "wraps":
		return d.wantParam(value, isAny)
	case "wait":
		if hasValue { // otherwise it is an effect
			return d.wantMember(value)
		}
	case "limit":
		kind, arg, _ := strings.Cut(value, ":")
		switch kind {
		case "arg":
			return d.wantParam(arg, isAny)
		case "set", "field":
			return d.wantMember(arg)
		case "new":
			fn, n, _ := strings.Cut(arg, "#")
			objs := members(d.pkg, []string{fn})
			if len(objs) == 0 {
				return errors.New("no such constructor")
			}
			return decl{d.pkg, "", objs[0]}.wantParam(n, isAny)
		}
	}
	return nil
}

func (d decl) wantMember(name string) error {
	typ := d.pkg.Scope().Lookup(d.typ).Type()
	if obj, _, _ := types.LookupFieldOrMethod(typ, true, d.pkg, name); obj == nil {
		return errors.New("no such member")
	}
	return nil
}

func (d decl) wantParam(pos string, ok func(types.Type) bool) error {
	if pos == "recv" {
		return nil
	}
	sig := signature(d.obj)
	n, err := strconv.Atoi(pos)
	if err != nil || n >= sig.Params().Len() {
		return fmt.Errorf("no argument %s in %s", pos, sig)
	}
	typ := sig.Params().At(n).Type()
	if s, isSlice := typ.(*types.Slice); isSlice {
		typ = s.Elem()
	}
	if !ok(typ) {
		return fmt.Errorf("argument %s is %s", pos, typ)
	}
	return nil
}

func (d decl) wantFunc() error {
	if !isFunc(d.obj.Type()) {
		return errors.New("is not a function")
	}
	return nil
}

func isAny(types.Type) bool { return true }

// isFunc takes types that are not known, and interfaces with one method such
// as a pool's Job, for functions.
func isFunc(t types.Type) bool {
	switch u := t.Underlying().(type) {
	case *types.Signature:
		return true
	case *types.Interface:
		return u.NumMethods() == 1 || u.IsMethodSet() == false
	case *types.Basic:
		return u.Kind() == types.Invalid
	}
	return false
}

func isNamed(path, name string) func(types.Type) bool {
	return func(t types.Type) bool {
		n, ok := types.Unalias(t).(*types.Named)
		return ok && n.Obj().Name() == name && n.Obj().Pkg().Path() == path
	}
}

func signature(obj types.Object) *types.Signature {
	if sig, ok := obj.Type().Underlying().(*types.Signature); ok {
		return sig
	}
	return new(types.Signature)
}

// members returns what names stands for: one object, or for a star any number.
// Methods count only at the type that declares them.
func members(pkg *types.Package, names []string) []types.Object {
	scope := pkg.Scope()
	if len(names) == 1 && names[0] == "*" {
		var objs []types.Object
		for _, name := range scope.Names() {
			objs = append(objs, scope.Lookup(name))
		}
		return objs
	}
	obj := scope.Lookup(names[0])
	if obj == nil || len(names) == 1 {
		return compact(obj)
	}
	if _, ok := obj.(*types.TypeName); !ok {
		return nil
	}
	var objs []types.Object
	if named, ok := types.Unalias(obj.Type()).(*types.Named); ok {
		for m := range named.Methods() {
			objs = append(objs, m)
		}
	}
	switch u := obj.Type().Underlying().(type) {
	case *types.Interface:
		for m := range u.ExplicitMethods() {
			objs = append(objs, m)
		}
	case *types.Struct:
		for f := range u.Fields() {
			objs = append(objs, f)
		}
	}
	if names[1] == "*" {
		return objs
	}
	for _, o := range objs {
		if o.Name() == names[1] {
			return []types.Object{o}
		}
	}
	return nil
}

func compact(obj types.Object) []types.Object {
	if obj == nil {
		return nil
	}
	return []types.Object{obj}
}
