package knowledge

import (
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	pathpkg "path"
	"path/filepath"
	"strings"

	"golang.org/x/mod/module"
)

// A library is the modules of go.mod and those of their packages that have
// been looked at. A module without its major version has a directory for each
// version that go.mod names.
type library struct {
	dirs     map[string][]string
	majors   int // the most directories of a module
	packages map[packageKey]*types.Package
	fset     *token.FileSet
	std      types.Importer
}

type packageKey struct {
	path  string
	major int // index in dirs
}

func openLibrary() (*library, error) {
	cmd := exec.Command("go", "mod", "download", "-json")
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go mod download: %v", err)
	}
	fset := token.NewFileSet()
	lib := &library{
		dirs:     make(map[string][]string),
		packages: make(map[packageKey]*types.Package),
		fset:     fset,
		std:      importer.ForCompiler(fset, "source", nil),
	}
	for dec := json.NewDecoder(strings.NewReader(string(out))); ; {
		var m struct{ Path, Dir string }
		if err := dec.Decode(&m); err == io.EOF {
			lib.dirs["github.com/concurlint/concurlint"] = []string{"../.."} // our own executors
			return lib, nil
		} else if err != nil {
			return nil, err
		}
		path, _, _ := module.SplitPathVersion(m.Path)
		lib.dirs[path] = append(lib.dirs[path], m.Dir)
		lib.majors = max(lib.majors, len(lib.dirs[path]))
	}
}

// find returns the package of a path without major version, or nil.
func (lib *library) find(path string, major int) *types.Package {
	key := packageKey{path, major}
	pkg, ok := lib.packages[key]
	if !ok {
		if dir := lib.dir(path, major); dir != "" {
			pkg = lib.load(path, dir)
		}
		lib.packages[key] = pkg
	}
	return pkg
}

// dir returns the directory of a package: its module is the longest one that
// the path begins with.
func (lib *library) dir(path string, major int) string {
	for mod := path; mod != "."; mod = pathpkg.Dir(mod) {
		if dirs := lib.dirs[mod]; major < len(dirs) {
			return filepath.Join(dirs[major], path[len(mod):])
		}
	}
	return ""
}

// load declares the package of all files in dir, whatever they are built for.
func (lib *library) load(path, dir string) *types.Package {
	names, _ := filepath.Glob(filepath.Join(dir, "*.go"))
	byName := make(map[string][]*ast.File)
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(lib.fset, name, nil, parser.SkipObjectResolution)
		if err == nil {
			byName[f.Name.Name] = append(byName[f.Name.Name], f)
		}
	}
	var files []*ast.File
	for _, fs := range byName { // the others are generators and examples
		if len(fs) > len(files) {
			files = fs
		}
	}
	if files == nil {
		return nil
	}
	conf := types.Config{
		IgnoreFuncBodies: true,
		FakeImportC:      true,
		Importer:         lib,
		Error:            func(error) {}, // imports are missing, files for several systems clash
	}
	pkg, _ := conf.Check(path, lib.fset, files, nil)
	return pkg
}

// Import gives packages only what the checks ask about: everything else that a
// package imports is missing.
func (lib *library) Import(path string) (*types.Package, error) {
	switch path {
	case "context", "time", "io", "path/filepath":
		return lib.std.Import(path)
	case "github.com/aws/aws-sdk-go/aws": // its Context is an alias
		return lib.find(path, 0), nil
	}
	return nil, errors.New("not needed")
}
