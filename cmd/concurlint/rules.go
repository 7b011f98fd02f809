package main

import (
	"context"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/concurlint/concurlint/analyzers"
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
	fmt.Fprintf(w, "\n%s\n", r.Analyzer.URL)
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
