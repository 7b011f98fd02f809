package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/concurlint/concurlint/advisor"
	"github.com/concurlint/concurlint/advisor/edit"
	"github.com/concurlint/concurlint/advisor/verify"
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
		case errors.As(err, &refusal):
			a.NoEdit = refusal.Why
		default:
			a.NoEdit = "the source could not be read: " + err.Error()
		}
	}
}

// mostProved is how many pieces of advice a run verifies: as many as are shown.
const mostProved = 5

// prove runs present and proposed side by side for each piece of advice that has
// an edit, worst first. What cannot be proved on these benchmarks is told; the
// error says that nothing could be.
func prove(ctx context.Context, opts *options, rep *advisor.Report, stderr io.Writer) error {
	o := &opts.advise
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
		proof, err := verify.Verify(ctx, verify.Request{
			Advice: *a, Benchmark: o.verify, Packages: opts.packages(), Budget: o.budget,
			Log: func(line string) { fmt.Fprintf(stderr, "  %s\n", line) },
		})
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			failures = append(failures, err)
			rep.Notes = append(rep.Notes, fmt.Sprintf("%s was not verified: %v", at, err))
			continue
		}
		a.Verified = &proof.Verified
		if proof.Edit != nil {
			a.Edit, a.NoEdit = proof.Edit.Diff, ""
		} else {
			a.Edit, a.NoEdit = "", proof.NoEdit
		}
		if o.apply && proof.Edit != nil {
			if err := proof.Apply(); err != nil {
				return fmt.Errorf("%s: %v", at, err)
			}
			fmt.Fprintf(stderr, "concurlint: %s: written\n", at)
		}
	}
	if tried == 0 {
		rep.Notes = append(rep.Notes, "nothing to verify: no advice has an edit")
	}
	if tried > 0 && len(failures) == tried {
		return failures[0]
	}
	return nil
}
