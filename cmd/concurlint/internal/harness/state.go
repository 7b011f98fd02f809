package harness

import (
	"fmt"
	"go/token"
	"go/types"
	"slices"
	"strings"
)

// findState finds the constructor of the state: the one that the user named, or
// newT or NewT for a state T or *T.
func (fn *Function) findState(tp *types.Package, name string) error {
	params := vars(fn.sig.Params())
	want := params[len(params)-2]
	text := types.TypeString(want, types.RelativeTo(tp))
	names := []string{name}
	if name == "" {
		names = stateNames(want)
	}
	for _, n := range names {
		f, ok := tp.Scope().Lookup(n).(*types.Func)
		if !ok {
			continue
		}
		adapter := constructs(f.Signature(), want)
		if adapter == "" {
			return fmt.Errorf("%s does not make the state of %s: want func %s([context.Context]) %s, or with an error", n, fn.Sig, n, text)
		}
		if !fn.pkg.own() && !token.IsExported(n) {
			return fmt.Errorf("%s is not exported and its package is not part of this module", n)
		}
		fn.State, fn.newState = n, adapter
		return nil
	}
	if name != "" {
		return &NotFoundError{Name{fn.pkg.ImportPath, name}, functionsOf(tp)}
	}
	return fmt.Errorf("nothing makes the state %s of %s: write func %s() %s in package %s, or name a function by -state", text, fn.Sig, strings.Join(names, " or "), text, tp.Name())
}

func functionsOf(tp *types.Package) []string {
	return slices.DeleteFunc(tp.Scope().Names(), func(n string) bool {
		_, ok := tp.Scope().Lookup(n).(*types.Func)
		return !ok
	})
}

func stateNames(t types.Type) []string {
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	n, ok := types.Unalias(t).(*types.Named)
	if !ok {
		return []string{"newState"}
	}
	name := n.Obj().Name()
	title := strings.ToUpper(name[:1]) + name[1:]
	return []string{"New" + title, "new" + title}
}

// constructs returns the adapter of a constructor, empty where it is none.
func constructs(sig *types.Signature, want types.Type) string {
	params, results := vars(sig.Params()), vars(sig.Results())
	form := "New_"
	if len(params) == 1 && isContext(params[0]) {
		form, params = "New_C_", nil
	}
	if len(params) > 0 || len(results) == 0 || len(results) > 2 || !types.Identical(results[0], want) || sig.TypeParams().Len() > 0 {
		return ""
	}
	if len(results) == 1 {
		return form + "R"
	}
	if !isError(results[1]) {
		return ""
	}
	return form + "RE"
}
