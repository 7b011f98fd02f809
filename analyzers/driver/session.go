package driver

import (
	"context"
	"os"
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
	problems []Problem
	seen     *outline
	last     *Result // nil where it may be another one without an edit
}

// NewSession prepares runs of cfg, one at a time.
func NewSession(cfg *Config) *Session { return &Session{cfg: cfg, seen: new(outline)} }

// Run is Run for the files as they are now. Where nothing has changed it returns
// the very result of the run before.
func (s *Session) Run(ctx context.Context) (*Result, error) {
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
	res, err := s.g.run(ctx, s.problems)
	if err != nil {
		return nil, err
	}
	res.Stats.Listed = asked
	if !s.g.unsure.Load() {
		s.last = res
	}
	return res, nil
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
		// What the go command says of these follows from all of their files: cgo
		// makes others of them, and an error has a place.
		stale = stale || len(n.CgoFiles) > 0 || n.Error != nil
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
	g, problems, err := load(ctx, s.cfg)
	if err != nil {
		return err
	}
	seen := newOutline(g)
	if len(seen.dirs) == 0 {
		seen.dirs = s.seen.dirs // where packages were, some may be again
	}
	s.g, s.problems, s.seen = g, problems, seen
	for _, name := range s.seen.files {
		info, err := os.Stat(name)
		s.seen.doubtful = s.seen.doubtful || err == nil && info.ModTime().After(asked)
	}
	return nil
}
