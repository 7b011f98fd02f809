package main

import (
	"archive/zip"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// libraryDirs are the folders of the executors: what a program that imports
// them compiles.
var libraryDirs = []string{"advisor/executor", "advisor/internal"}

// TestLibraryDoc holds that what users see of the executors names no type of the
// packages below them.
func TestLibraryDoc(t *testing.T) {
	cmd := exec.Command("go", "doc", "-all", "./advisor/executor")
	cmd.Dir = root
	text, err := cmd.Output()
	if err != nil || !strings.Contains(string(text), "func Map[") {
		t.Fatalf("go doc: %v\n%s", err, text)
	}
	inner, err := os.ReadDir(filepath.Join(root, "advisor/internal"))
	if err != nil || len(inner) == 0 {
		t.Fatal(err)
	}
	for _, dir := range inner {
		if name := regexp.MustCompile(`\b` + dir.Name() + `\.[A-Z]\w*`).Find(text); name != nil {
			t.Errorf("go doc of the executors names %s", name)
		}
	}
}

const userMain = `package main

import (
	"context"
	"fmt"

	"github.com/concurlint/concurlint/advisor/executor"
)

func main() {
	fmt.Println(executor.Range(context.Background(), 3, func(int) {}, executor.Options{}))
}
`

// TestLibraryAlone holds that a program which imports the executors downloads
// this module and no other: its only proxy has nothing else.
func TestLibraryAlone(t *testing.T) {
	if testing.Short() {
		t.Skip("builds a module with an empty cache")
	}
	const version = "v0.0.1"
	work := t.TempDir()
	proxy := filepath.Join(work, "proxy", module, "@v")
	user, cache := filepath.Join(work, "user"), filepath.Join(work, "cache")
	goMod, err := os.ReadFile(filepath.Join(root, "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		filepath.Join(proxy, "list"):          version + "\n",
		filepath.Join(proxy, version+".info"): `{"Version":"` + version + `"}`,
		filepath.Join(proxy, version+".mod"):  string(goMod),
		filepath.Join(proxy, version+".zip"):  libraryZip(t, version, goMod),
		filepath.Join(user, "go.mod"):         "module example.com/user\n\ngo 1.26.0\n",
		filepath.Join(user, "main.go"):        userMain,
	} {
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	for _, args := range [][]string{
		{"get", module + "advisor/executor@" + version},
		{"mod", "tidy"},
		{"mod", "vendor"},
		{"run", "."},
	} {
		cmd := exec.Command("go", args...)
		cmd.Dir = user
		cmd.Env = append(os.Environ(), "GOMODCACHE="+cache, "GOPROXY=file://"+filepath.ToSlash(filepath.Join(work, "proxy")),
			"GOSUMDB=off", "GOFLAGS=-modcacherw", "GOTOOLCHAIN=local", "GOWORK=off")
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("go %s: %v\n%s", strings.Join(args, " "), err, out)
		}
	}
	vendored, err := os.ReadFile(filepath.Join(user, "vendor", "modules.txt"))
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count("\n"+string(vendored), "\n# "); n != 1 {
		t.Errorf("%d modules are vendored, want this one alone:\n%s", n, vendored)
	}
}

// libraryZip returns the module as a proxy has it, reduced to the library.
func libraryZip(t *testing.T, version string, goMod []byte) string {
	t.Helper()
	var text strings.Builder
	archive := zip.NewWriter(&text)
	add := func(name string, content []byte) {
		f, err := archive.Create(strings.TrimSuffix(module, "/") + "@" + version + "/" + name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Write(content); err != nil {
			t.Fatal(err)
		}
	}
	add("go.mod", goMod)
	files := os.DirFS(root)
	for _, dir := range append(libraryDirs, "testdata/faults") { // of its tests, which go mod tidy looks at
		err := fs.WalkDir(files, dir, func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || filepath.Ext(name) != ".go" {
				return err
			}
			content, err := fs.ReadFile(files, name)
			if err == nil {
				add(name, content)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := archive.Close(); err != nil {
		t.Fatal(err)
	}
	return text.String()
}
