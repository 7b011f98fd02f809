// Package harness builds the program that runs a Go function over a stream of
// inputs, and talks to it while it runs. The program is made of the user's
// package, a file added to it that registers the function, a main function, and
// the sources of package run. All that is generated reaches the compiler through
// an overlay: nothing is written into the user's tree.
package harness

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/tools/go/gcexportdata"

	"github.com/concurlint/concurlint/analyzers/driver"
	"github.com/concurlint/concurlint/cmd/concurlint/internal/check"
)

// A Name is a function of a package.
type Name struct{ Path, Func string }

// Packages are the packages of the functions with all that they import.
type Packages struct {
	Named  []*check.Package // those that were asked for
	list   []*listed
	byPath map[string]*listed
	known  bool // without asking go list
	fset   *token.FileSet
	read   map[string]*types.Package // from export data
}

// listed is what go list tells of a package that it compiles.
type listed struct {
	check.Package
	Export     string
	BuildID    string
	DepOnly    bool
	ImportMap  map[string]string
	Imports    []string
	DepsErrors []*struct{ Err string }

	// Where a standard package comes from, and what files it embeds.
	Root          string
	EmbedPatterns []string
}

// own reports whether files can be added to the package: it belongs to a module
// that is being worked on.
func (p *listed) own() bool { return p.Module != nil && p.Module.Main }

// Load compiles the packages and what they import, as far as the go command's
// cache does not have them. Each path has to be that of a package that compiles.
func Load(ctx context.Context, paths []string) (*Packages, error) {
	pkgs, stderr, err := list(ctx, paths)
	if err != nil {
		return nil, err
	}
	for _, path := range paths {
		if p := pkgs.byPath[path]; p == nil {
			return nil, fmt.Errorf("no package %s", path)
		} else if !p.compiles() {
			return nil, compileError(ctx, p, stderr)
		}
	}
	return pkgs, nil
}

// Guess is Load for patterns of which some may match nothing, and of which those
// that match are in Named. It tells of no failure why, as that one of them does not
// compile: Load does.
func Guess(ctx context.Context, patterns []string) (*Packages, bool) {
	pkgs, _, err := list(ctx, patterns)
	if err != nil {
		return nil, false
	}
	for _, p := range pkgs.list {
		switch {
		case p.DepOnly:
		case p.compiles():
			pkgs.Named = append(pkgs.Named, &p.Package)
		case p.Dir != "":
			return nil, false
		}
	}
	return pkgs, true
}

func (p *listed) compiles() bool { return p.Export != "" && p.Error == nil }

// list asks go list about the packages, or remembers what it said.
func list(ctx context.Context, patterns []string) (pkgs *Packages, stderr string, err error) {
	file := memoryFile(patterns)
	m, pkgs, now := remembered(file)
	if m.holds(file, now) {
		pkgs.known = true
		return pkgs, "", nil
	}
	args := []string{"list", "-e", "-export", "-deps", "-buildvcs=false",
		"-json=ImportPath,Name,Dir,Root,Export,BuildID,Standard,DepOnly,Match,GoFiles,CgoFiles,EmbedPatterns,ImportMap,Imports,Error,DepsErrors,Module", "--"}
	out, stderr, err := goCommand(ctx, "", append(args, patterns...)...)
	if err != nil {
		return nil, "", fmt.Errorf("go list failed: %s", firstOf(stderr, err.Error()))
	}
	if pkgs, err = parse(out); err == nil && file != "" {
		remember(file, now, out, pkgs)
	}
	return pkgs, stderr, err
}

// parse reads what go list printed.
func parse(out []byte) (*Packages, error) {
	pkgs := &Packages{byPath: make(map[string]*listed), fset: token.NewFileSet(), read: make(map[string]*types.Package)}
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		p := new(listed)
		if err := dec.Decode(p); err == io.EOF {
			return pkgs, nil
		} else if err != nil {
			return nil, fmt.Errorf("cannot read what go list printed: %v", err)
		}
		pkgs.list = append(pkgs.list, p)
		pkgs.byPath[p.ImportPath] = p
	}
}

// compileError says why a package does not compile, in the compiler's words.
func compileError(ctx context.Context, p *listed, listSaid string) error {
	_, said, err := goCommand(ctx, "", "build", "-buildvcs=false", "-o", os.DevNull, p.ImportPath)
	if err == nil {
		// It does; what failed is to keep the outcome, for example on a full disk.
		for _, e := range p.DepsErrors {
			listSaid = firstOf(listSaid, e.Err)
		}
		return fmt.Errorf("go list failed: %s", firstOf(listSaid, "it gives no reason for package "+p.ImportPath))
	}
	return &BuildError{Package: p.ImportPath, Output: strings.TrimSpace(said)}
}

// A BuildError is a package that does not compile.
type BuildError struct{ Package, Output string }

func (e *BuildError) Error() string {
	return fmt.Sprintf("package %s does not compile:\n%s", e.Package, e.Output)
}

func goCommand(ctx context.Context, dir string, args ...string) (stdout []byte, stderr string, err error) {
	cmd := driver.GoCommand(ctx, dir, args...)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	err = cmd.Run()
	if ctx.Err() != nil {
		return nil, "", ctx.Err()
	}
	if errors.Is(err, exec.ErrNotFound) {
		err = errors.New("no go command in PATH; install Go from https://go.dev/dl or add its bin directory to PATH")
	}
	return out.Bytes(), errs.String(), err
}

func firstOf(texts ...string) string {
	for _, t := range texts {
		if t = strings.TrimSpace(t); t != "" {
			return t
		}
	}
	return ""
}

// Check type-checks the declarations of a package. Function bodies matter only
// where uses are wanted.
func (pkgs *Packages) check(p *listed, uses map[*ast.Ident]types.Object) (*types.Package, []*ast.File, error) {
	var files []*ast.File
	for _, name := range slices.Concat(p.GoFiles, p.CgoFiles) {
		f, err := parser.ParseFile(pkgs.fset, filepath.Join(p.Dir, name), nil, parser.SkipObjectResolution)
		if err != nil {
			return nil, nil, err
		}
		files = append(files, f)
	}
	config := types.Config{
		IgnoreFuncBodies: uses == nil,
		FakeImportC:      true,
		Importer:         importer{pkgs, p},
		Error:            func(error) {}, // it compiles; what is left is cgo's
	}
	info := &types.Info{Uses: uses, Defs: make(map[*ast.Ident]types.Object)}
	tp, _ := config.Check(p.ImportPath, pkgs.fset, files, info)
	return tp, files, nil
}

// An importer reads export data.
type importer struct {
	pkgs *Packages
	from *listed
}

func (i importer) Import(path string) (*types.Package, error) {
	if path == "unsafe" {
		return types.Unsafe, nil
	}
	if real, ok := i.from.ImportMap[path]; ok {
		path = real
	}
	if tp := i.pkgs.read[path]; tp != nil && tp.Complete() {
		return tp, nil
	}
	p := i.pkgs.byPath[path]
	if p == nil || p.Export == "" {
		return nil, fmt.Errorf("no export data for %s", path)
	}
	f, err := os.Open(p.Export)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	r, err := gcexportdata.NewReader(f)
	if err != nil {
		return nil, err
	}
	return gcexportdata.Read(r, i.pkgs.fset, i.pkgs.read, path)
}
