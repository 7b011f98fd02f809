package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/concurlint/concurlint/analyzers"
	"github.com/concurlint/concurlint/analyzers/report"
	"github.com/concurlint/concurlint/analyzers/settings"
	"github.com/concurlint/concurlint/analyzers/sites"
	"github.com/concurlint/concurlint/cmd/concurlint/internal/check"
	"github.com/concurlint/concurlint/cmd/concurlint/internal/finding"
	"github.com/concurlint/concurlint/cmd/concurlint/internal/output"
)

// lint runs the rules and prints what they find.
func lint(ctx context.Context, opts *options, stdout, stderr io.Writer) (int, error) {
	rep, err := checked(ctx, opts, stderr, opts.packages(), opts.sites)
	if err != nil {
		return 0, err
	}
	if err := withBaseline(ctx, opts, rep, stderr); err != nil {
		return 0, err
	}
	rep.Findings, rep.Hidden = finding.Split(rep.Findings, opts.least)
	rep.Silenced, _ = finding.Split(rep.Silenced, opts.least)
	if !opts.silenced {
		rep.Silenced = nil
	}
	if opts.diff || opts.fix {
		if len(rep.Errors) > 0 {
			return 0, problems(rep.Errors) // what does not compile is not to be edited by a machine
		}
		if err := applyFixes(opts, rep, stdout, stderr); err != nil {
			return 0, err
		}
	}
	if opts.diff {
		if fixable(rep) {
			return exitFindings, nil
		}
		return exitClean, nil
	}
	how := output.Options{Rules: analyzers.Rules, FailOn: opts.failOn, Prefix: belowRepository(), Version: buildVersion()}
	if err := output.Formats[opts.format](stdout, rep, how); err != nil {
		return 0, err
	}
	if opts.format == "github" {
		if err := jobSummary(rep, how); err != nil {
			return 0, err
		}
	}
	switch {
	case len(rep.Errors) > 0:
		return 0, problems(rep.Errors)
	case rep.Worst(opts.failOn):
		return exitFindings, nil
	}
	return exitClean, nil
}

// checked runs the rules that are on, and is everything that they find; with
// handOvers also where the program hands work over. That nothing could be run is one
// of the report's errors.
func checked(ctx context.Context, opts *options, stderr io.Writer, patterns []string, handOvers bool) (*finding.Report, error) {
	list := analyzers.All()
	if handOvers {
		list = append(list, sites.Analyzer)
	}
	res, err := analyze(ctx, opts, stderr, list, patterns)
	if err != nil {
		if errors.Is(err, check.ErrInterrupted) {
			return nil, err
		}
		res = &check.Result{Problems: []finding.Problem{{Message: err.Error()}}}
	}
	rep := &finding.Report{Errors: res.Problems, Packages: res.Packages, Doubtful: res.Doubtful()}
	if handOvers {
		module, err := check.MainModule(ctx)
		if err != nil {
			return nil, err
		}
		if rep.Program, res.Diagnostics, err = program(res.Diagnostics, module); err != nil {
			return nil, err
		}
	}
	rep.Findings, rep.Silenced, err = findings(res.Diagnostics, enabled(opts.enable, opts.disable))
	if err != nil {
		return nil, err
	}
	var excluded []finding.Finding
	rep.Findings, excluded = opts.config.Apply(rep.Findings)
	rep.Silenced = append(rep.Silenced, excluded...)
	return rep, nil
}

// values make the analyzers tell all that findings are made of.
func (o *options) values() *settings.Values {
	v := settings.New()
	v.Detail, v.Least, v.Confidence, v.Tests = true, settings.Note, o.confidence, o.tests
	v.KnowledgeFile, v.KnowledgeHash = o.knowledge, o.hash
	return v
}

// analyze runs the analyzers and shows that something is going on.
func analyze(ctx context.Context, opts *options, stderr io.Writer, list []*analysis.Analyzer, patterns []string) (*check.Result, error) {
	p := startProgress(stderr)
	defer p.stop()
	return check.Run(ctx, request(opts, list, patterns, p.update))
}

