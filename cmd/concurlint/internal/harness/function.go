package harness

import (
	"fmt"
	"go/token"
	"go/types"
	"strings"

	"github.com/concurlint/concurlint/advisor/run"
)

// A Function is what is known of a function before it runs.
type Function struct {
	Name    string // package path and name
	Sig     string // as Go writes it
	In, Out string // types, for messages
	Format  string // of inputs, unless the user wants another
	Result  string // of results, likewise
	State   string // constructor of the per-worker state, empty for none
	Adapter string // function of package run

	pkg      *listed
	name     string
	sig      *types.Signature
	stateful bool
	newState string // adapter of the constructor
	in, out  types.Type
}

// A NotFoundError says that a package has no such function.
type NotFoundError struct {
	Name  Name
	Names []string // that it has
}

func (e *NotFoundError) Error() string {
	return fmt.Sprintf("no function %s in package %s", e.Name.Func, e.Name.Path)
}

// Supported says which functions can be run.
const Supported = `want func([context.Context,] [S,] T) [R,] [error]: T, and R, string, []byte or what JSON knows, S a state that each worker has for itself`

// Function finds a function and looks at its signature. State names the
// constructor of its state, empty: found by its name.
func (pkgs *Packages) Function(name Name, state string) (*Function, error) {
	p := pkgs.byPath[name.Path]
	tp, _, err := pkgs.check(p, nil)
	if err != nil {
		return nil, err
	}
	f, err := lookup(tp, name)
	if err != nil {
		return nil, err
	}
	if !p.own() && !token.IsExported(name.Func) {
		return nil, fmt.Errorf("%s is not exported and its package is not part of this module; only the own module's unexported functions can be run", name.Path+"."+name.Func)
	}
	fn := &Function{Name: name.Path + "." + name.Func, pkg: p, name: name.Func, sig: f.Signature()}
	fn.Sig = "func " + name.Func + strings.TrimPrefix(types.TypeString(fn.sig, types.RelativeTo(tp)), "func")
	if err := fn.analyze(types.RelativeTo(tp)); err != nil {
		return nil, fmt.Errorf("cannot run %s: %v; %s", fn.Sig, err, Supported)
	}
	if fn.stateful {
		if err := fn.findState(tp, state); err != nil {
			return nil, err
		}
	} else if state != "" {
		return nil, fmt.Errorf("-state %s: %s takes no state", state, fn.Sig)
	}
	return fn, nil
}

// Stateful reports whether a function has a state.
func (pkgs *Packages) Stateful(name Name) bool {
	tp, _, err := pkgs.check(pkgs.byPath[name.Path], nil)
	if err != nil {
		return false
	}
	f, err := lookup(tp, name)
	if err != nil {
		return false
	}
	fn := &Function{sig: f.Signature()}
	return fn.analyze(types.RelativeTo(tp)) == nil && fn.stateful
}

func lookup(tp *types.Package, name Name) (*types.Func, error) {
	if f, ok := tp.Scope().Lookup(name.Func).(*types.Func); ok {
		return f, nil
	}
	if obj := tp.Scope().Lookup(name.Func); obj != nil {
		kind, _, _ := strings.Cut(types.ObjectString(obj, nil), " ")
		return nil, fmt.Errorf("%s is a %s; run takes functions: write one that uses it", name.Path+"."+name.Func, kind)
	}
	if typ, method, ok := strings.Cut(name.Func, "."); ok {
		if t, ok := tp.Scope().Lookup(typ).(*types.TypeName); ok && hasMethod(types.NewPointer(t.Type()), method) {
			return nil, fmt.Errorf("%s is a method; run takes functions: write func(s *%s, in T) that calls s.%s, and New%s is called for each worker", name.Func, typ, method, typ)
		}
	}
	var names []string
	for _, n := range tp.Scope().Names() {
		if _, ok := tp.Scope().Lookup(n).(*types.Func); ok && n != "main" && n != "init" {
			names = append(names, n)
		}
	}
	return nil, &NotFoundError{name, names}
}

