package main

import (
	"context"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strings"

	"github.com/concurlint/concurlint/analyzers/report"
	"github.com/concurlint/concurlint/cmd/concurlint/internal/check"
)

// A source is a package whose declarations can be read.
type source struct{ *check.Package }

// locate finds the package of PKG.FUNC and returns the plain name of FUNC. PKG
// is an import path, a directory such as ./store, or the end of an import path.
// Without PKG, it is the package in the working directory.
func locate(ctx context.Context, arg string) (*source, string, error) {
	if fn, ok := hereFunction(arg); ok {
		pkg, err := here(ctx)
		if err != nil {
			return nil, "", fmt.Errorf("%s names a function of the package here, but: %w", arg, err)
		}
		return pkg, fn, nil
	}
	paths, names := splits(arg)
	if len(paths) == 0 {
		if pkg, ok := methodHere(ctx, arg); ok {
			return pkg, plain(arg), nil
		}
		return methodBelow(ctx, arg)
	}
	list, err := check.List(ctx, paths...)
	if err != nil {
		return nil, "", err
	}
	if pkg, name := matched(list, paths, names); pkg != nil {
		return pkg, name, nil
	}
	for i, path := range paths {
		for _, p := range list {
			if !slices.Contains(p.Match, path) {
				continue
			}
			if p.Dir != "" && !p.HasCode() {
				return nil, "", fmt.Errorf("no package in %s that could be built: %s", path, noCode(p))
			}
			if p.Error != nil {
				continue
			}
			// Perhaps a package of the same name, such as some other iter.
			if s, name, err := bySuffix(ctx, arg, paths, names); err == nil {
				return s, name, nil
			}
			return &source{p}, names[i], nil
		}
	}
	if pkg, ok := methodHere(ctx, arg); ok {
		return pkg, plain(arg), nil
	}
	return bySuffix(ctx, arg, paths, names)
}

// matched is the first listed package that one of the paths names, and the name that
// belongs to that path. It is nil where more has to be asked: there is none, it has
// no code, or it is one of the standard library without that name.
func matched(list []*check.Package, paths, names []string) (*source, string) {
	for i, path := range paths {
		for _, p := range list {
			s := &source{p}
			switch {
			case !slices.Contains(p.Match, path):
			case p.Dir != "" && !p.HasCode():
				return nil, ""
			case p.Error != nil:
			case p.Standard && !s.declares(names[i]):
				return nil, ""
			default:
				return s, names[i]
			}
		}
	}
	return nil, ""
}

// methodHere finds Type.Name or (*Type).Name in the package here. It is asked
// once no package has the whole path.
func methodHere(ctx context.Context, arg string) (*source, bool) {
	pkg, err := here(ctx)
	return pkg, err == nil && slices.Contains(pkg.declared(), plain(arg))
}

// methodBelow finds (*Type).Name, as reports name methods beside a file, in the one
// package from here down that has it.
func methodBelow(ctx context.Context, arg string) (*source, string, error) {
	list, err := check.List(ctx, "./...")
	if err != nil {
		return nil, "", err
	}
	var found *source
	var paths []string
	for _, p := range list {
		if s := (&source{p}); p.Error == nil && slices.Contains(s.declared(), plain(arg)) {
			found, paths = s, append(paths, p.ImportPath+"."+arg)
		}
	}
	switch {
	case len(paths) == 1:
		return found, plain(arg), nil
	case len(paths) > 1:
		return nil, "", fmt.Errorf("%s may be %s; name one of them", arg, strings.Join(paths, " or "))
	}
	return nil, "", fmt.Errorf("%q names no function here or below; want PKG.FUNC, such as strings.ToUpper", arg)
}

// here is the package in the working directory.
func here(ctx context.Context) (*source, error) {
	list, err := check.List(ctx, ".")
	if err != nil {
		return nil, err
	}
	if p := list[0]; p.Error != nil {
		return nil, errors.New(strings.TrimSpace(p.Error.Err))
	}
	return &source{list[0]}, nil
}

// hereFunction takes FUNC, .FUNC and ./.FUNC for a function of the package here.
func hereFunction(arg string) (fn string, ok bool) {
	fn = strings.TrimPrefix(arg, "./.")
	if fn != arg {
		return plain(fn), true
	}
	if strings.HasPrefix(arg, ".") && !strings.HasPrefix(arg, "./") && !strings.HasPrefix(arg, "..") {
		return plain(arg[1:]), true
	}
	return arg, !strings.ContainsAny(arg, "./")
}

