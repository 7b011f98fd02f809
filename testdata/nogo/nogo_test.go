// Package nogo holds what Bazel's nogo says to what the command says. The nogo is
// the one of rules_go, generated, compiled and driven as its rules do it, but
// without Bazel. It is a module of its own, so that nobody who uses concurlint gets
// what it needs.
package nogo

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

const (
	rules   = "github.com/concurlint/concurlint/analyzers"
	sources = "go/tools/builders" // in rules_go
)

// builderFiles and nogoFiles are what rules_go compiles to its programs of these
// names, as its BUILD.bazel has them.
var (
	builderFiles = []string{"ar.go", "asm.go", "baseline_coverage.go", "builder.go", "buildid.go", "buildinfo.go", "cc.go", "cgo2.go", "codesign.go", "compilepkg.go",
		"constants.go", "cover.go", "edit.go", "embedcfg.go", "env.go", "filter.go", "filter_buildid.go", "flags.go", "generate_nogo_main.go", "generate_test_main.go",
		"importcfg.go", "link.go", "nogo.go", "nogo_validation.go", "path.go", "preprofile.go", "read.go", "replicate.go", "stdlib.go", "stdliblist.go"}
	nogoFiles = []string{"constants.go", "env.go", "flags.go", "nogo_fix.go", "nogo_goversions_go118.go", "nogo_goversions_go121.go", "nogo_goversions_go122.go",
		"nogo_main.go", "nogo_version.go", "nolint.go"}
)

// tools are the command and nogo, built from the files around.
var tools string

func TestMain(m *testing.M) {
	status := 1
	if err := build(); err != nil {
		fmt.Fprintln(os.Stderr, err)
	} else {
		status = m.Run()
	}
	os.RemoveAll(tools)
	os.Exit(status)
}

func build() (err error) {
	if tools, err = os.MkdirTemp("", "concurlint-nogo-"); err != nil {
		return err
	}
	if _, err := output("../..", "go", "build", "-o", tool("concurlint"), "./cmd/concurlint"); err != nil {
		return err
	}
	out, err := output("", "go", "mod", "download", "-json", "github.com/bazelbuild/rules_go")
	if err != nil {
		return err
	}
	var module struct{ Dir string }
	if err := json.Unmarshal(out, &module); err != nil {
		return err
	}
	from := filepath.Join(module.Dir, sources)
	if err := compile("builder", from, builderFiles, nil); err != nil {
		return err
	}
	config := filepath.Join(tools, "nogo.json")
	if err := os.WriteFile(config, readmeConfig(), 0o666); err != nil {
		return err
	}
	generated := filepath.Join(tools, "generated.go")
	args := []string{"gennogomain", "-output", generated, "-config", config}
	for _, rule := range []string{"blockloop", "contract", "fanout", "lockio", "poolfit"} {
		args = append(args, "-analyzer_importpath", rules+"/"+rule)
	}
	if _, err := output("", tool("builder"), args...); err != nil {
		return err
	}
	return compile("nogo", from, nogoFiles, []string{generated})
}

// readmeConfig is the nogo.json that the README shows. Its knowledge and its
// directory are of no program here.
func readmeConfig() []byte {
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		return nil
	}
	_, after, _ := bytes.Cut(text, []byte("\n`nogo.json` "))
	_, after, _ = bytes.Cut(after, []byte("```json\n"))
	config, _, _ := bytes.Cut(after, []byte("```\n"))
	return config
}

// compile builds a program of the named files of a directory, and of more. To the
// go command they lie in this module.
func compile(name, from string, names, more []string) error {
	here, err := filepath.Abs(name)
	if err != nil {
		return err
	}
	overlay := make(map[string]string)
	for _, n := range names {
		more = append(more, filepath.Join(from, n))
	}
	for _, file := range more {
		overlay[filepath.Join(here, filepath.Base(file))] = file
	}
	text, err := json.Marshal(map[string]any{"Replace": overlay})
	if err != nil {
		return err
	}
	file := filepath.Join(tools, name+".json")
	if err := os.WriteFile(file, text, 0o666); err != nil {
		return err
	}
	_, err = output("", "go", "build", "-overlay", file, "-ldflags", "-X main.rulesGoStdlibPrefix=@io_bazel_rules_go//stdlib:", "-o", tool(name), "./"+name)
	return err
}

func tool(name string) string { return filepath.Join(tools, name+".exe") }

// output runs a program in a directory.
func output(dir, name string, args ...string) ([]byte, error) {
	cmd := exec.Command(name, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOWORK=off", "GOFLAGS=")
	out, err := cmd.Output()
	if exit, ok := err.(*exec.ExitError); ok {
		return out, fmt.Errorf("%s %q: %w\n%s", name, args, err, exit.Stderr)
	}
	return out, err
}

func TestDemo(t *testing.T) { same(t, "../demo") }

// What is vendored is an external repository to Bazel.
func TestExternal(t *testing.T) {
	archive, err := txtar.ParseFile("../same/vendor.txtar")
	if err != nil {
		t.Fatal(err)
	}
	files, err := txtar.FS(archive)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.CopyFS(dir, files); err != nil {
		t.Fatal(err)
	}
	same(t, dir)
}

// edits are packages that TestReal adds one after the other: a lock is held across a
// call of another package, which at first does not wait.
var edits = []struct{ name, text string }{
	{"concurlintleaf/leaf.go", "package concurlintleaf\n\nfunc Get() error { return nil }\n"},
	{"concurlintheld/held.go", `package concurlintheld

import (
	"sync"

	"MODULE/concurlintleaf"
)

type Held struct {
	mu sync.Mutex
	n  int
}

func (h *Held) Load() error {
	h.mu.Lock()
	defer h.mu.Unlock()
	return concurlintleaf.Get()
}

func (h *Held) N() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.n
}
`},
	{"concurlintleaf/leaf.go", "package concurlintleaf\n\nimport \"net/http\"\n\nfunc Get() error {\n\t_, err := http.Get(\"http://localhost\")\n\treturn err\n}\n"},
}

// TestReal compares on copies of the modules in the directories of
// CONCURLINT_MODULES, and after edits of them.
func TestReal(t *testing.T) {
	dirs := filepath.SplitList(os.Getenv("CONCURLINT_MODULES"))
	if len(dirs) == 0 {
		t.Skip("CONCURLINT_MODULES is not set")
	}
	for _, dir := range dirs {
		t.Run(filepath.Base(dir), func(t *testing.T) { real(t, dir) })
	}
}

func real(t *testing.T, from string) {
	dir := filepath.Join(t.TempDir(), "module")
	if err := os.CopyFS(dir, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
	module, err := output(dir, "go", "list", "-m")
	if err != nil {
		t.Fatal(err)
	}
	first := same(t, dir)
	t.Logf("%d findings", first)
	for i, edit := range edits {
		file := filepath.Join(dir, edit.name)
		if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
			t.Fatal(err)
		}
		write(t, file, strings.ReplaceAll(edit.text, "MODULE", strings.TrimSpace(string(module))))
		want := first
		if i == len(edits)-1 {
			want++
		}
		if n := same(t, dir); n != want {
			t.Errorf("after edit %d of %s: %d findings, want %d", i, edit.name, n, want)
		}
	}
}
