package main

import (
	"context"
	"slices"

	"golang.org/x/tools/go/analysis"

	"github.com/concurlint/concurlint/analyzers/classify"
	"github.com/concurlint/concurlint/cmd/concurlint/internal/check"
	"github.com/concurlint/concurlint/cmd/concurlint/internal/finding"
)

// A resident is what is known between two saves.
type resident struct {
	opts     *options
	on       map[string]bool // rules
	session  *check.Session
	findings []finding.Finding // of all severities
	whole    map[string]bool   // packages of which all was known once
}

// newResident prepares rounds; whoever asks for them closes the session.
func newResident(opts *options, list []*analysis.Analyzer, progress func(packages int)) (*resident, error) {
	session, err := check.NewSession(request(opts, list, opts.packages(), progress))
	if err != nil {
		return nil, err
	}
	return &resident{opts: opts, on: enabled(opts.enable, opts.disable), session: session, whole: make(map[string]bool)}, nil
}

// check looks at the files. If they are as they were it returns nil, and otherwise
// the findings are those of now.
func (r *resident) check(ctx context.Context) (*check.Result, error) {
	res, err := r.session.Run(ctx)
	if err != nil || res == nil {
		return nil, err
	}
	return res, r.take(res)
}

// checkFor looks at the packages that hold these files alone. If only check can tell
// it returns nil.
func (r *resident) checkFor(ctx context.Context, files []string) (*check.Result, error) {
	res, err := r.session.RunFor(ctx, files)
	if err != nil || res == nil {
		return nil, err
	}
	return res, r.take(res)
}

// take makes the findings those of now.
func (r *resident) take(res *check.Result) error {
	r.doubt(res)
	var diags []check.Diagnostic
	for _, d := range res.Diagnostics {
		if d.Analyzer != classify.Analyzer.Name {
			diags = append(diags, d)
		}
	}
	list, _, err := findings(diags, r.on)
	if err != nil {
		return err
	}
	list, _ = r.opts.config.Apply(list)
	list = append(list, r.kept(res)...)
	finding.Sort(list)
	r.findings = list
	return nil
}

// doubt counts packages as silent where less is known of them than before: what they
// import does not compile while a line of it is being written.
func (r *resident) doubt(res *check.Result) {
	for _, path := range res.Incomplete {
		if r.whole[path] {
			res.Unchecked[path] = true
		}
	}
	res.Diagnostics = slices.DeleteFunc(res.Diagnostics, func(d check.Diagnostic) bool { return res.Silent(d.Package) })
	for _, path := range res.Packages {
		if !res.Silent(path) && !slices.Contains(res.Incomplete, path) {
			r.whole[path] = true
		}
	}
}

// kept are the findings of packages of which nothing can be said at present:
// while a line is being written, nothing else in its package is better than it was.
func (r *resident) kept(res *check.Result) []finding.Finding {
	var list []finding.Finding
	for _, f := range r.findings {
		if res.Silent(f.Package) {
			list = append(list, f)
		}
	}
	return list
}
