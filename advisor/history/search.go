package history

import (
	"context"
	"time"
)

// A search goes back through the history and keeps the commit that fits best.
type search struct {
	*wanted
	repo   *repository
	blobs  *blobs
	until  time.Time // the recording
	best   point
	merges []merge
	looked int
}

// A point is a commit with its fit.
type point struct {
	hash  string
	date  time.Time
	share float64
	at    int // commits behind the newest, along the main line
}

// A merge is a commit of the main line whose other parents were not looked at.
type merge struct {
	main  string // first parent
	other string
	at    int
}

func (fit *Fit) search(ctx context.Context, repo *repository, w *wanted, opts Options) error {
	b, err := repo.blobs(ctx)
	if err != nil {
		return err
	}
	defer b.close()
	s := &search{wanted: w, repo: repo, blobs: b, until: opts.Recorded, best: point{share: -1}}
	limit := opts.Commits
	if limit == 0 {
		limit = DefaultCommits
	}
	err = s.walk(ctx, "HEAD", []string{"HEAD"}, limit, 0)
	if err == nil {
		err = s.branches(ctx, limit)
	}
	fit.Looked = s.looked
	// The work tree is preferred where nothing committed is better.
	if s.best.share > fit.Share {
		fit.Commit, fit.Date, fit.Share, fit.Behind = s.best.hash, s.best.date, s.best.share, s.best.at
	}
	return err
}

// walk compares the commits of a line, newest first. base is how far behind the
// newest commit the line begins.
func (s *search) walk(ctx context.Context, from string, revs []string, limit, base int) error {
	t, err := s.tree(ctx, from)
	if err != nil {
		return err
	}
	at, since := base, 0
	var failed error
	err = s.repo.log(ctx, revs, limit, func(c *commit) bool {
		share := t.share()
		s.looked++
		if s.better(point{c.hash, c.date, share, at}) {
			since = 0
		}
		if share < s.best.share-fallen {
			since++
		}
		if len(c.parents) > 1 && base == 0 {
			for _, p := range c.parents[1:] {
				s.merges = append(s.merges, merge{c.parents[0], p, at})
			}
		}
		at++
		if s.best.share >= enough && (s.datedWell() || share < s.best.share) || s.best.share >= chance && since > patience {
			return false
		}
		for _, ch := range c.changes {
			if failed = s.change(t, ch.path, ch.before); failed != nil {
				return false
			}
		}
		return true
	})
	if failed != nil {
		return failed
	}
	return err
}

// better takes p if it fits better than what was found, or as well but is not
// younger than the recording while the other one is.
func (s *search) better(p point) bool {
	const same = 1e-9 // sums of the same weights in another order
	if p.share > s.best.share+same || p.share > s.best.share-same && !s.datedWell() {
		s.best = p
		return true
	}
	return false
}

// datedWell says whether the best commit is not younger than the recording.
func (s *search) datedWell() bool { return s.until.IsZero() || !s.best.date.After(s.until) }

// near is how many commits around the best of the main line have their side
// branches looked at: a profile is recorded from a branch that is merged soon.
const near = 50

// branches looks at the branches merged near the best commit, if that one does
// not fit well.
func (s *search) branches(ctx context.Context, limit int) error {
	if s.best.share >= enough {
		return nil
	}
	at := s.best.at
	for _, m := range s.merges {
		if m.at < at-near || m.at > at+near {
			continue
		}
		if err := s.walk(ctx, m.other, []string{m.other, "^" + m.main}, limit, m.at+1); err != nil {
			return err
		}
		if s.best.share >= enough {
			return nil
		}
	}
	return nil
}

// tree is the state at a commit.
func (s *search) tree(ctx context.Context, commit string) (*tree, error) {
	files, err := s.repo.files(ctx, commit)
	if err != nil {
		return nil, err
	}
	t := newTree(s.wanted)
	for rel, blob := range files {
		if err := s.change(t, rel, blob); err != nil {
			return nil, err
		}
	}
	return t, nil
}

// change puts a blob in the place of a file.
func (s *search) change(t *tree, rel, blob string) error {
	if !s.concerns(rel) {
		return nil
	}
	if blob == "" {
		t.set(rel, nil)
		return nil
	}
	src, ok := s.parsed[blob]
	if !ok {
		text, err := s.blobs.read(blob)
		if err != nil {
			return err
		}
		src = parseSource(text)
		s.parsed[blob] = src
	}
	t.set(rel, src)
	return nil
}
