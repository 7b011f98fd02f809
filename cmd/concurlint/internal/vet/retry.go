package vet

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/concurlint/concurlint/cmd/concurlint/internal/finding"
)

// retry analyzes those of the packages that can be loaded, without their tests
// if these are not wanted. It returns first, the result of the first run, where
// that cannot help.
func retry(ctx context.Context, req Request, first *Result) (*Result, error) {
	if slices.ContainsFunc(req.Patterns, func(p string) bool { return strings.HasSuffix(p, ".go") }) {
		return first, nil
	}
	pkgs, err := List(ctx, req.Patterns...)
	if err != nil || len(pkgs) == 0 {
		return first, nil // the go command would only say the same again
	}
	second := &Result{Problems: loadProblems(pkgs)}
	var overlay []string
	req.Patterns = nil
	for _, p := range pkgs {
		switch {
		case p.broken() || !req.Tests && !p.HasCode():
		case p.cached() && !req.Tests:
			if err := second.addFiles(ctx, req, p); err != nil {
				return nil, err
			}
		default:
			req.Patterns = append(req.Patterns, p.ImportPath)
			if !req.Tests {
				overlay = append(overlay, p.tests()...)
			}
		}
	}
	if len(req.Patterns) > 0 {
		flag, remove, err := hide(overlay)
		if err != nil {
			return nil, err
		}
		defer remove()
		if err := second.add(ctx, req, flag); err != nil {
			return nil, err
		}
	}
	if second.inVain() {
		return first, nil
	}
	return second, nil
}

// inVain reports whether the second try met an obstacle of its own: files of the
// cache may not import internal packages when they are named.
func (r *Result) inVain() bool {
	return slices.ContainsFunc(r.Problems, func(p finding.Problem) bool {
		return strings.Contains(p.Message, "use of internal package")
	})
}

// add runs the request and adds what comes of it.
func (r *Result) add(ctx context.Context, req Request, goFlags ...string) error {
	more, _, err := run(ctx, req, goFlags)
	if err != nil {
		return err
	}
	r.Diagnostics = append(r.Diagnostics, more.Diagnostics...)
	r.Problems = append(r.Problems, more.Problems...)
	return nil
}

// addFiles analyzes a package of the module cache by its files, which leaves
// its tests out: what these import is often not there, and the go command
// refuses to hide files of the cache.
func (r *Result) addFiles(ctx context.Context, req Request, p *Package) error {
	req.Patterns = nil
	for _, f := range slices.Concat(p.GoFiles, p.CgoFiles) {
		req.Patterns = append(req.Patterns, filepath.Join(p.Dir, f))
	}
	n, m := len(r.Diagnostics), len(r.Problems)
	if err := r.add(ctx, req); err != nil {
		return err
	}
	for i := range r.Diagnostics[n:] {
		r.Diagnostics[n+i].Package = p.ImportPath
	}
	for i := range r.Problems[m:] {
		r.Problems[m+i].Package = p.ImportPath
	}
	return nil
}

// hide writes an overlay without the files for the go command.
func hide(files []string) (flag string, remove func(), err error) {
	replace := make(map[string]string)
	for _, f := range files {
		replace[f] = ""
	}
	text, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		return "", nil, err
	}
	f, err := os.CreateTemp("", "concurlint-*.json")
	if err != nil {
		return "", nil, err
	}
	remove = func() { os.Remove(f.Name()) }
	_, err = f.Write(text)
	if err = errors.Join(err, f.Close()); err != nil {
		remove()
		return "", nil, err
	}
	return "-overlay=" + f.Name(), remove, nil
}
