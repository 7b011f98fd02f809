package driver

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
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
	IgnoredGoFiles  []string
	OtherFiles      []string `json:"-"`
	CFiles          []string
	HFiles          []string
	SFiles          []string
	EmbedPatterns   []string
	TestGoFiles     []string
	XTestGoFiles    []string
	Imports         []string
	ImportMap       map[string]string // of the imports whose path in the source is another
	Module          *module
	Error           *loadError
	DepsErrors      []*loadError
}

type module struct {
	Path, Version, GoVersion string
	Main                     bool
	Dir                      string
	Replace                  *module
}

const listFields = "-json=ImportPath,ForTest,Name,Dir,Standard,DepOnly,GoFiles,CgoFiles,IgnoredGoFiles,CFiles,HFiles,SFiles,EmbedPatterns,TestGoFiles,XTestGoFiles,Imports,ImportMap,Module,Error,DepsErrors"

// own reports whether the user can edit the package: it belongs to the main
// module, to one of its workspace, to one that is replaced by a directory, or to
// none at all.
func (p *listed) own() bool {
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

// list asks the go command about the named packages and all below them, in an
// order in which what is imported comes first.
func list(ctx context.Context, cfg *Config) ([]*listed, error) {
	args := []string{"list", "-e", "-deps", listFields}
	if cfg.Tests {
		args = append(args, "-test")
	}
	pkgs, err := goList(ctx, cfg.Dir, append(append(args, "--"), cfg.Patterns...))
	if err != nil {
		return nil, err
	}
	return pkgs, compiled(ctx, cfg, pkgs)
}

// compiled replaces the files of own packages that use cgo by those that cgo
// makes of them. It is a second question because it is one that the C compiler
// answers, and of most programs need not be asked.
func compiled(ctx context.Context, cfg *Config, pkgs []*listed) error {
	byPath := make(map[string]*listed)
	args := []string{"list", "-e", "-compiled", "-json=ImportPath,CompiledGoFiles,Error", "--"}
	for _, p := range pkgs {
		if p.own() && len(p.CgoFiles) > 0 {
			byPath[p.ImportPath] = p
			args = append(args, p.path())
		}
	}
	if len(byPath) == 0 {
		return nil
	}
	answers, err := goList(ctx, cfg.Dir, args)
	if err != nil {
		return err
	}
	for _, a := range answers {
		if p := byPath[a.ImportPath]; p != nil {
			p.CompiledGoFiles = a.CompiledGoFiles
			if p.Error == nil {
				p.Error = a.Error
			}
		}
	}
	return nil
}

func goList(ctx context.Context, dir string, args []string) ([]*listed, error) {
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir = dir
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = 2 * time.Second
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		if errors.Is(err, exec.ErrNotFound) {
			return nil, errors.New("no go command in PATH; install Go from https://go.dev/dl or add its bin directory to PATH")
		}
		return nil, fmt.Errorf("cannot start the go command: %v", err)
	}
	pkgs, bad := decode(stdout)
	err = cmd.Wait()
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case err != nil:
		if text := strings.TrimSpace(stderr.String()); text != "" {
			return nil, errors.New(strings.TrimPrefix(text, "go: "))
		}
		return nil, fmt.Errorf("go list failed: %v", err)
	case bad != nil:
		return nil, fmt.Errorf("cannot read what go list printed: %v", bad)
	}
	return pkgs, nil
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

// env asks for the values that types depend on beside the sources.
func env(ctx context.Context, dir string) (map[string]string, error) {
	cmd := exec.CommandContext(ctx, "go", "env", "-json", "GOVERSION", "GOOS", "GOARCH", "GOEXPERIMENT", "CGO_ENABLED")
	cmd.Dir = dir
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go env failed: %v", err)
	}
	var m map[string]string
	return m, json.Unmarshal(out, &m)
}
