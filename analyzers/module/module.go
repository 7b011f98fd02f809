// Package module tells whose code a package is: that of the standard library, of
// a dependency, or of the module that is worked on. Drivers that know of no
// modules, such as Bazel's nogo, leave it to where the files lie.
package module

import (
	_ "embed"
	"go/token"
	"go/types"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"golang.org/x/tools/go/analysis"
)

//go:embed std.txt
var list string

// standard holds the packages of the standard library, also those of experiments.
// Whole paths count: log/audit may belong to a program, and log is no name that a
// program has to avoid.
var standard = sync.OnceValue(func() map[string]bool {
	m := make(map[string]bool)
	for path := range strings.FieldsSeq(list) {
		m[path] = true
	}
	return m
})

// Standard reports whether path is a package of the standard library or vendored
// into it.
func Standard(path string) bool { return standard()[path] }

// Std and cmd are the modules of the Go distribution.
const (
	std = "std"
	cmd = "cmd"
)

// Distribution reports whether the package of the pass comes with Go. A module
// decides where the driver gives one: a program may be called log.
func Distribution(pass *analysis.Pass) bool {
	if m := pass.Module; m != nil && m.Path != "" {
		return m.Path == std || m.Path == cmd
	}
	return Standard(pass.Pkg.Path())
}

// Dependency reports whether the package of the pass is of a module that the
// user only uses.
func Dependency(pass *analysis.Pass) bool {
	if pass.Module != nil {
		return pass.Module.Version != ""
	}
	return len(pass.Files) > 0 && fetched(pass.Fset.File(pass.Files[0].FileStart).Name())
}

// Home reports whether a package is of the module that the pass is about.
func Home(pass *analysis.Pass, pkg *types.Package) bool {
	switch m := pass.Module; {
	case pkg == nil || pkg == pass.Pkg:
		return pkg != nil
	case m == nil:
		return !Standard(pkg.Path()) && !Dependency(pass) && !elsewhere(pass.Fset, pkg)
	default:
		return Holds(pass, pkg.Path())
	}
}

// Tells reports whether facts that only packages of the module at hand have are to be had
// of a package: in a GOPATH, where modules are not known, all may have some.
func Tells(pass *analysis.Pass, pkg *types.Package) bool {
	if m := pass.Module; m != nil && m.Path == "" {
		return pkg != nil && !Standard(pkg.Path())
	}
	return Home(pass, pkg)
}

// Neighbours reports whether the package of the pass imports one that Tells something. Who
// asks of every function that a package calls whether there is a fact spares that where
// there is none.
func Neighbours(pass *analysis.Pass) bool {
	return slices.ContainsFunc(pass.Pkg.Imports(), func(p *types.Package) bool { return Tells(pass, p) })
}

// Holds reports whether a path is below that of the module that the pass is
// about. Without modules that is not known.
func Holds(pass *analysis.Pass, path string) bool {
	m := pass.Module
	return m != nil && m.Path != "" && strings.HasPrefix(path+"/", m.Path+"/")
}

// elsewhere reports whether a package was declared in files that were fetched.
func elsewhere(fset *token.FileSet, pkg *types.Package) bool {
	for _, name := range pkg.Scope().Names() {
		if pos := pkg.Scope().Lookup(name).Pos(); pos.IsValid() {
			return fetched(fset.Position(pos).Filename)
		}
	}
	return false
}

// fetched reports whether a file lies where build tools put what they fetch: in
// Bazel's external repositories, in a module cache or in a vendor directory.
// Bazel's tree of sources and each of its trees of outputs begin with the
// repository.
func fetched(file string) bool {
	file = filepath.ToSlash(file)
	if _, after, ok := strings.Cut(file, "/execroot/"); ok {
		_, file, _ = strings.Cut(after, "/")
	}
	elems := strings.Split(file, "/")
	if len(elems) > 3 && elems[0] == "bazel-out" {
		elems = elems[3:]
	}
	if elems[0] == "external" {
		return true
	}
	for _, e := range elems {
		if e == "vendor" || strings.Contains(e, "@v") {
			return true
		}
	}
	return false
}
