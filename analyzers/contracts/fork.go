package contracts

import (
	"go/types"
	"slices"

	"github.com/concurlint/concurlint/analyzers/knowledge"
	"github.com/concurlint/concurlint/analyzers/module"
	"github.com/concurlint/concurlint/analyzers/program"
)

// leastAlike is how many symbols with callbacks, named alike and of the same kind, no two
// libraries have by accident. Of the eleven packages below six large programs whose paths
// end as that of a library with loop lines, none has a single one.
const leastAlike = 3

// forked returns the loop lines that hold for a package because it is a fork of the one
// that they are about: its path ends alike, and it has nearly all of the functions, types
// and fields that the lines name, with callbacks where the lines say so. A name alone is
// no evidence.
func (f *finder) forked(imp *types.Package) []knowledge.LoopEntry {
	if module.Standard(imp.Path()) {
		return nil
	}
	var best []knowledge.LoopEntry // of two libraries of which one is a fork, the nearer one
	for _, list := range f.base.Alike(imp.Path()) {
		var same []knowledge.LoopEntry
		for _, e := range list {
			if fits(imp, e) {
				same = append(same, e)
			}
		}
		if len(same) >= leastAlike && 4*len(same) >= 3*len(list) && len(same) > len(best) {
			best = same
		}
	}
	return best
}

// fits reports whether a package declares what a loop line names: a function or method
// that takes a callback there, a func type, a method of an interface or a field that
// holds a function.
func fits(imp *types.Package, e knowledge.LoopEntry) bool {
	if e.Symbol.Type == "" {
		switch obj := imp.Scope().Lookup(e.Symbol.Name).(type) {
		case *types.Func:
			return takes(obj, e.Param)
		case *types.TypeName:
			_, isFunc := obj.Type().Underlying().(*types.Signature)
			return isFunc && e.Param < 0
		}
		return false
	}
	tn, ok := imp.Scope().Lookup(e.Symbol.Type).(*types.TypeName)
	if !ok {
		return false
	}
	if e.Symbol.Name == "*" {
		return types.NewMethodSet(tn.Type()).Len() > 0 || holdsFunc(tn.Type())
	}
	obj, _, _ := types.LookupFieldOrMethod(tn.Type(), true, imp, e.Symbol.Name)
	switch obj := obj.(type) {
	case *types.Func:
		return takes(obj, e.Param) || e.Param < 0 && types.IsInterface(tn.Type())
	case *types.Var:
		_, isFunc := obj.Type().Underlying().(*types.Signature)
		return isFunc && e.Param < 0
	}
	return false
}

// holdsFunc reports whether t is a struct with a field that is a function.
func holdsFunc(t types.Type) bool {
	st, ok := t.Underlying().(*types.Struct)
	return ok && slices.ContainsFunc(slices.Collect(st.Fields()), func(v *types.Var) bool {
		_, isFunc := v.Type().Underlying().(*types.Signature)
		return isFunc
	})
}

// takes reports whether parameter n of a function can be a callback.
func takes(fn *types.Func, n int) bool {
	if n < 0 {
		return false
	}
	t := program.ParamType(fn.Signature(), n, false)
	if t == nil {
		return false
	}
	_, isFunc := t.Underlying().(*types.Signature)
	return isFunc || types.IsInterface(t)
}
