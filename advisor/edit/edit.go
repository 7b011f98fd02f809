// Package edit turns advice into edits of source: it changes a limit, adds one,
// or runs the iterations of a loop at once.
//
// An edit is made on the syntax of the files it touches, by byte offsets, so
// that nothing else in them moves. It is made only where syntax and scopes of
// the package prove that it keeps the meaning; elsewhere the answer is a
// [Refusal], which says why in words. The package reads files through an fs.FS
// and writes none.
package edit

import (
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/aymanbagabas/go-udiff"

	"github.com/concurlint/concurlint/advisor"
)

// Want is the setting that a site is to have.
type Want struct {
	Action string // as in advisor.Advice
	N      int    // tasks in flight; not used with Cores, nor by serial where the hand-over is taken out
	Cores  bool   // runtime.GOMAXPROCS(0), for computing
	// Readers: those who only read under the site's lock take it as readers. It has
	// no size.
	Readers bool
}

// step is how much more work in flight an edit dares that nobody has verified:
// no recording shows what the far end bears, and the upper end of a range is a
// ceiling for the search, not a place to begin. It is that of the controller in
// package sizing.
const step = 4

// WantOf is the setting that an advice asks for: one step up from the present
// limit within its range, its upper end where there was no limit, or the number
// of cores where the advice writes it so.
func WantOf(a advisor.Advice) Want {
	n := a.Recommend.Max
	if n == 0 {
		n = a.Recommend.Min
	}
	if a.Action == "more" || a.Action == "concurrent" {
		n = min(n, max(a.Recommend.Min, step*max(int(a.Site.Limit.N), a.Now.Max, 1)))
	}
	return Want{
		Action: a.Action, N: n, Cores: strings.Contains(a.Recommend.Limit, "GOMAXPROCS"),
		Readers: a.Recommend.Executor == "readers",
	}
}

// An Edit is a change of one or more files.
type Edit struct {
	Files map[string]File // by path, as sites have it
	Diff  string          // unified, of all files in order of their paths
	// Structural: the edit changes more than the number of a limit that was there.
	Structural bool
	// Sized: the edit of Tune reads its size from the environment.
	Sized bool
	Notes []string // what a reader has to know, a sentence each
}

// A File is one edited file.
type File struct {
	Before []byte // nil: the file is new
	After  []byte
}

// A Refusal says why there is no edit.
type Refusal struct {
	Why string
	// Steps says that iterations of a loop are steps of one computation, which no
	// other edit would run side by side either.
	Steps bool
}

func (r *Refusal) Error() string { return r.Why }

func refuse(format string, args ...any) error {
	return &Refusal{Why: fmt.Sprintf(format, args...)}
}

// Make returns the edit that gives a site the wanted setting, for people to read
// and keep. Tree holds the files under the paths that the site has.
// The error is a *Refusal where there is no edit, or says which file could not
// be read.
func Make(tree fs.FS, site advisor.Site, want Want) (*Edit, error) {
	return build(tree, site, want, false)
}

// Tune returns the same edit with a size that the program reads from the
// environment variable [SizeVar] when it starts; without the variable the
// program has the limit it had, or want's where it had none. One binary serves
// all sizes. The edit adds a file to the package and is for an overlay only.
//
// Limits that come from configuration can be tuned, though Make refuses them.
func Tune(tree fs.FS, site advisor.Site, want Want) (*Edit, error) {
	return build(tree, site, want, true)
}

func build(tree fs.FS, site advisor.Site, want Want, tune bool) (*Edit, error) {
	if why, ok := left[want.Action]; ok && want.N < 1 && !want.Readers {
		return nil, refuse("%s", why)
	}
	if want.N < 1 && !want.Cores && !want.Readers {
		return nil, refuse("the advice for %s:%d has no size", site.File, site.Line)
	}
	how, err := choose(site, want, tune)
	if err != nil {
		return nil, err
	}
	name := site.File
	if how.atLimit && site.Limit.File != "" {
		name = site.Limit.File
	}
	s, err := load(tree, name)
	if err != nil {
		return nil, err
	}
	s.site, s.want, s.tune = site, want, tune && !how.sizeless
	if err := how.apply(s); err != nil {
		return nil, err
	}
	if s.tune {
		s.addSizeFile()
	}
	return s.finish(how.structural)
}