// analyze finds the adapter for the signature.
func (fn *Function) analyze(in types.Qualifier) error {
	if fn.sig.TypeParams().Len() > 0 {
		return fmt.Errorf("it has type parameters, so write one without that calls it")
	}
	if fn.sig.Variadic() {
		return fmt.Errorf("its last parameter is variadic")
	}
	params := vars(fn.sig.Params())
	form := ""
	if len(params) > 0 && isContext(params[0]) {
		form, params = "C", params[1:]
	}
	switch len(params) {
	case 1:
	case 2:
		form, fn.stateful = form+"S", true
	case 0:
		return fmt.Errorf("it takes no input")
	default:
		return fmt.Errorf("it takes %d parameters", len(params))
	}
	fn.in = params[len(params)-1]
	if err := decodes(fn.in); err != nil {
		return fmt.Errorf("%s cannot be read: %v", types.TypeString(fn.in, in), err)
	}
	form += "T_"

	results := vars(fn.sig.Results())
	last := ""
	if n := len(results); n > 0 && isError(results[n-1]) {
		last, results = "E", results[:n-1]
	}
	if len(results) > 1 {
		return fmt.Errorf("it has %d results", fn.sig.Results().Len())
	}
	fn.In, fn.Format = types.TypeString(fn.in, in), format(fn.in)
	fn.Result = run.Text
	if len(results) == 1 {
		fn.out = results[0]
		if err := decodes(fn.out); err != nil {
			return fmt.Errorf("result %s cannot be written: %v", types.TypeString(fn.out, in), err)
		}
		form += "R"
		fn.Out = types.TypeString(fn.out, in)
		if !isText(fn.out) && !hasMethod(fn.out, "MarshalText") {
			fn.Result = run.JSON
		}
	}
	fn.Adapter = form + last
	return nil
}

func vars(t *types.Tuple) []types.Type {
	var list []types.Type
	for v := range t.Variables() {
		list = append(list, v.Type())
	}
	return list
}

func isContext(t types.Type) bool {
	n, ok := types.Unalias(t).(*types.Named)
	return ok && n.Obj().Pkg() != nil && n.Obj().Pkg().Path() == "context" && n.Obj().Name() == "Context"
}

func isError(t types.Type) bool { return types.Identical(t, types.Universe.Lookup("error").Type()) }

// format is the format of inputs of type t: as run.DefaultIn.
func format(t types.Type) string {
	if isText(t) || hasMethod(types.NewPointer(t), "UnmarshalText") {
		return run.Lines
	}
	return run.JSON
}

func isText(t types.Type) bool {
	switch u := t.Underlying().(type) {
	case *types.Basic:
		return u.Info()&types.IsString != 0
	case *types.Slice:
		b, ok := u.Elem().Underlying().(*types.Basic)
		return ok && b.Kind() == types.Byte
	}
	return false
}

func hasMethod(t types.Type, name string) bool {
	obj, _, _ := types.LookupFieldOrMethod(t, true, nil, name)
	_, ok := obj.(*types.Func)
	return ok
}

// decodes says why a type cannot cross over to JSON or text. Types that are
// deeper inside are package json's to refuse.
func decodes(t types.Type) error {
	if hasMethod(types.NewPointer(t), "UnmarshalText") || hasMethod(types.NewPointer(t), "UnmarshalJSON") {
		return nil
	}
	switch u := t.Underlying().(type) {
	case *types.Chan:
		return fmt.Errorf("it is a channel")
	case *types.Signature:
		return fmt.Errorf("it is a function")
	case *types.Interface:
		if u.NumMethods() > 0 {
			return fmt.Errorf("it is an interface with methods")
		}
	case *types.Basic:
		if u.Info()&types.IsComplex != 0 || u.Kind() == types.UnsafePointer {
			return fmt.Errorf("JSON does not know it")
		}
	case *types.Pointer:
		return decodes(u.Elem())
	}
	return nil
}

// Fits says why b cannot take what a gives.
func Fits(a, b *Function) error {
	switch {
	case a.out == nil:
		return fmt.Errorf("%s has no result for %s to work on", a.name, b.name)
	case types.Identical(a.out, b.in), isText(a.out) && isText(b.in):
		return nil
	}
	if i, ok := b.in.Underlying().(*types.Interface); ok && i.NumMethods() == 0 {
		return nil
	}
	return fmt.Errorf("%s gives %s, %s takes %s: the stages do not fit", a.name, a.Out, b.name, b.In)
}
