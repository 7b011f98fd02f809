package advisor_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/concurlint/concurlint/advisor"
	"github.com/concurlint/concurlint/advisor/outline"
	"github.com/concurlint/concurlint/advisor/profile"
)

// burner is a program that computes in its own code, in C and in vendored code, for
// some tenths of a second each, and prints a CPU profile of that.
const burner = `
-- go.mod --
module ex.io/app

go 1.24

require ex.io/dep v1.2.3
-- cmd/burn/main.go --
package main

import (
	"os"
	"runtime/pprof"

	"ex.io/app/work"
	"ex.io/dep"
)

func main() {
	if err := pprof.StartCPUProfile(os.Stdout); err != nil {
		panic(err)
	}
	defer pprof.StopCPUProfile()
	for _, burn := range []func(){work.Own, work.InC, dep.Burn} {
		for range 8000 {
			burn()
		}
	}
}
-- work/work.go --
package work

var sum int

// Own computes in a literal.
func Own() {
	each := func(n int) {
		for i := range n {
			sum += i * i
		}
	}
	each(1 << 16)
}
-- work/c.go --
package work

// static int spin(int n) { volatile int s = 0; for (int i = 0; i < n; i++) s += i; return s; }
import "C"

// InC computes in C.
func InC() {
	C.spin(1 << 16)
}
-- vendor/modules.txt --
# ex.io/dep v1.2.3
## explicit; go 1.24
ex.io/dep
-- vendor/ex.io/dep/dep.go --
package dep

var sum int

// Burn computes.
func Burn() {
	for i := range 1 << 16 {
		sum += i * i
	}
}
`

// Profiles of real binaries lead to the functions of the source, whatever the build
// did to the names of files: to those of the program, to what calls C, and to a
// library that another module has vendored.
func TestBinaries(t *testing.T) {
	if testing.Short() {
		t.Skip("builds programs")
	}
	if out, _ := exec.Command("go", "env", "CGO_ENABLED").Output(); strings.TrimSpace(string(out)) != "1" {
		t.Skip("no C compiler")
	}
	dir := t.TempDir()
	for _, f := range txtar.Parse([]byte(burner)).Files {
		name := filepath.Join(dir, f.Name)
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, f.Data, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	type heavy struct {
		module, dir string
		functions   []string // each with a twentieth of the CPU time at least
		matched     float64  // of what is the module's own, or may be, as main is
	}
	app := heavy{"ex.io/app", ".", []string{"main", "Own", "InC"}, 0.99}
	dep := heavy{"ex.io/dep", "vendor/ex.io/dep", []string{"Burn"}, 0.05}
	for name, flags := range map[string][]string{"plain": nil, "trimpath": {"-trimpath"}, "stripped": {"-ldflags=-s -w"}} {
		t.Run(name, func(t *testing.T) {
			file := profiled(t, dir, flags)
			ev, err := profile.Read(t.Context(), []profile.Input{{Name: file}}, profile.Options{})
			if err != nil {
				t.Fatal(err)
			}
			for _, want := range []heavy{app, dep} {
				root := filepath.Join(dir, want.dir)
				lint := &advisor.Lint{Version: 1, Module: advisor.Module{Path: want.module, Dir: root}, Functions: outline.Functions(os.DirFS(root), want.module, "", nil)}
				r := advisor.Advise(lint, ev, advisor.Options{Cores: 1, Thresholds: advisor.Thresholds{LeastSamples: 20}})
				if r.Matched < want.matched || r.Commit == nil || r.Commit.Here < 0.99 {
					t.Errorf("%s: %.2f of its time is matched, start lines %+v", want.module, r.Matched, r.Commit)
				}
				total := 0.0
				for _, s := range ev.Sources {
					total += s.CPU.Seconds()
				}
				for _, fn := range want.functions {
					i := slices.IndexFunc(r.Classes, func(m advisor.Measured) bool { return m.Function == fn })
					if i < 0 || r.Classes[i].CPU < total/20 {
						t.Errorf("%s: %s has not its time of %.2f s: %+v", want.module, fn, total, r.Classes)
					}
				}
			}
		})
	}
}

// profiled builds the program, runs it, and returns the file with its profile.
func profiled(t *testing.T, dir string, flags []string) string {
	t.Helper()
	program := filepath.Join(t.TempDir(), "burn.exe")
	build := exec.Command("go", append(append([]string{"build", "-mod=vendor", "-o", program}, flags...), "./cmd/burn")...)
	build.Dir = dir
	build.Env = append(os.Environ(), "GOFLAGS=", "GOWORK=off")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	out, err := exec.Command(program).Output()
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "cpu.pprof")
	if err := os.WriteFile(file, out, 0o666); err != nil {
		t.Fatal(err)
	}
	return file
}
