package driver

import (
	"bytes"
	"encoding/gob"
	"go/parser"
	"go/types"
	"sync"
)

// A pull is the facts of a package outside, worked out when somebody asks for
// one of them: most packages below a program have none that matters to it.
type pull struct {
	once  sync.Once
	facts *facts
}

// idOf names the package for factsOf: of an own package there may be variants
// with tests.
func (r *run) idOf(pkg *types.Package) string {
	if id, ok := r.ids.Load(pkg); ok {
		return id.(string)
	}
	return pkg.Path()
}

// factsOf returns the facts of the package with this id, or nil where there are
// none: of the standard library, or of a package that the run does not know.
func (r *run) factsOf(id string) *facts {
	r.mu.Lock()
	if s := r.own[id]; s != nil {
		r.mu.Unlock()
		return s.facts
	}
	n := r.g.outside[id]
	if n == nil || n.Standard || len(r.fact) == 0 {
		r.mu.Unlock()
		return nil
	}
	p := r.pulled[id]
	if p == nil {
		p = new(pull)
		r.pulled[id] = p
	}
	r.mu.Unlock()
	p.once.Do(func() { p.facts = r.pull(n) })
	return p.facts
}

// hashOf tells equal facts. Those of a package outside follow from its key, and
// need not be known for that. It fails for a package that is not there.
func (r *run) hashOf(id string, k factKey) ([8]byte, bool) {
	if n := r.g.outside[id]; n != nil {
		return [8]byte(n.typesKey[:8]), true
	}
	f := r.factsOf(id)
	if f == nil {
		return [8]byte{}, false
	}
	return f.hash(k), true
}

// pull takes the facts of a package outside from the cache, or analyzes it with
// the bodies of its functions and keeps them.
func (r *run) pull(n *node) *facts {
	f := newFacts()
	if text := r.g.cfg.store().get(r.factsKey(n)); text != nil && gob.NewDecoder(bytes.NewReader(text)).Decode(&f.Encoded) == nil {
		return f
	}
	f.Encoded = make(map[factKey][]byte)
	r.analyzeOutside(n, f, func(*types.Package) bool { return true })
	return f
}

func (r *run) factsKey(n *node) key {
	d := newDigest("facts", r.g.cfg.Version)
	for _, a := range r.fact { // some have facts that others have no use for
		d.add(a.Name)
	}
	d.Write(n.typesKey[:])
	return d.key()
}

// fill gets the types of a package outside that the cache does not have. Where
// there are none, there are most often no facts either, and nearly all packages
// are asked for theirs in the end: so the package is read once for both, while
// nobody waits with syntax of his own in memory. Packages with cgo are not, as
// that needs a C compiler: perhaps nobody asks.
func (r *run) fill(n *node) {
	if r.ctx.Err() != nil {
		return
	}
	if n.Standard || len(n.CgoFiles) > 0 || len(r.fact) == 0 || r.g.cfg.store().has(r.factsKey(n)) {
		r.outside.check(n)
		return
	}
	p := &pull{facts: newFacts()}
	p.once.Do(func() {})
	r.analyzeOutside(n, p.facts, func(pkg *types.Package) bool { return r.outside.take(n, pkg) })
	r.mu.Lock()
	r.pulled[n.id] = p
	r.mu.Unlock()
}

// analyzeOutside fills f and keeps it; take gets the types, and says whether they
// may be forgotten. Errors do not matter here either: what is broken has fewer
// facts.
func (r *run) analyzeOutside(n *node, f *facts, take func(*types.Package) bool) {
	r.count(&r.res.Stats.Pulled)
	n = r.withCgo(n)
	files, errs := parse(r.fset, n, parser.ParseComments, nil)
	r.g.doubt(errs)
	info := newInfo()
	imp, ns := r.pullImporter(n)
	conf := r.g.config(n, imp)
	conf.Error = func(error) {}
	pkg, _ := conf.Check(n.id, r.fset, files, info)
	if conf.FakeImportC {
		withoutC(pkg, files, info)
	}
	u := r.newUnit(n, files, pkg, info, f)
	u.names, u.self = ns, new(names)
	u.all(r.fact)
	var b bytes.Buffer
	if gob.NewEncoder(&b).Encode(f.Encoded) == nil {
		r.g.keep(n, r.factsKey(n), b.Bytes())
	}
	if !take(pkg) {
		return
	}
	for _, file := range files {
		r.fset.RemoveFile(r.fset.File(file.FileStart))
	}
}
