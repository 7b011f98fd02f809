package driver

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"maps"
	"sync"

	"golang.org/x/tools/go/gcexportdata"
)

// A universe holds the types of packages outside, each once, so that types of
// the same name are the same.
//
// They come from our own cache, or from source without function bodies. Neither
// the compiler nor its export data is needed: a fresh container has only the
// module cache, and x/tools announces that the compiler's format will diverge.
//
// The data of one package also describes what it mentions of others. Where
// those are not loaded, reading it makes incomplete packages and later reads add
// to them. So reading is over before anything is type-checked against the
// universe; or everything below a package is loaded before it, in which case reading
// adds nothing.
type universe struct {
	g     *graph
	fset  *token.FileSet
	mu    sync.Mutex // of the map; held while data is read
	pkgs  map[string]*types.Package
	whole bool // with a package everything below it is in it
}

func newUniverse(g *graph, fset *token.FileSet) *universe {
	return &universe{g: g, fset: fset, pkgs: make(map[string]*types.Package)}
}

// typesFormat is part of the keys of types. It changes with what is written.
const typesFormat = "types 1, gcexportdata of x/tools v0.52"

// prepare loads what the packages import. If the cache has it all, only that;
// otherwise everything below it, imports first and on all cores, where fill gets
// what the cache does not have.
func (u *universe) prepare(nodes []*node, fill func(*node)) {
	var direct []*node
	seen := make(map[*node]bool)
	complete := true
	for _, n := range nodes {
		for _, m := range n.imports {
			if m.isOwn || seen[m] || m.id == "unsafe" {
				continue
			}
			seen[m] = true
			direct = append(direct, m)
			complete = complete && u.g.cfg.store().has(m.typesKey)
		}
	}
	for _, m := range direct {
		if complete && u.read(m) == nil {
			complete = false // damaged
		}
	}
	if complete {
		return
	}
	u.pkgs, u.whole = make(map[string]*types.Package), true
	below := below(direct)
	u.g.each(func(n *node) bool { return below[n] }, func(n *node) {
		if u.read(n) == nil {
			fill(n)
		}
	})
}

// below are these packages and all that they import, but for unsafe, which has no
// source.
func below(packages []*node) map[*node]bool {
	seen := make(map[*node]bool)
	var visit func(*node)
	visit = func(n *node) {
		if seen[n] || n.id == "unsafe" {
			return
		}
		seen[n] = true
		for _, m := range n.imports {
			visit(m)
		}
	}
	for _, n := range packages {
		visit(n)
	}
	return seen
}

// read takes the package's types from the cache.
func (u *universe) read(n *node) *types.Package {
	data := u.g.cfg.store().get(n.typesKey)
	if data == nil {
		return nil
	}
	if u.whole {
		return u.decode(n.id, data)
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	if p := u.pkgs[n.id]; p != nil && p.Complete() {
		return p
	}
	p, err := gcexportdata.Read(bytes.NewReader(data), u.fset, u.pkgs, n.id)
	if err != nil {
		return nil
	}
	return p
}

// decode makes a package of its data where all that it mentions is loaded: then
// nothing but the package itself comes of it, and others may go on.
func (u *universe) decode(path string, data []byte) *types.Package {
	u.mu.Lock()
	pkgs := maps.Clone(u.pkgs)
	u.mu.Unlock()
	p, err := gcexportdata.Read(bytes.NewReader(data), u.fset, pkgs, path)
	if err != nil {
		return nil
	}
	u.add(path, p)
	return p
}

// check type-checks the package without the bodies of its functions. Errors do
// not matter: go build is the judge of what compiles, and a package of another
// module that does not is no concern of a linter's.
func (u *universe) check(n *node) {
	files, errs := parse(u.fset, n, 0, nil)
	u.g.doubt(errs)
	for _, f := range files {
		for _, d := range f.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok {
				fn.Body = nil // not looked at, and most of what there is in memory
			}
		}
	}
	conf := u.g.config(n, u.importer(n))
	conf.IgnoreFuncBodies = true
	conf.Error = func(error) {}
	p, _ := conf.Check(n.id, u.fset, files, nil)
	u.take(n, p)
}

// take keeps a package that was type-checked, as it will be read next time: a
// copy without the scopes of its functions, which are most of what it holds. It
// reports whether there is one.
func (u *universe) take(n *node, p *types.Package) (copied bool) {
	var b bytes.Buffer
	if encode(&b, u.fset, p) == nil {
		u.g.keep(n, n.typesKey, b.Bytes())
		copied = u.whole && u.decode(n.id, b.Bytes()) != nil
	}
	if !copied {
		u.add(n.id, p)
	}
	return copied
}

// encode writes the types that others see. What a broken package leaves behind
// may be more than the writer bears; then nothing is kept.
func encode(b *bytes.Buffer, fset *token.FileSet, p *types.Package) (err error) {
	defer func() {
		if e := recover(); e != nil {
			err = fmt.Errorf("types of %s cannot be written: %v", p.Path(), e)
		}
	}()
	return gcexportdata.Write(b, fset, p)
}

func (u *universe) add(path string, p *types.Package) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.pkgs[path] = p
}

func (u *universe) get(path string) *types.Package {
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.pkgs[path]
}

// importer resolves the import declarations of n.
func (u *universe) importer(n *node) types.Importer {
	return importerFunc(func(path string) (*types.Package, error) {
		if path == "unsafe" {
			return types.Unsafe, nil
		}
		if p := u.get(n.resolve(path)); p != nil {
			return p, nil
		}
		return nil, fmt.Errorf("could not import %s: no package", path)
	})
}

type importerFunc func(string) (*types.Package, error)

func (f importerFunc) Import(path string) (*types.Package, error) { return f(path) }

// config is how n is type-checked.
func (g *graph) config(n *node, imp types.Importer) *types.Config {
	conf := &types.Config{Importer: imp, Sizes: g.sizes()}
	if len(n.CgoFiles) > 0 && n.CompiledGoFiles == nil {
		conf.FakeImportC = true
	}
	if n.Module != nil && n.Module.GoVersion != "" {
		conf.GoVersion = "go" + n.Module.GoVersion
	}
	return conf
}

func (g *graph) sizes() types.Sizes { return types.SizesFor("gc", g.arch) }
