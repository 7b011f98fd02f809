package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
)

const manual = `Concurlint finds Go code that runs on the wrong executor.

	concurlint [flags] [packages]       check packages, by default ./...
	concurlint watch [packages]         check, and again after each save; prints what is different
	concurlint lsp                      the same for an editor, as a language server
	concurlint classify [packages]      what every function does with its time, and why
	concurlint explain RULE             a rule's page
	concurlint explain PKG.FUNC         one function, with the calls that make it wait
	concurlint advise [packages]        profiles in; which findings matter, what to change, and a proof of it
	concurlint run PKG.FUNC             run a function over a stream of inputs, on the right executor
	concurlint rules                    the rules, their severities and defaults
	concurlint cache                    what is kept between runs, where, and how to remove it
	concurlint config                   the effective settings, and where each comes from
	concurlint init                     write a configuration and a baseline
	concurlint completion SHELL         completion for bash, zsh or fish
	concurlint version                  which version this is

The same rules run under the go command:

	go vet -vettool=$(command -v concurlint) ./...

Examples:

	concurlint                                    everything below this directory
	concurlint -severity note ./store             also what is only worth a look
	concurlint -disable all -enable lockio ./...  one rule alone
	concurlint -format sarif > findings.sarif     for a code scanning service
	concurlint explain net/http.Client.Do         what is known of a function
	concurlint advise -bench . ./store            what its benchmarks say of the findings

Flags, before or after the subcommand:

`

// A flagText is a flag's line in the manual. Further lines of the text are
// continued below the first.
type flagText struct{ name, arg, text string }

// flagHelp describes the flags in the order of the manual.
var flagHelp = []flagText{
	{"C", "DIR", "work in DIR; the other files and packages named are relative to it"},
	{"format", "NAME", "text, json, line (a JSON object each), sarif, github, gitlab,\ncheckstyle or html (a page);\nwatch, classify and advise know text and json"},
	{"severity", "LEAST", "least severity shown: note, warning (the default) or error"},
	{"confidence", "X", "least confidence shown, from 0 to 1; default 0.25, and 0 shows every candidate"},
	{"fail-on", "LEAST", "least severity for exit status 1, shown or not; default warning"},
	{"enable", "RULES", "comma-separated rules to switch on"},
	{"disable", "RULES", "comma-separated rules to switch off; all: those on by default"},
	{"tests", "", "check the files of tests as well"},
	{"sites", "", "with -format json: also where work is handed over, and every function, for the advisor"},
	{"baseline", "FILE", "leave out the findings that FILE has; say which of them are gone"},
	{"write-baseline", "FILE", "write the findings to FILE and end with status 0; with -baseline, write those of it\nthat are still there"},
	{"new-from", "REV", "only what is absent at a git revision, which is checked too: -new-from origin/main"},
	{"fix", "", "apply the fixes of the findings shown; they keep what the program does"},
	{"diff", "", "print what -fix would change; status 1 if there is anything"},
	{"silenced", "", "with -format json, sarif or html: also what a directive, the baseline or the revision silences,\nand why"},
	{"config", "FILE", "the configuration, by default the nearest .concurlint.yaml; off: none"},
	{"knowledge", "FILE", "effects of your own libraries, a line each: effect example.com/db.Pool.Get net ctx"},
}

const epilogue = `
A finding is silenced where it stands, with its reason:

	//concurlint:ignore RULE reason

Build flags such as -tags=NAME are taken from GOFLAGS.

Exit status: 0 nothing at or above -fail-on, 1 findings, 2 something could not
be checked; standard error says what.
`

// help prints the manual, or of one subcommand its flags.
func help(_ context.Context, opts *options, stdout, _ io.Writer) (int, error) {
	if len(opts.args) == 0 || opts.args[0] == "lint" || opts.args[0] == "help" {
		fmt.Fprint(stdout, manual)
		writeFlags(stdout, commands()[0].flags)
		fmt.Fprint(stdout, epilogue)
		return exitClean, nil
	}
	for _, c := range commands() {
		if c.name != opts.args[0] {
			continue
		}
		fmt.Fprint(stdout, usages[c.name])
		if len(c.flags) > 0 {
			fmt.Fprint(stdout, "\nFlags:\n\n")
			writeFlags(stdout, c.flags)
		}
		return exitClean, nil
	}
	return 0, fmt.Errorf("no subcommand %q; concurlint -h lists them", opts.args[0])
}

