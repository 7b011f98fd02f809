package main

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io"
	"maps"
	"os"
	"path"
	"slices"
	"strings"

	"github.com/fatih/color"

	"github.com/concurlint/concurlint/advisor"
	"github.com/concurlint/concurlint/advisor/history"
	"github.com/concurlint/concurlint/advisor/profile"
	"github.com/concurlint/concurlint/advisor/report"
	"github.com/concurlint/concurlint/analyzers"
	"github.com/concurlint/concurlint/cmd/concurlint/internal/cause"
	"github.com/concurlint/concurlint/cmd/concurlint/internal/finding"
	"github.com/concurlint/concurlint/cmd/concurlint/internal/output"
)

// advise joins recordings with findings and prints what follows.
func advise(ctx context.Context, opts *options, stdout, stderr io.Writer) (int, error) {
	o := &opts.advise
	out, err := o.prepare(ctx, opts)
	if err != nil {
		return 0, err
	}
	defer out.close()
	if name := opts.run.advice; name != "" {
		rep, err := readReport(name)
		if err != nil {
			return 0, err
		}
		if err := printReport(opts, rep, stdout); err != nil {
			return 0, err
		}
		return exitClean, out.show(ctx, newPage(o, rep, &profile.Evidence{}), stderr)
	}
	ev, cleanup, err := readEvidence(ctx, opts, stderr)
	defer cleanup()
	if err != nil {
		return 0, err
	}
	lint, err := linted(ctx, opts, stderr)
	if err != nil {
		return 0, err
	}
	leaveForeign(ev, lint)
	tightHeap()
	rep := advisor.Advise(lint, ev, advisor.Options{Cores: cores(o, ev), Memory: o.room, Descriptors: o.files, Linked: linked(ctx, lint, ev)})
	if err := unmatched(rep, lint, ev); err != nil {
		return 0, err
	}
	if err := fits(ctx, rep, lint, ev); err != nil {
		return 0, err
	}
	rep.Again = o.again(opts)
	addEdits(rep)
	proofs, unproved := prove(ctx, opts, rep, stderr)
	if ctx.Err() != nil {
		return 0, context.Cause(ctx)
	}
	page := newPage(o, rep, ev) // shows the source as it was recorded
	if o.apply && unproved == nil {
		unproved = apply(proofs, rep, stderr)
	}
	if err := printReport(opts, rep, stdout); err != nil {
		return 0, err
	}
	if err := out.show(ctx, page, stderr); err != nil {
		return 0, err
	}
	return exitClean, unproved
}

// printReport prints all at once: a page may be served for hours after it.
func printReport(opts *options, rep *advisor.Report, stdout io.Writer) (err error) {
	if opts.format == "json" {
		if opts.run.explain {
			rep.Golden = advisor.GoldenRule()
		}
		err = report.JSON(stdout, rep)
	} else {
		err = report.Text(stdout, rep, report.Options{Color: !color.NoColor, Width: width(), Explain: opts.run.explain})
	}
	if f, ok := stdout.(interface{ Flush() error }); ok && err == nil {
		err = f.Flush()
	}
	return err
}

// linted is what the analyzers say of the packages, or said earlier.
func linted(ctx context.Context, opts *options, stderr io.Writer) (*advisor.Lint, error) {
	if opts.advise.linted != nil {
		return opts.advise.linted, nil
	}
	patterns := opts.packages()
	// The packages named may be those with the benchmarks; what these call may be
	// anywhere in the module, as what a recording shows.
	whole := len(opts.args) == 0 || opts.advise.bench != "" || opts.advise.verify != ""
	if whole {
		patterns = []string{everything()}
	}
	rep, err := checked(ctx, opts, stderr, patterns, true)
	switch {
	case ctx.Err() != nil:
		return nil, context.Cause(ctx)
	case err != nil:
		// The go command refuses the module, but where its functions are can be read.
		lint := &advisor.Lint{Version: 1, Errors: []advisor.Problem{{Message: err.Error()}}}
		if complete(lint, !whole); len(lint.Functions) == 0 {
			return nil, err
		}
		return lint, nil
	}
	var b bytes.Buffer
	if err := output.Formats["json"](&b, rep, output.Options{Rules: analyzers.Rules}); err != nil {
		return nil, err
	}
	lint, err := advisor.ReadLint(&b)
	if err == nil {
		complete(lint, !whole)
	}
	return lint, err
}

