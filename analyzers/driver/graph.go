package driver

import (
	"context"
	"crypto/sha256"
	"fmt"
	"go/scanner"
	"hash"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
)

// A graph is the packages of a run.
type graph struct {
	ctx     context.Context
	cfg     *Config
	env     string // of the toolchain, as part of keys
	cgo     string // flags of cgo and the C compiler, likewise
	arch    string
	work    string           // the file of the workspace; empty or "off" without one
	list    []*node          // what is imported comes first
	outside map[string]*node // by import path
	asked   int              // packages of which the go command was asked what cgo makes
	unsure  atomic.Bool      // something could not be read that may be readable next time
	unsaved overlay          // text that is read in place of files
	scratch *scratch         // of what follows from it; nil without an overlay
}

// dir is the directory that the go command runs in.
func (g *graph) dir() string {
	dir, err := filepath.Abs(g.cfg.Dir)
	if err != nil {
		return g.cfg.Dir
	}
	return dir
}

// doubt looks for errors that say nothing about the package.
func (g *graph) doubt(errs []error) {
	for _, err := range errs {
		if _, ok := err.(*scanner.Error); !ok {
			g.unsure.Store(true)
		}
	}
}

// keep puts what was found of a package into the cache, unless it was found under
// circumstances that its key does not tell.
func (g *graph) keep(n *node, k key, data []byte) {
	switch {
	case n.tainted || g.unsure.Load() || g.ctx.Err() != nil:
	case n.unsaved:
		g.scratch.put(n, k, data)
	default:
		g.cfg.store().put(k, data)
	}
}

// A node is one package, or one of its variants with tests.
//
// Own packages are those that the user can edit, those that were asked for, and
// those that import one of these. They are type-checked and analyzed from
// source. What lies outside is of the standard library or of modules with a
// version, imports nothing of ours, and never changes.
type node struct {
	*listed
	id      string // import path, with the name of the test variant
	imports []*node
	root    bool // asked for: findings in it are reported
	isOwn   bool
	broken  bool // the go command cannot load it, or something that it imports is not there
	tainted bool // it, or something below it, is broken
	unsaved bool // it, or something below it, follows from an overlay

	typesKey key // of outside packages: of the types that others see
	source   key // of own packages: of the files and what the go command says of them
}

// toolchainEnv are the variables that decide which files a package has and what their
// types are.
var toolchainEnv = []string{"GOVERSION", "GOOS", "GOARCH", "GOEXPERIMENT", "CGO_ENABLED"}

func settings(env map[string]string, names []string) (list string) {
	for _, name := range names {
		list += name + "=" + env[name] + "\n"
	}
	return list
}

// newGraph links the packages that go list tells of.
func newGraph(ctx context.Context, cfg *Config, pkgs []*listed, env map[string]string) *graph {
	g := &graph{ctx: ctx, cfg: cfg, arch: env["GOARCH"], work: env["GOWORK"], outside: make(map[string]*node)}
	g.env, g.cgo = settings(env, toolchainEnv), settings(env, cgoEnv)
	withTests := make(map[string]bool) // have a variant that is analyzed in their place
	for _, p := range pkgs {
		if p.ForTest != "" && p.path() == p.ForTest {
			withTests[p.ForTest] = true
		}
	}
	byID := make(map[string]*node, len(pkgs))
	for _, p := range pkgs {
		if len(p.GoFiles) == 1 && strings.HasSuffix(p.GoFiles[0], "_testmain.go") {
			continue // the program that runs the tests; nobody wrote it
		}
		n := &node{listed: p, id: p.ImportPath}
		n.root = !p.DepOnly && !p.Standard && !(p.ForTest == "" && withTests[p.ImportPath])
		n.isOwn = n.root || p.editable()
		n.broken = p.Error != nil
		below := false
		// Of an import cycle one package comes before what it imports; that edge
		// is left out. Such packages are broken anyway.
		for _, path := range p.Imports { // resolved already
			m := byID[path]
			if m == nil {
				n.broken = n.broken || path != "C"
				continue
			}
			n.imports = append(n.imports, m)
			n.isOwn = n.isOwn || m.isOwn
			n.broken = n.broken || m.broken && len(m.files()) == 0 // there is no package to import
			below = below || m.tainted
		}
		n.tainted = n.broken || below
		n.addCgo(byID)
		g.list = append(g.list, n)
		byID[n.id] = n
		if !n.isOwn {
			g.outside[n.id] = n
		}
	}
	return g
}

