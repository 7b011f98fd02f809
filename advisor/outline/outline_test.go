package outline

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/concurlint/concurlint/advisor"
)

func TestFunctions(t *testing.T) {
	tree := fstest.MapFS{}
	for name, text := range map[string]string{
		"a.go":          "package m\n\nfunc F() {\n\tgo func() {\n\t\tdefer func() {}()\n\t}()\n\tfunc() {}()\n}\n",
		"in/b.go":       "package in\n\n// G is generic.\nfunc (s *S[K, V]) G() {}\n\nfunc (T) M() {}\n\nfunc asm()\n",
		"in/b_test.go":  "package in\n\nfunc Test() {}\n",
		"known/c.go":    "package known\n\nfunc F() {}\n\nfunc left() {}\n",
		"known/gen.go":  "package known\n\nfunc G() {}\n",
		"known/c_os.go": "package known\n\nfunc F() {}\n\nfunc H() {}\n",
		"broken/d.go":   "package broken\n\nfunc whole() {}\n\nfunc torn() {\n",
		"empty.go":      "",
		"vendor/v/v.go": "package v\n\nfunc F() {}\n",
		"testdata/t.go": "package t\n\nfunc F() {}\n",
		"nested/go.mod": "module other\n",
		"nested/n.go":   "package n\n\nfunc F() {}\n",
		".hidden/h.go":  "package h\n\nfunc F() {}\n",
		"in/README.md":  "func F() {}\n",
	} {
		tree[name] = &fstest.MapFile{Data: []byte(text)}
	}
	var got strings.Builder
	known := []advisor.Function{{Package: "example.com/m/known", Function: "F", File: "sub/known/c.go"}}
	for _, f := range Functions(tree, "example.com/m", "sub/", known) {
		fmt.Fprintf(&got, "%s %s %s:%d-%d", f.Package, f.Function, f.File, f.Line, f.EndLine)
		for _, l := range f.Literals {
			fmt.Fprintf(&got, " %s:%d-%d", l.Name, l.Line, l.EndLine)
		}
		got.WriteByte('\n')
	}
	const want = `example.com/m F sub/a.go:3-8 F.func1:4-6 F.func1.1:5-5 F.func2:7-7
example.com/m/broken whole sub/broken/d.go:3-3
example.com/m/broken torn sub/broken/d.go:5-5
example.com/m/in (*S).G sub/in/b.go:4-4
example.com/m/in (T).M sub/in/b.go:6-6
example.com/m/known H sub/known/c_os.go:5-5
example.com/m/known G sub/known/gen.go:3-3
`
	if got.String() != want {
		t.Errorf("got\n%swant\n%s", got.String(), want)
	}
}
