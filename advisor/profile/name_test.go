package profile

import (
	"runtime"
	"slices"
	"strings"
	"testing"
)

var names = []struct {
	linker   string
	pkg      string
	declared string // joined with a blank
	literal  bool
}{
	{"main.main", "main", "main", false},
	{"net/http.(*conn).serve", "net/http", "(*conn).serve", false},
	{"example.com/a.T.M", "example.com/a", "(T).M", false},
	{"gopkg.in/yaml%2ev3.(*T).F", "gopkg.in/yaml.v3", "(*T).F", false},
	{"example.com/x.y/a%2eb.Sink", "example.com/x.y/a.b", "Sink", false},
	{"example.com/100%25/p.F", "example.com/100%/p", "F", false},
	{"vendor/golang.org/x/net/http2/hpack.(*Decoder).Write", "vendor/golang.org/x/net/http2/hpack", "(*Decoder).Write", false},
	{"example.com/a_test.TestX.func1", "example.com/a_test", "TestX", true},
	{"main.F.func2.1", "main", "F", true},
	{"main.(*D).W.func1", "main", "(*D).W", true},
	{"main.D.v-fm", "main", "(D).v", true},
	{"main.(*D).m-fm", "main", "(*D).m", true},
	{"main.F.gowrap2", "main", "F", true},
	{"main.F.deferwrap3", "main", "F", true},
	{"main.F-range1", "main", "F", true},
	{"main.F.func1-range2", "main", "F", true},
	{"main.F·dwrap·1", "main", "F", true},
	{"main.init", "main", "init", false},
	{"main.init.0", "main", "init", false},
	{"main.init.0.func1", "main", "init", true},
	{"main.init.func2", "main", "", true},
	{"main.glob..func2", "main", "", true},
	{"main.glob..func2.1", "main", "", true},
	{"example.com/a.Map[...]", "example.com/a", "Map", false},
	{"example.com/a.Map[go.shape.[]int,go.shape.map[string][]main.S].func1", "example.com/a", "Map", true},
	{"example.com/a.(*L[go.shape.string,go.shape.struct { A int \"json:\\\"a][\\\"\"; M map[string][]int }]).Each", "example.com/a", "(*L).Each", false},
	{"example.com/a.L[go.shape.int].Each", "example.com/a", "(L).Each", false},
	{"internal/sync.(*HashTrieMap[go.shape.interface {},go.shape.interface {}]).Load", "internal/sync", "(*HashTrieMap).Load", false},
	{"sync/atomic.(*Pointer[go.shape.struct { x/y.f bool }]).Load", "sync/atomic", "(*Pointer).Load", false},
	{"main._Cfunc_sleep", "main", "_Cfunc_sleep", false},
	{"main._Cfunc_CString.func1", "main", "_Cfunc_CString", true},
	// A literal that was inlined with its function stands in the latter's source.
	{"main.(*T).Iter.T.Iter.func1", "main", "(T).Iter Iter T (*T).Iter", true},
	{"main.F.G.func4", "main", "(F).G G F", true},
	{"main.(*T).A.B.func1", "main", "B (*T).A", true},
	{"main.F.F.(*T).PIter.func6.F-range2-range4", "main", "F (*T).PIter (F).F", true},
	// No Go names.
	{"sleep", "", "sleep", false},
	{"gosave_systemstack_switch", "", "gosave_systemstack_switch", false},
	{"type:.eq.sync/atomic.Pointer[go.shape.int]", "", "type:.eq.sync/atomic.Pointer[go.shape.int]", false},
	{"go.(*struct { sync.Mutex; x int }).Lock", "", "go.(*struct { sync.Mutex; x int }).Lock", false},
	{"std::vector<int>::push_back(int)", "", "std::vector<int>::push_back(int)", false},
	{"", "", "", true},
}

func TestParseName(t *testing.T) {
	for _, c := range names {
		n := ParseName(c.linker)
		if got := strings.Join(n.Declared(), " "); n.Package != c.pkg || got != c.declared || n.Literal() != c.literal {
			t.Errorf("%s: package %q, declared %q, literal %v; want %q, %q, %v", c.linker, n.Package, got, n.Literal(), c.pkg, c.declared, c.literal)
		}
	}
}

type pair[K comparable, V any] struct {
	k K
	v V
}

func (p pair[K, V]) value(f func())    { f() }
func (p *pair[K, V]) pointer(f func()) { f() }

//go:noinline
func mapped[A any](_ A, f func()) { func() { f() }() }

// caller names the function from which it is called, as the runtime does.
func caller(name *string) func() {
	return func() {
		var pcs [1]uintptr
		runtime.Callers(2, pcs[:])
		frame, _ := runtime.CallersFrames(pcs[:]).Next()
		*name = frame.Function
	}
}

// TestParseNameOfRunning holds the parser against the names that the compiler
// in use gives.
func TestParseNameOfRunning(t *testing.T) {
	var name string
	record := caller(&name)
	for _, c := range []struct {
		run  func()
		want string
	}{
		{func() { (pair[string, int]{}).value(record) }, "(pair).value"},
		{func() { (&pair[string, []int]{}).pointer(record) }, "(*pair).pointer"},
		{func() { mapped(struct{ _ int }{}, record) }, "mapped"},
		{func() { record() }, "TestParseNameOfRunning"},
	} {
		c.run()
		n := ParseName(name)
		if n.Package != "github.com/concurlint/concurlint/advisor/profile" || !slices.Contains(n.Declared(), c.want) {
			t.Errorf("%s: %q %q, want %s", name, n.Package, n.Declared(), c.want)
		}
	}
}

func FuzzParseName(f *testing.F) {
	for _, c := range names {
		f.Add(c.linker)
	}
	f.Fuzz(func(t *testing.T, linker string) {
		n := ParseName(linker)
		if n.Package == "" && n.Func != linker {
			t.Errorf("%q: no package, but function %q", linker, n.Func)
		}
		for _, d := range n.Declared() {
			if d == "" && linker != "" {
				t.Errorf("%q: an empty declared name", linker)
			}
		}
	})
}
