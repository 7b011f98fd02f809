package program

import "go/types"

// This file tells instances of generic types apart.

// instances reports whether two types are two instances of one generic type, or point to such.
func instances(a, b types.Type) bool {
	x, y := NamedOf(a), NamedOf(b)
	return x != nil && y != nil && x.Origin() == y.Origin() && !types.Identical(x, y) && !Parametric(x) && !Parametric(y)
}

// Parametric reports whether a type is made of a type parameter: what it is, the instance of
// the code around it says.
func Parametric(t types.Type) bool {
	switch t := types.Unalias(t).(type) {
	case *types.TypeParam:
		return true
	case *types.Map:
		return Parametric(t.Key()) || Parametric(t.Elem())
	case interface{ Elem() types.Type }: // a pointer, slice, array or channel
		return Parametric(t.Elem())
	case *types.Signature:
		return Parametric(t.Params()) || Parametric(t.Results())
	case *types.Tuple:
		for v := range t.Variables() {
			if Parametric(v.Type()) {
				return true
			}
		}
	case *types.Struct:
		for f := range t.Fields() {
			if Parametric(f.Type()) {
				return true
			}
		}
	case *types.Interface:
		for m := range t.Methods() {
			if Parametric(m.Type()) {
				return true
			}
		}
	case *types.Named:
		for arg := range t.TypeArgs().Types() {
			if Parametric(arg) {
				return true
			}
		}
	}
	return false
}
