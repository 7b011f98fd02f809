package driver

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// A Session is a series of runs over the same packages, for those who wait for
// edits. It keeps what the go command said, which is most of what a run after an
// edit would wait for, and asks again only where the answer may be another one.
// Types, facts and findings it does not keep: the cache has them.
//
// A run looks at all files, whatever has happened to them meanwhile: there is no
// event that could be lost.
type Session struct {
	cfg      *Config
	g        *graph // nil while the go command must be asked
	unsaved  overlay
	scratch  *scratch
	problems []Problem
	seen     *outline
	last     *Result // nil where it may be another one without an edit
}

// NewSession prepares runs of cfg, one at a time.
func NewSession(cfg *Config) *Session {
	return &Session{cfg: cfg, seen: new(outline), scratch: newScratch()}
}

// SetUnsaved has the next runs read these texts in place of the files of these
// absolute names. Nothing that follows from them gets into the cache while they
// are not saved. The map and the texts must not be changed afterwards.
func (s *Session) SetUnsaved(files map[string][]byte) { s.unsaved = files }

// Run is Run for the files as they are now. Where nothing has changed it returns
// the very result of the run before.
func (s *Session) Run(ctx context.Context) (*Result, error) {
	if s.g != nil {
		s.overlay()
	}
	if s.g != nil && s.look() && s.last != nil {
		return s.last, nil
	}
	s.last = nil
	asked := s.g == nil
	if asked {
		if err := s.load(ctx); err != nil {
			return nil, err
		}
	}
	res, err := s.g.run(ctx, s.problems, nil)
	if err != nil {
		return nil, err
	}
	s.scratch.sweep(nil)
	res.Stats.Listed = asked
	if !s.g.unsure.Load() {
		s.last = res
	}
	return res, nil
}

// RunFor analyzes only the packages that hold the named files, reading no other
// files than theirs and those of what they import: whoever waits for an answer
// about one package need not wait for all. The result speaks of these packages
// alone, and what they do to others is for the next Run to say. It is nil if only
// Run can answer: files have been added, or begin otherwise than they did.
//
// It needs no Run before it: one that takes long can be cut short for this, and what
// it has found out is kept.
func (s *Session) RunFor(ctx context.Context, files []string) (*Result, error) {
	asked := s.g == nil
	if asked {
		if err := s.load(ctx); err != nil {
			return nil, err
		}
	}
	for _, o := range []overlay{s.g.unsaved, s.unsaved} {
		for name := range o {
			if head, ok := s.seen.heads[name]; !ok || head != s.unsaved.head(name) {
				return nil, nil
			}
		}
	}
	s.overlay()
	var only []*node
	for _, name := range files {
		for _, n := range s.g.list {
			switch {
			case !n.isOwn || filepath.Dir(name) != n.Dir || !slices.Contains(n.sources(), name):
			case askedOf(n):
				return nil, nil
			case !slices.Contains(only, n):
				only = append(only, n)
			}
		}
	}
	if len(only) == 0 || !s.rehash(ownBelow(only)) {
		return nil, nil
	}
	s.last = nil
	res, err := s.g.run(ctx, nil, only)
	if err != nil {
		return nil, err
	}
	s.scratch.sweep(ownBelow(only))
	res.Stats.Listed = asked
	return res, nil
}

// rehash is look for these packages.
func (s *Session) rehash(list []*node) (ok bool) {
	keys := make([]key, len(list))
	for i, n := range list {
		keys[i] = s.g.sourceKey(n)
		if keys[i] != n.source && askedOf(n) {
			return false
		}
	}
	for i, n := range list {
		n.source = keys[i]
	}
	return true
}

// askedOf reports whether what the go command says of n follows from all of its
// files: cgo makes others of them, and an error has a place.
func askedOf(n *node) bool { return len(n.CgoFiles) > 0 || n.Error != nil }

// overlay has the graph read what is unsaved.
func (s *Session) overlay() {
	s.g.unsaved, s.g.scratch = s.unsaved, s.scratch
	s.unsaved.mark(s.g.list)
}

// Dirs are the directories in which a change may matter, as of the last run.
func (s *Session) Dirs() []string { return s.seen.dirs }

// look compares the files with what they were, and reports whether they are the
// same. Where the go command's answer may not be, it is forgotten.
func (s *Session) look() (same bool) {
	before := make(map[*node]key)
	for _, n := range s.g.list {
		before[n] = n.source
	}
	s.g.sourceKeys()
	same = true
	stale := s.g.unsure.Load() || s.seen.doubtful || newOutline(s.g).key != s.seen.key
	for _, n := range s.g.list {
		if n.source == before[n] {
			continue
		}
		same = false
		stale = stale || askedOf(n)
	}
	if stale {
		s.g = nil
	}
	return same && !stale
}

// load asks the go command. A file that was written after the question may or
// may not be part of the answer: then it is asked again next time.
func (s *Session) load(ctx context.Context) error {
	asked := time.Now()
	g, problems, err := load(ctx, s.cfg, s.unsaved)
	if err != nil {
		return err
	}
	s.g = g
	s.overlay()
	seen := newOutline(g)
	if len(seen.dirs) == 0 {
		seen.dirs = s.seen.dirs // where packages were, some may be again
	}
	s.problems, s.seen = problems, seen
	for _, name := range s.seen.files {
		info, err := os.Stat(name)
		s.seen.doubtful = s.seen.doubtful || err == nil && info.ModTime().After(asked)
	}
	return nil
}
