package effects

import "strings"

// callsC returns the C function that a function made by cgo calls, as C.name,
// or "". The Go command hands over files in which C.name has become
// _Cfunc_name, or _C2func_name where errno is asked for. Names in capitals are
// cgo's own conversions; malloc and free take no time to speak of.
func callsC(name string) string {
	if !strings.HasPrefix(name, "_C") {
		return ""
	}
	c, ok := strings.CutPrefix(name, "_Cfunc_")
	if !ok {
		if c, ok = strings.CutPrefix(name, "_C2func_"); !ok {
			return ""
		}
	}
	switch c {
	case "CString", "CBytes", "GoString", "GoStringN", "GoBytes", "_CMalloc", "malloc", "free":
		return ""
	}
	return "C." + c
}
