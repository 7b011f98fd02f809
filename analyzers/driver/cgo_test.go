package driver_test

import (
	"os/exec"
	"strings"
	"testing"

	"github.com/concurlint/concurlint/analyzers/driver"
)

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
