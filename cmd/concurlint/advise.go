package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"slices"

	"github.com/fatih/color"

	"github.com/concurlint/concurlint/advisor"
	"github.com/concurlint/concurlint/advisor/history"
	"github.com/concurlint/concurlint/advisor/profile"
	"github.com/concurlint/concurlint/advisor/report"
	"github.com/concurlint/concurlint/analyzers"
	"github.com/concurlint/concurlint/cmd/concurlint/internal/output"
)

// advise joins recordings with findings and prints what follows.
func advise(ctx context.Context, opts *options, stdout, stderr io.Writer) (int, error) {
	o := &opts.advise
	ev, cleanup, err := evidence(ctx, opts, stderr)
	defer cleanup()
	if err != nil {
		return 0, err
	}
	lint, err := linted(ctx, opts, stderr)
	if err != nil {
		return 0, err
	}
	rep := advisor.Advise(lint, ev, advisor.Options{Cores: cores(o, ev), Memory: o.room})
	if err := fits(ctx, rep, lint, ev); err != nil {
		return 0, err
	}
	rep.Again = o.again(opts)
	addEdits(rep)
	if o.verify != "" {
		if err := prove(ctx, opts, rep, stderr); err != nil {
			return 0, err
		}
	}
	switch opts.format {
	case "json":
		err = report.JSON(stdout, rep)
	default:
		err = report.Text(stdout, rep, report.Options{Color: !color.NoColor, Width: width(), Explain: opts.run.explain})
	}
	if err != nil {
		return 0, err
	}
	if f, ok := stdout.(interface{ Flush() error }); ok {
		if err := f.Flush(); err != nil { // before the page is served
			return 0, err
		}
	}
	return exitClean, show(ctx, o, rep, ev, stderr)
}

// linted is what the analyzers say of the packages, or said earlier.
func linted(ctx context.Context, opts *options, stderr io.Writer) (*advisor.Lint, error) {
	if name := opts.advise.lint; name != "" {
		f, err := os.Open(name)
		if err != nil {
			return nil, fmt.Errorf("cannot read %s (-lint): %v", name, cause(err))
		}
		defer f.Close()
		lint, err := advisor.ReadLint(f)
		if err != nil {
			return nil, fmt.Errorf("%s (-lint): %v", name, err)
		}
		return lint, nil
	}
	patterns := opts.packages()
	if opts.advise.bench != "" || opts.advise.verify != "" {
		// Those are the packages with the benchmarks; what these call may be anywhere.
		patterns = []string{"./..."}
	}
	rep, err := checked(ctx, opts, stderr, patterns, true)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if err := output.Formats["json"](&b, rep, output.Options{Rules: analyzers.Rules}); err != nil {
		return nil, err
	}
	return advisor.ReadLint(&b)
}

// fits says which commit the recordings are of, where the work tree is another.
// The first one that has start lines decides: several are seldom of several
// commits.
func fits(ctx context.Context, rep *advisor.Report, lint *advisor.Lint, ev *profile.Evidence) error {
	for _, src := range ev.Sources {
		want := history.Wants(src, ev.Frames, lint.Module.Path)
		dated := slices.ContainsFunc(want, func(w history.Want) bool { return w.StartLine > 0 })
		if !dated || lint.Module.Dir == "" {
			continue
		}
		fit, err := history.Find(ctx, lint.Module.Dir, want, history.Options{Recorded: src.Recorded})
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case err != nil:
			rep.Notes = append(rep.Notes, "the commit of the recording is not known: "+err.Error())
		default:
			rep.Notes = append(rep.Notes, fit.Notes...)
			rep.Commit = &advisor.Commit{Hash: fit.Commit, Fits: fit.Share, Here: fit.Here, Behind: fit.Behind}
		}
		return nil
	}
	return nil
}
