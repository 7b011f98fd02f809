package vet

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"github.com/concurlint/concurlint/cmd/concurlint/internal/finding"
)

// A Package is what go list tells.
type Package struct {
	ImportPath   string
	Name         string
	Dir          string
	Standard     bool
	Match        []string // the patterns it was named by
	GoFiles      []string
	CgoFiles     []string
	TestGoFiles  []string
	XTestGoFiles []string
	Error        *loadError
	DepsErrors   []*loadError
	Module       *struct {
		Version string
		Replace *struct{ Version string }
	}
}

type loadError struct {
	ImportStack []string
	Pos, Err    string
}

// HasCode reports whether there is anything but tests.
func (p *Package) HasCode() bool { return len(p.GoFiles)+len(p.CgoFiles) > 0 }

// cached reports whether p lies in the module cache: its module has a version.
func (p *Package) cached() bool {
	if p.Module == nil || p.Module.Replace == nil {
		return p.Module != nil && p.Module.Version != ""
	}
	return p.Module.Replace.Version != ""
}

func (p *Package) broken() bool { return p.Error != nil || len(p.DepsErrors) > 0 }

func (p *Package) tests() []string {
	var files []string
	for _, f := range slices.Concat(p.TestGoFiles, p.XTestGoFiles) {
		files = append(files, filepath.Join(p.Dir, f))
	}
	return files
}

// List asks go list about the packages. Each broken one says so itself; the
// error says that the question could not be asked.
func List(ctx context.Context, args ...string) ([]*Package, error) {
	const fields = "-json=ImportPath,Name,Dir,Standard,Match,GoFiles,CgoFiles,TestGoFiles,XTestGoFiles,Error,DepsErrors,Module"
	cmd := goCommand(ctx, append([]string{"list", "-e", fields}, args...)...)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	if ctx.Err() != nil {
		return nil, ErrInterrupted
	}
	if err != nil && cmd.ProcessState == nil {
		return nil, startError(err)
	}
	if err != nil {
		for _, p := range complaints(strings.Split(strings.TrimSpace(stderr.String()), "\n")) {
			return nil, errors.New(p.Message)
		}
		return nil, fmt.Errorf("go list failed: %v", err)
	}
	var list []*Package
	for dec := json.NewDecoder(&stdout); ; {
		p := new(Package)
		if err := dec.Decode(p); err == io.EOF {
			return list, nil
		} else if err != nil {
			return nil, fmt.Errorf("cannot read what go list printed: %v", err)
		}
		list = append(list, p)
	}
}

// loadProblems returns each reason once, however many packages it spoils.
func loadProblems(pkgs []*Package) []finding.Problem {
	var list []finding.Problem
	seen := make(map[string]bool)
	for _, p := range pkgs {
		for _, e := range append(p.DepsErrors, p.Error) {
			if e == nil || seen[e.key()] {
				continue
			}
			seen[e.key()] = true
			list = append(list, e.problem(p))
		}
	}
	return list
}

// key is the same for one reason met on different ways.
func (e *loadError) key() string {
	if c := e.cycle(); c != nil {
		c = slices.Clone(c[1:])
		slices.Sort(c)
		return strings.Join(c, " ")
	}
	return e.Pos + " " + e.culprit() + " " + e.Err
}

func (e *loadError) culprit() string {
	if len(e.ImportStack) == 0 {
		return ""
	}
	return e.ImportStack[len(e.ImportStack)-1]
}

// cycle returns the part of the import stack that is an import cycle, or nil.
func (e *loadError) cycle() []string {
	first := slices.Index(e.ImportStack, e.culprit())
	if first < 0 || first == len(e.ImportStack)-1 {
		return nil
	}
	return e.ImportStack[first:]
}

func (e *loadError) problem(p *Package) finding.Problem {
	culprit := cmp.Or(e.culprit(), p.ImportPath)
	text := strings.Join(strings.Fields(e.Err), " ")
	cycle := e.cycle()
	switch {
	case cycle != nil:
		text += ": " + strings.Join(cycle, " imports ")
	case e.Pos != "":
		text = e.Pos + ": " + text
	case p.Dir != "" && !strings.Contains(text, culprit):
		text = "package " + culprit + ": " + text
	}
	if p.Dir == "" {
		culprit = "" // a pattern, not a package
	}
	return finding.Problem{Package: culprit, Message: withRemedy(text)}
}

// A Module is the main module.
type Module struct{ Path, Dir string }

// MainModule asks for the module that the working directory lies in; outside of
// any it is empty.
func MainModule(ctx context.Context) (Module, error) {
	cmd := goCommand(ctx, "list", "-m", "-json=Path,Dir")
	out, err := cmd.Output()
	if ctx.Err() != nil {
		return Module{}, ErrInterrupted
	}
	if err != nil && cmd.ProcessState == nil {
		return Module{}, startError(err)
	}
	var best Module
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		var m Module
		if dec.Decode(&m) != nil {
			return best, nil // go vet says what is wrong
		}
		// Of a workspace the innermost one counts.
		if rel, err := filepath.Rel(m.Dir, workdir()); err == nil && filepath.IsLocal(rel) && len(m.Dir) > len(best.Dir) {
			best = m
		}
	}
}
