package driver

import (
	"bytes"
	"context"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
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
// universe; or every package is loaded, in which case reading adds nothing.
type universe struct {
	g     *graph
	fset  *token.FileSet
	mu    sync.Mutex // of the map; held while data is read
	pkgs  map[string]*types.Package
	whole bool // everything outside is in it
}

func newUniverse(g *graph, fset *token.FileSet) *universe {
	return &universe{g: g, fset: fset, pkgs: make(map[string]*types.Package)}
}

// typesFormat is part of the keys of types. It changes with what is written.
const typesFormat = "types 1, gcexportdata of x/tools v0.52"

// prepare loads what the packages import. If the cache has it all, only that;
// otherwise everything outside, on all cores, and keeps it.
func (u *universe) prepare(ctx context.Context, nodes []*node) {
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
	if complete {
		for _, m := range direct {
			if u.read(m) == nil {
				complete = false // damaged
			}
		}
	}
	if !complete {
		u.pkgs, u.whole = make(map[string]*types.Package), true
		u.all(ctx)
	}
}

// all loads every package outside, imports first.
func (u *universe) all(ctx context.Context) {
	wanted := func(n *node) bool { return !n.isOwn && n.id != "unsafe" }
	u.g.each(wanted, func(n *node) {
		if ctx.Err() == nil && u.read(n) == nil {
			u.check(n)
		}
	})
}

// read takes the package's types from the cache.
func (u *universe) read(n *node) *types.Package {
	data := u.g.cfg.store().get(n.typesKey)
	if data == nil {
		return nil
	}
	return u.decode(n.id, data)
}

func (u *universe) decode(path string, data []byte) *types.Package {
	u.mu.Lock()
	defer u.mu.Unlock()
	if p := u.pkgs[path]; p != nil && p.Complete() {
		return p
	}
	p, err := gcexportdata.Read(bytes.NewReader(data), u.fset, u.pkgs, path)
	if err != nil {
		return nil
	}
	return p
}

// check type-checks the package without the bodies of its functions, and keeps
// the result. Errors do not matter: go build is the judge of what compiles, and
// a package of another module that does not is no concern of a linter's.
func (u *universe) check(n *node) {
	var files []*ast.File
	for _, name := range n.files() {
		f, _ := parser.ParseFile(u.fset, name, nil, parser.SkipObjectResolution)
		if f == nil {
			continue
		}
		for _, d := range f.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok {
				fn.Body = nil
			}
		}
		files = append(files, f)
	}
	conf := u.g.config(n, u.importer(n))
	conf.IgnoreFuncBodies = true
	conf.Error = func(error) {}
	p, _ := conf.Check(n.id, u.fset, files, nil)
	u.add(n.id, p)
	var b bytes.Buffer
	if encode(&b, u.fset, p) == nil {
		u.g.cfg.store().put(n.typesKey, b.Bytes())
	}
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
