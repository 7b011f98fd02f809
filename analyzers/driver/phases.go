package driver

import "go/types"

// all analyzes the own packages, in two rounds.
//
// The first takes from the cache whatever follows from unchanged sources, and
// touches no syntax. What is left, an edited package and perhaps those above it,
// needs types. They are loaded in between, all at once, because reading types
// changes packages that others may be looking at (see universe).
func (r *run) all() {
	mine := make(map[*node]bool, len(r.list))
	for _, n := range r.list {
		mine[n] = n.isOwn
	}
	r.each(func(n *node) bool { return mine[n] }, r.recall)
	if r.ctx.Err() != nil {
		return
	}
	var stale []*node
	todo := make(map[*node]bool)
	for _, n := range r.list {
		if n.isOwn && r.stateOf(n) == nil {
			stale = append(stale, n)
			todo[n] = true
		}
	}
	if len(stale) == 0 {
		return
	}
	r.outside.prepare(ownBelow(stale), r.fill)
	r.each(func(n *node) bool { return todo[n] }, r.analyze)
}

// each is that of the graph, cut short when the run is.
func (r *run) each(wanted func(*node) bool, f func(*node)) {
	r.g.each(wanted, func(n *node) {
		if r.ctx.Err() == nil {
			f(n)
		}
	})
}

// recall takes the package from the cache if all below it could be.
func (r *run) recall(n *node) {
	for _, m := range n.imports {
		if m.isOwn && r.stateOf(m) == nil {
			return
		}
	}
	if s, diags, ok := r.lookup(n); ok {
		r.keep(s, nil, diags)
	}
}

// ownBelow returns these packages and the own ones below them, imports first:
// which are type-checked where one of these imports them.
func ownBelow(packages []*node) []*node {
	seen := make(map[*node]bool)
	var list []*node
	var visit func(*node)
	visit = func(n *node) {
		if !n.isOwn || seen[n] {
			return
		}
		seen[n] = true
		for _, m := range n.imports {
			visit(m)
		}
		list = append(list, n)
	}
	for _, n := range packages {
		visit(n)
	}
	return list
}

// typesOf returns the types of an own package for those that import it. One
// that came from the cache is type-checked now, without bodies: its own source
// is at hand, where stored types would have to be read while others look at them.
func (r *run) typesOf(n *node) (*types.Package, error) {
	s := r.stateOf(n)
	s.once.Do(func() {
		if s.pkg != nil {
			return
		}
		files, _ := parse(r.fset, n, 0, r.g.unsaved)
		conf := r.g.config(n, r.importer(n))
		conf.IgnoreFuncBodies = true
		conf.Error = func(error) {}
		s.pkg, _ = conf.Check(n.path(), r.fset, files, nil)
		r.ids.Store(s.pkg, n.id)
	})
	return s.pkg, nil
}

// pullImporter gives a package outside the types of its imports, and how these
// are named in facts. If the run loads only part of what is outside, that is a
// world of its own, read for this package: its facts are told by name, so that
// nobody notices.
func (r *run) pullImporter(n *node) (types.Importer, *names) {
	if r.outside.whole {
		return r.outside.importer(n), &r.names
	}
	private := newUniverse(r.g, r.fset)
	for _, m := range n.imports {
		private.load(m)
	}
	return private.importer(n), new(names)
}

// load reads the package's types, or those of all below it and then checks it.
func (u *universe) load(n *node) {
	if n.id == "unsafe" || u.get(n.id) != nil && u.get(n.id).Complete() || u.read(n) != nil {
		return
	}
	for _, m := range n.imports {
		u.load(m)
	}
	u.check(n)
}
