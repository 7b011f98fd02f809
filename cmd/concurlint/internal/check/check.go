// Package check runs the analyzers over packages, and asks the go command about
// these.
package check

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"runtime/debug"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/concurlint/concurlint/analyzers/classify"
	"github.com/concurlint/concurlint/analyzers/driver"
	"github.com/concurlint/concurlint/analyzers/settings"
	"github.com/concurlint/concurlint/analyzers/sites"
	"github.com/concurlint/concurlint/cmd/concurlint/internal/finding"
)

// A Request says what to analyze.
type Request struct {
	Dir       string // where the patterns begin; empty: the working directory
	Analyzers []*analysis.Analyzer
	Settings  *settings.Values   // of the analyzers
	Patterns  []string           // packages
	Progress  func(packages int) // called as packages get ready; may be nil
}

// A Result is what the analyzers and the go command had to say.
type Result struct {
	Diagnostics []Diagnostic
	Problems    []finding.Problem
	Packages    []string        // that were named
	Unchecked   map[string]bool // packages of which nothing is said
	Incomplete  []string        // those of which something may be missing, as something below them is broken
	Nothing     bool            // is said at all: the go command refused
	Partial     bool            // of other packages than those named nothing is said
}

// Silent reports whether the result says nothing of a package.
func (r *Result) Silent(path string) bool {
	return r.Nothing || r.Unchecked[path] || r.Partial && !slices.Contains(r.Packages, path)
}

// Doubtful are the packages of which nothing is said, or not all, in order.
func (r *Result) Doubtful() []string {
	list := slices.Concat(slices.Collect(maps.Keys(r.Unchecked)), r.Incomplete)
	slices.Sort(list)
	return slices.Compact(list)
}

// A Diagnostic is one report of an analyzer, with files as people are shown them.
type Diagnostic struct {
	Package  string
	Analyzer string
	Category string
	Pos, End Position
	Message  string
	Related  []finding.Step
	Fixes    []finding.Fix
}

// A Position is a place in a file. Columns count bytes from 1.
type Position struct {
	File         string
	Line, Column int
}

// ErrInterrupted is returned when the context ends the run.
var ErrInterrupted = errors.New("interrupted")

// memoryLimit is where the garbage collector begins to work harder. What has to
// be in memory of a program with 1,200 packages, all from source, is half of that;
// left alone, the collector would let it grow to three times as much.
const memoryLimit = 900 << 20

// How much the heap may grow between two collections, as a percentage of what lives,
// where the limit leaves room for that. At 100, a seventh of a run's CPU time goes
// into them. A session gives back what a round leaves behind before the next one, so
// it may grow more.
const (
	growth        = 200
	sessionGrowth = 400
)

func setMemory(growth int) {
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(memoryLimit)
	}
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(growth)
	}
}

// Run analyzes the packages. Of a package that cannot be checked the result's
// problems tell; the error says that nothing could be run.
func Run(ctx context.Context, req Request) (*Result, error) {
	setMemory(growth)
	cfg, err := configure(req)
	if err != nil {
		return nil, err
	}
	res, err := driver.Run(ctx, cfg)
	return result(ctx, res, err)
}

func configure(req Request) (*driver.Config, error) {
	version, err := version()
	if err != nil {
		return nil, err
	}
	cache, err := CacheDir()
	if err != nil {
		return nil, err
	}
	return &driver.Config{
		Dir:       req.Dir,
		Patterns:  req.Patterns,
		Tests:     req.Settings.Tests,
		Analyzers: settings.Bind(req.Settings, req.Analyzers...),
		Version:   version + req.Settings.KnowledgeHash,
		Options:   fmt.Sprint(req.Settings, " of ", req.Analyzers),
		Absolute:  absolute(req.Analyzers),
		Cache:     cache,
		Progress:  req.Progress,
	}, nil
}

// result puts what the driver returned into words. A result is one although its
// context has ended since.
func result(ctx context.Context, res *driver.Result, err error) (*Result, error) {
	var failed *driver.GoError
	switch {
	case err != nil && ctx.Err() != nil:
		return nil, ErrInterrupted
	case errors.As(err, &failed):
		return &Result{Problems: messages(strings.Split(failed.Error(), "\n")), Nothing: true}, nil
	case err != nil:
		return nil, startError(err)
	}
	out := &Result{Packages: res.Packages, Unchecked: make(map[string]bool), Incomplete: res.Incomplete}
	for _, d := range res.Diagnostics {
		out.Diagnostics = append(out.Diagnostics, convert(d))
	}
	for _, p := range res.Problems {
		out.Problems = append(out.Problems, worded(p))
	}
	for _, path := range res.Unchecked {
		out.Unchecked[path] = true
	}
	slices.SortFunc(out.Problems, func(a, b finding.Problem) int {
		return cmp.Or(strings.Compare(a.Package, b.Package), strings.Compare(a.Message, b.Message))
	})
	return out, nil
}

// absolute reports whether messages hold file names, as those that describe the
// program do.
func absolute(list []*analysis.Analyzer) bool {
	return slices.Contains(list, classify.Analyzer) || slices.Contains(list, sites.Analyzer)
}

func convert(d driver.Diagnostic) Diagnostic {
	out := Diagnostic{
		Package:  d.Package,
		Analyzer: d.Analyzer,
		Category: d.Category,
		Pos:      position(d.Pos),
		End:      position(d.End),
		Message:  d.Message,
	}
	for _, r := range d.Related {
		out.Related = append(out.Related, finding.Step{File: Relative(r.Pos.File), Line: r.Pos.Line, Column: r.Pos.Column, Message: r.Message})
	}
	for _, f := range d.Fixes {
		fix := finding.Fix{Message: f.Message}
		for _, e := range f.Edits {
			fix.Edits = append(fix.Edits, finding.Edit{File: Relative(e.File), Start: e.Start, End: e.End, New: e.New})
		}
		out.Fixes = append(out.Fixes, fix)
	}
	return out
}

func position(p driver.Position) Position { return Position{Relative(p.File), p.Line, p.Column} }

func startError(err error) error {
	if errors.Is(err, exec.ErrNotFound) {
		return errors.New("no go command in PATH; install Go from https://go.dev/dl or add its bin directory to PATH")
	}
	return fmt.Errorf("cannot run the go command: %v", err)
}
