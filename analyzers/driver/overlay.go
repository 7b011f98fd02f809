package driver

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"
)

// An overlay is the text of files that an editor shows and has not saved, by
// absolute name. A file in it need not exist.
//
// It takes the place of the files wherever those of own packages are read: in
// keys, by the parser, by analyzers and by the go command. What lies outside is
// not edited.
type overlay map[string][]byte

func (o overlay) read(name string) ([]byte, error) {
	if text, ok := o[name]; ok {
		return text, nil
	}
	return os.ReadFile(name)
}

// write puts the overlay where the go command reads it, and returns the flag that
// says so; none if there is nothing to say. Whoever calls it removes the files.
func (o overlay) write() (flags []string, remove func(), err error) {
	if len(o) == 0 {
		return nil, func() {}, nil
	}
	dir, err := os.MkdirTemp("", "concurlint-unsaved-")
	if err != nil {
		return nil, nil, err
	}
	remove = func() { os.RemoveAll(dir) }
	replace := make(map[string]string)
	for name, text := range o {
		to := filepath.Join(dir, fmt.Sprintf("%d%s", len(replace), filepath.Ext(name)))
		if err := os.WriteFile(to, text, 0o600); err != nil {
			remove()
			return nil, nil, err
		}
		replace[name] = to
	}
	list := filepath.Join(dir, "overlay.json")
	text, err := json.Marshal(map[string]any{"Replace": replace})
	if err == nil {
		err = os.WriteFile(list, text, 0o600)
	}
	if err != nil {
		remove()
		return nil, nil, err
	}
	return []string{"-overlay=" + list}, remove, nil
}

// mark notes which packages follow from the overlay: those with a file of it, and
// those that import one of these.
func (o overlay) mark(list []*node) {
	dirs := make(map[string]bool)
	for name := range o {
		dirs[filepath.Dir(name)] = true
	}
	holds := func(name string) bool { _, ok := o[name]; return ok }
	for _, n := range list {
		n.unsaved = n.isOwn && (dirs[n.Dir] && slices.ContainsFunc(n.sources(), holds) ||
			slices.ContainsFunc(n.imports, func(m *node) bool { return m.unsaved }))
	}
}

// A scratch holds, instead of the cache on disk, the entries that follow from an
// overlay: nobody may ever ask for them again, and if the text is saved they are
// written then. Of each package it keeps what the last run that looked at it used. A
// nil scratch is empty.
type scratch struct {
	mu         sync.Mutex
	kept, used map[string]map[key][]byte // by id of the node
}

func newScratch() *scratch {
	return &scratch{kept: make(map[string]map[key][]byte), used: make(map[string]map[key][]byte)}
}

func (s *scratch) get(n *node, k key) []byte {
	if s == nil {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	text := s.kept[n.id][k]
	if text != nil {
		s.use(n, k, text)
	}
	return text
}

func (s *scratch) put(n *node, k key, text []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.kept[n.id] == nil {
		s.kept[n.id] = make(map[key][]byte)
	}
	s.kept[n.id][k] = text
	s.use(n, k, text)
}

func (s *scratch) use(n *node, k key, text []byte) {
	if s.used[n.id] == nil {
		s.used[n.id] = make(map[key][]byte)
	}
	s.used[n.id][k] = text
}

func (s *scratch) drop(n *node, k key) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.kept[n.id], k)
	delete(s.used[n.id], k)
}

// sweep forgets what a run did not use of the packages that it looked at; nil are
// all. What it did not look at may be as it was when the next one does.
func (s *scratch) sweep(looked []*node) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if looked == nil {
		s.kept, s.used = s.used, make(map[string]map[key][]byte)
		return
	}
	for _, n := range looked {
		delete(s.kept, n.id)
		if used := s.used[n.id]; len(used) > 0 {
			s.kept[n.id] = used
		}
		delete(s.used, n.id)
	}
}

// entry returns what is kept of an own package.
func (g *graph) entry(n *node, k key) []byte {
	text := g.scratch.get(n, k)
	if text == nil {
		return g.cfg.store().get(k)
	}
	if !n.unsaved {
		g.scratch.drop(n, k)
		g.keep(n, k, text)
	}
	return text
}
