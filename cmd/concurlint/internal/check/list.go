package check

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/concurlint/concurlint/analyzers/driver"
)

// A Package is what go list tells.
type Package struct {
	ImportPath string
	Name       string
	Dir        string
	Standard   bool
	Match      []string // the patterns it was named by
	GoFiles    []string
	CgoFiles   []string
	Error      *loadError
	Module     *struct {
		Path, Version, Dir string
		Main               bool
	}
}

type loadError struct{ Err string }

// HasCode reports whether there is anything but tests.
func (p *Package) HasCode() bool { return len(p.GoFiles)+len(p.CgoFiles) > 0 }

// List asks go list about the packages. Each broken one says so itself; the
// error says that the question could not be asked.
func List(ctx context.Context, args ...string) ([]*Package, error) {
	const fields = "-json=ImportPath,Name,Dir,Standard,Match,GoFiles,CgoFiles,Error,Module"
	cmd := driver.GoCommand(ctx, "", append([]string{"list", "-e", fields}, args...)...)
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
		for _, p := range messages(strings.Split(strings.TrimSpace(stderr.String()), "\n")) {
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

// A Module is the main module.
type Module struct{ Path, Dir string }

// MainModule asks for the module that the working directory lies in; outside of
// any it is empty.
func MainModule(ctx context.Context) (Module, error) {
	cmd := driver.GoCommand(ctx, "", "list", "-m", "-json=Path,Dir")
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
			return best, nil // the analysis says what is wrong
		}
		// Of a workspace the innermost one counts.
		if rel, err := filepath.Rel(m.Dir, workdir()); err == nil && filepath.IsLocal(rel) && len(m.Dir) > len(best.Dir) {
			best = m
		}
	}
}
