package driver

import (
	"bytes"
	"context"
	"encoding/gob"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"path/filepath"
	"slices"
	"sync"

	"golang.org/x/tools/go/analysis"
)

// A run is one analysis of a graph.
type run struct {
	ctx     context.Context
	g       *graph
	fset    *token.FileSet
	list    []*node // that are looked at; what is imported comes first
	only    []*node // whose findings are wanted; nil: of all that were asked for
	outside *universe
	fact    []*analysis.Analyzer // that produce facts: run over every package
	mu      sync.Mutex
	own     map[string]*state // by id of the node
	pulled  map[string]*pull  // by import path
	ids     sync.Map          // *types.Package of own packages → id of the node
	names   names
	needing []string // packages that are not checked as they need what is broken below them
	res     *Result
}

// A state is what is known of an own package.
type state struct {
	node   *node
	once   sync.Once
	pkg    *types.Package // nil while it need not be type-checked
	facts  *facts
	api    key  // hash of the types that others see, without positions
	broken bool // there are no findings
	// It, or something below it, is broken: findings and facts may be missing, and
	// nothing of it is kept for other runs.
	tainted bool
}

// An entry is what the cache keeps of an own package.
type entry struct {
	API         key
	Facts       map[factKey][]byte
	Reads       map[readKey][8]byte // facts of others that were asked for
	Diagnostics []Diagnostic        // with files relative to the package's directory
}

// lookup takes what the cache says of n. Where that cannot be known without
// analyzing the package, ok is false.
func (r *run) lookup(n *node) (s *state, diags []Diagnostic, ok bool) {
	s = &state{node: n}
	if s.tainted = r.tainted(n); s.tainted {
		return s, nil, false
	}
	e := r.cached(n)
	if e == nil {
		return s, nil, false
	}
	s.facts, s.api = &facts{Encoded: e.Facts}, e.API
	return s, n.located(e.Diagnostics), true
}

// tainted reports whether the package or something below it cannot be analyzed.
func (r *run) tainted(n *node) bool {
	return n.tainted || slices.ContainsFunc(n.imports, func(m *node) bool { return m.isOwn && r.stateOf(m).tainted })
}

// analyze runs the analyzers over n, unless what changed below it turns out not
// to concern it.
func (r *run) analyze(n *node) {
	s, diags, ok := r.lookup(n)
	if ok {
		r.keep(s, nil, diags)
		return
	}
	if s.broken = n.broken; s.broken {
		r.keep(s, nil, nil) // the go command has said so
		return
	}
	r.count(&r.res.Stats.Analyzed)
	u, errs := r.check(n, s)
	if len(errs) > 0 {
		r.giveUp(s, brokenBy(r.fset, n, errs))
		return
	}
	u.tainted = s.tainted
	u.all(r.fact)
	if n.root {
		u.all(r.g.cfg.Analyzers)
	}
	if u.failed != nil {
		r.giveUp(s, failedBy(n, u.failed))
		return
	}
	if !s.tainted && !u.foreign && n.source == r.g.sourceKey(n) { // not edited meanwhile
		r.store(n, &entry{API: s.api, Facts: s.facts.Encoded, Reads: u.reads, Diagnostics: n.relative(u.diags)})
	}
	r.keep(s, nil, u.diags)
}

// giveUp gives a package up. Where something below it is broken that may be the reason why it
// does not compile, and has been said.
func (r *run) giveUp(s *state, why *Problem) {
	if s.tainted && why.follows {
		why = nil
		r.mu.Lock()
		if r.reports(s.node) {
			r.needing = append(r.needing, s.node.path())
		}
		r.mu.Unlock()
	}
	s.broken, s.tainted = true, true
	r.keep(s, why, nil)
}

// keep publishes what is known of a package.
func (r *run) keep(s *state, problem *Problem, diags []Diagnostic) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if s.facts == nil {
		s.facts = newFacts()
	}
	r.own[s.node.id] = s
	if problem != nil && (r.only == nil || r.reports(s.node)) {
		r.res.Problems = append(r.res.Problems, *problem)
	}
	switch {
	case !r.reports(s.node):
	case s.broken:
		r.res.Unchecked = append(r.res.Unchecked, s.node.path())
	case s.tainted:
		r.res.Incomplete = append(r.res.Incomplete, s.node.path())
	}
	if r.reports(s.node) {
		r.res.Diagnostics = append(r.res.Diagnostics, diags...)
	}
	r.res.Stats.Packages++
	if r.g.cfg.Progress != nil {
		r.g.cfg.Progress(r.res.Stats.Packages)
	}
}

