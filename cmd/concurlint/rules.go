package main

import (
	"context"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/concurlint/concurlint/analyzers"
	"github.com/concurlint/concurlint/analyzers/evidence"
)

// listRules prints the rules as a table.
func listRules(_ context.Context, opts *options, stdout, _ io.Writer) (int, error) {
	if len(opts.args) > 0 {
		return 0, fmt.Errorf("concurlint rules takes no argument, have %q; concurlint explain %s prints a rule's page", opts.args[0], opts.args[0])
	}
	w := tabwriter.NewWriter(stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "RULE\tSEVERITY\tDEFAULT\tSAYS")
	for _, r := range analyzers.Rules {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", r.Analyzer.Name, r.Severity, onOff(r.Default), title(r))
	}
	return exitClean, w.Flush()
}

// explainRule prints a rule's page.
func explainRule(w io.Writer, r *analyzers.Rule) {
	_, body, _ := strings.Cut(r.Analyzer.Doc, "\n")
	fmt.Fprintf(w, "%s: %s\n\n", r.Analyzer.Name, title(*r))
	fmt.Fprintf(w, "Severity %s, %s by default: %s.\n", r.Severity, onOff(r.Default), r.Why)
	if body = strings.TrimSpace(body); body != "" {
		fmt.Fprintf(w, "\n%s\n", body)
	}
	writeSignals(w, r.Analyzer.Name)
	fmt.Fprintf(w, "\n%s\n", r.Analyzer.URL)
}

// writeSignals prints what a rule observes, and what that counts for.
func writeSignals(w io.Writer, rule string) {
	list := evidence.Signals(rule)
	if len(list) == 0 {
		return
	}
	base := evidence.Base(rule)
	fmt.Fprintf(w, "\nSignals, and the points that each adds to the %d of a candidate. Points are ten times\n", base)
	fmt.Fprintf(w, "the log-odds that a maintainer changes the code: %d or more make it a warning, fewer\n", evidence.Points(evidence.Sure))
	fmt.Fprintf(w, "a note, and below %d it is not reported.\n\n", evidence.Points(evidence.Quarter))
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, s := range list {
		fmt.Fprintf(t, "\t%s\t%+d\t%s\n", s.Name, s.Points, s.Says)
	}
	t.Flush()
}

func title(r analyzers.Rule) string {
	first, _, _ := strings.Cut(r.Analyzer.Doc, "\n")
	return first
}

func onOff(on bool) string {
	if on {
		return "on"
	}
	return "off"
}

func findRule(name string) *analyzers.Rule {
	for i := range analyzers.Rules {
		if analyzers.Rules[i].Analyzer.Name == name {
			return &analyzers.Rules[i]
		}
	}
	return nil
}

func ruleNames() []string {
	var names []string
	for _, r := range analyzers.Rules {
		names = append(names, r.Analyzer.Name)
	}
	return names
}
