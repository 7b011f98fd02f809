package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"sync/atomic"
	"time"

	"github.com/concurlint/concurlint/analyzers"
	"github.com/concurlint/concurlint/cmd/concurlint/internal/finding"
	"github.com/concurlint/concurlint/cmd/concurlint/internal/output"
)

// watchPackages runs the rules, and again whenever a file is saved, and prints
// what is different. It goes on until it is told to stop.
func watchPackages(ctx context.Context, opts *options, stdout, stderr io.Writer) (int, error) {
	w := &watch{stdout: stdout, stderr: stderr}
	update := func(packages int) { w.progress.Load().update(packages) }
	var err error
	w.resident, err = newResident(opts, analyzers.All(), update)
	if err != nil {
		return 0, err
	}
	defer w.session.Close()
	w.saves, err = newSaves()
	if err != nil {
		return 0, err
	}
	defer w.saves.close()
	return 0, w.loop(ctx)
}

// A watch is what is known between two saves.
type watch struct {
	*resident
	stdout, stderr io.Writer
	saves          *saves
	progress       atomic.Pointer[progress]
	errors         []finding.Problem
	rounds         int
	ready          bool
}

// loop returns when ctx is done, or nothing can be watched.
func (w *watch) loop(ctx context.Context) error {
	begin := time.Now()
	for {
		if err := w.round(ctx, begin); err != nil {
			return err
		}
		fresh, err := w.saves.follow(w.session.Dirs())
		switch {
		case err != nil:
			return err
		case fresh:
			continue // something may have been saved there before it was watched
		}
		if !w.ready {
			w.ready = true
			fmt.Fprintln(w.stderr, "concurlint: waiting for edits; Ctrl-C ends")
		}
		w.session.Rest()
		if begin, err = w.saves.next(ctx); err != nil {
			return err
		}
	}
}

// round looks at the files, and if they are not as they were prints what that
// makes of the findings.
func (w *watch) round(ctx context.Context, begin time.Time) error {
	p := startProgress(w.stderr)
	w.progress.Store(p)
	before := w.findings
	res, err := w.check(ctx)
	p.stop()
	switch {
	case err != nil || res == nil:
		return err
	case len(w.session.Dirs()) == 0 && len(res.Problems) > 0:
		return problems(res.Problems)
	case len(w.session.Dirs()) == 0:
		return errors.New("nothing to watch: the packages are not yours to edit")
	}
	c := output.Change{First: w.rounds == 0, Report: &finding.Report{Errors: res.Problems}}
	shown, _ := finding.Split(before, w.opts.least)
	c.Report.Findings, c.Report.Hidden = finding.Split(w.findings, w.opts.least)
	c.Added, c.Removed = output.Between(shown, c.Report.Findings)
	w.explain(res.Problems)
	w.rounds++
	c.Seconds = time.Since(begin).Seconds()
	return w.print(c)
}

// explain says what cannot be checked, once.
func (w *watch) explain(list []finding.Problem) {
	for _, p := range list {
		if !slices.Contains(w.errors, p) {
			fmt.Fprintf(w.stderr, "concurlint: %s\n", p.Message)
		}
	}
	w.errors = list
}

func (w *watch) print(c output.Change) error {
	err := output.Changes[w.opts.format](w.stdout, c)
	if f, ok := w.stdout.(interface{ Flush() error }); ok && err == nil {
		err = f.Flush()
	}
	return err
}
