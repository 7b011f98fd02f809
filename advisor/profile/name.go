package profile

import (
	"strconv"
	"strings"
)

// A Name is a function's linker name taken apart.
//
//	example.com/a%2eb.(*T[go.shape.int]).M.func2.1
//
// has Package example.com/a.b, Recv T, Ptr, Func M, Inner [func2 1] and Generic.
type Name struct {
	Package string // import path without escapes, "main" for a command; "" for C, assembly and the compiler's own
	Recv    string // receiver's type without star and type arguments, "" for functions
	Ptr     bool   // the receiver is a pointer
	// Func is the declared function or method, "init" for each func init() of
	// the package, and "" for literals in the initializers of variables.
	Func    string
	Inner   []string // what follows: func1, 2, gowrap1, -range1, -fm and the functions that were inlined on the way
	Generic bool     // type arguments were left out
}

// ParseName takes a linker name apart (cmd/compile/internal/ir.closureName,
// cmd/internal/objabi.PathToPrefix). Every string has an answer: what is no Go
// name becomes a Func without a Package.
//
// A name alone does not tell a method T.M from a function M inlined into T; see
// Declared.
func ParseName(linker string) Name {
	pkg, rest, ok := cutPackage(linker)
	if !ok {
		return Name{Func: linker}
	}
	n := Name{Package: unescape(pkg)}
	parts := split(rest)
	for i, p := range parts {
		base := cutArgs(p)
		n.Generic = n.Generic || base != p
		parts[i] = base
	}
	switch {
	case isPointer(parts[0]) && len(parts) > 1:
		n.Recv, n.Ptr, n.Func, n.Inner = inPointer(parts[0]), true, parts[1], parts[2:]
	case parts[0] == "glob" && len(parts) > 2 && parts[1] == "": // glob..func1, before Go 1.21
		n.Inner = parts[2:]
	case parts[0] == "init" && len(parts) > 1 && isLiteral(parts[1]):
		n.Inner = parts[1:]
		if isNumber(parts[1]) { // init.0 is a func init(), init.func1 belongs to a variable
			n.Func, n.Inner = "init", parts[2:]
		}
	case len(parts) > 1 && isIdent(parts[1]):
		n.Recv, n.Func, n.Inner = parts[0], parts[1], parts[2:]
	default:
		n.Func, n.Inner = parts[0], parts[1:]
	}
	return n
}

// Declared are the functions in whose source the code may stand, likeliest
// first, as F, (T).M or (*T).M. It is one name but for literals that were
// inlined into another function: their names list all functions on the way, and
// the innermost holds the code. That one may be in another package: the file
// tells. Names of literals outside of functions have none.
func (n Name) Declared() []string {
	var found []string
	add := func(recv string, ptr bool, name string) {
		d := Name{Recv: recv, Ptr: ptr, Func: name}.declared()
		for _, have := range found {
			if have == d {
				return
			}
		}
		found = append(found, d)
	}
	for i := len(n.Inner) - 1; i >= 0; i-- {
		p := n.Inner[i]
		if !isIdent(p) {
			continue
		}
		if before := n.before(i); isPointer(before) {
			add(inPointer(before), true, p)
		} else {
			if isIdent(before) {
				add(before, false, p)
			}
			add("", false, p)
		}
	}
	if n.Func != "" {
		add(n.Recv, n.Ptr, n.Func)
		if n.Recv != "" && !n.Ptr && len(n.Inner) > 0 && n.Inner[0] != "-fm" {
			add("", false, n.Func) // inlined into a function called Recv
			add("", false, n.Recv)
		}
	}
	return found
}

// before is the part in front of Inner[i].
func (n Name) before(i int) string {
	if i > 0 {
		return n.Inner[i-1]
	}
	if n.Recv != "" {
		return "" // n.Func is a method: it is no receiver
	}
	return n.Func
}