// digest hashes lines and the keys of other things.
type digest struct{ hash.Hash }

func newDigest(what string, parts ...string) digest {
	d := digest{sha256.New()}
	d.add(what)
	for _, p := range parts {
		d.add(p)
	}
	return d
}

func (d digest) add(s string) { fmt.Fprintf(d, "%d:%s\n", len(s), s) }
func (d digest) key() key     { return key(d.Sum(nil)) }

// outsideKeys works out the keys of the packages outside, which follow from
// versions and the names of their files alone. Files of a vendor directory may
// be edited, so they count by content.
func (g *graph) outsideKeys() {
	for _, n := range g.list {
		if n.isOwn {
			continue
		}
		d := newDigest("types", typesFormat, g.env, n.id)
		if n.Module != nil {
			m := n.Module
			if m.Replace != nil {
				m = m.Replace
			}
			d.add(m.Path + "@" + m.Version + " go" + m.GoVersion)
		}
		for _, f := range n.files() {
			d.add(filepath.Base(f))
			if vendored(f) && !n.Standard {
				d.addFile(f, nil)
			}
		}
		for _, m := range n.imports {
			d.Write(m.typesKey[:])
		}
		n.typesKey = d.key()
	}
}

func vendored(file string) bool { return strings.Contains(filepath.ToSlash(file), "/vendor/") }

// addFile adds the content of a file, or why there is none.
func (d digest) addFile(name string, unsaved overlay) {
	if text, ok := unsaved[name]; ok {
		d.Write(text)
		fmt.Fprintf(d, "\n%d\n", len(text))
		return
	}
	f, err := os.Open(name)
	if err != nil {
		d.add(err.Error())
		return
	}
	defer f.Close()
	if n, err := io.Copy(d, f); err != nil {
		d.add(err.Error())
	} else {
		fmt.Fprintf(d, "\n%d\n", n)
	}
}

// sourceKeys hashes the files of the own packages, on all cores.
func (g *graph) sourceKeys() {
	g.each(func(n *node) bool { return n.isOwn }, func(n *node) { n.source = g.sourceKey(n) })
}

func (g *graph) sourceKey(n *node) key {
	d := newDigest("source", g.cfg.Version, g.cfg.Options, g.env, n.id, n.Name, fmt.Sprint(n.root))
	if g.cfg.Absolute {
		d.add(n.Dir)
	}
	if m := n.Module; m != nil {
		d.add(m.Path + "@" + m.Version + " go" + m.GoVersion)
	}
	for _, from := range slices.Sorted(maps.Keys(n.ImportMap)) {
		d.add(from + "=" + n.ImportMap[from])
	}
	for _, f := range n.sources() {
		d.add(filepath.Base(f))
		d.addFile(f, g.unsaved)
	}
	return d.key()
}

// sources are the absolute names of all files that the package is made of, and of
// those that build constraints leave out.
func (n *node) sources() []string {
	written := slices.Concat(n.CFiles, n.CXXFiles, n.MFiles, n.FFiles, n.HFiles, n.SFiles, n.SwigFiles, n.SwigCXXFiles, n.SysoFiles, n.IgnoredGoFiles)
	if n.CompiledGoFiles != nil { // by cgo, of these
		written = slices.Concat(written, n.CgoFiles)
	}
	return slices.Concat(n.files(), n.absolute(written))
}
