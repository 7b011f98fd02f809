package driver

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
)

// A listed package is what go list tells of it.
type listed struct {
	ImportPath      string
	ForTest         string
	Name            string
	Dir             string
	Standard        bool
	DepOnly         bool
	GoFiles         []string
	CgoFiles        []string
	CompiledGoFiles []string
	CgoPkgConfig    []string
	CXXFiles        []string
	MFiles          []string
	FFiles          []string
	SwigFiles       []string
	SwigCXXFiles    []string
	SysoFiles       []string
	IgnoredGoFiles  []string
	CFiles          []string
	HFiles          []string
	SFiles          []string
	Imports         []string
	ImportMap       map[string]string // of the imports whose path in the source is another
	Module          *module
	Error           *loadError
	DepsErrors      []*loadError // asked for of packages that cgo is to translate
}

type module struct {
	Path, Version, GoVersion string
	Dir, GoMod               string
	Main                     bool
	Replace                  *module
}

// EmbedFiles is not asked for: the go command would refuse a package whose files to
// embed are not built yet, as those of a web interface in a fresh clone, and all that
// import it. Nothing here reads them.
const listFields = "-json=ImportPath,ForTest,Name,Dir,Standard,DepOnly,GoFiles,CgoFiles,IgnoredGoFiles," +
	"CgoPkgConfig,CXXFiles,MFiles,FFiles,SwigFiles,SwigCXXFiles,SysoFiles,CFiles,HFiles,SFiles,Imports,ImportMap,Module,Error"

// editable reports whether the user can edit the package: it belongs to the
// main module, to one of its workspace, to one that is replaced by a directory,
// or to none at all.
func (p *listed) editable() bool {
	switch m := p.Module; {
	case p.Standard:
		return false
	case m == nil:
		return true
	default:
		return m.Main || m.Replace != nil && m.Replace.Version == ""
	}
}

// path is the import path without the name of a test variant.
func (p *listed) path() string {
	path, _, _ := strings.Cut(p.ImportPath, " ")
	return path
}

// files are the absolute names of the Go files to type-check.
func (p *listed) files() []string {
	names := p.CompiledGoFiles
	if names == nil {
		names = append(append([]string{}, p.GoFiles...), p.CgoFiles...)
	}
	list := make([]string, len(names))
	for i, name := range names {
		if !filepath.IsAbs(name) {
			name = filepath.Join(p.Dir, name)
		}
		list[i] = name
	}
	return list
}

// resolve is the import path of what an import declaration names.
func (p *listed) resolve(path string) string {
	if q, ok := p.ImportMap[path]; ok {
		return q
	}
	return path
}

// noProfile has the go command list each package once. A default.pgo beside a main
// package makes variants of all below it, "p [main]", which have the same types and
// no import path by which one could ask for them again.
const noProfile = "-pgo=off"

// list asks the go command about the named packages and all below them, in an
// order in which what is imported comes first. The problems are patterns that
// match nothing.
func list(ctx context.Context, cfg *Config, unsaved overlay) ([]*listed, []Problem, error) {
	flags, remove, err := unsaved.write()
	if err != nil {
		return nil, nil, err
	}
	defer remove()
	args := append([]string{"list", "-e", "-deps", noProfile, listFields}, flags...)
	if cfg.Tests {
		args = append(args, "-test")
	}
	pkgs, warnings, err := goList(ctx, cfg.Dir, append(append(args, "--"), cfg.Patterns...))
	var problems []Problem
	for line := range strings.Lines(warnings) {
		if text, ok := strings.CutPrefix(strings.TrimSpace(line), "go: warning: "); ok {
			problems = append(problems, Problem{Message: text})
		}
	}
	return pkgs, problems, err
}

func goList(ctx context.Context, dir string, args []string) (pkgs []*listed, warnings string, err error) {
	cmd := GoCommand(ctx, dir, args...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return nil, "", err
	}
	if err := cmd.Start(); err != nil {
		return nil, "", err
	}
	pkgs, bad := decode(stdout)
	err = cmd.Wait()
	switch {
	case ctx.Err() != nil:
		return nil, "", ctx.Err()
	case err != nil:
		return nil, "", &GoError{Stderr: stderr.String(), Err: err}
	case bad != nil:
		return nil, "", fmt.Errorf("cannot read what go list printed: %v", bad)
	}
	return pkgs, stderr.String(), nil
}

func decode(r io.Reader) ([]*listed, error) {
	var pkgs []*listed
	for dec := json.NewDecoder(r); ; {
		p := new(listed)
		switch err := dec.Decode(p); {
		case err == io.EOF:
			return pkgs, nil
		case err != nil:
			io.Copy(io.Discard, r) // lest the go command wait for a reader
			return nil, err
		}
		pkgs = append(pkgs, p)
	}
}

// env asks for the values that types depend on beside the sources, and for the
// file of the workspace.
func env(ctx context.Context, dir string) (map[string]string, error) {
	cmd := GoCommand(ctx, dir, slices.Concat([]string{"env", "-json", "GOWORK"}, toolchainEnv, cgoEnv)...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil && cmd.ProcessState != nil {
		err = &GoError{Stderr: stderr.String(), Err: err}
	}
	if err != nil {
		return nil, err
	}
	var m map[string]string
	return m, json.Unmarshal(out, &m)
}
