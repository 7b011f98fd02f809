package driver_test

import (
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/concurlint/concurlint/analyzers/driver"
)

// TestCgoIsKnown checks that the go command is asked what cgo makes of a package when
// something changes of which that follows, and not otherwise.
func TestCgoIsKnown(t *testing.T) {
	if _, err := exec.LookPath("gcc"); err != nil {
		t.Skip("no C compiler")
	}
	const with = "package c\n\n// #include \"c.h\"\nimport \"C\"\n\nfunc F() int32 { return int32(C.f()) }\n\nvar _ int32 = int32(F())\n"
	t.Setenv("CGO_ENABLED", "1")
	t.Setenv("CC", "gcc")
	p := &program{dir: t.TempDir()}
	p.write(t, "go.mod", "module example.com/p\n\ngo 1.26\n")
	p.write(t, "c/c.h", "static int f(void) { return 1; }\n")
	p.write(t, "c/c.go", with)
	p.write(t, "c/plain.go", "package c\n")
	p.write(t, "above/a.go", "package above\n\nimport _ \"example.com/p/c\"\n")
	cache, built := t.TempDir(), t.TempDir()
	t.Setenv("GOCACHE", built)
	for _, test := range []struct {
		name, file, text, flags string
		made                    int
		problem                 string
	}{
		{"the first time", "go.sum", "", "", 1, ""},
		{"nothing", "go.sum", "", "", 0, ""},
		{"a package above", "above/a.go", "package above\n\nimport _ \"example.com/p/c\"\n\nvar _ int\n", "", 0, ""},
		{"a file without C", "c/plain.go", "package c\n\nvar _ int\n", "", 1, ""},
		{"a header", "c/c.h", "static int g(void) { return 1; }\n", "", 1, "C.f"},
		{"the same again, which is an error", "go.sum", "", "", 1, "C.f"},
		{"mended", "c/c.h", "static int f(void) { return 1; }\n", "", 0, ""},
		{"flags", "go.sum", "", "-DX", 1, ""},
		{"another build cache", "go.sum", "", "-DX", 1, ""},
		{"a file with C", "c/c.go", strings.Replace(with, "C.f()", "C.f() + 1", 1), "-DX", 1, ""},
	} {
		t.Setenv("CGO_CFLAGS", test.flags)
		if test.name == "another build cache" { // what the results name is gone
			if err := os.RemoveAll(built); err != nil {
				t.Fatal(err)
			}
		}
		p.write(t, test.file, test.text)
		res := run(t, configure(p.dir, cache, "cgo"))
		if res.Stats.Made != test.made {
			t.Errorf("%s: asked of %d packages, want %d", test.name, res.Stats.Made, test.made)
		}
		if have := problems(res); (have == "") != (test.problem == "") || !strings.Contains(have, test.problem) {
			t.Errorf("%s: problems %q, want %q", test.name, have, test.problem)
		}
	}
}

func problems(res *driver.Result) string {
	var list []string
	for _, p := range res.Problems {
		list = append(list, p.Message)
	}
	return strings.Join(list, "\n")
}

// TestSessionSeesC checks that an edit of a file with C counts in a session, too.
func TestSessionSeesC(t *testing.T) {
	if _, err := exec.LookPath("gcc"); err != nil {
		t.Skip("no C compiler")
	}
	t.Setenv("CGO_ENABLED", "1")
	const with = "package c\n\n// static int f(void) { return 1; }\nimport \"C\"\n\n//concurlint:ignore lockio none\nfunc F() int { return int(C.f()) }\n"
	p := &program{dir: t.TempDir()}
	p.write(t, "go.mod", "module example.com/p\n\ngo 1.26\n")
	p.write(t, "c.go", with)
	s := driver.NewSession(configure(p.dir, t.TempDir(), "cgo"))
	for want, text := range []string{strings.Replace(with, "//concurlint", "// concurlint", 1), with} {
		p.write(t, "c.go", text)
		res, err := s.Run(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if len(res.Diagnostics) != want {
			t.Errorf("%d findings, want %d", len(res.Diagnostics), want)
		}
	}
}
