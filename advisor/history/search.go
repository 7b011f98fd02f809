package history

import (
	"cmp"
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
	ref    string // that is walked along, "" for HEAD
	merges []merge
	seen   map[string]bool // commits that were looked at, and with them all along their first parents
	looked int
}

// A point is a commit with its fit.
type point struct {
	hash  string
	date  time.Time
	share float64
	at    int    // commits behind the newest, along the main line
	ref   string // that leads to it, "" for HEAD
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
	s := &search{wanted: w, repo: repo, blobs: b, until: opts.Recorded, best: point{share: -1}, seen: map[string]bool{}}
	limit := opts.Commits
	if limit == 0 {
		limit = DefaultCommits
	}
	err = s.line(ctx, "HEAD", limit)
	if err == nil {
		err = s.elsewhere(ctx, limit)
	}
	fit.Looked = s.looked
	// The work tree is preferred where nothing committed is better.
	if s.best.share > fit.Share+same {
		fit.Commit, fit.Date, fit.Share, fit.Ref = s.best.hash, s.best.date, s.best.share, s.best.ref
		if fit.Ref == "" {
			fit.Behind = s.best.at
		}
	}
	return err
}

// line compares the commits from a tip on, and the branches merged near the one of
// them that fits best.
func (s *search) line(ctx context.Context, tip string, limit int) error {
	s.merges = s.merges[:0]
	at, err := s.walk(ctx, tip, []string{tip}, limit, 0)
	if err != nil {
		return err
	}
	return s.branches(ctx, limit, at)
}

// same is by how much sums of the same weights in another order differ at most.
const same = 1e-9

// walk compares the commits of a line, newest first, and answers how far behind the
// newest the best of them is. base is how far behind the line begins.
func (s *search) walk(ctx context.Context, from string, revs []string, limit, base int) (where int, err error) {
	t, err := s.tree(ctx, from)
	if err != nil {
		return 0, err
	}
	at, since := base, 0
	most := -1.0
	var failed error
	err = s.repo.log(ctx, revs, limit, func(c *commit) bool {
		if s.seen[c.hash] {
			return false
		}
		s.seen[c.hash] = true
		share := t.share()
		s.looked++
		if share > most+same {
			most, where = share, at
		}
		if s.better(point{c.hash, c.date, share, at, s.ref}) {
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
	return where, cmp.Or(failed, err)
}

// better takes p if it fits better than what was found, or as well but is not
// younger than the recording while the other one is.
func (s *search) better(p point) bool {
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

// branches looks at the branches merged near a commit of the line, if nothing fits
// well.
func (s *search) branches(ctx context.Context, limit, at int) error {
	if s.best.share >= enough {
		return nil
	}
	for _, m := range s.merges {
		if m.at < at-near || m.at > at+near {
			continue
		}
		if _, err := s.walk(ctx, m.other, []string{m.other, "^" + m.main}, limit, m.at+1); err != nil {
			return err
		}
		if s.best.share >= enough {
			return nil
		}
	}
	return nil
}

// mostRefs is how many branches and tags are looked at that the work tree does not
// contain, newest first: one costs about 20 ms before its commits.
const mostRefs = 32

// elsewhere looks at what the work tree's history does not contain, if nothing in it
// fits well: a release is recorded from its own branch, and an old commit that is
// checked out does not lead to later ones.
func (s *search) elsewhere(ctx context.Context, limit int) error {
	if s.best.share >= enough {
		return nil
	}
	refs, err := s.repo.unmerged(ctx, mostRefs)
	if err != nil {
		return err
	}
	for _, r := range refs {
		s.ref = r.name
		if err := s.line(ctx, r.commit, limit); err != nil {
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
