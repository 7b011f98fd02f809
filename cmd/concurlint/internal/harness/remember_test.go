package harness

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// user is the package that is asked about.
const user = "package p\n\nimport (\n\t\"example.com/p/q\"\n\t\"example.com/r\"\n)\n\nfunc F(string) int { return q.N + r.N }\n"

// What go list said is remembered while nothing that it depends on has changed,
// and no longer.
func TestRemember(t *testing.T) {
	cache, err := exec.Command("go", "env", "GOCACHE", "GOMODCACHE").Output()
	if err != nil {
		t.Fatal(err)
	}
	for i, name := range []string{"GOCACHE", "GOMODCACHE"} { // which are below the folder that is set next
		t.Setenv(name, strings.Fields(string(cache))[i])
	}
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	t.Setenv("GOFLAGS", "")
	root := t.TempDir()
	write := func(name, text string) func(*testing.T) {
		return func(t *testing.T) {
			path := filepath.Join(root, name)
			if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
				t.Fatal(err)
			}
		}
	}
	for name, text := range map[string]string{
		"p/go.mod":      "module example.com/p\n\ngo 1.22\n\nrequire example.com/r v0.0.0\n\nreplace example.com/r => ../r\n",
		"p/p.go":        user,
		"p/q/q.go":      "package q\n\nconst N = 1\n",
		"p/q/q_test.go": "package q\n",
		"r/go.mod":      "module example.com/r\n\ngo 1.21\n",
		"r/r.go":        "package r\n\nvar N = 1\n",
		"p/z/z.go":      "package z\n",
	} {
		write(name, text)(t)
	}
	t.Chdir(filepath.Join(root, "p"))
	load(t)
	load(t)
	for _, test := range changesOf(root, write) {
		t.Run(test.name, func(t *testing.T) {
			test.change(t)
			if known := load(t).known; known != test.known {
				t.Errorf("remembered: %v, want %v", known, test.known)
			}
			load(t)
			if known := load(t).known; known == test.never {
				t.Errorf("remembered two runs later: %v", known)
			}
		})
	}
}

// A change is made between two runs, one after the other.
type change struct {
	name   string
	change func(*testing.T)
	known  bool // at once
	never  bool // afterwards
}

func changesOf(root string, write func(name, text string) func(*testing.T)) []change {
	return []change{
		{name: "nothing", change: func(*testing.T) {}, known: true},
		{name: "a test", change: write("p/q/q_test.go", "package q\n\nvar x = 1\n"), known: true},
		{name: "a package that is not imported", change: write("p/z/z.go", "package z\n\nvar x = 1\n"), known: true},
		{name: "the package", change: write("p/p.go", user+"\nfunc G() {}\n")},
		{name: "as many bytes in an import", change: write("p/q/q.go", "package q\n\nconst N = 2\n")},
		{name: "a new file of an import", change: write("p/q/more.go", "package q\n\nfunc init() { println() }\n")},
		{name: "a replaced module", change: write("r/r.go", "package r\n\nvar N = 2\n")},
		{name: "the language of a replaced module", change: write("r/go.mod", "module example.com/r\n\ngo 1.22\n")},
		{name: "a workspace around it", change: write("go.work", "go 1.22\n\nuse (\n\t./p\n\t./r\n)\n")},
		{name: "what go list says is gone", change: func(t *testing.T) {
			pkgs, err := Load(context.Background(), []string{"example.com/p"})
			if err != nil {
				t.Fatal(err)
			}
			if err := os.Remove(pkgs.byPath["example.com/p/q"].Export); err != nil {
				t.Fatal(err)
			}
		}},
		{name: "flags", change: func(t *testing.T) { os.Setenv("GOFLAGS", "-tags=other") }},
		{name: "an overlay", change: func(t *testing.T) {
			write("overlay.json", "{}")(t)
			os.Setenv("GOFLAGS", "-overlay="+filepath.Join(root, "overlay.json"))
		}, never: true},
		{name: "no overlay again", change: func(t *testing.T) { os.Setenv("GOFLAGS", "") }, known: true},
		{name: "assembly", change: write("p/q/add.s", ""), never: true},
		{name: "an embedded file", change: func(t *testing.T) {
			if err := os.Remove(filepath.Join(root, "p/q/add.s")); err != nil {
				t.Fatal(err)
			}
			write("p/q/embed.go", "package q\n\nimport _ \"embed\"\n\n//go:embed q.go\nvar text string\n")(t)
		}, never: true},
	}
}

func load(t *testing.T) *Packages {
	t.Helper()
	pkgs, err := Load(context.Background(), []string{"example.com/p"})
	if err != nil {
		t.Fatal(err)
	}
	return pkgs
}
