package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"github.com/concurlint/concurlint/analyzers"
	"github.com/concurlint/concurlint/cmd/concurlint/internal/baseline"
	"github.com/concurlint/concurlint/cmd/concurlint/internal/cause"
	"github.com/concurlint/concurlint/cmd/concurlint/internal/config"
	"github.com/concurlint/concurlint/cmd/concurlint/internal/finding"
)

// baselineName is the file of known findings that initialize writes.
const baselineName = ".concurlint-baseline.json"

// initialize writes a configuration with comments, and a baseline if there is
// anything to put into it. It overwrites nothing.
func initialize(ctx context.Context, opts *options, stdout, stderr io.Writer) (int, error) {
	for _, name := range []string{config.Name, baselineName} {
		if _, err := os.Lstat(name); err == nil {
			return 0, fmt.Errorf("there is a %s already; remove it first", name)
		} else if !errors.Is(err, fs.ErrNotExist) {
			return 0, fmt.Errorf("cannot write %s: %v", name, cause.Of(err))
		}
	}
	rep, err := checked(ctx, opts, stderr, opts.packages(), false)
	if err != nil {
		return 0, err
	}
	if len(rep.Errors) > 0 {
		return 0, problems(rep.Errors)
	}
	known, _ := finding.Split(rep.Findings, min(opts.least, opts.failOn))
	text := initText(len(known) > 0)
	if len(known) > 0 {
		if err := baseline.New(known).Write(baselineName); err != nil {
			return 0, err
		}
		fmt.Fprintf(stdout, "%s: findings written: %d\n", baselineName, len(known))
	}
	if err := replace(config.Name, []byte(text)); err != nil {
		return 0, fmt.Errorf("cannot write %s: %v", config.Name, cause.Of(err))
	}
	_, err = fmt.Fprintf(stdout, "%s: written; commit it\n", config.Name)
	return exitClean, err
}

// initText is a configuration that changes nothing but names the baseline.
func initText(hasBaseline bool) string {
	text := "# What this repository has agreed on with concurlint; concurlint config shows what\n" +
		"# is in effect. Flags of the command line come first.\n\n"
	mark := "# "
	if hasBaseline {
		mark = ""
	}
	text += "# Findings that are known already; concurlint -write-baseline writes them.\n" + mark + "baseline: " + baselineName + "\n\n"
	text += "# Least severity shown, and for exit status 1: note, warning or error.\n# severity: warning\n# fail-on: warning\n\n" +
		"# Least confidence shown, from 0 to 1.\n# confidence: 0.25\n\n" +
		"# Check the files of tests as well.\n# tests: false\n\n" +
		"# Effects of your own libraries, a line each.\n# knowledge: effects.know\n\n" +
		"# Rules to switch on or off.\n# rules:\n"
	for _, r := range analyzers.Rules {
		text += fmt.Sprintf("#   %s: %s\n", r.Analyzer.Name, onOff(r.Default))
	}
	return text + `
# How severe findings below a path can be at most.
# severities:
#   - path: internal/legacy/...
#     rules: [lockio] # all, if left out
#     at-most: note

# Findings below a path that do not count.
# exclude:
#   - path: third_party/...
#     reason: copied from upstream
`
}
