// Package history finds the commit that a profile was recorded from.
//
// A profile names functions and the lines they begin at (Function.start_line,
// Go 1.20). At the right commit all of these lines agree with the source; a few
// commits away, half of them do, because whatever is inserted above a function
// moves it. So the share of weight whose lines agree identifies the commit.
package history

import (
	"context"
	"fmt"
	"path"
	"strings"
	"time"

	"github.com/concurlint/concurlint/advisor/profile"
)

// A Want is a function that a profile names, with the line at which it began in
// the source that the profile was recorded from.
type Want struct {
	Func      string // linker name, as in profile.Frame
	File      string // as recorded: absolute, or with the module in front of a -trimpath build
	StartLine int    // of the function or literal; 0 if not known
	Weight    float64
}

// Options are the bounds of the search. The zero value has the defaults.
type Options struct {
	// Recorded is when the profile was recorded, zero if not known. Of commits
	// that fit equally, the newest before it is answered.
	Recorded time.Time
	// Commits is how many are looked at, 0 for DefaultCommits.
	Commits int
}

// DefaultCommits reaches back years in most repositories. One commit costs 0.1
// to 1 ms, since only files that it changed are looked at.
const DefaultCommits = 10_000

// enough is the share of weight at which the search ends: what is missing then
// is generated code and functions whose file was changed but not committed.
const enough = 0.98

// Going back past the right commit, the fit falls and does not rise again:
// functions are born. The search ends when the fit has stayed fallen below the
// best for patience commits, provided that the best is no chance hit: without
// any relation, fewer than a tenth of the lines agree.
const (
	chance   = 0.3
	fallen   = 0.1
	patience = 400
)

// A Fit is the state of the source that a profile fits best.
type Fit struct {
	Commit string    // hash, "" for the work tree
	Date   time.Time // of the commit
	Share  float64   // of weight whose start lines agree there
	Named  float64   // of weight whose functions exist in the work tree, by name
	Here   float64   // of weight whose start lines agree in the work tree
	Behind int       // commits of the main line that changed Go files since, 0 for the newest
	Ref    string    // the branch or tag that leads to the commit, "" if the work tree's own does
	Looked int       // commits that were looked at
	Notes  []string  // why the answer may be worse than it could be
}

// Find compares want with the work tree in dir, the root of a module, and if
// enough lines do not agree, with its git history. A history that cannot be had
// is a note, not an error: names still join most of a profile. The error is
// about the work tree, or the end of ctx.
func Find(ctx context.Context, dir string, want []Want, opts Options) (Fit, error) {
	w := newWanted(want)
	if w.total == 0 {
		return Fit{Notes: []string{"no function of the profile has a start line (before Go 1.20), so its commit is not known"}}, nil
	}
	here, named, err := w.workTree(dir)
	if err != nil {
		return Fit{}, fmt.Errorf("%s: %w", dir, err)
	}
	fit := Fit{Share: here, Here: here, Named: named}
	if here >= enough {
		return fit, nil
	}
	repo, note := openRepository(ctx, dir)
	if note != "" {
		fit.Notes = append(fit.Notes, note)
	}
	if repo != nil {
		if err := fit.search(ctx, repo, w, opts); err != nil && ctx.Err() == nil {
			fit.Notes = append(fit.Notes, "the history was searched in part: "+err.Error())
		}
	}
	if err := ctx.Err(); err != nil {
		return Fit{}, context.Cause(ctx)
	}
	if fit.Share < enough {
		fit.Notes = append(fit.Notes, fmt.Sprintf("no commit here fits the profile better than %.1f %%: its source was not committed, is in a branch that was not fetched, or the profile joins several", 100*fit.Share))
	}
	return fit, nil
}

// wanted is what is searched for, by file.
type wanted struct {
	byBase map[string][]*item // by base name of the file
	total  float64
	parsed map[string]*source // by blob hash
}

// An item is a want in the form in which it is looked up.
type item struct {
	Want
	declared []string // functions in whose source it may stand
	literal  bool
	dir      []string // directories of its file, innermost first
}

func newWanted(want []Want) *wanted {
	w := &wanted{byBase: map[string][]*item{}, parsed: map[string]*source{}}
	for _, x := range want {
		n := profile.ParseName(x.Func)
		base := path.Base(slashed(x.File))
		if x.StartLine <= 0 || !comparable(n, base) {
			continue
		}
		it := &item{Want: x, declared: n.Declared(), literal: n.Literal(), dir: reversed(x.File)}
		w.byBase[base] = append(w.byBase[base], it)
		w.total += x.Weight
	}
	return w
}

// comparable says whether a function's start line is one that the parser can
// find again: not of code that the compiler or cgo made.
func comparable(n profile.Name, base string) bool {
	if !strings.HasSuffix(base, ".go") || strings.HasPrefix(base, "_cgo_") || strings.HasPrefix(n.Func, "_Cfunc_") {
		return false
	}
	if len(n.Inner) == 0 {
		return true
	}
	last := n.Inner[len(n.Inner)-1]
	return !strings.HasPrefix(last, "-") && !strings.HasPrefix(last, "gowrap") && !strings.HasPrefix(last, "deferwrap")
}

// slashed is a file name with slashes: the profile may be from Windows.
func slashed(file string) string { return strings.ReplaceAll(file, `\`, "/") }

// reversed are the directories of a file, innermost first.
func reversed(file string) []string {
	parts := strings.Split(path.Dir(slashed(file)), "/")
	for i, j := 0, len(parts)-1; i < j; i, j = i+1, j-1 {
		parts[i], parts[j] = parts[j], parts[i]
	}
	return parts
}

// depth is how many directories of the path, which is relative to the module,
// the item's file has in common with it; -1 if it has not all of them.
func (it *item) depth(rel string) int {
	dir := path.Dir(rel)
	if dir == "." {
		return 0
	}
	parts := reversed(rel)
	if len(parts) > len(it.dir) {
		return -1
	}
	for i, p := range parts {
		if it.dir[i] != p {
			return -1
		}
	}
	return len(parts)
}

// concerns says whether a file may hold a wanted function.
func (w *wanted) concerns(rel string) bool {
	for _, it := range w.byBase[path.Base(rel)] {
		if it.depth(rel) >= 0 {
			return true
		}
	}
	return false
}
