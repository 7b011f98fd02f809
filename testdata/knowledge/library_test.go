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
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/mod/module"
)

// A library is the modules of go.mod and those of their packages that have
// been looked at.
type library struct {
	dirs     map[string][]string         // module path without major version: directories
	packages map[string][]*types.Package // package path likewise: one per major version
	fset     *token.FileSet
	std      types.Importer
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
		packages: make(map[string][]*types.Package),
		fset:     fset,
		std:      importer.ForCompiler(fset, "source", nil),
	}
	for dec := json.NewDecoder(strings.NewReader(string(out))); ; {
		var m struct{ Path, Dir string }
		if err := dec.Decode(&m); err == io.EOF {
			return lib, nil
		} else if err != nil {
			return nil, err
		}
		path, _, _ := module.SplitPathVersion(m.Path)
		lib.dirs[path] = append(lib.dirs[path], m.Dir)
	}
}

// find returns the packages that symbol may be in, and its names in them: a
// type or nothing, and a function, method, field or star.
func (lib *library) find(symbol string) ([]*types.Package, []string, error) {
	mod, rest := "", ""
	for path := range lib.dirs {
		if r, ok := below(symbol, path); ok && len(path) > len(mod) {
			mod, rest = path, r
		}
	}
	if mod == "" {
		return nil, nil, errors.New("no module of go.mod holds it")
	}
	slash := strings.LastIndexByte(rest, '/') + 1
	dir, names, _ := strings.Cut(rest[slash:], ".")
	dir = rest[:slash] + dir
	pkgs, ok := lib.packages[mod+dir]
	if !ok {
		for _, root := range lib.dirs[mod] {
			if pkg := lib.load(mod+dir, filepath.Join(root, dir)); pkg != nil {
				pkgs = append(pkgs, pkg)
			}
		}
		lib.packages[mod+dir] = pkgs
	}
	if len(pkgs) == 0 {
		return nil, nil, fmt.Errorf("no package %s in %s", dir, mod)
	}
	return pkgs, strings.Split(names, "."), nil
}

// below returns what follows path in symbol, from the slash or dot on.
func below(symbol, path string) (string, bool) {
	rest, ok := strings.CutPrefix(symbol, path)
	return rest, ok && rest != "" && (rest[0] == '/' || rest[0] == '.')
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

// Import gives packages only what the checks ask about.
func (lib *library) Import(path string) (*types.Package, error) {
	if slices.Contains([]string{"context", "time", "io"}, path) {
		return lib.std.Import(path)
	}
	return nil, errors.New("not needed")
}