var usages = map[string]string{
	"watch": `usage: concurlint watch [flags] [packages]

Checks the packages, by default ./..., and checks again what a save concerns,
until Ctrl-C. After a save it prints what is different, and a line that sums up
with the time since the save:

	+ store.go:31:2: warning: …    a new finding, with its lines as in the plain command
	- cache.go:12:2: warning: …    one that is gone
	1 new, 1 gone: 9 findings (9 warnings) in 2 packages (0.31s)

A finding that only moves to another line is no difference. New and removed
files, packages and modules count, and so do go.mod and go.work; directories
that ./... leaves out (vendor, testdata, names that start with . or _) and
node_modules are watched where packages in them were asked for. Of a package that
does not compile a line says so, and the findings that it had stay until it
compiles again. The file of -knowledge is read once.

With -format json each change is an object on a line of its own: added and
removed are findings as in the plain command's JSON, errors is what cannot be
checked at present, seconds the time. The first has all findings as added.

Exit status: 130 by Ctrl-C, 143 by SIGTERM, 2 if nothing can be watched.
`,
	"lsp": lspUsage,
	"classify": `usage: concurlint classify [flags] [packages]

Prints for every declared function its class and the reasons:

	io             waits on network, disk, subprocess, C code or sleep
	cpu            computes for long
	mixed          does both
	coordination   only locks, channels and waits
	light          none of these
	unknown        calls what cannot be known
`,
	"explain": `usage: concurlint explain RULE
       concurlint explain PKG.FUNC

Prints a rule's page, or what a function does with its time and the calls that
lead there. PKG is an import path, a directory such as ./store, the end of an
import path, or left out for the package here; FUNC is Name or Type.Name.
Examples:

	concurlint explain contract
	concurlint explain ./store.Client.Fetch
	concurlint explain http.Get
`,
	"advise": adviseUsage,
	"run":    runUsage,
	"rules": `usage: concurlint rules

Prints the rules, how severe their findings are, whether they are on by default,
and what they report. concurlint explain RULE prints a rule's page.
`,
	"config": `usage: concurlint config [flags]
       concurlint config vet [flags]

Prints the effective settings and where each comes from: the command line, the
configuration, or the default. The configuration is .concurlint.yaml of this
directory or of the nearest one above, up to the root of the repository:

	rules:
	  lockio: off
	severity: note           # least shown
	fail-on: warning         # least for exit status 1
	confidence: 0.5
	tests: true
	knowledge: effects.know  # files are relative to the configuration
	baseline: .concurlint-baseline.json
	severities:
	  - path: internal/legacy/...
	    rules: [lockio]      # all, if left out
	    at-most: note
	exclude:
	  - path: third_party/...
	    reason: copied from upstream

A path is that of a directory or file as the configuration sees it, with the
patterns of path.Match, or ends in /... for all below.

With vet it prints the flags that tell go vet the same, but for paths and the
baseline, which go vet cannot know:

	go vet -vettool=$(command -v concurlint) $(concurlint config vet) ./...
`,
	"init": `usage: concurlint init [flags] [packages]

Writes .concurlint.yaml with a comment for each setting, and, if the packages, by
default ./..., have findings, .concurlint-baseline.json with these. Neither may
be there already.
`,
	"completion": `usage: concurlint completion bash|zsh|fish

Prints a script for the shell, to be read when it starts:

	source <(concurlint completion bash)                                # ~/.bashrc
	source <(concurlint completion zsh)                                 # ~/.zshrc
	concurlint completion fish > ~/.config/fish/completions/concurlint.fish
`,
	"version": `usage: concurlint version

Prints the version, the revision that it was built from where that is known, and
the Go release. -version does the same.
`,
	"cache": `usage: concurlint cache
       concurlint cache clean

Says where results are kept between runs and how much there is, or removes it.
What was not used for five days goes by itself. The environment variable
CONCURLINT_CACHE names another directory, or is off to keep nothing.
`,
}

// column is where the texts of flags begin.
const column = 20

func writeFlags(w io.Writer, names []string) {
	on := make(map[string]bool)
	for _, n := range names {
		on[n] = true
	}
	for _, f := range slices.Concat(flagHelp, adviseHelp, runHelp) {
		if on[f.name] {
			next := "\n\t" + strings.Repeat(" ", column)
			text := strings.ReplaceAll(f.text, "\n", next)
			name := strings.TrimSpace("-" + f.name + " " + f.arg)
			if len(name) >= column {
				name += next
			}
			fmt.Fprintf(w, "\t%-*s%s\n", column, name, text)
		}
	}
}