// reports tells whether findings in n are wanted.
func (r *run) reports(n *node) bool { return n.root && (r.only == nil || slices.Contains(r.only, n)) }

func (r *run) count(n *int) {
	r.mu.Lock()
	*n++
	r.mu.Unlock()
}

func (r *run) stateOf(n *node) *state {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.own[n.id]
}

// key is the hash of what the package's entry is looked up by: its source, and
// the types that its imports show. The facts that it read are looked at
// afterwards, since which these are the entry says.
func (r *run) key(n *node) key {
	d := newDigest("entry")
	d.Write(n.source[:])
	for _, m := range n.imports {
		d.add(m.id)
		if m.isOwn {
			api := r.stateOf(m).api
			d.Write(api[:])
		} else {
			d.Write(m.typesKey[:])
		}
	}
	return d.key()
}

// cached returns the entry if the facts that it rests on are still the same.
func (r *run) cached(n *node) *entry {
	text := r.g.entry(n, r.key(n))
	if text == nil {
		return nil
	}
	e := new(entry)
	if gob.NewDecoder(bytes.NewReader(text)).Decode(e) != nil {
		return nil
	}
	for read, hash := range e.Reads {
		if have, ok := r.hashOf(read.Package, read.Fact); !ok || have != hash {
			return nil
		}
	}
	return e
}

func (r *run) store(n *node, e *entry) {
	var b bytes.Buffer
	if gob.NewEncoder(&b).Encode(e) == nil {
		r.g.keep(n, r.key(n), b.Bytes())
	}
}

// check parses and type-checks the package.
func (r *run) check(n *node, s *state) (*unit, []error) {
	files, errs := parse(r.fset, n, parser.ParseComments, r.g.unsaved)
	if len(errs) > 0 {
		return nil, errs
	}
	info := newInfo()
	conf := r.g.config(n, r.importer(n))
	conf.Error = func(err error) { errs = append(errs, err) }
	pkg, _ := conf.Check(n.path(), r.fset, files, info)
	if len(errs) > 0 {
		return nil, errs
	}
	if s.tainted {
		withoutGaps(files, info)
	}
	if conf.FakeImportC {
		withoutC(pkg, files, info)
	}
	s.pkg, s.facts = pkg, newFacts()
	s.api = api(pkg)
	r.ids.Store(pkg, n.id)
	return r.newUnit(n, files, pkg, info, s.facts), nil
}

// withoutGaps gives the invalid type to the expressions that have none: the type checker
// records nothing of what is selected from a value of an invalid type, and analyzers count
// on a type.
func withoutGaps(files []*ast.File, info *types.Info) {
	for _, f := range files {
		ast.Inspect(f, func(n ast.Node) bool {
			e, ok := n.(ast.Expr)
			if ok && info.TypeOf(e) == nil {
				if id, isName := e.(*ast.Ident); !isName || info.Uses[id] == nil && info.Defs[id] == nil {
					info.Types[e] = types.TypeAndValue{Type: types.Typ[types.Invalid]}
				}
			}
			return true
		})
	}
}

// api hashes the types that others see. An empty file set leaves the positions
// out: an edit that only moves lines changes nothing for those above.
func api(pkg *types.Package) key {
	var b bytes.Buffer
	if encode(&b, token.NewFileSet(), pkg) != nil {
		return newDigest("no types", pkg.Path()).key()
	}
	d := newDigest("api")
	d.Write(b.Bytes())
	return d.key()
}

// importer resolves import declarations of an own package. Own packages come
// from source: those that the cache knows are type-checked only now.
func (r *run) importer(n *node) types.Importer {
	outside := r.outside.importer(n)
	return importerFunc(func(path string) (*types.Package, error) {
		for _, m := range n.imports {
			if m.isOwn && m.id == n.resolve(path) {
				return r.typesOf(m)
			}
		}
		return outside.Import(path)
	})
}

// relative makes the places independent of where the checkout lies.
func (n *node) relative(list []Diagnostic) []Diagnostic {
	return mapFiles(list, func(file string) string {
		if rel, err := filepath.Rel(n.Dir, file); err == nil && filepath.IsLocal(rel) {
			return rel
		}
		return file
	})
}

// located is the reverse of relative.
func (n *node) located(list []Diagnostic) []Diagnostic {
	return mapFiles(list, func(file string) string {
		if file == "" || filepath.IsAbs(file) {
			return file
		}
		return filepath.Join(n.Dir, file)
	})
}