// readLint reads what the analyzers said earlier.
func readLint(name string) (*advisor.Lint, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("cannot read %s (-lint): %v; give it what concurlint -sites -format json prints", name, cause.Of(err))
	}
	defer f.Close()
	lint, err := advisor.ReadLint(f)
	if err != nil {
		return nil, fmt.Errorf("%s (-lint): %v", name, err)
	}
	complete(lint, false)
	return lint, nil
}

// readReport reads advice that was written earlier.
func readReport(name string) (*advisor.Report, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("cannot read %s (-advice): %v", name, cause.Of(err))
	}
	defer f.Close()
	rep, err := advisor.ReadReport(f)
	if err != nil {
		return nil, fmt.Errorf("%s (-advice): %v", name, err)
	}
	return rep, nil
}

// leastMatch is the share of a program's own time that is found in its source at
// least, however old that is. Less is what any two programs have in common: each
// has a main.main, and some in a main.go.
const leastMatch = 0.001

// unmatched says why there is nothing to advise on, if none of what the
// recordings show is of the program: verdicts would then call everything cold.
// Recordings of another state of the program are none of these.
func unmatched(rep *advisor.Report, lint *advisor.Lint, ev *profile.Evidence) error {
	if rep.Matched >= leastMatch {
		return nil
	}
	if len(ev.Operations) > 0 {
		return fmt.Errorf("nothing of the packages' source was seen while %s ran, but for test files; name benchmarks that do the work in question, or let them run longer with -benchtime",
			strings.Join(slices.Sorted(maps.Keys(ev.Operations)), ", "))
	}
	packages, ours := recordedPackages(ev, lint.Module.Path)
	checked := func(f advisor.Function) bool { return slices.Contains(ours, f.Package) }
	if slices.ContainsFunc(lint.Functions, checked) {
		return nil
	}
	var list problems
	for _, e := range lint.Errors {
		list = append(list, finding.Problem{Package: e.Package, Message: e.Message})
	}
	var names []string
	samples := int64(0)
	for _, p := range rep.Profiles {
		names = append(names, p.Name)
		samples += p.Samples
	}
	name := strings.Join(names, ", ")
	if len(names) > 2 {
		name = fmt.Sprintf("%s and %d more", names[0], len(names)-1)
	}
	module := cmp.Or(lint.Module.Path, "the program")
	var why string
	switch {
	case len(ours) > 0:
		why = fmt.Sprintf("%s: what is in it of %s lies in %s, which was not checked; name those packages, or none for all", name, module, strings.Join(ours[:min(3, len(ours))], ", "))
	case len(packages) > 0:
		why = fmt.Sprintf("%s: nothing of %s is in it, but of %s; record a program of this module, or name that one's directory with -C", name, module, strings.Join(packages, ", "))
	case len(ev.Frames) > 0:
		why = fmt.Sprintf("%s: nothing of %s is in it, but only of the standard library (samples: %d); record a program of this module, while it has work", name, module, samples)
	default:
		why = fmt.Sprintf("%s: nothing of %s is in it (samples: %d); record for longer, while the program has work", name, module, samples)
	}
	return append(list, finding.Problem{Message: why})
}

// recordedPackages are the packages in which most functions of the recordings
// lie, without the standard library, and all those of the module.
func recordedPackages(ev *profile.Evidence, module string) (packages, ours []string) {
	functions := make(map[string]int)
	for _, f := range ev.Frames {
		pkg := profile.ParseName(f.Func).Package
		if pkg == "main" && path.Base(f.File) != "_testmain.go" {
			pkg += " in " + path.Dir(f.File)
		}
		if first, _, _ := strings.Cut(pkg, "/"); strings.Contains(first, ".") || strings.HasPrefix(pkg, "main in") {
			functions[pkg]++
		}
	}
	packages = slices.SortedFunc(maps.Keys(functions), func(a, b string) int {
		return cmp.Or(cmp.Compare(functions[b], functions[a]), cmp.Compare(a, b))
	})
	for _, pkg := range packages {
		if module != "" && strings.HasPrefix(pkg+"/", module+"/") {
			ours = append(ours, pkg)
		}
	}
	const most = 3
	return packages[:min(most, len(packages))], ours
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
			return context.Cause(ctx)
		case err != nil:
			rep.Notes = append(rep.Notes, "the commit of the recording is not known: "+err.Error())
		default:
			rep.Notes = append(rep.Notes, fit.Notes...)
			rep.Commit = &advisor.Commit{Hash: fit.Commit, Fits: fit.Share, Here: fit.Here, Behind: fit.Behind, Ref: fit.Ref}
		}
		return nil
	}
	return nil
}
