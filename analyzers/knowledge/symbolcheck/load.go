package symbolcheck

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/build"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
)

// Load returns a finder for the packages of the patterns, as the go command
// sees them from dir. A pattern without a package is no error: the finder
// returns nil for it. Patterns may start with go list flags, such as -deps. The
// finder also takes a path without its major version, as knowledge lines have it.
func Load(dir string, patterns ...string) (Finder, error) {
	args := append([]string{"list", "-e", "-export", "-f", "{{if .Export}}{{.ImportPath}}\t{{.Export}}{{end}}"}, patterns...)
	cmd := exec.Command("go", args...)
	cmd.Dir = dir
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w\n%s", err, stderr.Bytes())
	}
	files := make(map[string]string)
	unversioned := make(map[string]string)
	for l := range strings.Lines(string(out)) {
		if path, file, ok := strings.Cut(strings.TrimSpace(l), "\t"); ok {
			files[path] = file
			unversioned[version.ReplaceAllString(path, "")] = path
		}
	}
	return exported(files, unversioned), nil
}

var version = regexp.MustCompile(`[/.]v[0-9]+\b`)

// exported reads export data when a package is first asked for.
func exported(files, unversioned map[string]string) Finder {
	open := func(path string) (io.ReadCloser, error) { return os.Open(files[path]) }
	imp := importer.ForCompiler(token.NewFileSet(), "gc", open)
	return func(path string) *types.Package {
		if files[path] == "" {
			path = unversioned[path]
		}
		if path == "" {
			return nil
		}
		pkg, err := imp.Import(path)
		if err != nil {
			return nil
		}
		return pkg
	}
}

// Source returns the declarations of a standard-library package of another
// operating system, which the go command would have to compile first. Types
// from other packages are invalid in it.
func Source(goos, goarch, path string) (*types.Package, error) {
	ctxt := build.Default
	ctxt.GOOS, ctxt.GOARCH, ctxt.CgoEnabled = goos, goarch, false
	bp, err := ctxt.ImportDir(filepath.Join(ctxt.GOROOT, "src", filepath.FromSlash(path)), 0)
	if err != nil {
		return nil, err
	}
	fset := token.NewFileSet()
	var files []*ast.File
	for _, name := range bp.GoFiles {
		f, err := parser.ParseFile(fset, filepath.Join(bp.Dir, name), nil, parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		files = append(files, f)
	}
	conf := types.Config{
		IgnoreFuncBodies: true,
		Importer:         nothing{},
		Error:            func(error) {}, // imports are missing on purpose
	}
	pkg, _ := conf.Check(path, fset, files, nil)
	return pkg, nil
}

type nothing struct{}

func (nothing) Import(path string) (*types.Package, error) {
	return nil, fmt.Errorf("%s is left out", path)
}
