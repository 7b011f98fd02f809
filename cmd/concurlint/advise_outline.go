package main

import (
	"os"
	"path/filepath"

	"golang.org/x/mod/modfile"

	"github.com/concurlint/concurlint/advisor"
	"github.com/concurlint/concurlint/advisor/outline"
)

// complete adds the functions of which the analyzers say nothing, so that
// recordings are joined with them all the same: those of packages that could not
// be analyzed, and of generated code. Where the user has named packages, that is
// of these.
func complete(lint *advisor.Lint, named bool) {
	dir, path := lint.Module.Dir, lint.Module.Path
	if path == "" {
		if dir, path = moduleHere(); path == "" {
			return
		}
		lint.Module = advisor.Module{Path: path, Dir: dir}
	}
	wd, err := os.Getwd()
	if err != nil {
		return
	}
	prefix, err := filepath.Rel(wd, dir)
	if err != nil {
		return
	}
	if prefix = filepath.ToSlash(prefix) + "/"; prefix == "./" {
		prefix = ""
	}
	wanted := make(map[string]bool)
	for _, f := range lint.Functions {
		wanted[f.Package] = true
	}
	for _, e := range lint.Errors {
		wanted[e.Package] = true
	}
	for _, f := range outline.Functions(os.DirFS(dir), path, prefix, lint.Functions) {
		if !named || wanted[f.Package] {
			lint.Functions = append(lint.Functions, f)
		}
	}
}

// everything matches the packages of the module from whichever of its directories.
func everything() string {
	wd, err := os.Getwd()
	dir, _ := moduleHere()
	if err != nil || dir == "" {
		return "./..."
	}
	rel, err := filepath.Rel(wd, dir)
	if err != nil {
		return "./..."
	}
	return filepath.ToSlash(rel) + "/..."
}

// moduleHere reads the go.mod of the working directory or of one above it, which
// the go command may refuse: a later version, a module that cannot be had.
func moduleHere() (dir, path string) {
	dir, err := os.Getwd()
	if err != nil {
		return "", ""
	}
	for {
		if text, err := os.ReadFile(filepath.Join(dir, "go.mod")); err == nil {
			return dir, modfile.ModulePath(text)
		}
		up := filepath.Dir(dir)
		if up == dir {
			return "", ""
		}
		dir = up
	}
}
