package main

import (
	"cmp"
	"errors"
	"flag"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/concurlint/concurlint/advisor"
)

// adviseOptions are the flags of concurlint advise.
type adviseOptions struct {
	profiles   []string
	collect    time.Duration
	block      bool
	mutex      bool
	keep       string
	bench      string
	benchtime  string
	verify     string
	budget     time.Duration
	apply      bool
	lint       string
	cores      int
	memory     string
	http, html string

	url  string // of -collect, the first argument
	room int64  // memory in bytes
}

var adviseFlags = []string{"C", "format", "knowledge", "tests",
	"profile", "collect", "block", "mutex", "keep", "bench", "benchtime",
	"verify", "budget", "apply", "lint", "cores", "memory", "explain", "http", "html"}

func (o *adviseOptions) addFlags(set *flag.FlagSet) {
	set.Func("profile", "", func(s string) error {
		o.profiles = append(o.profiles, s)
		return nil
	})
	set.DurationVar(&o.collect, "collect", 0, "")
	set.BoolVar(&o.block, "block", false, "")
	set.BoolVar(&o.mutex, "mutex", false, "")
	set.StringVar(&o.keep, "keep", "", "")
	set.StringVar(&o.bench, "bench", "", "")
	set.StringVar(&o.benchtime, "benchtime", "", "")
	set.StringVar(&o.verify, "verify", "", "")
	set.DurationVar(&o.budget, "budget", 0, "")
	set.BoolVar(&o.apply, "apply", false, "")
	set.StringVar(&o.lint, "lint", "", "")
	set.IntVar(&o.cores, "cores", 0, "")
	set.StringVar(&o.memory, "memory", "", "")
	set.StringVar(&o.http, "http", "", "")
	set.StringVar(&o.html, "html", "", "")
}

const adviseUsage = `usage: concurlint advise -profile FILE [flags] [packages]
       concurlint advise -collect 30s [flags] URL [packages]
       concurlint advise -bench REGEXP [flags] [packages]

Reads what a program recorded about itself, joins it with what the analyzers
found in its source, and says which findings matter, which executor and size
each place needs, and what to change. Examples:

	concurlint advise -profile cpu.pprof -profile trace.out    files, in any mix
	concurlint advise -collect 30s localhost:6060              a running program
	concurlint advise -bench Upload ./store                    a benchmark
	concurlint advise -bench Upload -verify Upload ./store     and a proof
	concurlint advise -profile trace.out -http :0              as a page

The best evidence is one execution trace recorded with the CPU profile on: it
tells where the program computes and what it waits for. -collect and -bench
record that. A CPU profile alone says nothing of waits; then the advice says
what is not known. Files may be CPU, heap, block, mutex, goroutine and wall
(fgprof) profiles and execution traces, compressed or not.

A finding's verdict is confirmed, refuted, cold or nodata. A note that is
confirmed becomes a warning; a warning that is refuted or cold becomes a note.

-verify builds the benchmarks with and without the proposed edit, in an overlay,
and runs both in turn until they can be told apart, or says that they cannot.
Your files are not touched before -apply. With -format json the output is what
concurlint run -advice takes.

Exit status: 0 whatever the advice, 2 if none could be given.
`

// adviseHelp describes the flags in the order of the manual.
var adviseHelp = []flagText{
	{"profile", "FILE", "a profile or trace; may be repeated; - is standard input"},
	{"collect", "TIME", "record the program at URL for TIME: host:port, or its /debug/pprof"},
	{"block", "", "with -collect: also its block profile, if the program records one"},
	{"mutex", "", "with -collect: likewise its mutex profile"},
	{"keep", "DIR", "keep what -collect and -bench record in DIR"},
	{"bench", "REGEXP", "build, run and record the packages' benchmarks that match"},
	{"benchtime", "TIME", "of each benchmark, as go test takes it; default 1s"},
	{"verify", "REGEXP", "prove the advice on the packages' benchmarks that match"},
	{"budget", "TIME", "running time that -verify plans with for each piece of advice; default 2m"},
	{"apply", "", "with -verify: write the edits that were proved"},
	{"lint", "FILE", "take findings and sites from FILE, as concurlint -sites -format json\nprints them, instead of analyzing the packages"},
	{"cores", "N", "cores where the program will run; default those of the recording"},
	{"memory", "SIZE", "memory that tasks in flight may hold, such as 2GiB"},
	{"http", "ADDR", "serve the advice as a page; :0 chooses a port"},
	{"html", "FILE", "write the page to FILE"},
}

// check refuses values and combinations that mean nothing, before anything is
// built or recorded.
func (o *adviseOptions) check(opts *options) (err error) {
	for _, f := range []struct{ name, value string }{{"bench", o.bench}, {"verify", o.verify}} {
		if _, err := regexp.Compile(f.value); err != nil {
			return fmt.Errorf("-%s %q is no regular expression: %v", f.name, f.value, err)
		}
	}
	switch {
	case o.collect < 0:
		return fmt.Errorf("-collect %v: want a time such as 30s", o.collect)
	case o.collect > 0 && len(opts.args) == 0:
		return errors.New("-collect needs the address of a program that serves /debug/pprof, for example: concurlint advise -collect 30s localhost:6060")
	case o.collect == 0 && (o.block || o.mutex):
		return errors.New("-block and -mutex say what -collect asks a program for; add -collect 30s URL")
	case o.apply && o.verify == "":
		return errors.New("-apply writes what -verify proved; add -verify REGEXP")
	case o.cores < 0:
		return fmt.Errorf("-cores %d: want a number of at least 1", o.cores)
	case o.budget < 0:
		return fmt.Errorf("-budget %v: want a time such as 2m", o.budget)
	case len(o.profiles) == 0 && o.collect == 0 && o.bench == "":
		return errors.New("nothing to go by; give -profile FILE, -collect 30s URL or -bench REGEXP, concurlint advise -h shows how")
	}
	if o.collect > 0 {
		o.url, opts.args = opts.args[0], opts.args[1:]
		if strings.HasPrefix(o.url, "./") {
			return fmt.Errorf("-collect wants an address before the packages, and %s is none, for example: concurlint advise -collect 30s localhost:6060 %s", o.url, o.url)
		}
	}
	if o.memory != "" {
		n, err := parseSize(o.memory, 1<<44)
		if err != nil {
			return fmt.Errorf("-memory %s: %v", o.memory, err)
		}
		o.room = int64(n)
	}
	return nil
}

// again is the part of the command line that leads to the same evidence.
func (o *adviseOptions) again(opts *options) *advisor.Again {
	a := &advisor.Again{Args: []string{}, Benchmark: cmp.Or(o.verify, o.bench)}
	for _, name := range o.profiles {
		a.Args = append(a.Args, "-profile", name)
	}
	if o.collect > 0 {
		a.Args = append(a.Args, "-collect", o.collect.String(), o.url)
	}
	if o.bench != "" {
		a.Args = append(a.Args, "-bench", o.bench)
	}
	if o.bench != "" || o.verify != "" {
		a.Packages = opts.args
	}
	return a
}