// request asks what the analyzers say of the packages.
func request(opts *options, list []*analysis.Analyzer, patterns []string, progress func(packages int)) check.Request {
	return check.Request{Dir: opts.at, Analyzers: list, Settings: opts.values(), Patterns: patterns, Progress: progress}
}

// Problems are an error of which each part stands on a line of its own.
type problems []finding.Problem

func (list problems) Error() string {
	var lines []string
	for _, p := range list {
		lines = append(lines, p.Message)
	}
	return strings.Join(lines, "\nconcurlint: ")
}

// findings reads the diagnostics of the rules that are on: what counts, and what
// directives silence.
func findings(diags []check.Diagnostic, on map[string]bool) (list, silenced []finding.Finding, err error) {
	for _, d := range diags {
		var detail report.Detail
		if err := json.Unmarshal([]byte(d.Category), &detail); err != nil {
			return nil, nil, fmt.Errorf("cannot read a diagnostic of %s: %v", d.Analyzer, err)
		}
		if !on[detail.Rule] {
			continue
		}
		f := finding.Finding{
			Rule:       detail.Rule,
			Confidence: detail.Confidence,
			Signals:    detail.Signals,
			Package:    d.Package,
			Function:   detail.Function,
			File:       d.Pos.File,
			Line:       d.Pos.Line,
			Column:     d.Pos.Column,
			EndLine:    d.End.Line,
			EndColumn:  d.End.Column,
			Message:    d.Message,
			Fixes:      d.Fixes,
			Kind:       detail.Kind,
			Cause:      detail.Cause,
		}
		if err := f.Severity.Set(detail.Severity); err != nil {
			return nil, nil, fmt.Errorf("cannot read a diagnostic of %s: severity %q: %v", d.Analyzer, detail.Severity, err)
		}
		f.Proposal = proposal(f.File, detail.Proposal)
		n := min(detail.Chain, len(d.Related))
		f.Chain, f.Related = d.Related[:n], d.Related[n:]
		if detail.Silenced != nil {
			f.Silence = &finding.Silence{By: finding.ByDirective, Reason: *detail.Silenced}
			silenced = append(silenced, f)
			continue
		}
		list = append(list, f)
	}
	return numbered(list), numbered(silenced), nil
}

// proposal shows a proposed edit as a diff; nil if the file has changed since.
func proposal(file string, p *report.Proposal) *finding.Proposal {
	if p == nil {
		return nil
	}
	fix := finding.Fix{Message: p.Message}
	for _, e := range p.Edits {
		fix.Edits = append(fix.Edits, finding.Edit{File: file, Start: e.Start, End: e.End, New: e.New})
	}
	diff, ok := fix.Diff()
	if !ok {
		return nil
	}
	return &finding.Proposal{Message: p.Message, Diff: diff}
}

// numbered sorts the findings and gives them their fingerprints. Those that count
// and those that do not are numbered apart: a directive changes no other finding.
func numbered(list []finding.Finding) []finding.Finding {
	finding.Sort(list)
	list = finding.Unique(list)
	finding.Number(list, output.Lines())
	return list
}

// enabled returns the rules that are on: those by default and those of enable,
// without those of disable, where all means those by default.
func enabled(enable, disable string) map[string]bool {
	off := splitList(disable)
	on := make(map[string]bool)
	for _, r := range analyzers.Rules {
		name := r.Analyzer.Name
		byDefault := r.Default && !slices.Contains(off, "all")
		on[name] = (byDefault || slices.Contains(splitList(enable), name)) && !slices.Contains(off, name)
	}
	return on
}

// checkRules refuses a list with a name that no rule has.
func checkRules(flagName, list string) error {
	for _, name := range splitList(list) {
		if findRule(name) == nil && !(name == "all" && flagName == "disable") {
			return fmt.Errorf("no rule %q%s in -%s; concurlint rules lists them", name, didYouMean(name, ruleNames()), flagName)
		}
	}
	return nil
}

func splitList(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == ' ' })
}
