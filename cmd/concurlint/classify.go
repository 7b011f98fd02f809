package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"golang.org/x/tools/go/analysis"

	"github.com/concurlint/concurlint/analyzers/classify"
	"github.com/concurlint/concurlint/cmd/concurlint/internal/check"
	"github.com/concurlint/concurlint/cmd/concurlint/internal/finding"
	"github.com/concurlint/concurlint/cmd/concurlint/internal/output"
)

// A function is what concurlint classify prints of one declared function. The
// JSON form is a contract.
type function struct {
	Package string `json:"package"`
	File    string `json:"file"`
	Line    int    `json:"line"`
	classify.Function
}

// classifyPackages prints every declared function's class and why.
func classifyPackages(ctx context.Context, opts *options, stdout, stderr io.Writer) (int, error) {
	list, failed, err := classified(ctx, opts, stderr, opts.packages())
	if err != nil {
		return 0, err
	}
	if opts.format == "json" {
		err = output.JSON(stdout, struct {
			Version   int               `json:"version"`
			Functions []function        `json:"functions"`
			Errors    []finding.Problem `json:"errors"`
		}{1, list, append([]finding.Problem{}, failed...)})
	} else {
		err = writeClasses(stdout, list)
	}
	if err == nil && len(failed) > 0 {
		err = failed
	}
	return exitClean, err
}

// classified runs the analyzer of that name.
func classified(ctx context.Context, opts *options, stderr io.Writer, patterns []string) ([]function, problems, error) {
	res, err := analyze(ctx, opts, stderr, []*analysis.Analyzer{classify.Analyzer}, patterns)
	if err != nil {
		return nil, nil, err
	}
	list, err := functions(res.Diagnostics, opts.tests)
	if err != nil {
		return nil, nil, err
	}
	for _, f := range list {
		for _, e := range f.Effects {
			for i := range e.Chain {
				e.Chain[i].File = check.Relative(e.Chain[i].File)
			}
		}
	}
	slices.SortFunc(list, func(a, b function) int {
		return cmp.Or(strings.Compare(a.Package, b.Package), strings.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line))
	})
	// A package may have been analyzed with its tests and without.
	list = slices.CompactFunc(list, func(a, b function) bool {
		return a.Package == b.Package && a.File == b.File && a.Line == b.Line && a.Function.Function == b.Function.Function
	})
	return list, res.Problems, nil
}

// functions reads what analyzer classify reported. Files of chains are as they are
// there.
func functions(diags []check.Diagnostic, tests bool) ([]function, error) {
	list := []function{}
	for _, d := range diags {
		if d.Analyzer != classify.Analyzer.Name {
			continue
		}
		f := function{Package: d.Package, File: d.Pos.File, Line: d.Pos.Line}
		if err := json.Unmarshal([]byte(d.Message), &f.Function); err != nil {
			return nil, fmt.Errorf("cannot read what analyzer classify reported: %v", err)
		}
		if tests || !strings.HasSuffix(f.File, "_test.go") {
			list = append(list, f)
		}
	}
	return list, nil
}

// writeClasses writes a table for each package.
func writeClasses(out io.Writer, list []function) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	pkg := ""
	for _, f := range list {
		if f.Package != pkg {
			if pkg != "" {
				fmt.Fprintln(w)
			}
			pkg = f.Package
			fmt.Fprintf(w, "%s\n", pkg)
		}
		cells := []string{f.Class, f.Function.Function, place(f)}
		if why := reasons(f); len(why) > 0 {
			cells = append(cells, strings.Join(why, "; "))
		}
		fmt.Fprintf(w, "  %s\n", strings.Join(cells, "\t"))
	}
	if len(list) == 0 {
		fmt.Fprintln(w, "no functions")
	}
	return w.Flush()
}

func place(f function) string { return fmt.Sprintf("%s:%d", f.File, f.Line) }

// reasons are the effects in short, each with the primitive it ends in.
func reasons(f function) []string {
	var list []string
	for _, e := range f.Effects {
		text := e.Kind + " " + e.Certainty
		if n := len(e.Chain); n > 0 {
			text += ": " + e.Chain[n-1].Message
		}
		list = append(list, text)
	}
	return list
}
