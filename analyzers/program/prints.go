package program

import "go/types"

// Prints reports whether a function takes what fmt.Print or fmt.Printf does: it is there
// to tell people something.
func Prints(sig *types.Signature) bool {
	if !sig.Variadic() {
		return false
	}
	s, ok := sig.Params().At(sig.Params().Len() - 1).Type().(*types.Slice)
	if !ok {
		return false
	}
	i, ok := s.Elem().Underlying().(*types.Interface)
	return ok && i.Empty()
}
