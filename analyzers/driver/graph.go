package driver

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// A graph is the packages of a run. Own ones can be edited; those outside are
// of the standard library or of modules with a version, and never change.
type graph struct {
	cfg     *Config
	env     string // of the toolchain, as part of keys
	arch    string
	list    []*node // what is imported comes first
	byID    map[string]*node
	outside map[string]*node // by import path
}

// A node is one package, or one of its variants with tests.
type node struct {
	*listed
	id      string // import path, with the name of the test variant
	imports []*node
	root    bool // asked for: findings in it are reported
	isOwn   bool

	typesKey key // of outside packages: of the types that others see
	source   key // of own packages: of the files and what the go command says of them
}

// newGraph links the packages that go list tells of.
func newGraph(cfg *Config, pkgs []*listed, env map[string]string) *graph {
	g := &graph{cfg: cfg, arch: env["GOARCH"], byID: make(map[string]*node), outside: make(map[string]*node)}
	for _, name := range []string{"GOVERSION", "GOOS", "GOARCH", "GOEXPERIMENT", "CGO_ENABLED"} {
		g.env += name + "=" + env[name] + "\n"
	}
	withTests := make(map[string]bool) // have a variant that is analyzed in their place
	for _, p := range pkgs {
		if p.ForTest != "" && p.path() == p.ForTest {
			withTests[p.ForTest] = true
		}
	}
	for _, p := range pkgs {
		if strings.HasSuffix(p.ImportPath, ".test") && p.Name == "main" && p.ForTest == "" && cfg.Tests {
			continue // the program that runs the tests; nobody wrote it
		}
		n := &node{listed: p, id: p.ImportPath, isOwn: p.own()}
		n.root = n.isOwn && !p.DepOnly && !(p.ForTest == "" && withTests[p.ImportPath])
		g.list = append(g.list, n)
		g.byID[n.id] = n
		if !n.isOwn {
			g.outside[n.id] = n
		}
	}
	for _, n := range g.list {
		for _, path := range n.Imports { // resolved already
			if m := g.byID[path]; m != nil {
				n.imports = append(n.imports, m)
			}
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
				d.addFile(f)
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
func (d digest) addFile(name string) {
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
	d := newDigest("source", g.cfg.Version, g.env, n.id, n.Name, fmt.Sprint(n.root))
	if m := n.Module; m != nil {
		d.add(m.Path + "@" + m.Version + " go" + m.GoVersion)
	}
	for _, from := range slices.Sorted(maps.Keys(n.ImportMap)) {
		d.add(from + "=" + n.ImportMap[from])
	}
	for _, f := range n.files() {
		d.add(filepath.Base(f))
		d.addFile(f)
	}
	return d.key()
}

// String is the key as the name of a file has it.
func (k key) String() string { return hex.EncodeToString(k[:8]) }
