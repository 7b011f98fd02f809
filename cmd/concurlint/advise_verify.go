package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"github.com/concurlint/concurlint/advisor"
	"github.com/concurlint/concurlint/advisor/edit"
	"github.com/concurlint/concurlint/advisor/verify"
	"github.com/concurlint/concurlint/cmd/concurlint/internal/cause"
)

// addEdits shows each piece of advice as a diff, or says why there is none.
func addEdits(rep *advisor.Report) {
	tree := os.DirFS(".")
	for i := range rep.Advice {
		a := &rep.Advice[i]
		e, err := edit.Make(tree, a.Site, edit.WantOf(*a))
		var refusal *edit.Refusal
		switch {
		case err == nil:
			a.Edit = e.Diff
			a.EditNotes = e.Notes
		case errors.As(err, &refusal) && refusal.Steps:
			a.KeepSteps(refusal.Why)
		case errors.As(err, &refusal):
			a.NoEdit = refusal.Why
			if a.Site.Executor == "serial" && a.Action == "concurrent" && a.Site.Iterations != "independent" {
				a.Doubt()
			}
		default:
			a.NoEdit = "the source could not be read: " + err.Error()
		}
	}
	kept := func(a advisor.Advice) int {
		switch {
		case a.Action == "keep":
			return 2
		case a.Look:
			return 1
		}
		return 0
	}
	slices.SortStableFunc(rep.Advice, func(x, y advisor.Advice) int { return cmp.Compare(kept(x), kept(y)) })
}

// mostProved is how many pieces of advice a run verifies: as many as are shown.
const mostProved = 5

// A proved edit can be written.
type proved struct {
	at    string // file:line of the site
	about *advisor.Advice
	proof *verify.Proof
}

// prove runs present and proposed side by side for each piece of advice that has
// an edit, worst first, if -verify asks for it. What cannot be proved on these
// benchmarks is told; the error says that nothing could be.
func prove(ctx context.Context, opts *options, rep *advisor.Report, stderr io.Writer) (list []proved, err error) {
	o := &opts.advise
	if o.verify == "" {
		return nil, nil
	}
	if o.apply {
		if err := replaceable(rep.Advice); err != nil {
			return nil, err
		}
	}
	tried := 0
	var failures []error
	for i := range rep.Advice {
		a := &rep.Advice[i]
		if a.Edit == "" || tried == mostProved {
			continue
		}
		tried++
		at := fmt.Sprintf("%s:%d", a.Site.File, a.Site.Line)
		fmt.Fprintf(stderr, "concurlint: verifying %s: %s\n", at, a.Title)
		proof, err := verified(ctx, opts, *a, stderr)
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		if err != nil {
			failures = append(failures, fmt.Errorf("%s was not verified: %w", at, err))
			rep.Notes = append(rep.Notes, failures[len(failures)-1].Error())
			continue
		}
		a.Prove(&proof.Verified)
		if proof.Edit == nil {
			a.Edit, a.NoEdit = "", proof.NoEdit
			continue
		}
		a.Edit, a.NoEdit = proof.Edit.Diff, ""
		list = append(list, proved{at, a, proof})
	}
	if tried == 0 {
		rep.Notes = append(rep.Notes, "nothing to verify: no advice has an edit")
	}
	if tried > 0 && len(failures) == tried {
		return nil, failures[0]
	}
	return list, nil
}

// replaceable says early what would fail after minutes of proving: an edit replaces
// whole files, for which their directories have to be writable.
func replaceable(list []advisor.Advice) error {
	tried := 0
	for _, a := range list {
		if a.Edit == "" || tried == mostProved {
			continue
		}
		tried++
		for _, name := range []string{a.Site.File, cmp.Or(a.Site.Limit.File, a.Site.File)} {
			if real, err := filepath.EvalSymlinks(name); err == nil {
				name = real
			}
			if err := writable(filepath.Dir(name)); err != nil {
				return fmt.Errorf("cannot write %s (-apply): %v; let yourself write in its directory, or take the diff from -format json", name, cause.Of(err))
			}
		}
	}
	return nil
}

// verified shows on a terminal how far the verification is.
func verified(ctx context.Context, opts *options, a advisor.Advice, stderr io.Writer) (*verify.Proof, error) {
	p := startProgress(stderr)
	defer p.stop()
	p.say("building the benchmarks")
	return verify.Verify(ctx, verify.Request{
		Advice: a, Benchmark: opts.advise.verify, Packages: opts.packages(), Budget: opts.advise.budget, Log: p.say,
	})
}

// apply writes what was proved, after all proofs: each rests on the source as it
// was. A second edit of a file is left to another run for that reason.
func apply(list []proved, rep *advisor.Report, stderr io.Writer) error {
	written := 0
	var failed error
	for _, p := range list {
		if err := p.proof.Apply(); err != nil {
			failed = fmt.Errorf("%s was not written: %v", p.at, err)
			rep.Notes = append(rep.Notes, failed.Error())
			continue
		}
		written++
		p.about.Verified.Written = true
		fmt.Fprintf(stderr, "concurlint: %s: written\n", p.at)
	}
	if written == 0 {
		return failed
	}
	return nil
}
