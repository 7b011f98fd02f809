package driver

import (
	"cmp"
	"context"
	"go/token"
	"runtime"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
)

// Config says what to analyze. A Config is not changed by a run.
type Config struct {
	Dir       string               // to run the go command in; empty: the working directory
	Patterns  []string             // packages, as the go command takes them
	Tests     bool                 // with the files of tests
	Analyzers []*analysis.Analyzer // to run over the named packages, with what they require
	// Version stands for everything that facts depend on beside the sources: the
	// analyzers' code and what they read. Results of another version are not used.
	Version string
	// Options stand for what only diagnostics depend on: flags of the analyzers.
	Options string
	// Absolute says that messages, too, hold absolute file names, so that they
	// are of no use to a checkout that lies elsewhere.
	Absolute bool
	// Cache is a directory for results; empty: none are kept.
	Cache string
	// Workers is the number of packages worked on at once; 0: GOMAXPROCS.
	Workers int
	// Progress is called as packages get ready, from several goroutines. May be nil.
	Progress func(packages int)
}

func (c *Config) workers() int {
	if c.Workers > 0 {
		return c.Workers
	}
	return runtime.GOMAXPROCS(0)
}

func (c *Config) store() store { return store{c.Cache} }

// A Result is what the analyzers reported about the named packages, in an order
// that does not depend on which package was first.
type Result struct {
	Diagnostics []Diagnostic
	Problems    []Problem // what could not be analyzed, and why
	Packages    []string  // that were named
	Unchecked   []string  // packages that were asked for, and of which nothing is said
	Incomplete  []string  // packages that were asked for, and of which not all is said: they import what is broken
	Stats       Stats
}

// Stats are counts for benchmarks and tests.
type Stats struct {
	Listed   bool // the go command was asked
	Made     int  // own packages of which it was asked what cgo makes of them
	Packages int  // own ones that were looked at
	Analyzed int  // of these, those that were not in the cache
	Pulled   int  // packages outside that were analyzed for their facts
}

// A Diagnostic is one report of an analyzer. Files are absolute.
type Diagnostic struct {
	Package  string
	Analyzer string
	Category string
	URL      string
	Pos, End Position
	Message  string
	Related  []Related
	Fixes    []Fix
}

// A Position is a place in a file. Columns count bytes from 1.
type Position struct {
	File         string
	Line, Column int
}

// Related is another place that a diagnostic is about.
type Related struct {
	Pos     Position
	Message string
}

// A Fix is a change that removes the finding.
type Fix struct {
	Message string
	Edits   []Edit
}

// An Edit replaces the bytes from Start to End of a file.
type Edit struct {
	File       string
	Start, End int
	New        string
}

// Run analyzes the named packages. The error says that nothing could be done:
// a GoError where the go command says so. Of packages that cannot be loaded the
// result's problems tell.
func Run(ctx context.Context, cfg *Config) (*Result, error) {
	g, problems, err := load(ctx, cfg, nil)
	if err != nil {
		return nil, err
	}
	res, err := g.run(ctx, problems, nil)
	if err == nil {
		res.Stats.Listed, res.Stats.Made = true, g.asked
	}
	return res, err
}

// run analyzes what was loaded, or of it only the packages that are named and
// what these need. It may be called again, once the keys say what the files are
// like.
func (g *graph) run(ctx context.Context, problems []Problem, only []*node) (*Result, error) {
	g.ctx = ctx
	g.unsure.Store(false)
	r := &run{
		ctx: ctx, g: g, fset: token.NewFileSet(), fact: producers(g.cfg.Analyzers),
		list: g.list, only: only, own: make(map[string]*state), pulled: make(map[string]*pull), res: &Result{Problems: slices.Clone(problems)},
	}
	r.outside = newUniverse(g, r.fset)
	if only != nil {
		r.list = ownBelow(only)
	}
	for _, n := range r.list {
		if r.reports(n) {
			r.res.Packages = append(r.res.Packages, n.path())
		}
	}
	r.all()
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if len(r.needing) > 0 {
		r.res.Problems = append(r.res.Problems, needingProblem(r.needing))
	}
	g.cfg.store().trim()
	r.res.tidy()
	return r.res, nil
}

// load asks the go command and works out the keys.
func load(ctx context.Context, cfg *Config, unsaved overlay) (*graph, []Problem, error) {
	var values map[string]string
	failed := make(chan error, 1)
	go func() {
		var err error
		values, err = env(ctx, cfg.Dir)
		failed <- err
	}()
	pkgs, problems, err := list(ctx, cfg, unsaved)
	if e := <-failed; err == nil {
		err = e
	}
	if err != nil {
		return nil, nil, err
	}
	problems = append(problems, loadProblems(pkgs)...)
	g := newGraph(ctx, cfg, pkgs, values)
	g.unsaved = unsaved
	more, err := g.useCgo()
	if err != nil {
		return nil, nil, err
	}
	problems = append(problems, more...)
	for _, n := range g.list {
		if n.root && n.broken && len(problems) == 0 { // it would be passed over in silence
			problems = append(problems, Problem{Package: n.path(), Message: "package " + n.path() + ": it cannot be loaded, or something that it imports"})
		}
	}
	g.outsideKeys()
	g.sourceKeys()
	return g, problems, nil
}

// producers are the analyzers that have facts, among those given and those that
// they require.
func producers(list []*analysis.Analyzer) []*analysis.Analyzer {
	var found []*analysis.Analyzer
	seen := make(map[*analysis.Analyzer]bool)
	var visit func(*analysis.Analyzer)
	visit = func(a *analysis.Analyzer) {
		if seen[a] {
			return
		}
		seen[a] = true
		for _, req := range a.Requires {
			visit(req)
		}
		if len(a.FactTypes) > 0 {
			found = append(found, a)
		}
	}
	for _, a := range list {
		visit(a)
	}
	return found
}

// tidy sorts, and drops what is said twice.
func (r *Result) tidy() {
	slices.SortFunc(r.Diagnostics, func(a, b Diagnostic) int {
		return cmp.Or(
			strings.Compare(a.Pos.File, b.Pos.File), cmp.Compare(a.Pos.Line, b.Pos.Line), cmp.Compare(a.Pos.Column, b.Pos.Column),
			strings.Compare(a.Analyzer, b.Analyzer), strings.Compare(a.Message, b.Message), strings.Compare(a.Package, b.Package),
		)
	})
	slices.SortFunc(r.Problems, func(a, b Problem) int {
		return cmp.Or(strings.Compare(a.Package, b.Package), strings.Compare(a.Message, b.Message))
	})
	r.Problems = slices.Compact(r.Problems)
	slices.Sort(r.Unchecked)
	r.Unchecked = slices.Compact(r.Unchecked)
	slices.Sort(r.Incomplete)
	r.Incomplete = slices.Compact(r.Incomplete)
}

// mapFiles returns the diagnostics with other file names.
func mapFiles(list []Diagnostic, name func(string) string) []Diagnostic {
	out := slices.Clone(list)
	for i := range out {
		d := &out[i]
		d.Pos.File, d.End.File = name(d.Pos.File), name(d.End.File)
		d.Related = slices.Clone(d.Related)
		for j := range d.Related {
			d.Related[j].Pos.File = name(d.Related[j].Pos.File)
		}
		d.Fixes = slices.Clone(d.Fixes)
		for j := range d.Fixes {
			edits := slices.Clone(d.Fixes[j].Edits)
			for k := range edits {
				edits[k].File = name(edits[k].File)
			}
			d.Fixes[j].Edits = edits
		}
	}
	return out
}
