package driver

import (
	"bytes"
	"context"
	"encoding/gob"
	"os"
	"path/filepath"
	"slices"
)

// useCgo replaces the files of own packages that use cgo by those that cgo makes
// of them. Where cgo does not take a package, as without a compiler or a library of C, the
// files stay as they are: of what C does nothing is known then, and all else is, also of
// the packages above it. The user is told.
func (g *graph) useCgo() ([]Problem, error) {
	var paths []string
	asked := make(map[*node]key)
	for _, n := range g.list {
		if !n.isOwn || len(n.CgoFiles) == 0 || n.broken {
			continue
		}
		if n.CompiledGoFiles = g.made(n); n.CompiledGoFiles != nil {
			continue
		}
		asked[n] = g.cgoKey(n)
		if !slices.Contains(paths, n.path()) {
			paths = append(paths, n.path())
		}
	}
	g.asked = len(paths)
	made, err := compiled(g.ctx, g.cfg, paths, g.unsaved)
	if err != nil {
		return nil, err
	}
	var failed []*listed
	for _, n := range g.list {
		k, wanted := asked[n]
		p := made[n.id]
		if p == nil || !wanted {
			continue
		}
		if p.Error != nil {
			failed = append(failed, p)
			continue
		}
		if k == g.cgoKey(n) { // not edited meanwhile
			g.keepMade(k, p.CompiledGoFiles)
		}
		n.CompiledGoFiles = p.CompiledGoFiles
	}
	return loadProblems(failed), nil
}

// cgoEnv are the variables by which cgo and the C compiler are told what to do.
var cgoEnv = []string{"CC", "CXX", "PKG_CONFIG", "GOFLAGS", "CGO_CFLAGS", "CGO_CPPFLAGS", "CGO_CXXFLAGS", "CGO_FFLAGS", "CGO_LDFLAGS"}

// made are the files that cgo made of a package like n, if that is known and they are
// still in the build cache: asking the go command takes as long as listing all of a
// module. It follows from the package's own files and the flags; a compiler of the same
// name and headers of the system are taken for what they were. What pkg-config answers
// can change at any time.
func (g *graph) made(n *node) []string {
	if len(n.CgoPkgConfig) > 0 {
		return nil
	}
	var files []string
	if gob.NewDecoder(bytes.NewReader(g.cfg.store().get(g.cgoKey(n)))).Decode(&files) != nil {
		return nil
	}
	for _, f := range files {
		if _, err := os.Stat(f); filepath.IsAbs(f) && err != nil {
			return nil
		}
	}
	return files
}

// keepMade has the next run know what cgo made of a package.
func (g *graph) keepMade(k key, files []string) {
	var text bytes.Buffer
	if len(g.unsaved) == 0 && gob.NewEncoder(&text).Encode(files) == nil {
		g.cfg.store().put(k, text.Bytes())
	}
}

// cgoKey is of the package's files and the flags, and of the directory, which the files
// that cgo makes name.
func (g *graph) cgoKey(n *node) key {
	d := newDigest("cgo", g.env, g.cgo, n.id, n.Dir)
	for _, f := range n.sources() {
		d.add(filepath.Base(f))
		d.addFile(f, g.unsaved)
	}
	return d.key()
}

// compiled returns the files that cgo makes of packages that use it, by import
// path. It is a second question because it is one that the C compiler answers,
// and of most programs need not be asked.
func compiled(ctx context.Context, cfg *Config, paths []string, unsaved overlay) (map[string]*listed, error) {
	if len(paths) == 0 {
		return nil, nil
	}
	flags, remove, err := unsaved.write()
	if err != nil {
		return nil, err
	}
	defer remove()
	args := append([]string{"list", "-e", "-compiled", noProfile, "-json=ImportPath,Dir,CompiledGoFiles,Error,DepsErrors"}, flags...)
	if cfg.Tests {
		args = append(args, "-test")
	}
	pkgs, _, err := goList(ctx, cfg.Dir, append(append(args, "--"), paths...))
	if err != nil {
		return nil, err
	}
	byID := make(map[string]*listed)
	for _, p := range pkgs {
		byID[p.ImportPath] = p
		if p.Error == nil && len(p.CompiledGoFiles) == 0 { // the reason may lie below it, as that there is no compiler
			p.Error = &loadError{Err: "cgo made no Go files of it, and did not say why"}
			if len(p.DepsErrors) > 0 {
				p.Error = p.DepsErrors[0]
			}
		}
	}
	return byID, nil
}

// madeByCgo are the imports of the files that cgo makes, where go list names that
// of "C" alone. Those that make package C possible do without.
var madeByCgo = []string{"runtime/cgo", "syscall", "unsafe"}

// addCgo adds the imports that the files of n have through cgo.
func (n *node) addCgo(byID map[string]*node) {
	if !slices.Contains(n.Imports, "C") {
		return
	}
	for _, path := range madeByCgo {
		if m := byID[path]; m != nil && !slices.Contains(n.imports, m) {
			n.imports = append(n.imports, m)
		}
	}
}

// withCgo is n with the files that cgo makes of its own, whose names tell the
// analyzers what is C. Where that fails it is n as it stands: what follows from
// that is not kept, and the user is told that calls of C are not known.
func (r *run) withCgo(n *node) *node {
	if len(n.CgoFiles) == 0 {
		return n
	}
	made, err := compiled(r.ctx, r.g.cfg, []string{n.id}, nil)
	if err != nil || made[n.id] == nil || made[n.id].Error != nil {
		r.g.unsure.Store(true)
		if m := made[n.id]; m != nil {
			r.mu.Lock()
			r.res.Problems = append(r.res.Problems, m.Error.problem(m))
			r.mu.Unlock()
		}
		return n
	}
	p, m := *n.listed, *n
	p.CompiledGoFiles = made[n.id].CompiledGoFiles
	m.listed = &p
	return &m
}