// A way is one kind of edit.
type way struct {
	apply      func(*source) error
	atLimit    bool // the edit is where the limit is written, not at the site
	structural bool
	sizeless   bool // there is no size to tune
}

// left names the actions that no edit is made for, with the reason.
var left = map[string]string{
	"keep":  "nothing is to be changed",
	"chunk": "handing over chunks changes the tasks themselves, which no rewrite of the hand-over does",
	"move":  "moving the work to another executor changes the callers of its tasks",
	"end":   "what lets them end depends on who is to receive, send or cancel, which only the program's authors know",
	"lock":  "which of the ways fits depends on what the lock protects, which only its users know",
}

// choose finds the way for a site, by its present executor and limit.
func choose(site advisor.Site, want Want, tune bool) (way, error) {
	if want.Readers {
		return way{apply: (*source).takeForReading, structural: true, sizeless: true}, nil
	}
	if why, ok := left[want.Action]; ok && !(tune && hasLimit(site)) {
		return way{}, refuse("%s", why)
	}
	errgroup := site.Executor == "group" && strings.Contains(site.Via, "errgroup")
	starts := (site.Executor == "goroutine" || site.Executor == "group") && !errgroup && !site.Endless
	switch {
	case want.Action == "serial" && starts:
		return way{apply: (*source).runInPlace, structural: true, sizeless: true}, nil
	case want.Action == "serial" && !(tune && hasLimit(site)):
		return way{}, refuse("%s does more than start a task, so whoever hands over has to do without it: call the task in place", site.Via)
	case hasLimit(site):
		return way{apply: (*source).changeLimit, atLimit: true}, nil
	case site.Executor == "serial" && site.Via != "for" && site.Via != "range":
		return way{}, refuse("the loop is in %s, which calls the function for one element after the other: let it collect the elements, then hand them over", site.Via)
	case site.Executor == "serial":
		return way{apply: (*source).makeConcurrent, structural: true}, nil
	case errgroup:
		return way{apply: (*source).setLimit, structural: true}, nil
	case site.Endless:
		return way{}, refuse("its tasks run as long as the program: a limit would stop the loop for good")
	case site.Executor == "goroutine" || site.Executor == "group":
		return way{apply: (*source).addSemaphore, structural: true}, nil
	}
	return way{}, refuse("its %s has no limit written in this module", site.Executor)
}

// hasLimit reports whether a limit is written that can be changed. That of a
// serial loop is its being one.
func hasLimit(site advisor.Site) bool {
	return site.Executor != "serial" && site.Limit.Class != "" && site.Limit.Class != "none"
}

// finish applies what was collected and writes the diff.
func (s *source) finish(structural bool) (*Edit, error) {
	e := &Edit{Files: make(map[string]File), Structural: structural, Sized: s.tune, Notes: s.notes}
	for name, f := range s.files {
		if len(f.edits) == 0 {
			continue
		}
		after, err := udiff.ApplyBytes(f.text, f.edits)
		if err != nil {
			return nil, fmt.Errorf("%s: edits overlap: %v", name, err)
		}
		e.Files[name] = File{f.text, after}
	}
	for name, text := range s.newFiles {
		e.Files[name] = File{nil, text}
	}
	names := make([]string, 0, len(e.Files))
	for name := range e.Files {
		names = append(names, name)
	}
	slices.Sort(names)
	var diff strings.Builder
	for _, name := range names {
		f := e.Files[name]
		from := "a/" + name
		if f.Before == nil {
			from = "/dev/null"
		}
		diff.WriteString(udiff.Unified(from, "b/"+name, string(f.Before), string(f.After)))
	}
	e.Diff = diff.String()
	return e, nil
}
