package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/concurlint/concurlint/cmd/concurlint/internal/baseline"
	"github.com/concurlint/concurlint/cmd/concurlint/internal/check"
	"github.com/concurlint/concurlint/cmd/concurlint/internal/finding"
)

// withBaseline takes known findings out of the report, says which of them are gone,
// and writes a baseline if one is asked for.
func withBaseline(ctx context.Context, opts *options, rep *finding.Report, stderr io.Writer) error {
	if opts.write != "" && len(rep.Errors) > 0 {
		rep.Errors = append(rep.Errors, finding.Problem{Message: opts.write + " (-write-baseline) was not written: not everything could be checked"})
		return nil
	}
	switch {
	case opts.newFrom != "":
		return sinceRevision(ctx, opts, rep, stderr)
	case opts.baseline == "":
		return writeBaseline(opts, rep, stderr)
	}
	b, err := baseline.Read(opts.baseline, opts.asked("baseline"))
	if err != nil {
		return err
	}
	checked, err := checkedBy(ctx, opts, rep)
	if err != nil {
		return err
	}
	stale := b.Stale(rep.Findings, checked)
	var known []finding.Finding
	rep.Findings, known = b.Split(rep.Findings)
	rep.Known = len(known)
	rep.Silenced = append(rep.Silenced, finding.Silenced(known, finding.ByBaseline, "known in "+filepath.ToSlash(opts.baseline))...)
	if opts.write != "" {
		if err := b.Without(stale).Write(opts.write); err != nil {
			return err
		}
		fmt.Fprintf(stderr, "concurlint: %s: findings left: %d of %d\n", opts.write, len(b.Findings)-len(stale), len(b.Findings))
		return nil
	}
	for _, e := range stale {
		fmt.Fprintf(stderr, "concurlint: %s: gone: %s in %s: %s\n", opts.baseline, e.Rule, funcOf(e), e.Message)
	}
	if len(stale) > 0 {
		fmt.Fprintf(stderr, "concurlint: -baseline %s -write-baseline %[1]s drops what is gone\n", opts.baseline)
	}
	return nil
}

// writeBaseline writes what the report shows, and takes it out: who accepts the
// findings has none.
func writeBaseline(opts *options, rep *finding.Report, stderr io.Writer) error {
	if opts.write == "" {
		return nil
	}
	shown, hidden := finding.Split(rep.Findings, min(opts.least, opts.failOn))
	if err := baseline.New(shown).Write(opts.write); err != nil {
		return err
	}
	rep.Findings, rep.Known = hidden, len(shown)
	rep.Silenced = append(rep.Silenced, finding.Silenced(shown, finding.ByBaseline, "known in "+filepath.ToSlash(opts.write))...)
	fmt.Fprintf(stderr, "concurlint: %s: findings written: %d\n", opts.write, len(shown))
	return nil
}

func funcOf(e baseline.Entry) string {
	if e.Function == "" {
		return e.Package
	}
	return e.Package + "." + e.Function
}

// checkedBy tells of which entries of a baseline this run knows whether they are
// still true: those of the packages that were named, by rules that were on. Under
// ./... a package that is no longer there counts too.
func checkedBy(ctx context.Context, opts *options, rep *finding.Report) (func(pkg, rule string) bool, error) {
	below := ""
	if slices.Equal(opts.packages(), []string{"./..."}) {
		module, err := check.MainModule(ctx)
		if err != nil {
			return nil, err
		}
		if dir, err := os.Getwd(); err == nil && module.Dir != "" {
			if rel, err := filepath.Rel(module.Dir, dir); err == nil && filepath.IsLocal(rel) {
				below = path.Join(module.Path, filepath.ToSlash(rel))
			}
		}
	}
	broken := make(map[string]bool)
	for _, p := range rep.Errors {
		broken[p.Package] = true
	}
	for _, pkg := range rep.Doubtful {
		broken[pkg] = true
	}
	on := enabled(opts.enable, opts.disable)
	return func(pkg, rule string) bool {
		named := slices.Contains(rep.Packages, pkg) || below != "" && (pkg == below || strings.HasPrefix(pkg, below+"/"))
		return named && on[rule] && !broken[pkg] && !broken[""]
	}, nil
}
