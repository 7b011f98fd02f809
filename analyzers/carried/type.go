package carried

import "go/types"

func isFlat(t types.Type) bool {
	if t == nil {
		return false
	}
	switch t.Underlying().(type) {
	case *types.Struct, *types.Array:
		return true
	}
	return false
}

// pointsOut reports whether a write through a value of the type is seen by others
// who have the value.
func pointsOut(t types.Type) bool {
	if t == nil {
		return false
	}
	switch u := t.Underlying().(type) {
	case *types.Pointer, *types.Slice, *types.Map, *types.Interface, *types.Signature, *types.Chan:
		return true
	case *types.Array:
		return pointsOut(u.Elem())
	}
	return false // what a struct points at is reached by its fields
}

// reaches reports whether a value of the type leads to what others may have, and
// is not made for that.
func reaches(t types.Type) bool { return t != nil && leadsOn(t, 4) }

func leadsOn(t types.Type, depth int) bool {
	if bears(t) {
		return false
	}
	if st, ok := t.Underlying().(*types.Struct); ok {
		for f := range st.Fields() {
			if depth == 0 || leadsOn(f.Type(), depth-1) {
				return true
			}
		}
		return false
	}
	if a, ok := t.Underlying().(*types.Array); ok {
		return depth == 0 || leadsOn(a.Elem(), depth-1)
	}
	return pointsOut(t)
}

// follows reports whether it is followed where a value of the type leads: also where
// that is made for calls at once, as an http.Client is, whose fields are not.
func follows(t types.Type) bool {
	if ptr, ok := t.Underlying().(*types.Pointer); ok {
		if st, ok := ptr.Elem().Underlying().(*types.Struct); ok {
			for f := range st.Fields() {
				if f.Exported() {
					return true
				}
			}
		}
	}
	return reaches(t)
}