// meanings are the patterns of packages that the argument may name, each with the
// name that then belongs to the function.
func meanings(arg string) (patterns, names []string) {
	if fn, ok := hereFunction(arg); ok {
		return []string{"."}, []string{fn}
	}
	return splits(arg)
}

func noCode(p *check.Package) string {
	if p.Error == nil {
		return "it has tests alone"
	}
	return strings.TrimSpace(p.Error.Err)
}

// splits cuts the argument at each dot that can end the import path: paths such
// as gopkg.in/yaml.v3 hold dots of their own.
func splits(arg string) (paths, names []string) {
	start := strings.LastIndexByte(arg, '/') + 1
	for i := start; i < len(arg); i++ {
		if arg[i] == '(' {
			break
		}
		name := plain(arg[i+1:])
		if arg[i] != '.' || i == start || name == "" || strings.Count(name, ".") > 1 {
			continue
		}
		paths = append(paths, arg[:i])
		names = append(names, name)
	}
	return paths, names
}

// bySuffix looks among what the module consists of and imports, then in the
// standard library.
func bySuffix(ctx context.Context, arg string, paths, names []string) (*source, string, error) {
	list, err := check.List(ctx, "-deps", "./...", "std")
	if err != nil {
		return nil, "", err
	}
	for _, standard := range []bool{false, true} {
		for i, path := range paths {
			var found []*check.Package
			var all []string
			for _, p := range list {
				if p.Standard == standard && ends(p, path) && !hidden(p) {
					found = append(found, p)
					all = append(all, p.ImportPath)
				}
			}
			if len(found) == 1 {
				return &source{found[0]}, names[i], nil
			}
			if len(found) > 1 {
				return nil, "", fmt.Errorf("%s may be in package %s; name one of them in full", arg, strings.Join(all, " or "))
			}
		}
	}
	var all []string
	for _, p := range list {
		if !hidden(p) {
			all = append(all, p.ImportPath, p.Name)
		}
	}
	return nil, "", fmt.Errorf("no package %s here or among what is imported here%s; check the path, or import it first", paths[0], didYouMean(paths[0], all))
}

// ends reports whether path is the end of p's import path, or p's name.
func ends(p *check.Package, path string) bool {
	return strings.HasSuffix(p.ImportPath, "/"+path) || p.Name == path
}

// hidden reports whether p is of no interest to people: an internal or vendored
// package of the standard library, or a pattern without a package.
func hidden(p *check.Package) bool {
	return p.Dir == "" || p.Standard && (strings.Contains("/"+p.ImportPath+"/", "/internal/") || strings.HasPrefix(p.ImportPath, "vendor/"))
}

func (s *source) declares(name string) bool {
	names, err := s.functions()
	return err != nil || slices.Contains(names, name)
}

// functions returns the plain names of the package's exported functions,
// methods, and interface methods.
func (s *source) functions() ([]string, error) {
	names, err := s.declarations()
	return slices.DeleteFunc(names, func(n string) bool {
		return !token.IsExported(n[strings.LastIndexByte(n, '.')+1:])
	}), err
}

// declared returns those that are not exported too, as far as they can be read.
func (s *source) declared() []string {
	names, _ := s.declarations()
	return names
}

func (s *source) declarations() ([]string, error) {
	var names []string
	fset := token.NewFileSet()
	for _, name := range slices.Concat(s.GoFiles, s.CgoFiles) {
		f, err := parser.ParseFile(fset, filepath.Join(s.Dir, name), nil, parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		for _, d := range f.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				names = append(names, plain(report.FuncName(d)))
			case *ast.GenDecl:
				names = append(names, interfaceMethods(d)...)
			}
		}
	}
	return names, nil
}

func interfaceMethods(d *ast.GenDecl) []string {
	var names []string
	for _, spec := range d.Specs {
		t, ok := spec.(*ast.TypeSpec)
		if !ok {
			continue
		}
		it, ok := t.Type.(*ast.InterfaceType)
		if !ok {
			continue
		}
		for _, m := range it.Methods.List {
			for _, n := range m.Names {
				names = append(names, t.Name.Name+"."+n.Name)
			}
		}
	}
	return names
}