func (n Name) declared() string {
	switch {
	case n.Recv == "":
		return n.Func
	case n.Ptr:
		return "(*" + n.Recv + ")." + n.Func
	}
	return "(" + n.Recv + ")." + n.Func
}

// Literal says whether the code is that of a function literal, a loop body
// turned into a function or a wrapper, and not a declared function's own.
func (n Name) Literal() bool { return len(n.Inner) > 0 || n.Func == "" }

// cutPackage finds the end of the import path: the first dot after the last
// slash, brackets and parentheses not counted; dots before it are escaped.
func cutPackage(s string) (pkg, rest string, ok bool) {
	if strings.HasPrefix(s, "type:") || strings.HasPrefix(s, "type..") || strings.HasPrefix(s, "go:") {
		return "", "", false // equality, hashes and tables that the compiler makes
	}
	end := strings.IndexAny(s, "([ ")
	if end < 0 {
		end = len(s)
	}
	from := strings.LastIndexByte(s[:end], '/') + 1
	dot := strings.IndexByte(s[from:], '.')
	if dot <= 0 || from+dot+1 == len(s) {
		return "", "", false
	}
	pkg, rest = s[:from+dot], s[from+dot+1:]
	// go.(*struct{…}).M is a promoted method of a type without a name.
	return pkg, rest, pkg != "go"
}

// unescape undoes PathToPrefix: %2e is a dot.
func unescape(pkg string) string {
	if !strings.Contains(pkg, "%") {
		return pkg
	}
	var b strings.Builder
	for i := 0; i < len(pkg); i++ {
		if pkg[i] == '%' && i+2 < len(pkg) {
			if c, err := strconv.ParseUint(pkg[i+1:i+3], 16, 8); err == nil {
				b.WriteByte(byte(c))
				i += 2
				continue
			}
		}
		b.WriteByte(pkg[i])
	}
	return b.String()
}

// split cuts at dots, and before hyphens and the middle dots of old compilers,
// that are outside of brackets, parentheses and quoted struct tags. It answers
// at least one part.
func split(s string) []string {
	var parts []string
	depth, from := 0, 0
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '(', '[', '{':
			depth++
		case ')', ']', '}':
			depth--
		case '"':
			i += quoted(s[i:]) - 1
		case '.':
			if depth == 0 {
				parts, from = append(parts, s[from:i]), i+1
			}
		case '-', "·"[0]:
			// A hyphen begins a part and stays with it: -range1 is no name.
			if depth == 0 && i > from && (s[i] == '-' || strings.HasPrefix(s[i:], "·")) {
				parts, from = append(parts, s[from:i]), i
			}
		}
	}
	return append(parts, s[from:])
}

// quoted is the length of the quoted string at the beginning of s.
func quoted(s string) int {
	for i := 1; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return len(s)
}

// cutArgs removes type arguments: F[…] becomes F, (*T[…]) becomes (*T).
func cutArgs(p string) string {
	base, _, found := strings.Cut(p, "[")
	if !found {
		return p
	}
	if strings.HasPrefix(base, "(") {
		base += ")"
	}
	return base
}

func isPointer(p string) bool { return strings.HasPrefix(p, "(*") }

func inPointer(p string) string {
	return strings.TrimSuffix(strings.TrimPrefix(p, "(*"), ")")
}

// isLiteral says whether the compiler made up p to tell literals and wrappers
// of one function apart.
func isLiteral(p string) bool {
	if p == "" || p[0] == '-' || isNumber(p) || strings.HasPrefix(p, "·") {
		return true
	}
	for _, prefix := range [...]string{"func", "gowrap", "deferwrap"} {
		if n, ok := strings.CutPrefix(p, prefix); ok && isNumber(n) {
			return true
		}
	}
	return false
}

func isNumber(p string) bool {
	for _, c := range p {
		if c < '0' || c > '9' {
			return false
		}
	}
	return p != ""
}

func isIdent(p string) bool { return !isLiteral(p) && !isPointer(p) }
