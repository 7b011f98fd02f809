package symbolcheck

import (
	"fmt"
	"go/types"
	"strconv"
)

// checkArg reports whether the position names an argument of the wanted kind.
func checkArg(obj types.Object, position string, is func(types.Type) bool, want string) error {
	sig := signature(obj)
	if sig == nil {
		return fmt.Errorf("is not a function")
	}
	if position == "recv" {
		if sig.Recv() == nil {
			return fmt.Errorf("has no receiver")
		}
		return nil
	}
	n, err := strconv.Atoi(position)
	if err != nil || n < 0 || n >= sig.Params().Len() {
		return fmt.Errorf("has no argument %s", position)
	}
	t := sig.Params().At(n).Type()
	if sig.Variadic() && n == sig.Params().Len()-1 {
		if s, ok := t.(*types.Slice); ok {
			t = s.Elem()
		}
	}
	if s, ok := t.Underlying().(*types.Slice); ok && !is(t) {
		t = s.Elem() // one task, reader … per element
	}
	if !is(t) {
		return fmt.Errorf("argument %s is not %s but %s", position, want, t)
	}
	return nil
}

// checkCtx reports whether some argument has a deadline.
func checkCtx(obj types.Object) error {
	for p := range signature(obj).Params().Variables() {
		if hasMethod(p.Type(), "Deadline") {
			return nil
		}
	}
	return fmt.Errorf("no argument has a Deadline method")
}

func signature(obj types.Object) *types.Signature {
	switch obj.(type) {
	case *types.Func, *types.Var:
		sig, _ := obj.Type().Underlying().(*types.Signature)
		return sig
	}
	return nil
}

func isCallable(t types.Type) bool {
	if p, ok := t.(*types.TypeParam); ok {
		return types.IsInterface(p) // its constraint may be a function's
	}
	switch u := t.Underlying().(type) {
	case *types.Signature:
		return true
	case *types.Interface:
		return u.Empty() // checked by reflection, as runtime.SetFinalizer does
	}
	return false
}

func isTask(t types.Type) bool { return isCallable(t) || types.IsInterface(t) }

func isStream(t types.Type) bool {
	if types.IsInterface(t) {
		return true
	}
	for _, name := range []string{"Read", "Write", "ReadAt", "WriteAt"} {
		if hasMethod(t, name) {
			return true
		}
	}
	return false
}

func isDuration(t types.Type) bool { return t.String() == "time.Duration" }

func isInteger(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&types.IsInteger != 0
}

func hasMethod(t types.Type, name string) bool {
	obj, _, _ := types.LookupFieldOrMethod(t, true, nil, name)
	_, ok := obj.(*types.Func)
	return ok
}
